import type { Control } from '@holt/control/schema.ts'
import type { FencingToken } from '@holt/control/tree-types.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Lock } from './locks.ts'

const LEASE_SECONDS = 10
/** Long before it ends: an answer may take its time. */
const AGAIN_MS = 3000

interface Held {
  lock: Lock
  token: FencingToken
  untilMs: number
}

/**
 * Holds other nodes of the owner off from what is locked, as long as it is: by leases, where somebody leads these nodes. Where nobody does, or the one who does is not reached, a lock
 * holds at this node alone.
 */
export class LockLeases {
  readonly #control: Control
  readonly #lost: (lock: Lock) => void
  readonly #held = new Map<string, Held>()
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

  /** Two locks of one path stand on one lease. */
  release({ token, path }: Lock): void {
    const held = this.#held.get(token)
    if (held === undefined) return
    this.#held.delete(token)
    if (![...this.#held.values()].some(({ lock }) => lock.path === path))
      this.#control.call('cluster.release', { path, token: held.token }).catch(() => {})
    this.#rest()
  }

  async close(): Promise<void> {
    for (const { lock } of this.#held.values()) this.release(lock)
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

  async #renewOne(held: Held): Promise<void> {
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
