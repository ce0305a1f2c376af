import { signal } from '@preact/signals'
import type { AppPasswordInfo, Check, InvitationInfo, PasskeyInfo, PersonInfo, SessionInfo, TokenInfo } from '../api/security-calls.ts'
import { securityApi } from '../api/security-calls.ts'
import { toastRefusal } from '../state/toasts.ts'

export const checks = signal<Check[] | null>(null)
export const sessions = signal<SessionInfo[]>([])
export const passkeys = signal<PasskeyInfo[]>([])
export const people = signal<{ people: PersonInfo[]; invitations: InvitationInfo[] }>({ people: [], invitations: [] })
export const tokens = signal<TokenInfo[]>([])
/** Where WebDAV programs connect, and their passwords. */
export const webdav = signal<{ url: string; passwords: AppPasswordInfo[] }>({ url: '', passwords: [] })

/** Reads all that the page shows; each part shows when it is there. */
export function readSecurity(isOwner: boolean): void {
  const reads = [
    securityApi.sessions().then((answer) => {
      sessions.value = answer.sessions
    }),
    securityApi.passkeys().then((answer) => {
      passkeys.value = answer.passkeys
    }),
    securityApi.tokens().then((answer) => {
      tokens.value = answer.tokens
    }),
    securityApi.appPasswords().then((answer) => {
      webdav.value = answer
    }),
    ...(isOwner ? [readPeople(), readChecks()] : []),
  ]
  Promise.all(reads).catch(toastRefusal)
}

export async function readPeople(): Promise<void> {
  people.value = await securityApi.people()
}

async function readChecks(): Promise<void> {
  checks.value = (await securityApi.selfCheck()).checks
}
