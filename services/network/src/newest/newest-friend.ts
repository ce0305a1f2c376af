import { equalBytes, fromHex, toHex } from '@holt/core/bytes.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { PackId } from '@holt/store/pack-keeper.ts'
import type { Links } from '../links.ts'
import type { Caller } from '../rpc/caller.ts'
import { withCaller } from '../rpc/with-caller.ts'
import { COPY_PIECE_BYTES, type NewestMethods, newestProtocol } from './newest-protocol.ts'
import { encodeNewest, type NewestRecord } from './newest-record.ts'
import type { NewestSource } from './newest-source.ts'

type Ask = Caller<NewestMethods>

export interface NewestFriendOptions {
  links: Links
  clock: Clock
  /** This node, and the friend's. */
  self: Principal
  node: Principal
  source: NewestSource
  /** A record of no more copies than these, to begin anew with what is not as it should be. */
  recordOf: (sizes: ReadonlyMap<PackId, number>) => Promise<NewestRecord>
}

const APPEND_MS = 60_000
const PIECES_AT_ONCE = 4
const AGAIN_MS = 58_000
const BACK_MS = 2000

/** One node of a friend, and how much of the newest state it has. */
export class NewestFriend {
  /** It has everything that was acknowledged until then. */
  asOfMs: number | null = null
  /** It was told which nodes are no more. */
  hasForgotten = false
  /** As it said; null: not asked yet. */
  sizes: Map<PackId, number> | null = null
  /** Of the newest record that it had when it was asked. */
  seq = 0
  readonly #options: NewestFriendOptions
  #keptSeq = 0
  #failedMs = Number.NEGATIVE_INFINITY

  constructor(options: NewestFriendOptions) {
    this.#options = options
  }

  /** It was met. @returns whether it had failed at something a while ago: that is tried again at once. */
  isBack(): boolean {
    if (this.#failedMs === Number.NEGATIVE_INFINITY || Math.abs(this.#failedMs - this.#options.clock.nowMs()) < BACK_MS) return false
    this.#failedMs = Number.NEGATIVE_INFINITY
    return true
  }

  /** What it fails at is tried again in a minute, with nothing taken for granted. Faults of our own are thrown. */
  async try(work: (ask: Ask) => Promise<void>): Promise<void> {
    const { links, clock, node } = this.#options
    if (Math.abs(this.#failedMs - clock.nowMs()) < AGAIN_MS) return
    try {
      await withCaller(links, { node, protocol: newestProtocol, clock }, work)
    } catch (error) {
      if (!isHoltError(error) || error.code === 'INTERNAL') throw error
      this.sizes = null
      this.#keptSeq = 0
      this.#failedMs = clock.nowMs()
    }
  }

  /** After a start: what it has, and whether its end is what is here. */
  async learn(ask: Ask): Promise<void> {
    const { seq, copies } = await ask.call('state', {})
    this.seq = seq
    const sizes = new Map<PackId, number>()
    for (const { pack, size } of copies) if (await this.#isRight(ask, toHex(pack), size)) sizes.set(toHex(pack), size)
    this.sizes = sizes
    // what is not as it should be is only brought again once no record names it
    if (sizes.size < copies.length) await ask.call('keep', { newest: encodeNewest(await this.#options.recordOf(sizes)) })
  }

  /** @returns whether it has all of it. */
  async bring(ask: Ask, record: NewestRecord): Promise<boolean> {
    const { sizes } = this
    if (sizes === null) return false
    if (this.#keptSeq === record.seq) return true
    for (const { pack, sizeBytes } of record.copies) if (!(await this.#append(ask, sizes, { pack, sizeBytes }))) return false
    await ask.call('keep', { newest: encodeNewest(record) }, { withinMs: APPEND_MS })
    this.#keptSeq = record.seq
    const named = new Set(record.copies.map(({ pack }) => pack))
    for (const pack of sizes.keys()) if (!named.has(pack)) sizes.delete(pack)
    return true
  }

  async #isRight(ask: Ask, pack: PackId, size: number): Promise<boolean> {
    const { source, self } = this.#options
    if (!source.has(pack)) return false
    if (size === 0) return true
    const length = Math.min(size, COPY_PIECE_BYTES)
    const mine = await source.read(pack, size - length, length)
    if (mine === null) return true // what cannot be read here now must not be lost there
    const wanted = { node: self, pack: fromHex(pack) as Uint8Array, offset: size - length, length }
    const theirs = await ask.call('read', wanted).catch((error: unknown) => {
      if (isHoltError(error, 'BLOCK_NOT_FOUND')) return null
      throw error
    })
    return theirs !== null && equalBytes(theirs.bytes, mine)
  }

  /** Some pieces are on their way at once; it takes them in turn. @returns false when the pack cannot be read here. */
  async #append(ask: Ask, sizes: Map<PackId, number>, { pack, sizeBytes }: { pack: PackId; sizeBytes: number }): Promise<boolean> {
    const underWay: Promise<void>[] = []
    for (let offset = sizes.get(pack) ?? 0; offset < sizeBytes; ) {
      const bytes = await this.#options.source.read(pack, offset, Math.min(COPY_PIECE_BYTES, sizeBytes - offset))
      if (bytes === null || bytes.length === 0) return false
      const end = offset + bytes.length
      const answer = ask.call('append', { pack: fromHex(pack) as Uint8Array, offset, bytes }, { withinMs: APPEND_MS })
      const taken = answer.then(({ have }) => {
        if (have !== end) throw new HoltError('BLOCK_NOT_FOUND', 'the peer has another length of a copy than it had')
        sizes.set(pack, have)
      })
      taken.catch(() => {}) // it is looked at in its turn
      underWay.push(taken)
      if (underWay.length >= PIECES_AT_ONCE) await underWay.shift()
      offset = end
    }
    for (const taken of underWay) await taken
    return true
  }
}
