import type {
  InstalledInfo,
  OwnLimits,
  PackageInfo,
  PackageWarning,
  PowerUse,
  ProgramGrant,
  ProgramLogLine,
  Wish,
} from '@holt/control/programs.ts'
import { query, sendJson } from './request.ts'

export type { InstalledInfo, OwnLimits, PackageInfo, PackageWarning, PowerUse, ProgramGrant, ProgramLogLine, Wish }

/** A package that was brought and is not installed yet. */
export interface BroughtPackage extends PackageInfo {
  stage: string
  installed: InstalledInfo | null
  warnings: PackageWarning[]
}

export interface AuditPage {
  /** Newest first. */
  uses: PowerUse[]
  more: boolean
  programs: { id: string; title: string }[]
}

export interface AuditFilter {
  id?: string
  power?: string
  refused?: boolean
  before?: number
  limit?: number
}

const of = (id: string): string => `api/programs/${id}`

/** Each may throw a Refusal. */
export const programApi = {
  list: () => sendJson<{ programs: InstalledInfo[] }>('GET', 'api/programs'),
  install: (stage: string, grants: readonly ProgramGrant[]) => sendJson<InstalledInfo>('POST', 'api/programs', { body: { stage, grants } }),
  start: (id: string) => sendJson<InstalledInfo>('POST', `${of(id)}/start`),
  stop: (id: string) => sendJson<InstalledInfo>('POST', `${of(id)}/stop`),
  remove: (id: string) => sendJson<void>('DELETE', of(id)),
  grant: (id: string, grant: ProgramGrant) => sendJson<InstalledInfo>('PUT', `${of(id)}/powers`, { body: { grant } }),
  revoke: (id: string, power: string) => sendJson<InstalledInfo>('DELETE', `${of(id)}/powers/${power}`),
  limit: (id: string, limits: OwnLimits) => sendJson<InstalledInfo>('PUT', `${of(id)}/limits`, { body: { limits } }),
  logs: (id: string, after: number) => sendJson<{ lines: ProgramLogLine[] }>('GET', `${of(id)}/logs?${query({ after })}`),
  audit: (filter: AuditFilter) => sendJson<AuditPage>('GET', `api/programs/audit?${query({ ...filter })}`),
}
