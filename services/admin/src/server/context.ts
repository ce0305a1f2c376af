import type { FastifyInstance, FastifyBaseLogger, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { AdminOptions } from '../options.ts'
import type { AppPasswords } from './auth/app-passwords.ts'
import type { BackOff } from './auth/back-off.ts'
import type { Owner } from './auth/owner.ts'
import type { ActivityLog } from './activity/activity-log.ts'
import type { Passkeys } from './auth/passkeys.ts'
import type { People } from './auth/people.ts'
import type { Sessions } from './auth/sessions.ts'
import type { SetupCode } from './auth/setup-code.ts'
import type { Tokens } from './auth/tokens.ts'
import type { LiveEvents } from './events/live-events.ts'
import type { Jobs } from './jobs.ts'
import type { Notices } from './notify/notices.ts'
import type { Push } from './notify/push.ts'
import type { StorageChecks } from './storage-checks.ts'

export type AdminApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

export interface HttpsState {
  /** null before the first one was made. */
  authority: () => { der: Uint8Array; fingerprint: string; validTo: string } | null
  port: () => number | null
}

/** What the routes stand on; made once by `createAdmin`. */
export interface AdminContext extends Pick<AdminOptions, 'control' | 'files' | 'shared' | 'log' | 'suggestDrives' | 'dataFolder'> {
  owner: Owner
  people: People
  sessions: Sessions
  passkeys: Passkeys
  tokens: Tokens
  appPasswords: AppPasswords
  activity: ActivityLog
  /** What pages that are open are told; whoever has news adds them. */
  events: LiveEvents
  /** Milliseconds since 1970. */
  now: () => number
  backOff: BackOff
  jobs: Jobs
  /** What people are told without asking, and the browsers that want to hear it. */
  notices: Notices
  push: Push
  /** What came of the last verify and repair. */
  checks: StorageChecks
  /** null where there is no HTTPS. */
  https: HttpsState | null
  /** null once there is an owner password. */
  setupCode: () => SetupCode | null
  passwordSet: () => void
  /** Where a phone in the same network opens the page; null where none can. `near`: the address of this machine that a request came to. */
  phoneUrl: (near?: string) => string | null
}
