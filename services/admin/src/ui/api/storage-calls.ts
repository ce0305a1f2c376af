import type { Result } from '@holt/control/schema.ts'
import type { ClassChoice, FolderClass, FolderFacts, RetentionPreview, SpaceHistory } from '@holt/control/storage.ts'
import { query, sendJson } from './request.ts'

export type { ClassChoice, FolderClass, FolderFacts, RetentionPreview, SpaceHistory }
export type ClassChoices = Result<'classes.choices'>
export type RetentionRules = Result<'retention.get'>

export interface StorageCheck {
  kind: 'verify' | 'repair'
  startedMs: number
  endedMs: number
  state: 'done' | 'failed' | 'cancelled'
  healthy: boolean
  bytesChecked: number
  fragmentsChecked: number
  problems: number
  repairedFragments: number
}

/** What the page Storage asks beside the drives; each may throw a Refusal. */
export const storageApi = {
  space: (span: 'month' | 'years') => sendJson<SpaceHistory>('GET', `api/space?${query({ span })}`),
  checks: () => sendJson<{ checks: StorageCheck[] }>('GET', 'api/checks'),
  folders: (after?: string) => sendJson<{ folders: FolderClass[]; after: string | null }>('GET', `api/folder-classes?${query({ after })}`),
  choices: () => sendJson<ClassChoices>('GET', 'api/folder-classes/choices'),
  folder: (path: string) => sendJson<FolderFacts>('GET', `api/folder-classes/folder?${query({ path })}`),
  setFolder: (path: string, redundancyClass: string | null) =>
    sendJson<void>('PUT', 'api/folder-classes/folder', { body: { path, redundancyClass } }),
  retention: () => sendJson<RetentionRules>('GET', 'api/retention'),
  previewRetention: (rules: RetentionRules) => sendJson<RetentionPreview>('POST', 'api/retention/preview', { body: rules }),
  setRetention: (rules: RetentionRules) => sendJson<void>('PUT', 'api/retention', { body: rules }),
}
