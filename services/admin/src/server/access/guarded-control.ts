import type { Control, Entry, MethodName, Params, Result } from '@holt/control/schema.ts'
import { readToken, underLease } from '@holt/control/under-lease.ts'
import type { FencingToken } from '@holt/control/tree-types.ts'
import type { FileStreams } from '@holt/control/streams.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { FastifyRequest } from 'fastify'
import { type Caller, isAtOrUnder, mayChange, mayPass, mayRead, mayWrite, notYours } from '../auth/caller.ts'
import { theCaller } from '../auth/recognise.ts'
import type { AdminContext } from '../context.ts'
import { guardedUploads } from './guarded-uploads.ts'

/** The calls of a node as one caller may use them: a second lock behind the one of the routes. */
export function controlOf(context: Pick<AdminContext, 'control'>, request: FastifyRequest): Control {
  const caller = theCaller(request)
  return underLease(isFree(caller) ? context.control : guardedControl(context.control, caller), leaseOf(request))
}

/** The lease under which a program changes something. @throws HoltError INPUT_INVALID */
export function leaseOf({ headers }: Pick<FastifyRequest, 'headers'>): FencingToken | null {
  const text = headers['holt-lease']
  return typeof text === 'string' ? readToken(text) : null
}

export function filesOf(context: Pick<AdminContext, 'files'>, request: FastifyRequest): FileStreams {
  const caller = theCaller(request)
  const { files } = context
  if (isFree(caller)) return files
  return {
    read: async (path, options) => {
      check(mayRead(caller, path), path)
      return files.read(path, options)
    },
    write: async (path, body, options) => {
      check(mayWrite(caller, path), path)
      return files.write(path, body, options)
    },
    uploads: guardedUploads(files.uploads, caller),
  }
}

function isFree({ limits, token }: Caller): boolean {
  return limits.length === 0 && token === null
}

function check(allowed: boolean, path: string): void {
  if (!allowed) throw notYours(path)
}

type Checks = { [Name in MethodName]?: (caller: Caller, params: Params<Name>) => void }

/** The calls that are open to others than the owner; the rest is closed. */
const checks: Checks = {
  'files.list': (caller, { path }) => check(mayPass(caller, path), path),
  'files.stat': (caller, { path }) => check(mayPass(caller, path), path),
  'files.versions': (caller, { path }) => check(mayRead(caller, path), path),
  'files.search': (caller, { path }) => check(mayRead(caller, path), path),
  'thumbnails.get': (caller, { path }) => check(mayRead(caller, path), path),
  'thumbnails.put': (caller, { path }) => check(mayWrite(caller, path), path),
  'files.mkdir': (caller, { path }) => check(mayWrite(caller, path), path),
  'files.move': (caller, { from, to }) => {
    check(mayChange(caller, from), from)
    check(mayChange(caller, to), to)
  },
  'files.copy': (caller, { from, to }) => {
    check(mayRead(caller, from), from)
    check(mayChange(caller, to), to)
  },
  'files.setAttributes': (caller, { path }) => check(mayWrite(caller, path), path),
  'files.remove': (caller, { paths }) => {
    for (const path of paths) check(mayChange(caller, path), path)
  },
  'trash.list': () => {},
  'trash.put': (caller, { paths }) => {
    for (const path of paths) check(mayChange(caller, path), path)
  },
  'trash.restore': (caller, { into }) => {
    if (into !== undefined) check(mayWrite(caller, into), into)
  },
  'files.restore': (caller, { path, to = path }) => {
    check(mayRead(caller, path), path)
    check(mayChange(caller, to), to)
  },
}

export function guardedControl(control: Control, caller: Caller): Control {
  return {
    call: async (name, params, options) => {
      const rule = (checks as Record<string, ((caller: Caller, params: unknown) => void) | undefined>)[name]
      if (rule === undefined) {
        if (caller.role !== 'owner' || caller.limits.length > 0) throw new HoltError('NOT_AUTHORIZED', 'only the owner may do this')
        return control.call(name, params, options)
      }
      rule(caller, params)
      if (name === 'files.list') return (await list(control, caller, params as Params<'files.list'>)) as never
      if (name === 'trash.list') return (await trashOf(control, caller, params as Params<'trash.list'>)) as never
      if (name === 'trash.restore') await checkTrash(control, caller, params as Params<'trash.restore'>)
      return control.call(name, params, options)
    },
  }
}

/** What was removed from where they may read. */
async function trashOf(control: Control, caller: Caller, params: Params<'trash.list'>): Promise<Result<'trash.list'>> {
  const { items, more } = await control.call('trash.list', params)
  return { items: items.filter(({ path }) => mayRead(caller, path)), more }
}

/** An id says nothing of where it comes from. */
async function checkTrash(control: Control, caller: Caller, { ids }: Params<'trash.restore'>): Promise<void> {
  const missing = new Set(ids)
  for (let after: string | undefined, more = true; more && missing.size > 0; ) {
    const page = await control.call('trash.list', { after, limit: 1000 })
    for (const { id, path } of page.items) if (missing.delete(id)) check(mayChange(caller, path), path)
    after = page.items.at(-1)?.id
    more = page.more && after !== undefined
  }
  const [unknown] = missing
  if (unknown !== undefined) throw new HoltError('NOT_FOUND', 'this is not in the trash', { id: unknown })
}

/** On the way to what was shared, only that way shows. */
async function list(control: Control, caller: Caller, params: Params<'files.list'>): Promise<Result<'files.list'>> {
  if (mayRead(caller, params.path)) return control.call('files.list', params)
  const entries: Entry[] = []
  for (const name of nextNames(caller, params.path)) {
    if (params.after !== undefined && name <= params.after) continue
    const entry = await control
      .call('files.stat', { path: params.path === '/' ? `/${name}` : `${params.path}/${name}`, at: params.at })
      .catch(nothing)
    if (entry !== null) entries.push(entry)
  }
  return { entries, more: false }
}

function nothing(error: unknown): null {
  if (isHoltError(error, 'NOT_FOUND') || isHoltError(error, 'NOT_A_DIRECTORY')) return null
  throw error
}

function nextNames(caller: Caller, path: string): string[] {
  const depth = path === '/' ? 1 : path.split('/').length
  const below = caller.limits.flat().filter((grant) => grant.path !== path && isAtOrUnder(grant.path, path))
  const names = new Set(below.map((grant) => grant.path.split('/')[depth] as string))
  return [...names].filter((name) => mayPass(caller, path === '/' ? `/${name}` : `${path}/${name}`)).sort()
}
