import { HoltError } from '@holt/core/errors.ts'
import { readUtf8 } from '@holt/core/utf8-text.ts'
import type { FastifyRequest } from 'fastify'
import type { AppPassword } from '../auth/app-passwords.ts'
import type { Caller } from '../auth/caller.ts'
import { networkOf } from '../auth/network-of.ts'
import { personOf } from '../auth/recognise.ts'
import type { AdminContext } from '../context.ts'
import { refuse } from './refusal.ts'

const MOST_LENGTH = 1024

export function isDav(url: string): boolean {
  return /^\/dav(?:[/?#]|$)/.test(url)
}

/** A program whose password fitted before; nobody else can use up its requests. */
export function isKnownProgram({ appPasswords }: AdminContext, request: FastifyRequest): boolean {
  const given = passwordIn(request)
  return given !== null && appPasswords.known(given) !== null
}

/** Programs send it with every request: so only where nobody reads along. A proxy before us that has TLS is on this machine. */
export function checkNobodyReadsAlong({ protocol, raw }: FastifyRequest): void {
  if (protocol === 'https' || /^(?:127\.|::1$|::ffff:127\.)/.test(raw.socket.remoteAddress ?? '')) return
  throw refuse(403, 'WebDAV is served over HTTPS: connect to the https address that the page shows')
}

/** Programs send none of these, browsers do where a page makes them ask. A password that a browser remembers is of no use to a page. */
export function checkNoPage({ headers }: Pick<FastifyRequest, 'headers'>): void {
  const site = headers['sec-fetch-site']
  if (headers.origin === undefined && (site === undefined || site === 'none')) return
  throw refuse(403, 'WebDAV is for programs, not for pages')
}

/**
 * Who has this app password. Whatever else a request brings, cookies or the password of an account, counts for nothing here.
 *
 * @throws HoltError NOT_SIGNED_IN, SIGN_IN_FAILED, TOO_MANY_TRIES.
 */
export async function recogniseProgram(context: AdminContext, request: FastifyRequest): Promise<{ caller: Caller; top: string }> {
  const given = passwordIn(request)
  const { appPasswords } = context
  const found = given === null ? null : (appPasswords.known(given) ?? (await appPasswords.check(given, () => countTry(context, request))))
  const caller = found === null ? null : callerOf(context, found)
  if (given === null) throw new HoltError('NOT_SIGNED_IN', 'an app password is needed')
  if (found === null || caller === null) throw new HoltError('SIGN_IN_FAILED', 'this is no app password (any more)')
  return { caller, top: found.path }
}

function callerOf(context: AdminContext, { id, person, path, write }: AppPassword): Caller | null {
  const known = personOf(context, person)
  return known && { ...known, limits: [...known.limits, [{ path, write }]], session: null, token: { id, write, calls: ['files'] } }
}

/** The name that stands before it is not looked at. */
function passwordIn({ headers }: Pick<FastifyRequest, 'headers'>): string | null {
  const [, base64] = /^Basic +([A-Za-z0-9+/]+=*) *$/i.exec(headers.authorization ?? '') ?? []
  if (base64 === undefined || base64.length > MOST_LENGTH) return null
  const text = readUtf8(Buffer.from(base64, 'base64'))
  return text === null || !text.includes(':') ? null : text.slice(text.indexOf(':') + 1).trim()
}

/** As at the page, and apart from it: a telephone with an old password must not keep its owner from signing in. */
function countTry({ backOff }: AdminContext, { ip }: FastifyRequest): () => void {
  const self = `program at ${networkOf(ip)}`
  const counted = [self, 'programs']
  backOff.check(backOff.hasFailed(self) ? counted : [self])
  // Counted before it is known to be wrong: many tries at once are many tries.
  backOff.failed(counted)
  return () => backOff.succeeded(counted)
}
