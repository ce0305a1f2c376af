import { tokenText } from '@holt/control/under-lease.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import type { Command, CommandCall } from '../command.ts'
import { printable } from '../printable.ts'
import { treePath } from '../tree-path.ts'

const LEASE_SECONDS = 10
/** Long before it ends: an answer may take its time. */
const AGAIN_MS = 3000

type Taken = Awaited<ReturnType<typeof take>>

function take(call: CommandCall, path: string) {
  return call.ask('cluster.lease', { path, seconds: LEASE_SECONDS })
}

/** Holds the lease while `work` runs; `lost` says that it could not be kept. */
async function holding<T>(call: CommandCall, path: string, work: (lease: Taken, lost: AbortSignal) => Promise<T>): Promise<T> {
  const lease = await take(call, path)
  const lost = new AbortController()
  let endsMs = performance.now() + LEASE_SECONDS * 1000
  let renewing: Promise<void> = Promise.resolve()
  const renew = async (): Promise<void> => {
    const askedMs = performance.now()
    try {
      const again = await take(call, path)
      if (tokenText(again.token) !== tokenText(lease.token)) throw new HoltError('CONFLICT', 'another lease took its place')
      endsMs = askedMs + LEASE_SECONDS * 1000
    } catch (error) {
      // the leader may only be away for a moment
      if (performance.now() + AGAIN_MS >= endsMs || toHoltError(error).code === 'CONFLICT') lost.abort(error)
    }
  }
  const timer = setInterval(() => {
    renewing = renewing.then(renew)
  }, AGAIN_MS)
  try {
    return await work(lease, lost.signal)
  } finally {
    clearInterval(timer)
    await renewing
    await call.ask('cluster.release', { path, token: lease.token }).catch(() => {})
  }
}

const lease: Command = {
  name: 'cluster lease',
  summary: 'Runs a command that alone may change what is at a path or below',
  arguments: [
    { name: 'PATH', complete: 'tree' },
    { name: 'COMMAND', many: true },
  ],
  options: {},
  details: [
    'Your other nodes refuse changes there until the command has ended. What `holt` changes within it, it changes under the lease: refused, should the lease be lost. Then the command is ended, too.',
    'It finds the token of the lease in $HOLT_LEASE; other programs send it over the API as the header Holt-Lease.',
    'A node that leads has to be there: `holt cluster lead`. A node that is not reached has not heard of the lease; what it changes is merged.',
  ],
  examples: [{ line: 'holt cluster lease accounts -- ./close-the-month.sh', does: 'nobody changes accounts meanwhile' }],
  run: async (call) => {
    const [typed = '', ...command] = call.arguments
    const path = treePath(typed)
    return holding(call, path, async ({ token }, lost) => {
      const exitCode = await call.terminal.run(command, { environment: { HOLT_LEASE: tokenText(token) }, signal: lost })
      if (lost.aborted)
        throw new HoltError('CONFLICT', `the lease of ${printable(path)} was lost, and the command ended`, { path }, { cause: lost.reason })
      return { json: { path, token, exitCode }, exitCode }
    })
  },
}

export const leaseCommands: readonly Command[] = [lease]
