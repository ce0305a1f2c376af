import { toHex } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import { MemoryBudget } from './memory-budget.ts'
import { RateLimit } from './rate-limit.ts'

/** What one peer may take of this node, over all its streams. */
export interface GuestLimits {
  /** Requests that are read or worked on, and their answers. */
  memoryBytes: number
  framesPerSecond: number
  burst: number
  streams: number
}

/** Peers that are paired, and all others: strangers together cannot take what is there for those we know. */
export type GuestKind = 'paired' | 'stranger'

export const guestLimits: Readonly<Record<GuestKind, GuestLimits & { allMemoryBytes: number }>> = {
  paired: { memoryBytes: 16 << 20, framesPerSecond: 2000, burst: 4000, streams: 32, allMemoryBytes: 128 << 20 },
  stranger: { memoryBytes: 256 << 10, framesPerSecond: 5, burst: 20, streams: 2, allMemoryBytes: 4 << 20 },
}

/** What a peer has left; shared by its streams. */
export interface Guest {
  readonly rate: RateLimit
  take(bytes: number, signal: AbortSignal): Promise<void>
  release(bytes: number): void
  leave(): void
}

interface Place {
  streams: number
  memory: MemoryBudget
  rate: RateLimit
  /** So that a peer does not get a fresh rate by opening a new stream. */
  forget: (() => void) | null
}

const REMEMBERED_MS = 60_000
const MOST_REMEMBERED = 4096

/** Who is served now, and within which limits. */
export class Guests {
  readonly #clock: Clock
  readonly #kindOf: (peer: Principal) => GuestKind
  readonly #all: Record<GuestKind, MemoryBudget>
  readonly #places = new Map<string, Place>()
  readonly #limits: typeof guestLimits

  constructor(clock: Clock, { kindOf, limits = guestLimits }: { kindOf: (peer: Principal) => GuestKind; limits?: typeof guestLimits }) {
    this.#clock = clock
    this.#kindOf = kindOf
    this.#limits = limits
    this.#all = { paired: new MemoryBudget(limits.paired.allMemoryBytes), stranger: new MemoryBudget(limits.stranger.allMemoryBytes) }
  }

  /** Bytes held for peers now. */
  get usedBytes(): number {
    return this.#all.paired.usedBytes + this.#all.stranger.usedBytes
  }

  /** Begins to serve one stream. @throws HoltError TOO_MANY_TRIES when the peer has too many, or too many peers came lately. */
  enter(peer: Principal): Guest {
    const kind = this.#kindOf(peer)
    const key = `${kind} ${toHex(peer)}`
    const place = this.#placeOf(key, kind)
    if (place.streams >= this.#limits[kind].streams)
      throw new HoltError('TOO_MANY_TRIES', 'too many streams of one peer', { retryAfterMs: REMEMBERED_MS })
    place.streams++
    place.forget?.()
    place.forget = null
    return { rate: place.rate, ...this.#memoryOf(place, kind), leave: () => this.#leave(key, place) }
  }

  #placeOf(key: string, kind: GuestKind): Place {
    const known = this.#places.get(key)
    if (known) return known
    if (kind === 'stranger' && this.#places.size >= MOST_REMEMBERED)
      throw new HoltError('TOO_MANY_TRIES', 'too many peers that are not known', { retryAfterMs: REMEMBERED_MS })
    const { memoryBytes, framesPerSecond, burst } = this.#limits[kind]
    const rate = new RateLimit(this.#clock, { perSecond: framesPerSecond, burst })
    const place = { streams: 0, memory: new MemoryBudget(memoryBytes), rate, forget: null }
    this.#places.set(key, place)
    return place
  }

  /** Own share first: who waits for that must not stand in the way of others. */
  #memoryOf({ memory }: Place, kind: GuestKind): Pick<Guest, 'take' | 'release'> {
    const all = this.#all[kind]
    return {
      take: async (bytes, signal) => {
        await memory.take(bytes, signal)
        await all.take(bytes, signal).catch((error: Error) => {
          memory.release(bytes)
          throw error
        })
      },
      release: (bytes) => {
        memory.release(bytes)
        all.release(bytes)
      },
    }
  }

  #leave(key: string, place: Place): void {
    place.streams--
    if (place.streams === 0) place.forget = this.#clock.after(REMEMBERED_MS, () => this.#places.delete(key))
  }
}
