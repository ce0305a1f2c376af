import type { Control } from '@holt/control/schema.ts'
import { isHoltError } from '@holt/core/errors.ts'
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { OWNER } from '../auth/caller.ts'
import type { AdminApp, AdminContext } from '../context.ts'
import { errorResponses } from '../error-table.ts'

const CheckId = Type.Union([
  Type.Literal('kit', { description: 'a backup of the root key was made, its words confirmed' }),
  Type.Literal('drives', { description: 'all drives are there and sound' }),
  Type.Literal('spare', { description: 'what is stored survives a lost drive' }),
  Type.Literal('https', { description: 'this very connection is encrypted and trusted' }),
  Type.Literal('passkey', { description: 'the owner has a passkey' }),
  Type.Literal('people', { description: 'no invitation is open' }),
  Type.Literal('sessions', { description: 'no browser is signed in that was not used for a week' }),
  Type.Literal('tokens', { description: 'every token ends, and is used' }),
  Type.Literal('ssh', { description: 'SSH is off' }),
  Type.Literal('forwards', { description: 'no port is open to the internet' }),
  Type.Literal('updates', { description: 'updates come by themselves, none waits' }),
  Type.Literal('lock', { description: 'the drive of the box is locked by its chip, with a recovery key on paper' }),
])
export const Check = Type.Object({
  id: CheckId,
  state: Type.Union([Type.Literal('good'), Type.Literal('look', { description: 'may be wanted; worth a look' }), Type.Literal('bad')]),
  count: Type.Integer({ description: 'how many of what it is about' }),
})
export type Check = Static<typeof Check>

const MONTH_MS = 30 * 86_400_000
/** A session ends by itself after twice as long. */
const LONG_MS = 7 * 86_400_000

/** "Is it secure?": looks at what is open, what is old and what was never backed up. What cannot be known now is left out. */
export function selfCheckRoutes(app: AdminApp, context: AdminContext): void {
  app.get(
    '/api/self-check',
    {
      schema: {
        tags: ['session'],
        operationId: 'selfCheck',
        summary: 'What is open, what is old, what was never backed up',
        response: { 200: Type.Object({ checks: Type.Array(Check) }), ...errorResponses },
      },
    },
    async (request) => {
      const { control } = context
      const { box } = await control.call('node.status', {})
      const found = await Promise.all([ofStore(context), ofPage(context, request), ...(box === true ? [ofBox(control)] : [])])
      return { checks: found.flat() }
    },
  )
}

async function ofStore({ control, owner }: AdminContext): Promise<Check[]> {
  const [status, drives, classes] = await Promise.all([
    control.call('node.status', {}),
    known(control.call('drives.list', {})),
    known(control.call('classes.list', {})),
  ])
  const { keyMadeHere, wordsConfirmed } = owner.progress
  const hasKit = status.keyBackedUp && (!keyMadeHere || wordsConfirmed)
  const failing = drives?.drives.filter(({ state }) => state === 'missing' || state === 'failing').length ?? 0
  const worst = Math.min(...(classes?.classes.filter(({ packs }) => packs > 0).map(({ lossesSurvived }) => lossesSurvived) ?? []))
  return [
    check('kit', hasKit ? 'good' : 'bad', 1),
    ...(drives === null ? [] : [check('drives', failing > 0 ? 'bad' : 'good', failing)]),
    ...(Number.isFinite(worst) ? [check('spare', worst > 0 ? 'good' : worst === 0 ? 'look' : 'bad', Math.max(0, worst))] : []),
  ]
}

async function ofPage({ https, passkeys, people, sessions, tokens, now }: AdminContext, request: FastifyRequest): Promise<Check[]> {
  const isLocal = /^(?:localhost|127\.|\[::1\])/.test(request.headers.host ?? '')
  const isSecure = request.protocol === 'https' || isLocal || String(request.headers.origin ?? request.headers.referer).startsWith('https:')
  const old = sessions.listOf(OWNER).filter(({ seenMs }) => now() - seenMs > LONG_MS).length
  const made = [OWNER, ...people.list().map(({ id }) => id)].flatMap((person) => tokens.listOf(person))
  const odd = made.filter(({ expiresMs, usedMs, createdMs }) => expiresMs === null || now() - (usedMs ?? createdMs) > MONTH_MS)
  const invitations = people.invitations().length
  return [
    check('https', isSecure ? 'good' : https === null ? 'look' : 'bad', 1),
    check('passkey', passkeys.listOf(OWNER).length > 0 ? 'good' : 'look', passkeys.listOf(OWNER).length),
    check('people', invitations > 0 ? 'look' : 'good', invitations),
    check('sessions', old > 0 ? 'look' : 'good', old),
    check('tokens', odd.length > 0 ? 'look' : 'good', odd.length),
  ]
}

async function ofBox(control: Control): Promise<Check[]> {
  const [ssh, network, updates, plan, tpm] = await Promise.all([
    known(control.call('box.ssh.get', {})),
    known(control.call('box.network.get', {})),
    known(control.call('box.updates.status', {})),
    known(control.call('box.updates.plan', {})),
    known(control.call('box.tpm.status', {})),
  ])
  const forwards = network?.settings.forwards.filter(({ enabled }) => enabled).length ?? 0
  const waiting = plan?.offers.length ?? 0
  const isOld = updates?.available === true && (plan?.plan.automatic === false || updates.fellBackFrom !== null || waiting > 0)
  return [
    ...(ssh === null ? [] : [check('ssh', ssh.enabled ? 'look' : 'good', ssh.keys.length)]),
    ...(network === null ? [] : [check('forwards', forwards > 0 ? 'look' : 'good', forwards)]),
    ...(updates === null || plan === null ? [] : [check('updates', isOld ? 'look' : 'good', waiting)]),
    ...(tpm === null ? [] : [check('lock', !tpm.dataKeySealed ? 'bad' : tpm.recoveryKey ? 'good' : 'look', 1)]),
  ]
}

function check(id: Check['id'], state: Check['state'], count: number): Check {
  return { id, state, count }
}

/** null: it cannot be asked now, or this machine has none of it. */
async function known<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch((error: unknown) => {
    if (isHoltError(error)) return null
    throw error
  })
}
