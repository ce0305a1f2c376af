import { toHex } from '@holt/core/bytes.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'

export interface NearbyPeer {
  peer: Principal
  addresses: readonly string[]
  seenMs: number
}

/** Announcements come at least every two minutes from who is there. */
const REMEMBERED_MS = 5 * 60_000
/** Anybody on the local network may announce any name: what is remembered of them is bounded. */
const MOST_NEARBY = 256
const MOST_ADDRESSES = 16
const LONGEST_ADDRESS = 256

/** Who said lately that it is on the local network. Nothing here is proven. */
export class Nearby {
  readonly #clock: Clock
  readonly #self: Principal
  readonly #found = new Map<string, NearbyPeer>()

  constructor(clock: Clock, self: Principal) {
    this.#clock = clock
    this.#self = self
  }

  /** @returns false when it was known like this already, is this node itself, or there is no room for one more. */
  add(peer: Principal, addresses: readonly string[]): boolean {
    const key = toHex(peer)
    if (key === toHex(this.#self)) return false
    this.#forgetOld()
    const kept = addresses.filter((address) => address.length <= LONGEST_ADDRESS).slice(0, MOST_ADDRESSES)
    const before = this.#found.get(key)
    if (kept.length === 0 || (!before && this.#found.size >= MOST_NEARBY)) return false
    this.#found.set(key, { peer, addresses: kept, seenMs: this.#clock.nowMs() })
    return before === undefined || before.addresses.join() !== kept.join()
  }

  list(): NearbyPeer[] {
    this.#forgetOld()
    return [...this.#found.values()]
  }

  find(peer: Principal): NearbyPeer | null {
    this.#forgetOld()
    return this.#found.get(toHex(peer)) ?? null
  }

  /** Also what is from the future, as after a clock that was set back. */
  #forgetOld(): void {
    const now = this.#clock.nowMs()
    for (const [key, { seenMs }] of this.#found) if (Math.abs(now - seenMs) > REMEMBERED_MS) this.#found.delete(key)
  }
}
