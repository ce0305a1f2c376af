import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { REPLACEMENT_SUFFIX } from '@holt/core/replace-file.ts'
import { bytes, literal, nullable, optional, parse, record, type Shape, version } from '@holt/core/shape.ts'
import { unwrapChecked, wrapChecked } from '@holt/store/fragments/checked-file.ts'
import { MAX_TAIL_BYTES, parseFragmentTail, type SpreadPack } from '@holt/store/fragments/fragment-file.ts'
import type { PackId } from '@holt/store/pack-keeper.ts'
import {
  type Agreement,
  decodeAgreement,
  decodeRelease,
  encodeAgreement,
  encodeRelease,
  fragmentNameOf,
  MAX_AGREEMENT_BYTES,
  type Release,
} from './agreement.ts'

/** What a giver writes down of one fragment and who has it: docs/formats.md §6. */
export interface GivenRecord {
  agreement: Agreement
  tail: Uint8Array
  /** All of it was there when it was looked at last. */
  placed: boolean
  /** Signed, and the holder has not heard of it yet. */
  release: Release | null
  /** Only the holder's word for it that it is the owner's: another node gave it, or this one has lost what it knew. */
  learned?: true
}

/** With what its tail says. */
export interface Given extends GivenRecord {
  spread: SpreadPack
  index: number
}

export const GIVEN_FOLDER = 'given'
const boolean: Shape<boolean> = { check: (value, where) => (value === true ? literal(true) : literal(false)).check(value, where) }
const givenShape = record({
  v: version(1),
  kind: literal('given'),
  agreement: bytes({ max: MAX_AGREEMENT_BYTES }),
  tail: bytes({ max: MAX_TAIL_BYTES }),
  placed: boolean,
  release: nullable(bytes({ max: MAX_AGREEMENT_BYTES })),
  learned: optional(literal(true)),
})

export function encodeGiven({ agreement, tail, placed, release, learned }: GivenRecord): Uint8Array {
  const released = release === null ? null : encodeRelease(release)
  const common = { v: 1, kind: 'given', agreement: encodeAgreement(agreement), tail, placed, release: released }
  return wrapChecked(encode(learned ? { ...common, learned } : common))
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION, TOO_LARGE */
export function decodeGiven(file: Uint8Array): Given {
  const { agreement, tail, placed, release, learned } = parse(givenShape, unwrapChecked(file))
  const kept = { agreement: decodeAgreement(agreement), tail, placed, release: release === null ? null : decodeRelease(release) }
  return givenOf(learned ? { ...kept, learned } : kept)
}

/** @throws HoltError MALFORMED when the tail is not the one that was agreed on. */
export function givenOf(kept: GivenRecord): Given {
  const { fragment, sizeBytes } = kept.agreement
  if (!equalBytes(fragmentNameOf(kept.tail), fragment)) throw new HoltError('MALFORMED', 'the agreement is about another fragment')
  return { ...kept, ...parseFragmentTail(kept.tail, sizeBytes) }
}

/**
 * Which fragment lies with whom: each a small file. What is lost of it can be had again from the holders, who are asked what they have;
 * so a record that is damaged is left out, with a word.
 */
export class GivenBook {
  readonly #disk: Disk
  readonly #given = new Map<PackId, Map<string, Given>>()
  readonly #atNodes = new Map<string, Map<string, Given>>()
  /** The last of what is done to each file. */
  readonly #turns = new Map<string, Promise<unknown>>()
  /** See `bytesAt`. */
  readonly #bytesAt = new Map<string, number>()

  private constructor(disk: Disk) {
    this.#disk = disk
  }

  static async open(disk: Disk, warn: (text: string) => void): Promise<GivenBook> {
    const book = new GivenBook(disk)
    for (const name of (await disk.list(GIVEN_FOLDER)) ?? []) {
      if (name.endsWith(REPLACEMENT_SUFFIX)) await disk.remove(`${GIVEN_FOLDER}/${name}`)
      else await book.#read(name, warn)
    }
    return book
  }

  all(): Given[] {
    return [...this.#given.values()].flatMap((ofPack) => [...ofPack.values()])
  }

  /** What a node of a friend has, or is to have. */
  atNode(node: Principal): Given[] {
    return [...(this.#atNodes.get(toHex(node))?.values() ?? [])]
  }

  ofPack(pack: PackId): Given[] {
    return [...(this.#given.get(pack)?.values() ?? [])]
  }

  get(pack: PackId, agreement: Pick<Agreement, 'fragment' | 'holder'>): Given | null {
    return this.#given.get(pack)?.get(nameOf(agreement)) ?? null
  }

  /** Durable when it resolves; takes the place of what was known of that fragment with that holder. */
  async write(kept: GivenRecord): Promise<Given> {
    const given = givenOf(kept)
    return this.#inTurn(nameOf(given.agreement), () => this.#write(given))
  }

  /** What the holder says it has; what is known of it already stays as it is. */
  async learn(kept: GivenRecord): Promise<Given> {
    const given = givenOf({ ...kept, learned: true })
    const { spread, agreement } = given
    return this.#inTurn(nameOf(agreement), async () => this.get(spread.id, agreement) ?? (await this.#write(given)))
  }

  async forget({ spread, agreement }: Given): Promise<void> {
    const name = nameOf(agreement)
    await this.#inTurn(name, async () => {
      await this.#disk.remove(`${GIVEN_FOLDER}/${name}`)
      await this.#disk.syncFolder(GIVEN_FOLDER)
      this.#forget(name, spread.id)
    })
  }

  async #write(given: Given): Promise<Given> {
    const name = nameOf(given.agreement)
    await this.#disk.makeFolder(GIVEN_FOLDER)
    await this.#disk.replaceFile(`${GIVEN_FOLDER}/${name}`, encodeGiven(given))
    this.#remember(name, given)
    return given
  }

  /** One after the other for each file: a recovery and what looks after friends learn the same at once. */
  async #inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(work, work)
    this.#turns.set(name, turn)
    try {
      return await turn
    } finally {
      if (this.#turns.get(name) === turn) this.#turns.delete(name)
    }
  }

  /** Bytes that an owner keeps, or was asked to. */
  bytesAt(owner: Principal): number {
    return this.#bytesAt.get(toHex(owner)) ?? 0
  }

  #remember(name: string, given: Given): void {
    const known = this.#given.get(given.spread.id)?.get(name)
    if (known !== undefined) this.#count(known, -1)
    const node = toHex(given.agreement.holder.node)
    this.#given.set(given.spread.id, (this.#given.get(given.spread.id) ?? new Map<string, Given>()).set(name, given))
    this.#atNodes.set(node, (this.#atNodes.get(node) ?? new Map<string, Given>()).set(name, given))
    this.#count(given, 1)
  }

  #forget(name: string, pack: PackId): void {
    const known = this.#given.get(pack)?.get(name)
    if (known === undefined) return
    this.#given.get(pack)?.delete(name)
    if (this.#given.get(pack)?.size === 0) this.#given.delete(pack)
    this.#atNodes.get(toHex(known.agreement.holder.node))?.delete(name)
    this.#count(known, -1)
  }

  #count({ agreement, release }: Given, times: 1 | -1): void {
    if (release !== null) return
    const owner = toHex(agreement.holder.owner)
    this.#bytesAt.set(owner, (this.#bytesAt.get(owner) ?? 0) + times * agreement.sizeBytes)
  }

  async #read(name: string, warn: (text: string) => void): Promise<void> {
    try {
      const given = decodeGiven((await this.#disk.readFile(`${GIVEN_FOLDER}/${name}`)) ?? new Uint8Array(0))
      if (nameOf(given.agreement) !== name) throw new HoltError('MALFORMED', 'it lies in the place of another')
      this.#remember(name, given)
    } catch (error) {
      if (!isHoltError(error)) throw error
      warn(`where a fragment lies is not readable and will be asked for again: ${error.message} (${error.code})`)
    }
  }
}

function nameOf({ fragment, holder }: Pick<Agreement, 'fragment' | 'holder'>): string {
  return `${toHex(fragment)}.${toHex(holder.node)}`
}
