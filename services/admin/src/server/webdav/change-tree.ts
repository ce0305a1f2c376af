import type { Entry } from '@holt/control/schema.ts'
import type { FastifyReply } from 'fastify'
import { isAtOrUnder } from '../auth/caller.ts'
import { hasBody } from '../security.ts'
import { type DavRequest, isDirectory } from './dav-request.ts'
import { refuse } from './refusal.ts'

/** MKCOL. */
export async function makeFolder(dav: DavRequest): Promise<FastifyReply> {
  const { path } = dav
  if (hasBody(dav.request.headers)) throw refuse(415, 'a folder is made without a body')
  const entry = await dav.entryAt(path)
  if (entry !== null) throw refuse(405, 'something has this name already')
  await dav.checkParent(path)
  await dav.checkConditions(entry)
  dav.checkLocks([{ path, isNamed: true }])
  await dav.controlFor([path]).call('files.mkdir', { path })
  return dav.reply.code(201).send()
}

/** DELETE: a folder with all that is in it, at once. */
export async function remove(dav: DavRequest): Promise<FastifyReply> {
  const { path } = dav
  const entry = await theEntry(dav)
  if (isDirectory(entry)) dav.depth(['infinity'], 'infinity')
  await dav.checkConditions(entry)
  dav.checkLocks([{ path, isDeep: true, isNamed: true }])
  await dav.controlFor([path]).call('files.remove', { paths: [path], recursive: true })
  dav.world.locks.endAtAndBelow(path)
  return dav.reply.code(204).send()
}

/** COPY and MOVE: one commit, and no content is written again. */
export async function copyOrMove(dav: DavRequest): Promise<FastifyReply> {
  const { path: from } = dav
  const isMove = dav.request.method === 'MOVE'
  const entry = await theEntry(dav)
  const isFolder = isDirectory(entry)
  const depth =
    isMove || !isFolder ? dav.depth(isFolder ? ['infinity'] : ['infinity', '0'], 'infinity') : dav.depth(['infinity', '0'], 'infinity')
  const { path: to } = dav.destination()
  const overwrite = overwriteIn(dav)
  if (isAtOrUnder(to, from) || isAtOrUnder(from, to)) throw refuse(403, 'one lies in the other, or they are the same')
  const replaced = await dav.entryAt(to)
  if (replaced === null) await dav.checkParent(to)
  await dav.checkConditions(entry)
  if (replaced !== null && !overwrite) throw refuse(412, 'something is there already')
  dav.checkLocks([...(isMove ? [{ path: from, isDeep: true, isNamed: true }] : []), { path: to, isDeep: true, isNamed: replaced === null }])
  const control = dav.controlFor(isMove ? [from, to] : [to])
  if (isMove) await control.call('files.move', { from, to, replace: overwrite, recursive: overwrite })
  else await control.call('files.copy', { from, to, replace: overwrite, shallow: depth === '0' })
  const { locks } = dav.world
  if (isMove) locks.endAtAndBelow(from)
  locks.endBelow(to)
  return dav.reply.code(replaced === null ? 201 : 204).send()
}

async function theEntry(dav: DavRequest): Promise<Entry> {
  const entry = await dav.entryAt(dav.path)
  if (entry === null) throw refuse(404, 'there is nothing here')
  if (dav.hasSlash && !isDirectory(entry)) throw refuse(404, 'this is no folder')
  return entry
}

function overwriteIn(dav: DavRequest): boolean {
  const text = dav.header('overwrite')?.trim().toUpperCase() ?? 'T'
  if (text !== 'T' && text !== 'F') throw refuse(400, 'Overwrite is T or F')
  return text === 'T'
}
