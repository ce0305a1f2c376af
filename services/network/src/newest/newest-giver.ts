import { blake3 } from '@holt/core/blake3.ts'
import { equalBytes, fromHex, toHex } from '@holt/core/bytes.ts'
import { HoltError, isHoltError, toHoltError } from '@holt/core/errors.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { PackId } from '@holt/store/pack-keeper.ts'
import type { Friend } from '../fragments/fragments-giver.ts'
import type { Links } from '../links.ts'
import { Caller } from '../rpc/caller.ts'
import { encodeNewestContent, type NewestContent, sealNewestContent } from './newest-content.ts'
import { COPY_PIECE_BYTES, type NewestMethods, newestProtocol } from './newest-protocol.ts'
import { encodeNewest, MOST_COPIES, type NewestRecord, type PackCopy, signNewest } from './newest-record.ts'
import type { NewestSource } from './newest-source.ts'
import { PrefixDigests } from './prefix-digests.ts'
import type { ReplacedNode } from './replaced-nodes.ts'

export interface NewestGiverOptions {
  links: Links
  clock: Clock
  crypto: Crypto
  keys: { owner: KeyPair; node: KeyPair }
  /** Seals what friends need not know. */
  sealKey: Uint8Array
  /** Nodes of those to whom the owner wants to give. */
  friends: () => Friend[]
  /** Friends have fragments enough of the pack. */
  isGiven: (pack: PackId) => boolean
  /** Friends have fragments enough of every pack that is spread. */
  isAllGiven: () => boolean
  /** What else a node that has lost everything needs to know. */
  others: () => Omit<NewestContent, 'heads'>
  warn: (text: string) => void
}

type Ask = Caller<NewestMethods>

/** What is known of one friend's node. */
interface Standing {
  sizes: Map<PackId, number> | null
  keptSeq: number
  asOfMs: number | null
  failedMs: number
  /** It was told which nodes are no more. */
  hasForgotten: boolean
}

const SOON_MS = 2000
const LOOK_EVERY_MS = 60_000
const APPEND_MS = 60_000
/** Friends forget what nobody renewed for more than a year. */
const RENEWED_AFTER_MS = 30 * 24 * 3_600_000
/** More than this since the last look means that the pack will be full, and given as fragments, soon. */
const BULK_BYTES = 8 << 20
const MOST_FRIENDS = 8
const PIECES_AT_ONCE = 4

/** Gives friends the newest state of this node, some seconds after each commit. */
export class NewestGiver {
  readonly #options: NewestGiverOptions
  readonly #standings = new Map<string, Standing>()
  readonly #digests = new PrefixDigests()
  readonly #seen = new Map<PackId, number>()
  #source: NewestSource | null = null
  #replaced: readonly ReplacedNode[] = []
  /** Something waits until its pack is full. */
  #isDeferred = false
  #record: NewestRecord | null = null
  /** Of what the record was made from. */
  #recordOf: Uint8Array | null = null
  #seq = 0
  #callOff: (() => void) | null = null
  #dueMs = Number.POSITIVE_INFINITY
  #running: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: NewestGiverOptions) {
    this.#options = options
  }

  /** From now on this is what is given. */
  follow(source: NewestSource): void {
    this.#source = source
    this.#lookIn(SOON_MS)
  }

  /** To be called after each commit. */
  committed(): void {
    this.#lookIn(SOON_MS)
  }

  /** These nodes are no more: each friend that has all that this one has may forget what it kept of them. */
  replace(nodes: readonly ReplacedNode[]): void {
    this.#replaced = nodes
    for (const standing of this.#standings.values()) standing.hasForgotten = false
    this.#lookIn(SOON_MS)
  }

  /** The friend has everything that was acknowledged until then; null: nothing is known. */
  asOfMs({ node }: Friend): number | null {
    return this.#standings.get(toHex(node))?.asOfMs ?? null
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#callOff?.()
    await this.#running
  }

  #lookIn(delayMs: number): void {
    const dueMs = this.#options.clock.nowMs() + delayMs
    if (this.#stopped || this.#source === null || dueMs >= this.#dueMs) return
    this.#callOff?.()
    this.#dueMs = dueMs
    this.#callOff = this.#options.clock.after(delayMs, () => {
      this.#running = this.#running.then(() => this.#look())
    })
  }

  async #look(): Promise<void> {
    this.#dueMs = Number.POSITIVE_INFINITY
    await this.round()
    this.#lookIn(LOOK_EVERY_MS)
  }

  /** Gives every friend what it lacks. Never throws. */
  async round(): Promise<void> {
    const friends = this.#options.friends().slice(0, MOST_FRIENDS)
    if (this.#source === null || friends.length === 0) return
    try {
      await Promise.all(friends.map((friend) => this.#learnSizes(friend)))
      const asOfMs = this.#options.clock.nowMs()
      const isWhole = this.#options.isAllGiven() && !this.#source.isSpreading()
      const record = await this.#makeRecord(this.#source)
      if (record === null) return
      const isAll = isWhole && !this.#isDeferred
      const bring = async (ask: Ask, friend: Friend): Promise<void> => {
        if (!(await this.#bring(ask, friend, record)) || !isAll) return
        this.#standingOf(friend).asOfMs = asOfMs
        await this.#endReplaced(ask, friend)
      }
      await Promise.all(friends.map((friend) => this.#try(friend, (ask) => bring(ask, friend))))
    } catch (error) {
      this.#options.warn(`the newest state could not be given to friends: ${toHoltError(error).message}`)
    }
  }

  /** A record of the state now; the one of before when nothing is new. @returns null when something cannot be read. */
  async #makeRecord(source: NewestSource): Promise<NewestRecord | null> {
    const { clock, crypto, keys, sealKey, others } = this.#options
    const heads = source.heads()
    const copies: PackCopy[] = []
    for (const { id, sizeBytes } of this.#choose(source)) {
      const digest = await this.#digests.digest(source, id, sizeBytes)
      if (digest === null && source.has(id)) return null
      if (digest !== null) copies.push({ pack: id, sizeBytes, digest })
    }
    this.#digests.keepOnly(new Set(copies.map(({ pack }) => pack)))
    const content = { heads, ...others() }
    const recordOf = blake3(encodeNewestContent(content))
    const isSame = this.#recordOf !== null && equalBytes(recordOf, this.#recordOf) && this.#isSame(copies)
    const isYoung = this.#record !== null && Math.abs(clock.nowMs() - this.#record.seq) < RENEWED_AFTER_MS
    if (this.#record !== null && isSame && isYoung && this.#record.seq >= this.#seq) return this.#record
    this.#seq = Math.max(this.#seq + 1, Math.floor(clock.nowMs()))
    const sealed = await sealNewestContent(crypto, sealKey, content)
    this.#recordOf = recordOf
    this.#record = signNewest(crypto, { node: keys.node.publicKey, seq: this.#seq, copies, sealed }, keys.owner)
    return this.#record
  }

  #isSame(copies: readonly PackCopy[]): boolean {
    const before = this.#record?.copies ?? []
    return (
      before.length === copies.length &&
      copies.every(({ pack, sizeBytes }, i) => before[i]?.pack === pack && before[i]?.sizeBytes === sizeBytes)
    )
  }

  /**
   * What is to be copied: of packs that are open all that is committed, unless so much comes that they will soon be full; of packs that were sealed
   * what was copied, until friends have them as fragments.
   */
  #choose(source: NewestSource): { id: PackId; sizeBytes: number }[] {
    const before = this.#copied()
    const open = source.openPacks().filter(({ committedBytes }) => committedBytes > 0)
    this.#isDeferred = false
    const chosen = open.map(({ id, committedBytes, hasNames }) => {
      const isBulk = committedBytes - (this.#seen.get(id) ?? 0) > BULK_BYTES && !hasNames
      this.#seen.set(id, committedBytes)
      this.#isDeferred ||= isBulk
      return { id, hasNames, sizeBytes: isBulk ? (before.get(id) ?? 0) : committedBytes }
    })
    if (this.#isDeferred) this.#lookIn(SOON_MS)
    for (const id of this.#seen.keys()) if (!open.some((pack) => pack.id === id)) this.#seen.delete(id)
    const sealed = [...before].filter(([id]) => !open.some((pack) => pack.id === id) && source.has(id) && !this.#options.isGiven(id))
    const all = [...chosen, ...sealed.map(([id, sizeBytes]) => ({ id, sizeBytes, hasNames: false }))]
    const wanted = all.filter(({ sizeBytes }) => sizeBytes > 0).sort((a, b) => Number(b.hasNames) - Number(a.hasNames))
    return wanted.slice(0, MOST_COPIES)
  }

  /** How far each pack is copied: also what friends have from before the last start. */
  #copied(): Map<PackId, number> {
    const copied = new Map<PackId, number>()
    for (const { sizes } of this.#standings.values())
      for (const [pack, sizeBytes] of sizes ?? []) copied.set(pack, Math.max(sizeBytes, copied.get(pack) ?? 0))
    for (const { pack, sizeBytes } of this.#record?.copies ?? []) copied.set(pack, sizeBytes)
    return copied
  }

  /** After a start: what the friend has, and whether its end is what is here. */
  async #learnSizes(friend: Friend): Promise<void> {
    if (this.#standingOf(friend).sizes !== null) return
    await this.#try(friend, async (ask) => {
      const { seq, copies } = await ask.call('state', {})
      this.#seq = Math.max(this.#seq, seq)
      const sizes = new Map<PackId, number>()
      for (const { pack, size } of copies) if (await this.#isRight(ask, toHex(pack), size)) sizes.set(toHex(pack), size)
      const known = this.#standingOf(friend)
      known.sizes = sizes
      // what is not as it should be is only brought again once no record names it
      if (sizes.size < copies.length) await this.#restart(ask, known)
    })
  }

  async #isRight(ask: Ask, pack: PackId, size: number): Promise<boolean> {
    const length = Math.min(size, COPY_PIECE_BYTES)
    if (this.#source?.has(pack) !== true) return false
    const mine = await this.#source.read(pack, size - length, length)
    if (mine === null) return true // what cannot be read here now must not be lost there
    const { node } = this.#options.keys
    const wanted = { node: node.publicKey, pack: fromHex(pack) as Uint8Array, offset: size - length, length }
    const theirs = await ask.call('read', wanted).catch((error: unknown) => {
      if (isHoltError(error, 'BLOCK_NOT_FOUND')) return null
      throw error
    })
    return theirs !== null && equalBytes(theirs.bytes, mine)
  }

  async #restart(ask: Ask, standing: Standing): Promise<void> {
    const { crypto, keys, sealKey, others } = this.#options
    const source = this.#source as NewestSource
    const copies: PackCopy[] = []
    for (const [pack, sizeBytes] of standing.sizes ?? []) {
      const digest = await this.#digests.digest(source, pack, sizeBytes)
      if (digest !== null) copies.push({ pack, sizeBytes, digest })
    }
    const sealed = await sealNewestContent(crypto, sealKey, { heads: source.heads(), ...others() })
    const record = signNewest(
      crypto,
      { node: keys.node.publicKey, seq: ++this.#seq, copies: copies.slice(0, MOST_COPIES), sealed },
      keys.owner,
    )
    await ask.call('keep', { newest: encodeNewest(record) })
  }

  /** A node that lives after all, and has given something newer, keeps what it has. */
  async #endReplaced(ask: Ask, friend: Friend): Promise<void> {
    const { crypto, keys } = this.#options
    const standing = this.#standingOf(friend)
    if (standing.hasForgotten) return
    for (const { node, seq } of this.#replaced) {
      const end = signNewest(crypto, { node, seq: seq + 1, copies: [], sealed: new Uint8Array(0) }, keys.owner)
      await ask.call('keep', { newest: encodeNewest(end) }).catch((error: unknown) => {
        if (!isHoltError(error, 'ROLLED_BACK') && !isHoltError(error, 'TOO_LARGE')) throw error
      })
    }
    standing.hasForgotten = true
  }

  /** Some pieces are on their way at once; the friend takes them in turn. @returns false when the pack cannot be read here. */
  async #append(ask: Ask, sizes: Map<PackId, number>, { pack, sizeBytes }: { pack: PackId; sizeBytes: number }): Promise<boolean> {
    const underWay: Promise<void>[] = []
    for (let offset = sizes.get(pack) ?? 0; offset < sizeBytes; ) {
      const bytes = await this.#source?.read(pack, offset, Math.min(COPY_PIECE_BYTES, sizeBytes - offset))
      if (!bytes || bytes.length === 0) return false
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

  /** @returns whether the friend has all of it. */
  async #bring(ask: Ask, friend: Friend, record: NewestRecord): Promise<boolean> {
    const standing = this.#standingOf(friend)
    if (standing.sizes === null) return false
    if (standing.keptSeq === record.seq) return true
    for (const { pack, sizeBytes } of record.copies) {
      if (!(await this.#append(ask, standing.sizes, { pack, sizeBytes }))) return false
    }
    await ask.call('keep', { newest: encodeNewest(record) }, { withinMs: APPEND_MS })
    standing.keptSeq = record.seq
    const named = new Set(record.copies.map(({ pack }) => pack))
    for (const pack of standing.sizes.keys()) if (!named.has(pack)) standing.sizes.delete(pack)
    return true
  }

  /** What a friend fails at is tried again in a minute, with nothing taken for granted. Faults of our own are thrown. */
  async #try(friend: Friend, work: (ask: Ask) => Promise<void>): Promise<void> {
    const { links, clock } = this.#options
    const standing = this.#standingOf(friend)
    if (this.#stopped || Math.abs(standing.failedMs - clock.nowMs()) < LOOK_EVERY_MS - SOON_MS) return
    const ask = new Caller(links, friend.node, newestProtocol, { clock })
    try {
      await work(ask)
    } catch (error) {
      if (!isHoltError(error) || error.code === 'INTERNAL') throw error
      Object.assign(standing, { sizes: null, keptSeq: 0, failedMs: clock.nowMs() })
    } finally {
      ask.close()
    }
  }

  #standingOf({ node }: Friend): Standing {
    const known = this.#standings.get(toHex(node))
    if (known) return known
    const standing = { sizes: null, keptSeq: 0, asOfMs: null, failedMs: Number.NEGATIVE_INFINITY, hasForgotten: false }
    this.#standings.set(toHex(node), standing)
    return standing
  }
}
