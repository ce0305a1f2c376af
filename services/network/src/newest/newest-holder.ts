import { equalBytes, fromHex, toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import { InTurn } from '../in-turn.ts'
import type { Handlers } from '../rpc/responder.ts'
import { HeldNewest, type HeldNode } from './held-newest.ts'
import { MOST_NODES, type NewestMethods } from './newest-protocol.ts'
import { decodeNewest, encodeNewest, type NewestRecord, verifyNewest } from './newest-record.ts'

export interface NewestHolderOptions {
  disk: Disk
  crypto: Crypto
  clock: Clock
  /** Whose node asks. @throws HoltError NOT_AUTHORIZED, CAP_REVOKED */
  ownerOf: (peer: Principal) => Principal
  /** How much an owner may have here, beside fragments. */
  roomBytes: (owner: Principal) => number
  warn: (text: string) => void
}

/** Whoever fills the packs that are open now does not need more. */
const MOST_BYTES = 1 << 30
const LEFT_FREE_BYTES = 1 << 30
const TIDY_EVERY_MS = 3_600_000
const LASTS_MS = 400 * 24 * 3_600_000
const OVER_TIMES = 24

/** Keeps the newest state of friends' nodes: what they may ask. An older state never takes the place of a newer one. */
export class NewestHolder {
  readonly #options: NewestHolderOptions
  readonly #held: HeldNewest
  readonly #turns = new Map<string, InTurn>()
  /** How often in a row something was seen to be over: a clock that leaps and is set right again deletes nothing. */
  readonly #over = new WeakMap<HeldNode, number>()
  #callOff: () => void = () => {}
  #stopped = false

  private constructor(options: NewestHolderOptions, held: HeldNewest) {
    this.#options = options
    this.#held = held
  }

  static async open(options: NewestHolderOptions): Promise<NewestHolder> {
    return new NewestHolder(options, await HeldNewest.open(options.disk, options.warn))
  }

  /** Looks now and then for what is over. */
  start(): void {
    if (!this.#stopped) this.#callOff = this.#options.clock.after(TIDY_EVERY_MS, () => void this.tidy().finally(() => this.start()))
  }

  stop(): void {
    this.#stopped = true
    this.#callOff()
  }

  /** Removes what nobody renewed for more than a year. Never throws. */
  async tidy(): Promise<void> {
    const oldestMs = this.#options.clock.nowMs() - LASTS_MS
    for (const held of this.#held.all()) {
      const times = held.record !== null && held.record.seq < oldestMs ? (this.#over.get(held) ?? 0) + 1 : 0
      this.#over.set(held, times)
      if (times < OVER_TIMES) continue
      await this.#inTurn(held.owner, () => this.#held.forget(held)).catch((error: unknown) =>
        this.#options.warn(`the newest state of a friend could not be removed: ${toHoltError(error).message}`),
      )
    }
  }

  heldBytes(owner: Principal): number {
    return this.#held.bytesOf(owner)
  }

  handlers(): Handlers<NewestMethods> {
    const { ownerOf } = this.#options
    return {
      state: async (peer) => stateOf(this.#held.find(ownerOf(peer), peer)),
      append: (peer, wanted) => this.#inTurn(ownerOf(peer), (owner) => this.#append(this.#held.get(owner, peer), wanted)),
      keep: (peer, { newest }) => this.#inTurn(ownerOf(peer), (owner) => this.#keep(owner, peer, newest)),
      list: async (peer) => ({ newest: this.#recordsOf(ownerOf(peer)).map(encodeNewest) }),
      read: (peer, wanted) => this.#read(ownerOf(peer), wanted),
    }
  }

  #recordsOf(owner: Principal): NewestRecord[] {
    return this.#held.of(owner).flatMap(({ record }) => record ?? [])
  }

  async #append(held: HeldNode, { pack, offset, bytes }: { pack: Uint8Array; offset: number; bytes: Uint8Array }) {
    const { disk, roomBytes } = this.#options
    const id = toHex(pack)
    const used = this.#held.bytesOf(held.owner)
    const most = Math.min(MOST_BYTES, roomBytes(held.owner))
    if (used + bytes.length > most) throw new HoltError('DISK_FULL', 'there is no more room for you here', { used, most })
    const isNew = !held.sizes.has(id)
    if (isNew && held.sizes.size >= MOST_HELD_COPIES) throw new HoltError('DISK_FULL', 'there are too many copies')
    const { freeBytes, totalBytes } = await disk.space()
    if (freeBytes - bytes.length < Math.min(LEFT_FREE_BYTES, totalBytes / 10)) throw new HoltError('DISK_FULL', 'the drive is full')
    return { have: await this.#held.append(held, { pack: id, offset, bytes: bytes.slice() }) }
  }

  async #keep(owner: Principal, peer: Principal, bytes: Uint8Array): Promise<Record<string, never>> {
    const record = decodeNewest(bytes)
    if (!equalBytes(record.giver, owner)) throw new HoltError('NOT_AUTHORIZED', 'the record is of another owner')
    const isOwn = equalBytes(record.node, peer)
    if (!isOwn && record.copies.length > 0) throw new HoltError('NOT_AUTHORIZED', 'the record is of another node')
    verifyNewest(this.#options.crypto, record)
    const held = this.#held.get(owner, record.node)
    this.#mustBeNewer(held, record)
    for (const { pack, sizeBytes } of record.copies)
      if ((held.sizes.get(pack) ?? 0) < sizeBytes) throw new HoltError('BLOCK_NOT_FOUND', 'not all that the record names is here', { pack })
    await this.#makePlace(held)
    await this.#held.keep(held, record)
    return {}
  }

  #mustBeNewer({ record }: HeldNode, next: NewestRecord): void {
    if (record === null || next.seq > record.seq) return
    if (next.seq === record.seq && equalBytes(encodeNewest(next), encodeNewest(record))) return
    throw new HoltError('ROLLED_BACK', 'a newer state is kept here', { seq: record.seq })
  }

  /** Of many nodes of one owner those that are gone make room. */
  async #makePlace(held: HeldNode): Promise<void> {
    const others = this.#held.of(held.owner).filter((other) => other !== held && other.record !== null)
    if (others.length < MOST_NODES) return
    const gone = others.find(({ record }) => record?.sealed.length === 0)
    if (gone === undefined) throw new HoltError('TOO_LARGE', 'this owner has too many nodes')
    await this.#held.forget(gone)
  }

  async #read(owner: Principal, { node, pack, offset, length }: { node: Uint8Array; pack: Uint8Array; offset: number; length: number }) {
    const held = this.#held.find(owner, node)
    const bytes = held && (await this.#held.read(held, { pack: toHex(pack), offset, length }))
    if (bytes === null || bytes.length === 0) throw new HoltError('BLOCK_NOT_FOUND', 'no such copy is here')
    return { bytes }
  }

  #inTurn<T>(owner: Principal, work: (owner: Principal) => Promise<T>): Promise<T> {
    const turns = this.#turns.get(toHex(owner)) ?? new InTurn()
    this.#turns.set(toHex(owner), turns)
    return turns.run(() => work(owner))
  }
}

const MOST_HELD_COPIES = 48

function stateOf(held: HeldNode | null) {
  const copies = [...(held?.sizes ?? [])].map(([pack, size]) => ({ pack: fromHex(pack) as Uint8Array, size }))
  return { seq: held?.record?.seq ?? 0, copies }
}
