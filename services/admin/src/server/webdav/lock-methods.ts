import type { FastifyReply } from 'fastify'
import { mayWrite, notYours } from '../auth/caller.ts'
import { theCaller } from '../auth/recognise.ts'
import { type DavRequest, isDirectory } from './dav-request.ts'
import { isKeepable } from './dead-properties.ts'
import { type Lock, MOST_SECONDS } from './locks.ts'
import { XML_TYPE } from './multistatus.ts'
import { activeLock } from './properties.ts'
import { refuse } from './refusal.ts'
import { davChild, elementsIn, isDavElement, type XmlElement } from './xml/element.ts'
import { xmlBodyOf } from './xml-body.ts'

/** Without a wish: a program that dies should not be in the way for long. */
const USUAL_SECONDS = 600

/** Takes a lock, or makes one last longer. What is not there yet becomes an empty file. */
export async function lock(dav: DavRequest): Promise<FastifyReply> {
  if (!mayWrite(theCaller(dav.request), dav.path)) throw notYours(dav.path)
  const body = await xmlBodyOf(dav)
  if (body === null) return refresh(dav)
  const wish = wishIn(body)
  const isDeep = dav.depth(['0', 'infinity'], 'infinity') === 'infinity'
  const entry = await dav.entryAt(dav.path)
  if (entry === null && dav.hasSlash) throw refuse(409, 'a folder that is not there cannot be locked')
  if (entry === null) await dav.checkParent(dav.path)
  await dav.checkConditions(entry)
  const { locks, leases } = dav.world
  if (entry === null) dav.checkLocks([{ path: dav.path, isNamed: true }])
  const taken = locks.add({ ...wish, isDeep, path: dav.path, holder: dav.holder, seconds: secondsIn(dav.header('timeout')) })
  try {
    await leases.take(taken)
    if (entry === null) await makeEmpty(dav, taken)
  } catch (error) {
    locks.end(taken)
    throw error
  }
  dav.reply.header('lock-token', `<${taken.token}>`)
  return answer(dav, taken, entry === null ? 201 : 200, entry !== null && isDirectory(entry))
}

/** @throws HoltError INPUT_INVALID, or with status 422. */
function wishIn(body: XmlElement): Pick<Lock, 'isExclusive' | 'owner'> {
  const [scope, type] = [davChild(body, 'lockscope'), davChild(body, 'locktype')]
  if (!isDavElement(body, 'lockinfo') || scope === null || type === null || davChild(type, 'write') === null)
    throw refuse(400, 'a lock is for writing, exclusive or shared')
  const isExclusive = davChild(scope, 'exclusive') !== null
  if (isExclusive === (davChild(scope, 'shared') !== null) || elementsIn(scope).length !== 1)
    throw refuse(400, 'a lock is exclusive or shared')
  const owner = davChild(body, 'owner')
  if (owner !== null && !isKeepable(owner)) throw refuse(400, 'the owner of the lock is too long')
  return { isExclusive, owner }
}

/** `Second-600, Infinite`: the first that is understood. */
function secondsIn(header: string | undefined): number {
  for (const one of header?.split(',') ?? []) {
    if (/^infinite$/i.test(one.trim())) return MOST_SECONDS
    const [, seconds] = /^second-(\d{1,10})$/i.exec(one.trim()) ?? []
    if (seconds !== undefined) return Math.max(1, Number(seconds))
  }
  return USUAL_SECONDS
}

async function makeEmpty(dav: DavRequest, taken: Lock): Promise<void> {
  const token = taken.lease === null ? {} : { token: taken.lease }
  await dav.files.write(dav.path, nothing(), { replace: false, signal: dav.signal, ...token })
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** The token is in the header If, and there is no body. */
async function refresh(dav: DavRequest): Promise<FastifyReply> {
  const { locks } = dav.world
  const own = locks.over(dav.path).find(({ token, holder }) => holder === dav.holder && dav.submitted.has(token))
  if (own === undefined) throw refuse(412, 'there is no such lock here', 'lock-token-matches-request-uri')
  const entry = await dav.entryAt(dav.path)
  await dav.checkConditions(entry)
  locks.refresh(own, secondsIn(dav.header('timeout')))
  return answer(dav, own, 200, entry !== null && isDirectory(entry))
}

function answer(dav: DavRequest, held: Lock, status: number, isFolder: boolean): FastifyReply {
  const entry = { type: isFolder ? ('directory' as const) : ('file' as const) }
  const told = activeLock(held, { holder: dav.holder, now: dav.world.context.now(), hrefOf: (path) => dav.hrefOf(path, entry) })
  const body = `<?xml version="1.0" encoding="utf-8"?>\n<D:prop xmlns:D="DAV:"><D:lockdiscovery>${told}</D:lockdiscovery></D:prop>`
  return dav.reply.code(status).type(XML_TYPE).send(body)
}

export async function unlock(dav: DavRequest): Promise<FastifyReply> {
  const { locks } = dav.world
  const [, token] = /^ *<([^<>\s]+)> *$/.exec(dav.header('lock-token') ?? '') ?? []
  if (token === undefined) throw refuse(400, 'which lock? the header Lock-Token says it')
  const found = locks.over(dav.path).find((one) => one.token === token)
  if (found === undefined) throw refuse(409, 'there is no such lock here', 'lock-token-matches-request-uri')
  if (found.holder !== dav.holder) throw refuse(403, 'another password has this lock')
  locks.end(found)
  return dav.reply.code(204).send()
}
