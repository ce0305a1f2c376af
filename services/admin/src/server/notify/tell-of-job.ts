import type { DoctorReport } from '@holt/control/schema.ts'
import { OWNER } from '../auth/caller.ts'
import type { Job } from '../jobs.ts'
import type { Notices } from './notices.ts'

/** Repair may take hours: whoever began it is told how it went. One that was cancelled is known to have ended. */
export function tellOfJob(notices: Notices, { kind, state, result }: Job): void {
  if (kind !== 'repair' || state === 'running' || state === 'cancelled') return
  const outcome = state === 'failed' ? 'failed' : (result as DoctorReport).healthy ? 'good' : 'problems'
  notices.add(OWNER, 'repair-finished', outcome)
}
