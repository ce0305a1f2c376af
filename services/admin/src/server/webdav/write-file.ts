import type { Entry } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { FastifyReply } from 'fastify'
import { etagOf } from '../files/download.ts'
import { bodyOf } from '../files/request-body.ts'
import { type DavRequest, isDirectory } from './dav-request.ts'
import { refuse } from './refusal.ts'

/** PUT: the file is there when all of it came, and before that nothing changes. */
export async function writeFile(dav: DavRequest): Promise<FastifyReply> {
  const { path, reply } = dav
  if (dav.header('content-range') !== undefined) throw refuse(400, 'a file is written whole')
  if (dav.hasSlash) throw refuse(405, 'this is a folder')
  const entry = await dav.entryAt(path)
  if (entry !== null && isDirectory(entry)) throw refuse(405, 'this is a folder')
  if (entry === null) await dav.checkParent(path)
  const conditions = await dav.checkConditions(entry)
  const check = (there: Entry | null): void => {
    conditions(there)
    // a lock may have been taken while the bytes came
    dav.checkLocks([{ path, isNamed: there === null }])
  }
  check(entry)
  const lease = dav.leaseFor([path])
  const written = await dav.files.write(path, wholeBody(dav), {
    replace: true,
    keep: true,
    check,
    modified: modifiedIn(dav),
    signal: dav.signal,
    ...(lease === null ? {} : { token: lease }),
  })
  if (dav.header('x-oc-mtime') !== undefined) reply.header('x-oc-mtime', 'accepted')
  return reply
    .code(entry === null ? 201 : 204)
    .header('etag', etagOf(written))
    .send()
}

/** The Finder sends in chunks and says beforehand how long it is: one that broke off would look whole. */
async function* wholeBody(dav: DavRequest): AsyncGenerator<Uint8Array> {
  const expected = dav.header('x-expected-entity-length')
  if (expected !== undefined && !/^\d{1,15}$/.test(expected)) throw refuse(400, 'X-Expected-Entity-Length is a number of bytes')
  let sizeBytes = 0
  for await (const part of bodyOf(dav.request)) {
    sizeBytes += part.length
    yield part
  }
  if (expected !== undefined && sizeBytes !== Number(expected)) throw new HoltError('CANCELLED', 'the sender left before the end')
}

/** What rclone and others send; seconds since 1970. */
function modifiedIn(dav: DavRequest): number | undefined {
  const text = dav.header('x-oc-mtime')
  return text !== undefined && /^-?\d{1,11}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined
}
