import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError } from '@holt/core/errors.ts'
import { readTwice, writeTwice } from '@holt/core/kept-twice.ts'
import type { Principal } from '@holt/core/principal.ts'
import { arrayOf, bytesOf, literal, parse, record, text, uint, version } from '@holt/core/shape.ts'
import { InTurn } from '../in-turn.ts'

/** What this node's owner says of friends together: how safe what they keep is to be, and where they are. */
export interface Wishes {
  /** Who is silent for so long is gone: what it has is given to others, too. */
  goneAfterSeconds: number
  /** How fast what was lost with friends is given anew. */
  repairBytesPerSecond: number
  /** By redundancy class: 11 is one loss in 100,000,000,000 a year. */
  nines: readonly { redundancyClass: string; nines: number }[]
  /** Where a node is, or all nodes of an owner: what one calls it oneself. */
  places: readonly { of: Principal; place: string }[]
}

const FILE = 'friend-wishes'
const DAY = 24 * 3600
export const USUAL_NINES = 11
export const MOST_NINES = 15
export const SHORTEST_SILENCE_SECONDS = 3600
export const LONGEST_SILENCE_SECONDS = 365 * DAY
export const SLOWEST_REPAIR = 1 << 14
export const FASTEST_REPAIR = 2 ** 40
export const MOST_PLACE_BYTES = 256
const MOST_PLACES = 1024
const MOST_CLASSES = 64

const wishesShape = record({
  v: version(1),
  kind: literal('friend-wishes'),
  goneAfter: uint({ min: SHORTEST_SILENCE_SECONDS, max: LONGEST_SILENCE_SECONDS }),
  repairRate: uint({ min: SLOWEST_REPAIR, max: FASTEST_REPAIR }),
  nines: arrayOf(record({ class: text({ maxBytes: 32 }), nines: uint({ min: 1, max: MOST_NINES }) }), { max: MOST_CLASSES }),
  places: arrayOf(record({ of: bytesOf(32), place: text({ maxBytes: MOST_PLACE_BYTES }) }), { max: MOST_PLACES }),
})

/** A router's line carries so much beside everything else, and two weeks are a holiday. */
export const usualWishes: Wishes = { goneAfterSeconds: 14 * DAY, repairBytesPerSecond: 4 << 20, nines: [], places: [] }

/** docs/formats.md §6. */
export function encodeWishes({ goneAfterSeconds, repairBytesPerSecond, nines, places }: Wishes): Uint8Array {
  return encode({
    v: 1,
    kind: 'friend-wishes',
    goneAfter: goneAfterSeconds,
    repairRate: repairBytesPerSecond,
    nines: nines.map(({ redundancyClass, nines: count }) => ({ class: redundancyClass, nines: count })),
    places: places.map(({ of, place }) => ({ of, place })),
  })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodeWishes(bytes: Uint8Array): Wishes {
  const { goneAfter, repairRate, nines, places } = parse(wishesShape, bytes.slice())
  if (new Set(places.map(({ of }) => toHex(of))).size !== places.length) throw new HoltError('MALFORMED', 'a node is in two places')
  if (new Set(nines.map((one) => one.class)).size !== nines.length) throw new HoltError('MALFORMED', 'two wishes are of one class')
  return {
    goneAfterSeconds: goneAfter,
    repairBytesPerSecond: repairRate,
    nines: nines.map((one) => ({ redundancyClass: one.class, nines: one.nines })),
    places,
  }
}

/** Kept over restarts; until the owner says something, the usual. */
export class FriendWishes {
  readonly #disk: Disk
  readonly #turns = new InTurn()
  #wishes: Wishes

  private constructor(disk: Disk, wishes: Wishes) {
    this.#disk = disk
    this.#wishes = wishes
  }

  /** @throws HoltError MALFORMED when both copies are damaged: a wish must not become another by that. */
  static async open(disk: Disk): Promise<FriendWishes> {
    const file = await readTwice(disk, FILE)
    return new FriendWishes(disk, file === null ? usualWishes : decodeWishes(file.content))
  }

  get all(): Wishes {
    return this.#wishes
  }

  ninesOf(redundancyClass: string): number {
    return this.#wishes.nines.find((one) => one.redundancyClass === redundancyClass)?.nines ?? USUAL_NINES
  }

  /** What was said of the node itself, else of its owner. */
  placeOf({ owner, node }: { owner: Principal; node: Principal }): string | null {
    const said = (of: Principal): string | undefined => this.#wishes.places.find((one) => equalBytes(one.of, of))?.place
    return said(node) ?? said(owner) ?? null
  }

  /** @param nines null: the usual. Durable when it resolves. */
  wish(redundancyClass: string, nines: number | null): Promise<void> {
    return this.#change((wishes) => {
      const others = wishes.nines.filter((one) => one.redundancyClass !== redundancyClass)
      return { ...wishes, nines: nines === null ? others : [...others, { redundancyClass, nines }] }
    })
  }

  /** @param of a node, or an owner. @param place null: nothing is said any more. Durable when it resolves. */
  place(of: Principal, place: string | null): Promise<void> {
    return this.#change((wishes) => {
      const others = wishes.places.filter((one) => !equalBytes(one.of, of))
      return { ...wishes, places: place === null ? others : [...others, { of: of.slice(), place }] }
    })
  }

  repair(how: Partial<Pick<Wishes, 'goneAfterSeconds' | 'repairBytesPerSecond'>>): Promise<void> {
    return this.#change((wishes) => ({ ...wishes, ...how }))
  }

  /** @throws HoltError INPUT_INVALID for what cannot be kept. */
  #change(change: (wishes: Wishes) => Wishes): Promise<void> {
    return this.#turns.run(async () => {
      const wishes = change(this.#wishes)
      const bytes = encodeWishes(wishes)
      try {
        decodeWishes(bytes)
      } catch (cause) {
        throw new HoltError('INPUT_INVALID', 'what is wished cannot be kept: it is too long, too much, or out of bounds', {}, { cause })
      }
      await writeTwice(this.#disk, FILE, bytes)
      this.#wishes = wishes
    })
  }
}
