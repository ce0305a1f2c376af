import { randomUUID } from 'node:crypto'
import type { FencingToken } from '@holt/control/tree-types.ts'
import { isAtOrUnder } from '../auth/caller.ts'
import { parentOf } from './dav-path.ts'
import { refuse } from './refusal.ts'
import type { XmlElement } from './xml/element.ts'

export interface Lock {
  /** As programs write it: urn:uuid:… */
  readonly token: string
  /** In the tree. */
  readonly path: string
  readonly isDeep: boolean
  readonly isExclusive: boolean
  /** The app password by which it was taken; with another one the token is of no use. */
  readonly holder: string
  /** What the program says of itself. */
  readonly owner: XmlElement | null
  seconds: number
  untilMs: number
  /** Of the lease that holds other nodes off; null where there is none. */
  lease: FencingToken | null
}

export type NewLock = Pick<Lock, 'path' | 'isDeep' | 'isExclusive' | 'holder' | 'owner' | 'seconds'>

export const MOST_SECONDS = 3600
const MOST_LOCKS = 2048
const MOST_OF_ONE = 256

/**
 * Write locks of WebDAV programs (RFC 4918 §6 and §7), in memory: a program whose lock is gone after a restart is told so when it next writes. They hold between programs that
 * come by WebDAV; what keeps other nodes off are leases (`lock-leases.ts`).
 */
export class Locks {
  readonly #now: () => number
  readonly #byToken = new Map<string, Lock>()
  readonly #ended: (lock: Lock) => void

  /** @param ended is told of each lock that is over, for whatever reason. */
  constructor(now: () => number, ended: (lock: Lock) => void) {
    this.#now = now
    this.#ended = ended
  }

  /** @throws HoltError CONFLICT with status 423, or 503 when there are too many. */
  add(wanted: NewLock): Lock {
    const conflict = this.conflictWith(wanted)
    if (conflict !== null) throw conflict
    const all = this.all()
    if (all.length >= MOST_LOCKS || all.filter(({ holder }) => holder === wanted.holder).length >= MOST_OF_ONE)
      throw refuse(503, 'there are too many locks')
    const seconds = Math.min(wanted.seconds, MOST_SECONDS)
    const lock: Lock = { ...wanted, token: `urn:uuid:${randomUUID()}`, seconds, untilMs: this.#now() + seconds * 1000, lease: null }
    this.#byToken.set(lock.token, lock)
    return lock
  }

  /** null when it can be had. */
  conflictWith({ path, isDeep, isExclusive }: Pick<NewLock, 'path' | 'isDeep' | 'isExclusive'>) {
    const inTheWay = [...this.over(path), ...(isDeep ? this.below(path) : [])].find((one) => isExclusive || one.isExclusive)
    return inTheWay === undefined ? null : refuse(423, `${inTheWay.path} is locked`, 'no-conflicting-lock')
  }

  find(token: string): Lock | null {
    const lock = this.#byToken.get(token) ?? null
    if (lock === null || lock.untilMs > this.#now()) return lock
    this.end(lock)
    return null
  }

  all(): Lock[] {
    const now = this.#now()
    for (const lock of this.#byToken.values()) if (lock.untilMs <= now) this.end(lock)
    return [...this.#byToken.values()]
  }

  /** Those that hold at this path. */
  over(path: string): Lock[] {
    return this.all().filter((lock) => lock.path === path || (lock.isDeep && isAtOrUnder(path, lock.path)))
  }

  /** Those of what lies below this path. */
  below(path: string): Lock[] {
    return this.all().filter((lock) => lock.path !== path && isAtOrUnder(lock.path, path))
  }

  refresh(lock: Lock, seconds: number): void {
    lock.seconds = Math.min(seconds, MOST_SECONDS)
    lock.untilMs = this.#now() + lock.seconds * 1000
  }

  end(lock: Lock): void {
    if (this.#byToken.delete(lock.token)) this.#ended(lock)
  }

  /** Of what is not there any more. */
  endAtAndBelow(path: string): void {
    for (const lock of this.all()) if (isAtOrUnder(lock.path, path)) this.end(lock)
  }

  endBelow(path: string): void {
    for (const lock of this.below(path)) this.end(lock)
  }
}

/** What a request is about to change. */
export interface Change {
  path: string
  /** All below it, too. */
  isDeep?: boolean
  /** A name comes or goes in the directory above. */
  isNamed?: boolean
}

/**
 * Whether locks let this program do it. Of the locks that hold at one place it must have one, and say so.
 *
 * @param submitted tokens that the request names. @throws HoltError CONFLICT with status 423.
 */
export function checkLocks(
  locks: Locks,
  { holder, submitted }: { holder: string; submitted: ReadonlySet<string> },
  changes: readonly Change[],
): void {
  const isOwn = (lock: Lock): boolean => lock.holder === holder && submitted.has(lock.token)
  for (const { path, isDeep = false, isNamed = false } of changes) {
    const places = [locks.over(path), ...(isNamed && path !== '/' ? [locks.over(parentOf(path))] : [])]
    for (const held of places) if (held.length > 0 && !held.some(isOwn)) throw locked(held[0] as Lock)
    if (!isDeep) continue
    const byPath = new Map<string, Lock[]>()
    for (const lock of locks.below(path)) byPath.set(lock.path, [...(byPath.get(lock.path) ?? []), lock])
    for (const held of byPath.values()) if (!held.some(isOwn)) throw locked(held[0] as Lock)
  }
}

function locked({ path }: Lock): Error {
  return refuse(423, `${path} is locked`, 'lock-token-submitted')
}
