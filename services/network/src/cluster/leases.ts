import { equalBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'

/** Of two the higher one was granted later: by the leader's term, then by its count. */
export interface FencingToken {
  term: number
  number: number
}

/** The right to change what lies at or below a path, which nobody else has meanwhile. */
export interface Lease {
  path: string
  holder: Principal
  token: FencingToken
  /** From when the holder asked for it. */
  lastsMs: number
}

export const LONGEST_LEASE_MS = 10_000
/** Clocks do not run alike: what is over for its holder is over a little later for the leader. */
const MARGIN_MS = 1500
export const MOST_LEASES = 1000

export function compareTokens(a: FencingToken, b: FencingToken): number {
  return a.term - b.term || a.number - b.number
}

/** One lies at or below the other. */
export function overlap(a: string, b: string): boolean {
  return isAtOrBelow(a, b) || isAtOrBelow(b, a)
}

function isAtOrBelow(path: string, top: string): boolean {
  return path === top || top === '/' || path.startsWith(`${top}/`)
}

/**
 * What one leader has granted in one term. It knows nothing of what the leader before it granted, and grants nothing until all of that is over. Times are of the
 * leader's clock, which only goes on.
 */
export class LeaseTable {
  readonly #term: number
  readonly #fromMs: number
  #number = 0
  #leases: (Lease & { untilMs: number })[] = []

  constructor({ term, nowMs }: { term: number; nowMs: number }) {
    this.#term = term
    this.#fromMs = nowMs + LONGEST_LEASE_MS + MARGIN_MS
  }

  /**
   * A lease, or the same for longer when the holder has it.
   *
   * @throws HoltError CONFLICT when somebody else has a part of it, or may have; `data.waitMs` says for how long. TOO_LARGE when there are too many.
   */
  grant({ path, holder, lastsMs }: Omit<Lease, 'token'>, nowMs: number): Lease {
    if (nowMs < this.#fromMs) throw refused('what was granted before may still hold', this.#fromMs - nowMs)
    this.#leases = this.#leases.filter(({ untilMs }) => untilMs > nowMs)
    const others = this.#leases.filter((one) => overlap(one.path, path) && !equalBytes(one.holder, holder))
    if (others.length > 0) throw refused('another node has it', Math.max(...others.map(({ untilMs }) => untilMs)) - nowMs)
    const own = this.#leases.find((one) => one.path === path)
    if (own === undefined && this.#leases.length >= MOST_LEASES) throw new HoltError('TOO_LARGE', `there are ${MOST_LEASES} leases already`)
    const lasts = Math.max(1, Math.min(lastsMs, LONGEST_LEASE_MS))
    const token = own?.token ?? { term: this.#term, number: ++this.#number }
    // never less than was said before
    const untilMs = Math.max(own?.untilMs ?? 0, nowMs + lasts + MARGIN_MS)
    this.#leases = [...this.#leases.filter((one) => one !== own), { path, holder, token, lastsMs: lasts, untilMs }]
    return { path, holder, token, lastsMs: lasts }
  }

  /** Nothing happens when it is not there, or another one. */
  release(path: string, token: FencingToken): void {
    this.#leases = this.#leases.filter((one) => one.path !== path || compareTokens(one.token, token) !== 0)
  }

  list(nowMs: number): Lease[] {
    return this.#leases
      .filter(({ untilMs }) => untilMs > nowMs)
      .map(({ path, holder, token, lastsMs }) => ({ path, holder, token, lastsMs }))
  }
}

function refused(why: string, waitMs: number): HoltError {
  return new HoltError('CONFLICT', `the lease is not to be had now: ${why}`, { waitMs: Math.ceil(waitMs) })
}

interface Fence extends Lease {
  untilMs: number
}

/** What a node's store checks before it changes anything: the newest leases that it has heard of. */
export class Fences {
  readonly #self: Principal
  #fences: Fence[] = []

  constructor(self: Principal) {
    this.#self = self
  }

  /** @param sinceMs when the lease was asked for here, or heard of. @returns false for one that is older than what was heard of. */
  learn(lease: Lease, sinceMs: number): boolean {
    const over = this.#fences.filter((one) => overlap(one.path, lease.path))
    if (over.some(({ token }) => compareTokens(token, lease.token) > 0)) return false
    const isSame = ({ token }: Fence): boolean => compareTokens(token, lease.token) === 0
    const untilMs = Math.max(sinceMs + lease.lastsMs, ...over.filter(isSame).map((one) => one.untilMs))
    const kept = this.#fences.filter((one) => one.path !== lease.path)
    this.#fences = [...kept, { ...lease, untilMs }].slice(-MOST_LEASES)
    return true
  }

  forget(path: string, token: FencingToken): void {
    for (const fence of this.#fences)
      if (fence.path === path && compareTokens(fence.token, token) === 0) fence.untilMs = Number.NEGATIVE_INFINITY
  }

  /**
   * @param token of the lease under which the change is made; null: under none.
   * @throws HoltError CONFLICT when a lease forbids it: another node's that holds, for a change without one; any that is newer, or the end of its own, for one with.
   */
  check(path: string, token: FencingToken | null, nowMs: number): void {
    const over = this.#fences.filter((one) => overlap(one.path, path))
    if (token === null) {
      const other = over.find(({ holder, untilMs }) => untilMs > nowMs && !equalBytes(holder, this.#self))
      if (other !== undefined) throw new HoltError('CONFLICT', `another node has the lease of ${other.path}`, { path: other.path })
      return
    }
    if (over.some((one) => compareTokens(one.token, token) > 0)) throw stale(path)
    const own = over.find((one) => compareTokens(one.token, token) === 0 && isAtOrBelow(path, one.path))
    if (own === undefined || own.untilMs <= nowMs || !equalBytes(own.holder, this.#self)) throw stale(path)
  }

  list(nowMs: number): Lease[] {
    return this.#fences
      .filter(({ untilMs }) => untilMs > nowMs)
      .map(({ path, holder, token, lastsMs }) => ({ path, holder, token, lastsMs }))
  }
}

function stale(path: string): HoltError {
  return new HoltError('CONFLICT', 'the lease is over, or another one took its place', { path })
}
