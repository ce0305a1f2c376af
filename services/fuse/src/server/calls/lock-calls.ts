import { constants } from 'node:os'
import { opcodes } from '../../protocol/numbers.ts'
import type { Request } from '../../protocol/request.ts'
import { type CallContext, type Calls, DONE, type Outcome } from './calls.ts'

const { errno } = constants

/** `flock` and `fcntl`, where there are others to be held off. */
export function lockCalls({ interruptions, locks: sessionLocks }: CallContext): Calls {
  async function set(request: Request, waits: boolean): Promise<Outcome> {
    const locks = sessionLocks()
    if (locks === null) return errno.ENOSYS
    const failure = await interruptions.heeded(request.unique, (signal) => locks.set(request, { waits, signal }))
    return failure === 0 ? DONE : failure
  }

  async function flush(request: Request): Promise<Outcome> {
    const locks = sessionLocks()
    if (locks === null) return errno.ENOSYS
    await locks.flush(request)
    return DONE
  }

  return [
    [opcodes.GETLK, (request) => sessionLocks()?.get(request) ?? errno.ENOSYS],
    [opcodes.SETLK, (request) => set(request, false)],
    [opcodes.SETLKW, (request) => set(request, true)],
    [opcodes.FLUSH, flush],
  ]
}
