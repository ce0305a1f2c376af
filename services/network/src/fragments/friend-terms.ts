import { equalBytes } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError } from '@holt/core/errors.ts'
import { readTwice, writeTwice } from '@holt/core/kept-twice.ts'
import type { Principal } from '@holt/core/principal.ts'
import { arrayOf, bytesOf, literal, nullable, parse, record, type Shape, uint, version } from '@holt/core/shape.ts'
import { InTurn } from '../in-turn.ts'

/** What this node's owner wants of one friend. */
export interface Terms {
  owner: Principal
  /** Whether fragments of one's own packs are given to the friend. */
  give: boolean
  /** How much the friend may give; null: as much as one gives, and a first allowance. */
  mostBytes: number | null
}

const FILE = 'friend-terms'
const MOST_FRIENDS = 1000
/** Somebody must begin. */
export const FIRST_ALLOWANCE_BYTES = 1 << 30
const boolean: Shape<boolean> = { check: (value, where) => (value === true ? literal(true) : literal(false)).check(value, where) }
const termsShape = record({
  v: version(1),
  kind: literal('friend-terms'),
  terms: arrayOf(record({ owner: bytesOf(32), give: boolean, most: nullable(uint()) }), { max: MOST_FRIENDS }),
})

export function encodeTerms(terms: readonly Terms[]): Uint8Array {
  return encode({ v: 1, kind: 'friend-terms', terms: terms.map(({ owner, give, mostBytes }) => ({ owner, give, most: mostBytes })) })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodeTerms(bytes: Uint8Array): Terms[] {
  return parse(termsShape, bytes.slice()).terms.map(({ owner, give, most }) => ({ owner, give, mostBytes: most }))
}

/** What the owner said of each friend, kept over restarts. Of who is not named: nothing is given, and the first allowance taken. */
export class FriendTerms {
  readonly #disk: Disk
  readonly #turns = new InTurn()
  #terms: Terms[]

  private constructor(disk: Disk, terms: Terms[]) {
    this.#disk = disk
    this.#terms = terms
  }

  /** @throws HoltError MALFORMED when both copies are damaged: a friend's share must not become another by that. */
  static async open(disk: Disk): Promise<FriendTerms> {
    const file = await readTwice(disk, FILE)
    return new FriendTerms(disk, file === null ? [] : decodeTerms(file.content))
  }

  of(owner: Principal): Terms {
    return this.#terms.find((one) => equalBytes(one.owner, owner)) ?? { owner, give: false, mostBytes: null }
  }

  /** As the file has them. */
  all(): readonly Terms[] {
    return this.#terms
  }

  /** Durable when it resolves. */
  set(terms: Terms): Promise<void> {
    return this.#turns.run(async () => {
      const others = this.#terms.filter(({ owner }) => !equalBytes(owner, terms.owner))
      if (others.length >= MOST_FRIENDS) throw new HoltError('TOO_LARGE', 'there are too many friends')
      await writeTwice(this.#disk, FILE, encodeTerms([...others, terms]))
      this.#terms = [...others, terms]
    })
  }

  /** @param givenBytes what the friend keeps for this owner. */
  mostBytes(owner: Principal, givenBytes: number): number {
    return this.of(owner).mostBytes ?? Math.max(FIRST_ALLOWANCE_BYTES, givenBytes)
  }
}
