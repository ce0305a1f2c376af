import { HoltError } from '@holt/core/errors.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AdminContext } from '../context.ts'
import { type Caller, OWNER } from './caller.ts'
import { deviceNameOf } from './device-name.ts'
import { networkOf } from './network-of.ts'
import { grantsOf } from './people.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before a route's own work begins; null for strangers. */
    caller: Caller | null
  }
}

/** Over TLS a cookie is for TLS only, and by its name nobody without it can have set it. The page without TLS has its own. */
export function cookieOf({ owner }: AdminContext, kind: 'session' | 'device', request: FastifyRequest) {
  const secure = request.protocol === 'https'
  return {
    name: `${secure ? '__Host-' : ''}holt-${kind}-${owner.id}`,
    options: { path: '/', httpOnly: true, sameSite: 'strict', secure } as const,
  }
}

export function sessionToken(context: AdminContext, request: FastifyRequest): string | undefined {
  return request.cookies[cookieOf(context, 'session', request).name]
}

/** What stands in `Authorization: Bearer`; undefined without such a header. */
export function bearerOf(request: Pick<FastifyRequest, 'headers'>): string | undefined {
  const { authorization } = request.headers
  return authorization === undefined ? undefined : (/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '')
}

/** Who sends this request; null: a stranger. A request with a token has nothing of the session its browser may have. */
export function recognise(context: AdminContext, request: FastifyRequest): Caller | null {
  const bearer = bearerOf(request)
  return bearer === undefined ? bySession(context, request) : byToken(context, bearer)
}

function bySession(context: AdminContext, request: FastifyRequest): Caller | null {
  const session = context.sessions.find(sessionToken(context, request))
  const known = session === null ? null : personOf(context, session.person)
  return known === null ? null : { ...known, session, token: null }
}

function byToken(context: AdminContext, text: string): Caller | null {
  const token = context.tokens.find(text)
  const known = token === null ? null : personOf(context, token.person)
  if (token === null || known === null) return null
  const { id, write, calls, paths } = token
  const ofToken = paths === null ? [] : [paths.map((path) => ({ path, write }))]
  return { ...known, limits: [...known.limits, ...ofToken], session: null, token: { id, write, calls } }
}

export function personOf({ people }: AdminContext, id: string): Pick<Caller, 'person' | 'name' | 'role' | 'limits'> | null {
  if (id === OWNER) return { person: OWNER, name: '', role: 'owner', limits: [] }
  const person = people.get(id)
  return person && { person: id, name: person.name, role: person.role, limits: [grantsOf(person)] }
}

/** A browser that is signed in or was before: nobody else can use up its tries. */
export function isKnown(context: AdminContext, request: FastifyRequest): boolean {
  return recognise(context, request) !== null || deviceOf(context, request) !== null
}

export function deviceOf(context: AdminContext, request: FastifyRequest): string | null {
  return context.sessions.deviceOf(request.cookies[cookieOf(context, 'device', request).name])
}

/** @throws HoltError NOT_SIGNED_IN. */
export function theCaller(request: FastifyRequest): Caller {
  if (request.caller === null) throw new HoltError('NOT_SIGNED_IN', 'sign in first')
  return request.caller
}

/** Gives the browser a session, and a device token that later sign-ins are recognised by. */
export async function signIn(context: AdminContext, request: FastifyRequest, reply: FastifyReply, person = OWNER): Promise<void> {
  const { sessions } = context
  const [device, session] = [cookieOf(context, 'device', request), cookieOf(context, 'session', request)]
  const before = sessionToken(context, request)
  if (before !== undefined) await sessions.end(before)
  if (deviceOf(context, request) === null)
    reply.setCookie(device.name, await sessions.startDevice(), { ...device.options, maxAge: 400 * 86_400 })
  const facts = { person, device: deviceNameOf(request.headers['user-agent']), address: request.ip }
  const known = personOf(context, person)
  // Who it was stands in the log of what was done.
  if (known !== null) request.caller = { ...known, session: null, token: null }
  reply.setCookie(session.name, await sessions.start(facts), { ...session.options, maxAge: 90 * 86_400 })
}

/** As `signIn`; when the browser was never seen, the person is told wherever else they look. */
export async function signInAndTell(context: AdminContext, request: FastifyRequest, reply: FastifyReply, person = OWNER): Promise<void> {
  const isKnownDevice = deviceOf(context, request) !== null
  await signIn(context, request, reply, person)
  if (!isKnownDevice) context.notices.add(person, 'new-device', deviceNameOf(request.headers['user-agent']))
}

/**
 * Counts a try, slowly after wrong ones. A browser that was signed in before is counted by itself; a stranger by
 * address, and from the first wrong try on with all other strangers and with all who try this account: guessing from many addresses
 * is slow too, while somebody at a new address always has a try.
 *
 * @returns what tells that it was right. @throws HoltError TOO_MANY_TRIES.
 */
export function countTry(context: AdminContext, request: FastifyRequest, account: string): () => void {
  const { backOff } = context
  const device = deviceOf(context, request)
  const self = device === null ? `address ${networkOf(request.ip)}` : `device ${device}`
  const counted = device === null ? [self, 'strangers', `account ${account}`] : [self]
  backOff.check(backOff.hasFailed(self) ? counted : [self])
  // Counted before it is known to be wrong: many tries at once are many tries.
  backOff.failed(counted)
  return () => backOff.succeeded(counted)
}

/** @throws HoltError SIGN_IN_FAILED, TOO_MANY_TRIES. */
export async function checkPasswordOf(context: AdminContext, request: FastifyRequest, person: string, password: string): Promise<void> {
  const right = countTry(context, request, person)
  if (person === OWNER) await context.owner.checkPassword(password)
  else await context.people.checkPassword(context.people.get(person), password)
  right()
}

/** The password of who is signed in, again: this session is not asked for it once more soon. @throws HoltError SIGN_IN_FAILED, TOO_MANY_TRIES. */
export async function checkOwner(context: AdminContext, request: FastifyRequest, password: string): Promise<void> {
  const { person = OWNER, session = null } = request.caller ?? {}
  await checkPasswordOf(context, request, person, password)
  if (session !== null) context.sessions.confirm(session)
}

/** The password that came with a form, or one that was given shortly before. A token never has the second. @throws HoltError as both. */
export async function checkAgain(context: AdminContext, request: FastifyRequest, password: string | undefined): Promise<void> {
  if (password === undefined) checkConfirmed(context, request)
  else await checkOwner(context, request, password)
}

/** Before what must not be done by somebody who found the browser open. @throws HoltError NOT_AUTHORIZED with `confirm`. */
export function checkConfirmed({ sessions }: AdminContext, request: FastifyRequest): void {
  const { session } = theCaller(request)
  if (session !== null && sessions.isConfirmed(session)) return
  throw new HoltError('NOT_AUTHORIZED', 'give the password or a passkey again first', { confirm: true })
}
