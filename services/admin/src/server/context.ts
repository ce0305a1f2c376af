import type { FastifyInstance, FastifyBaseLogger, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { AdminOptions } from '../options.ts'
import type { BackOff } from './auth/back-off.ts'
import type { Owner } from './auth/owner.ts'
import type { Sessions } from './auth/sessions.ts'
import type { SetupCode } from './auth/setup-code.ts'
import type { Jobs } from './jobs.ts'

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
export interface AdminContext extends Pick<AdminOptions, 'control' | 'files' | 'log' | 'suggestDrives' | 'dataFolder'> {
  owner: Owner
  sessions: Sessions
  backOff: BackOff
  jobs: Jobs
  /** null where there is no HTTPS. */
  https: HttpsState | null
  /** null once there is an owner password. */
  setupCode: () => SetupCode | null
  passwordSet: () => void
}
