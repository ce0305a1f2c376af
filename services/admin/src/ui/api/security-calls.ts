import { query, sendJson } from './request.ts'

export type Role = 'owner' | 'member' | 'guest'
export interface Grant {
  path: string
  write: boolean
}
export interface SessionPerson {
  id: string
  name: string
  role: Role
  home: string | null
  given: Grant[]
}
export interface SessionInfo {
  id: string
  device: string
  address: string
  createdMs: number
  seenMs: number
  current: boolean
}
export interface PersonInfo extends Omit<SessionPerson, 'role'> {
  role: 'member' | 'guest'
  createdMs: number
  seenMs: number | null
}
export interface InvitationInfo {
  id: string
  name: string
  role: 'member' | 'guest'
  given: Grant[]
  expiresMs: number
}
export interface PasskeyInfo {
  id: string
  name: string
  page: string
  createdMs: number
  usedMs: number | null
}
export type TokenCall = 'files' | 'storage' | 'jobs' | 'machine' | 'network' | 'box' | 'events'
export interface TokenInfo {
  id: string
  name: string
  write: boolean
  calls: TokenCall[]
  paths: string[] | null
  createdMs: number
  expiresMs: number | null
  usedMs: number | null
}
export interface AppPasswordInfo {
  id: string
  name: string
  path: string
  write: boolean
  createdMs: number
  usedMs: number | null
}
export interface Check {
  id: 'kit' | 'drives' | 'spare' | 'https' | 'passkey' | 'people' | 'sessions' | 'tokens' | 'ssh' | 'forwards' | 'updates' | 'lock'
  state: 'good' | 'look' | 'bad'
  count: number
}
export interface Activity {
  n: number
  timeMs: number
  person: string
  name: string
  what: string
  kind: string
  about: string
  count: number
  address: string
  token: string | null
  refused: string | null
}
export interface Assertion {
  id: string
  clientData: string
  authenticatorData: string
  signature: string
}
export interface NewPasskeyOptions {
  challenge: string
  page: string
  person: { id: string; name: string }
  algorithms: number[]
  known: string[]
}

/** Calls about who may do what; each may throw a Refusal. */
export const securityApi = {
  signInAs: (name: string, password: string) => sendJson<void>('POST', 'api/session', { body: { name, password } }),
  confirm: (password: string) => sendJson<void>('POST', 'api/session/confirm', { body: { password } }),
  confirmByPasskey: (assertion: Assertion) => sendJson<void>('POST', 'api/session/confirm/passkey', { body: assertion }),
  signInByPasskey: (assertion: Assertion) => sendJson<void>('POST', 'api/passkeys/sign-in', { body: assertion }),
  passkeyOptions: (purpose: 'sign-in' | 'confirm') =>
    sendJson<{ challenge: string; page: string }>('POST', 'api/passkeys/options', { body: { purpose } }),
  newPasskeyOptions: () => sendJson<NewPasskeyOptions>('POST', 'api/passkeys/new'),
  addPasskey: (passkey: { name: string; clientData: string; authenticatorData: string; publicKey: string; algorithm: number }) =>
    sendJson<PasskeyInfo>('POST', 'api/passkeys', { body: passkey }),
  passkeys: () => sendJson<{ passkeys: PasskeyInfo[] }>('GET', 'api/passkeys'),
  removePasskey: (id: string) => sendJson<void>('DELETE', `api/passkeys/${encodeURIComponent(id)}`),
  sessions: () => sendJson<{ sessions: SessionInfo[] }>('GET', 'api/sessions'),
  endSession: (id: string) => sendJson<void>('DELETE', `api/sessions/${id}`),
  endOtherSessions: () => sendJson<void>('DELETE', 'api/sessions'),
  people: () => sendJson<{ people: PersonInfo[]; invitations: InvitationInfo[] }>('GET', 'api/people'),
  invite: (wish: { name: string; role: 'member' | 'guest'; given: Grant[]; hours: number }) =>
    sendJson<{ code: string; expiresMs: number }>('POST', 'api/people/invitations', { body: wish }),
  withdraw: (id: string) => sendJson<void>('DELETE', `api/people/invitations/${id}`),
  share: (id: string, given: Grant[]) => sendJson<void>('PUT', `api/people/${id}`, { body: { given } }),
  signOutPerson: (id: string) => sendJson<void>('DELETE', `api/people/${id}/sessions`),
  removePerson: (id: string) => sendJson<void>('DELETE', `api/people/${id}`),
  lookAtInvitation: (code: string) =>
    sendJson<{ name: string; role: 'member' | 'guest'; expiresMs: number }>('POST', 'api/invited/look', { body: { code } }),
  accept: (code: string, password: string) => sendJson<void>('POST', 'api/invited', { body: { code, password } }),
  tokens: () => sendJson<{ tokens: TokenInfo[] }>('GET', 'api/tokens'),
  makeToken: (wish: { name: string; write: boolean; calls: TokenCall[]; paths: string[] | null; hours: number | null }) =>
    sendJson<{ token: string; info: TokenInfo }>('POST', 'api/tokens', { body: wish }),
  revokeToken: (id: string) => sendJson<void>('DELETE', `api/tokens/${id}`),
  appPasswords: () => sendJson<{ url: string; passwords: AppPasswordInfo[] }>('GET', 'api/app-passwords'),
  makeAppPassword: (wish: { name: string; path: string; write: boolean }) =>
    sendJson<{ password: string; info: AppPasswordInfo }>('POST', 'api/app-passwords', { body: wish }),
  revokeAppPassword: (id: string) => sendJson<void>('DELETE', `api/app-passwords/${id}`),
  selfCheck: () => sendJson<{ checks: Check[] }>('GET', 'api/self-check'),
  activity: (filter: { person?: string; kind?: string; before?: number; fromMs?: number; refused?: boolean }) =>
    sendJson<{ entries: Activity[]; more: boolean }>('GET', `api/activity?${query({ ...filter, limit: 50 })}`),
  trustAuthority: () => sendJson<void>('POST', 'api/authority/trusted'),
}
