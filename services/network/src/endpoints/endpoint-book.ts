import { equalBytes, toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { openSecret, sealSecret } from '@holt/core/sealed-file.ts'
import { type Clock, nowSeconds } from '@holt/store/fragments/clock.ts'
import { InTurn } from '../in-turn.ts'
import { decodeEndpoints, encodeEndpoints, type EndpointRecord, verifyEndpoints } from './endpoint-record.ts'

export interface EndpointBookOptions {
  disk: Disk
  crypto: Crypto
  clock: Clock
  /** Seals the records. */
  key: Uint8Array
  /** Whose records are kept. */
  isKnown: (owner: Principal) => boolean
  warn: (text: string) => void
}

const FOLDER = 'endpoints'
/** Of one owner: a friend must not fill the drive with names of nodes. */
const MOST_NODES = 16
const DAY = 24 * 3600
export const RECORD_LASTS_SECONDS = 14 * DAY
/** Clocks differ. */
export const MOST_AHEAD_SECONDS = RECORD_LASTS_SECONDS + 2 * DAY

/** The newest record of each node that matters to this one. Kept over restarts; what is lost of it is only asked for again. */
export class EndpointBook {
  readonly #options: EndpointBookOptions
  readonly #turns = new InTurn()
  readonly #records = new Map<string, EndpointRecord>()
  /** Another one whenever a record came or went. */
  revision = 0

  private constructor(options: EndpointBookOptions) {
    this.#options = options
  }

  static async open(options: EndpointBookOptions): Promise<EndpointBook> {
    const book = new EndpointBook(options)
    for (const name of (await options.disk.list(FOLDER)) ?? []) if (/^[0-9a-f]{64}$/.test(name)) await book.#read(name)
    return book
  }

  get(node: Principal): EndpointRecord | null {
    return this.#records.get(toHex(node)) ?? null
  }

  /** Of the nodes of one owner; also those whose time is over, for there may be no better ones. The newest first. */
  of(owner: Principal): EndpointRecord[] {
    return [...this.#records.values()].filter((record) => equalBytes(record.owner, owner)).sort((a, b) => b.expires - a.expires)
  }

  /**
   * Takes a record that anybody may have brought.
   *
   * @returns false when it is known already.
   * @throws HoltError NOT_AUTHORIZED for an owner that is nobody to us; CAP_EXPIRED; ROLLED_BACK when a newer one is known; SIGNATURE_INVALID;
   * CONFLICT for a node that is another owner's; TOO_LARGE when that owner has too many nodes.
   */
  take(record: EndpointRecord): Promise<boolean> {
    return this.#turns.run(() => this.#take(record))
  }

  async #take(record: EndpointRecord): Promise<boolean> {
    const { isKnown, clock, crypto } = this.#options
    if (!isKnown(record.owner)) throw new HoltError('NOT_AUTHORIZED', 'a record of somebody who is not known here')
    const now = nowSeconds(clock)
    if (record.expires < now) throw new HoltError('CAP_EXPIRED', 'the time of a record of addresses is over')
    if (record.expires > now + MOST_AHEAD_SECONDS) throw new HoltError('MALFORMED', 'a record of addresses must not last so long')
    const before = this.get(record.node)
    if (before && !equalBytes(before.owner, record.owner)) throw new HoltError('CONFLICT', 'this node is known as of another owner')
    if (before && before.seq === record.seq && equalBytes(encodeEndpoints(before), encodeEndpoints(record))) return false
    if (before && before.seq >= record.seq) throw new HoltError('ROLLED_BACK', 'a newer record is known', { seq: before.seq })
    const known = this.of(record.owner)
    // a node that was not heard of for so long makes room for a new one
    const oldest = !before && known.length >= MOST_NODES ? (known.at(-1) as EndpointRecord) : null
    if (oldest !== null && oldest.expires >= now) throw new HoltError('TOO_LARGE', 'this owner has too many nodes')
    verifyEndpoints(crypto, record)
    if (oldest !== null) await this.#forget(oldest)
    await this.#write(record)
    return true
  }

  async #write(record: EndpointRecord): Promise<void> {
    const { disk, crypto, key } = this.#options
    const name = toHex(record.node)
    this.#records.set(name, record)
    this.revision++
    await disk.makeFolder(FOLDER)
    await disk.replaceFile(`${FOLDER}/${name}`, await sealSecret(crypto, key, encodeEndpoints(record)))
  }

  async #forget({ node }: EndpointRecord): Promise<void> {
    this.#records.delete(toHex(node))
    this.revision++
    await this.#options.disk.remove(`${FOLDER}/${toHex(node)}`)
  }

  async #read(name: string): Promise<void> {
    const { disk, crypto, key, warn } = this.#options
    try {
      const file = await disk.readFile(`${FOLDER}/${name}`)
      if (file === null) return
      const record = decodeEndpoints(await openSecret(crypto, key, file))
      verifyEndpoints(crypto, record)
      this.#records.set(name, record)
    } catch (error) {
      if (!isHoltError(error)) throw error
      warn(`a record of addresses is not readable and will be asked for again: ${error.message} (${error.code})`)
    }
  }
}
