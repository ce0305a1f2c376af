import type { LockLeases } from '@holt/control/node/lock-leases.ts'
import type { Control, Entry } from '@holt/control/schema.ts'
import type { FileStreams } from '@holt/control/streams.ts'
import type { FencingToken } from '@holt/control/tree-types.ts'
import { underLease } from '@holt/control/under-lease.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { controlOf, filesOf } from '../access/guarded-control.ts'
import { isAtOrUnder } from '../auth/caller.ts'
import { theCaller } from '../auth/recognise.ts'
import type { AdminContext } from '../context.ts'
import { etagOf } from '../files/download.ts'
import { signalOf } from '../files/request-body.ts'
import { type DavPath, hrefOf, joinPaths, parentOf, pathOfReference, pathOfTarget } from './dav-path.ts'
import { type IfList, parseIf, tokensIn } from './if-header.ts'
import { type Change, checkLocks, type Lock, type Locks } from './locks.ts'
import { orNull, refuse } from './refusal.ts'

/** What all requests share. */
export interface DavWorld {
  context: AdminContext
  locks: Locks
  leases: LockLeases<Lock>
}

/** One request of a program: whose it is, what it is about, and what it may use. */
export class DavRequest {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly world: DavWorld
  readonly control: Control
  readonly files: FileStreams
  /** What the password opens, in the tree. */
  readonly top: string
  /** In the tree. */
  readonly path: string
  readonly hasSlash: boolean
  readonly signal: AbortSignal
  /** The app password. */
  readonly holder: string
  readonly #lists: readonly IfList[]
  readonly submitted: ReadonlySet<string>

  /** @throws HoltError PATH_INVALID, NAME_INVALID, INPUT_INVALID. */
  constructor(world: DavWorld, { request, reply, top }: { request: FastifyRequest; reply: FastifyReply; top: string }) {
    const { path, hasSlash } = pathOfTarget(request.raw.url ?? '')
    this.world = world
    this.request = request
    this.reply = reply
    this.top = top
    this.path = joinPaths(top, path)
    this.hasSlash = hasSlash
    this.control = controlOf(world.context, request)
    this.files = filesOf(world.context, request)
    this.signal = signalOf(reply)
    this.holder = theCaller(request).token?.id ?? ''
    const header = this.header('if')
    this.#lists = header === undefined ? [] : parseIf(header)
    this.submitted = new Set(tokensIn(this.#lists))
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name]
    return Array.isArray(value) ? value.join(',') : value
  }

  /** `0`, `1` or `infinity`; what the method takes where there is none. @throws HoltError INPUT_INVALID. */
  depth<D extends '0' | '1' | 'infinity'>(allowed: readonly D[], without: D): D {
    const given = this.header('depth')?.trim().toLowerCase()
    if (given === undefined) return without
    const found = allowed.find((one) => one === given)
    if (found === undefined) throw refuse(400, `Depth is ${allowed.join(' or ')} here`)
    return found
  }

  /** Links are not shown: they may lead where the password does not. null: nothing is there. */
  async entryAt(path: string): Promise<Entry | null> {
    const entry = await orNull(this.control.call('files.stat', { path, attributes: true }, { signal: this.signal }))
    return entry?.type === 'symlink' ? null : entry
  }

  /** @throws HoltError CONFLICT with status 409 when there is no directory that it could be in. */
  async checkParent(path: string): Promise<void> {
    if (path === this.top) return
    const parent = await this.entryAt(parentOf(path))
    if (parent === null || !isDirectory(parent)) throw refuse(409, 'there is no folder that it could be in')
  }

  hrefOf(path: string, entry: Pick<Entry, 'type'> | null): string {
    // a lock may lie above what the password opens
    const below = this.top === '/' ? path : isAtOrUnder(path, this.top) ? path.slice(this.top.length) || '/' : '/'
    return hrefOf(below, entry !== null && isDirectory(entry))
  }

  /** What a header names. @throws HoltError CONFLICT with status 502 for another server. */
  destination(): DavPath {
    const text = this.header('destination')
    if (text === undefined) throw refuse(400, 'where to? there is no header Destination')
    const named = pathOfReference(text, this.header('host'))
    if (named === null) throw refuse(502, 'files go to no other server from here')
    return { ...named, path: joinPaths(this.top, named.path) }
  }

  /**
   * Looks at If-Match, If-None-Match and If before something is changed.
   *
   * @param entry what is there now. @returns the same for what is there when it is changed. @throws HoltError CONFLICT with status 412.
   */
  async checkConditions(entry: Entry | null): Promise<(there: Entry | null) => void> {
    const others = new Map<string, Entry | null>()
    for (const { resource } of this.#lists) {
      const path = this.#pathOf(resource)
      if (path !== null && path !== this.path && !others.has(path)) others.set(path, await this.entryAt(path))
    }
    const check = (there: Entry | null): void => {
      this.#checkMatch(there)
      if (this.#lists.length > 0 && !this.#lists.some((list) => this.#holds(list, there, others)))
        throw refuse(412, 'what the header If says does not hold')
    }
    check(entry)
    return check
  }

  #checkMatch(there: Entry | null): void {
    const etag = there === null || isDirectory(there) ? null : etagOf(there)
    const [match, noneMatch] = [this.header('if-match'), this.header('if-none-match')]
    if (match !== undefined && !(match.trim() === '*' ? there !== null : etagsIn(match).includes(etag ?? '')))
      throw refuse(412, 'it is not what If-Match names')
    const isNamed = noneMatch?.trim() === '*' ? there !== null : etagsIn(noneMatch ?? '').includes(etag ?? '')
    if (noneMatch !== undefined && isNamed) throw refuse(412, 'it is what If-None-Match names')
  }

  #holds({ resource, conditions }: IfList, there: Entry | null, others: ReadonlyMap<string, Entry | null>): boolean {
    const path = this.#pathOf(resource)
    if (path === null) return false
    const entry = path === this.path ? there : (others.get(path) ?? null)
    return conditions.every(({ isNot, kind, value }) => {
      const isSo =
        kind === 'etag'
          ? entry !== null && !isDirectory(entry) && etagOf(entry) === value
          : this.world.locks.over(path).some(({ token, holder }) => token === value && holder === this.holder)
      return isSo !== isNot
    })
  }

  #pathOf(resource: string | null): string | null {
    if (resource === null) return this.path
    const named = pathOfReference(resource, this.header('host'))
    return named && joinPaths(this.top, named.path)
  }

  /** @throws HoltError CONFLICT with status 423. */
  checkLocks(changes: readonly Change[]): void {
    checkLocks(this.world.locks, this, changes)
  }

  /** Of the one lock under which all of these are changed, if there is one. */
  leaseFor(paths: readonly string[]): FencingToken | null {
    const over = (lock: string): boolean => paths.every((path) => isAtOrUnder(path, lock))
    const found = this.world.locks.all().find(({ lease, holder, token, path }) => {
      return lease !== null && holder === this.holder && this.submitted.has(token) && over(path)
    })
    return found?.lease ?? null
  }

  controlFor(paths: readonly string[]): Control {
    return underLease(this.control, this.leaseFor(paths))
  }
}

export function isDirectory({ type }: Pick<Entry, 'type'>): boolean {
  return type === 'directory' || type === 'volume'
}

function etagsIn(header: string): string[] {
  return header.split(',').map((one) => one.trim())
}
