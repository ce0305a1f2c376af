import type { FolderRequest, FoldersStatus, GivenFolderInfo, TakenFolderInfo } from '@holt/control/folders.ts'
import { sendJson } from './request.ts'

export type { FolderRequest, FoldersStatus, GivenFolderInfo, TakenFolderInfo }

/** The right to write at a path of a shared folder and below. */
export interface WriteRight {
  path: string
  expires: number | null
  depth: number
}

const of = (id: string): string => `api/folders/${id}`

/** Each may throw a Refusal. */
export const folderApi = {
  list: () => sendJson<FoldersStatus>('GET', 'api/folders'),
  share: (path: string, friend: string) => sendJson<GivenFolderInfo>('POST', 'api/folders', { body: { path, friend } }),
  unshare: (id: string, friend?: string) => sendJson<void>('POST', `${of(id)}/unshare`, { body: friend === undefined ? {} : { friend } }),
  letWrite: (id: string, friend: string, right: WriteRight) =>
    sendJson<GivenFolderInfo>('POST', `${of(id)}/grants`, { body: { friend, ...right } }),
  revoke: (id: string, grant: string) => sendJson<void>('DELETE', `${of(id)}/grants/${grant}`),
  approve: (id: string, request: string, right: WriteRight) =>
    sendJson<GivenFolderInfo>('POST', `${of(id)}/requests/${request}/approve`, { body: right }),
  refuse: (id: string, request: string) => sendJson<void>('POST', `${of(id)}/requests/${request}/refuse`),
  takeOver: (id: string) => sendJson<void>('POST', `${of(id)}/take-over`),
  accept: (id: string) => sendJson<void>('POST', `${of(id)}/accept`),
  decline: (id: string) => sendJson<void>('POST', `${of(id)}/decline`),
  leave: (id: string) => sendJson<void>('POST', `${of(id)}/leave`),
  handOn: (id: string, friend: string, right: WriteRight) => sendJson<void>('POST', `${of(id)}/hand-on`, { body: { friend, ...right } }),
  ask: (id: string, path: string, note: string) => sendJson<void>('POST', `${of(id)}/ask`, { body: { path, note } }),
}
