import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Control } from '../schema.ts'
import type { FencingToken } from '../tree-types.ts'

const LEASE_SECONDS = 10
/** Long before it ends: an answer may take its time. */
const AGAIN_MS = 3000

export interface LeasedLock {
  /** Its own. */
  readonly token: string
  readonly path: string
  /** Set while it has one. */
  lease: FencingToken | null
}

interface Held<Lock> {
  lock: Lock
  token: FencingToken
  untilMs: number
}

/**
 * Holds other nodes of the owner off from what is locked, as long as it is: by leases, where somebody leads these nodes. Where nobody does, or the one who does is not reached, a lock
 * holds at this node alone.
 */
export class LockLeases<Lock extends LeasedLock> {
  readonly #control: Control
  readonly #lost: (lock: Lock) => void
  readonly #held = new Map<string, Held<Lock>>()
  #timer: NodeJS.Timeout | null = null
  #renewing: Promise<void> = Promise.resolve()

  /** @param lost is told of a lock that another node may break. */
  constructor(control: Control, lost: (lock: Lock) => void) {
    this.#control = control
    this.#lost = lost
  }

  /** @throws HoltError CONFLICT when another node has it. */
  async take(lock: Lock): Promise<void> {
    const askedMs = performance.now()
    const token = await this.#acquire(lock.path)
    if (token === null) return
    lock.lease = token
    this.#held.set(lock.token, { lock, token, untilMs: askedMs + LEASE_SECONDS * 1000 })
    this.#timer ??= setInterval(() => {
      this.#renewing = this.#renewing.then(() => this.#renew())
    }, AGAIN_MS).unref()
  }

  /** Two locks of one path stand on one lease. Resolves when it is given back, or nobody was there to be told. */
  async release({ token, path }: Lock): Promise<void> {
    const held = this.#held.get(token)
    if (held === undefined) return
    this.#held.delete(token)
    this.#rest()
    if ([...this.#held.values()].some(({ lock }) => lock.path === path)) return
    await this.#control.call('cluster.release', { path, token: held.token }).catch(() => {})
  }

  async close(): Promise<void> {
    await Promise.all([...this.#held.values()].map(({ lock }) => this.release(lock)))
    await this.#renewing
  }

  #rest(): void {
    if (this.#held.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }

  /** null where there are no leases. */
  async #acquire(path: string): Promise<FencingToken | null> {
    const { nodes, leader } = await this.#control.call('cluster.show', {})
    if (nodes.length === 0 || leader === null) return null
    try {
      return (await this.#control.call('cluster.lease', { path, seconds: LEASE_SECONDS })).token
    } catch (error) {
      if (!isHoltError(error) || error.code === 'CONFLICT') throw error
      return null
    }
  }

  async #renew(): Promise<void> {
    for (const held of this.#held.values()) await this.#renewOne(held)
  }

  async #renewOne(held: Held<Lock>): Promise<void> {
    const { lock, token } = held
    const askedMs = performance.now()
    try {
      const again = await this.#control.call('cluster.lease', { path: lock.path, seconds: LEASE_SECONDS })
      if (again.token.term !== token.term || again.token.number !== token.number)
        throw new HoltError('CONFLICT', 'another lease took its place')
      held.untilMs = askedMs + LEASE_SECONDS * 1000
    } catch (error) {
      // who leads may only be away for a moment
      const isOver = performance.now() + AGAIN_MS >= held.untilMs || isHoltError(error, 'CONFLICT')
      if (isOver && this.#held.has(lock.token)) this.#lost(lock)
    }
  }
}
