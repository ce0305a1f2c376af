import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { KEPT_COPY_SUFFIX, readTwice, writeTwice } from '@holt/core/kept-twice.ts'
import type { Principal } from '@holt/core/principal.ts'
import { InTurn } from '../in-turn.ts'
import { openSecret, sealSecret } from '@holt/core/sealed-file.ts'
import { bytes, literal, nullable, parse, record, uint, version } from '@holt/core/shape.ts'
import {
  decodeRelation,
  encodeRelation,
  MAX_RELATION_BYTES,
  type Party,
  RELATION_ID_BYTES,
  type SignedRelation,
  verifyRelation,
} from './relation.ts'

export interface RelationBookOptions {
  disk: Disk
  crypto: Crypto
  /** Seals the records: whom one knows is nobody else's business. */
  key: Uint8Array
  /** This node's owner: relations of others are not kept. */
  owner: Principal
  warn: (text: string) => void
}

/** A relation as this node keeps it. `ended`: when it was given up, in seconds since 1970; it is kept, so that it is not taken again. */
export interface KeptRelation {
  relation: SignedRelation
  ended: number | null
}

const FOLDER = 'relations'
const MOST_RELATIONS = 1000
const keptShape = record({
  v: version(1),
  kind: literal('kept-relation'),
  relation: bytes({ max: MAX_RELATION_BYTES }),
  ended: nullable(uint()),
})

export function encodeKeptRelation({ relation, ended }: KeptRelation): Uint8Array {
  return encode({ v: 1, kind: 'kept-relation', relation: encodeRelation(relation), ended })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodeKeptRelation(content: Uint8Array): KeptRelation {
  const { relation, ended } = parse(keptShape, content)
  return { relation: decodeRelation(relation), ended }
}

/** With whom this node's owner agreed on what; each relation a small sealed file of its own. */
export class RelationBook {
  readonly #options: RelationBookOptions
  readonly #turns = new InTurn()
  readonly #kept = new Map<string, KeptRelation>()
  /** Another one whenever a relation was added or ended. */
  revision = 0

  private constructor(options: RelationBookOptions) {
    this.#options = options
  }

  /** A record that is damaged is told, left where it is, and keeps no other from being read. */
  static async open(options: RelationBookOptions): Promise<RelationBook> {
    const book = new RelationBook(options)
    const names = (await options.disk.list(FOLDER)) ?? []
    const ids = new Set(names.map((name) => (name.endsWith(KEPT_COPY_SUFFIX) ? name.slice(0, -KEPT_COPY_SUFFIX.length) : name)))
    for (const id of ids) if (/^[0-9a-f]+$/.test(id) && id.length === 2 * RELATION_ID_BYTES) await book.#read(id)
    return book
  }

  /** Those that hold, the newest first. */
  list(): SignedRelation[] {
    const holding = [...this.#kept.values()].filter(({ ended }) => ended === null).map(({ relation }) => relation)
    return holding.sort((a, b) => b.made - a.made)
  }

  get(id: Uint8Array): KeptRelation | null {
    return this.#kept.get(toHex(id)) ?? null
  }

  /** The other side. */
  other({ host, guest }: SignedRelation, self: Principal): Party {
    return equalBytes(host.node, self) ? guest : equalBytes(guest.node, self) || equalBytes(guest.owner, this.#options.owner) ? host : guest
  }

  /**
   * Durable when it resolves; nothing happens when it is there.
   *
   * @throws HoltError SIGNATURE_INVALID; NOT_AUTHORIZED for one of others; CAP_REVOKED for one that was ended; TOO_LARGE when there are too many.
   */
  add(relation: SignedRelation): Promise<void> {
    return this.#turns.run(() => this.#add(relation))
  }

  async #add(relation: SignedRelation): Promise<void> {
    const { crypto, owner } = this.#options
    const before = this.get(relation.id)
    if (before?.ended !== null && before !== null) throw new HoltError('CAP_REVOKED', 'this relation was ended')
    if (before !== null && equalBytes(encodeRelation(before.relation), encodeRelation(relation))) return
    if (before !== null) throw new HoltError('ALREADY_EXISTS', 'there is another relation of this id')
    verifyRelation(crypto, relation)
    if (![relation.host.owner, relation.guest.owner].some((one) => equalBytes(one, owner)))
      throw new HoltError('NOT_AUTHORIZED', 'this relation is of others')
    if (this.#kept.size >= MOST_RELATIONS) throw new HoltError('TOO_LARGE', `there are ${MOST_RELATIONS} relations already`)
    await this.#write({ relation, ended: null })
  }

  /** Ended for good when it resolves. @throws HoltError NOT_FOUND */
  end(id: Uint8Array, nowSeconds: number): Promise<void> {
    return this.#turns.run(async () => {
      const kept = this.get(id)
      if (kept?.ended !== null) throw new HoltError('NOT_FOUND', 'there is no such relation')
      await this.#write({ ...kept, ended: Math.floor(nowSeconds) })
    })
  }

  async #write(kept: KeptRelation): Promise<void> {
    const { disk, crypto, key } = this.#options
    const id = toHex(kept.relation.id)
    await disk.makeFolder(FOLDER)
    await writeTwice(disk, `${FOLDER}/${id}`, await sealSecret(crypto, key, encodeKeptRelation(kept)))
    this.#kept.set(id, kept)
    this.revision++
  }

  async #read(id: string): Promise<void> {
    const { disk, crypto, key, warn } = this.#options
    try {
      const file = await readTwice(disk, `${FOLDER}/${id}`)
      if (file !== null) this.#kept.set(id, decodeKeptRelation(await openSecret(crypto, key, file.content)))
    } catch (error) {
      if (!isHoltError(error)) throw error
      warn(`a relation with another node is not readable: ${error.message} (${error.code})`)
    }
  }
}
