import { toHex } from '@holt/core/bytes.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import { isSameSpread, type SpreadPack } from '@holt/store/fragments/fragment-file.ts'
import type { PackId } from '@holt/store/pack-keeper.ts'
import type { Links } from '../links.ts'
import { Caller } from '../rpc/caller.ts'
import { AnswerWindow } from './answer-window.ts'
import type { Ask, Friend, FragmentsGiver } from './fragments-giver.ts'
import { fragmentsProtocol } from './fragments-protocol.ts'
import type { Given, GivenBook } from './given-book.ts'

export interface FriendReadingOptions {
  links: Links
  clock: Clock
  book: GivenBook
  giver: Pick<FragmentsGiver, 'read'>
  /** Nobody heard of this node for so long that it is not counted on: what it has is given to another, too. */
  isGone: (friend: Friend) => boolean
}

/** Who does not give a part within this is passed over for a while, where others have enough. */
const READ_MS = 30_000
const QUICK_READ_MS = READ_MS / 4
const SLOW_MS = 60_000
const SLOW_READ_MS = 5000

interface Reader {
  ask: Ask | null
  /** When it did not give what it has, or only slowly, the last time. */
  slowMs: number
  /** How often that was so. */
  failures: number
  /** How much is read from it at this moment: many who have the same share the work. */
  reading: number
  /** How much of that has been asked for. */
  window: AnswerWindow
}

/** What friends have of each pack, as far as is known, and reading it: from who is quick and not at work already. */
export class FriendReading {
  readonly #options: FriendReadingOptions
  readonly #readers = new Map<string, Reader>()
  #stopped = false

  constructor(options: FriendReadingOptions) {
    this.#options = options
  }

  stop(): void {
    this.#stopped = true
    for (const { ask } of this.#readers.values()) ask?.close()
  }

  /** Friends have enough of the pack to rebuild it. */
  has(pack: PackId): boolean {
    return this.spreads(pack).some((way) => this.isEnough(way))
  }

  /** Every way in which friends have fragments of a pack, the one that rebuilds it first. */
  spreads(pack: PackId): SpreadPack[] {
    const ways: SpreadPack[] = []
    for (const { spread, placed, release } of this.#options.book.ofPack(pack))
      if (placed && release === null && !ways.some((way) => isSameSpread(way, spread))) ways.push(spread)
    return ways.sort((a, b) => Number(this.isEnough(b)) - Number(this.isEnough(a)))
  }

  /** Fragments of a pack that friends have. */
  indices(spread: SpreadPack): number[] {
    return [...new Set(this.#placedOf(spread).map(({ index }) => index))]
  }

  isEnough(spread: SpreadPack): boolean {
    return new Set(this.counted(spread).map(({ index }) => index)).size >= spread.dataFragments
  }

  /** Some of it lies with friends who are gone. */
  isMissed(spread: SpreadPack): boolean {
    return this.#placedOf(spread).some(({ agreement }) => this.#options.isGone(agreement.holder))
  }

  /** What friends have who are counted on. */
  counted(spread: SpreadPack): Given[] {
    return this.#placedOf(spread).filter(({ agreement }) => !this.#options.isGone(agreement.holder))
  }

  /** Columns of a fragment from whoever has it, proven. @returns null when nobody gives them. */
  async read(spread: SpreadPack, index: number, column: number, length: number): Promise<Uint8Array | null> {
    const busy = ({ agreement }: Given): number => this.#readerOf(agreement.holder).reading
    const having = this.#placedOf(spread).filter((one) => one.index === index)
    for (const given of having.sort((a, b) => busy(a) - busy(b))) {
      if (this.#isSlow(given.agreement.holder) && this.#canDoWithout(spread)) continue
      const read = await this.#readFrom(given, { column, length })
      if (read !== null) return read
    }
    return null
  }

  #placedOf(spread: SpreadPack): Given[] {
    return this.#options.book
      .ofPack(spread.id)
      .filter((given) => given.placed && given.release === null && isSameSpread(given.spread, spread))
  }

  /** Over one stream for all that is read of a friend. @returns null when it does not give it. @throws HoltError NODE_STOPPING */
  async #readFrom(given: Given, { column, length }: { column: number; length: number }): Promise<Uint8Array | null> {
    const { clock, links, giver } = this.#options
    const { holder } = given.agreement
    if (this.#stopped) throw new HoltError('NODE_STOPPING', 'the node is stopping')
    const reader = this.#readerOf(holder)
    const { failures } = reader
    reader.reading++
    await reader.window.enter()
    const startedMs = clock.nowMs()
    let gave = false
    try {
      // what others waited for in vain is not waited for again
      if (this.#stopped || reader.failures !== failures) return null
      reader.ask ??= new Caller(links, holder.node, fragmentsProtocol, { clock })
      const bytes = await giver.read(reader.ask, given, { column, length, withinMs: READ_MS })
      gave = true
      if (clock.nowMs() - startedMs > SLOW_READ_MS) reader.slowMs = clock.nowMs()
      return bytes
    } catch (error) {
      if (!isHoltError(error)) throw error
      reader.slowMs = clock.nowMs()
      reader.failures++
      reader.ask?.close()
      reader.ask = null
      return null
    } finally {
      reader.reading--
      if (gave) reader.window.gave(clock.nowMs() - startedMs)
      else reader.window.failed()
    }
  }

  #isSlow(friend: Friend): boolean {
    return Math.abs(this.#options.clock.nowMs() - this.#readerOf(friend).slowMs) < SLOW_MS
  }

  #canDoWithout(spread: SpreadPack): boolean {
    const quick = this.#placedOf(spread).filter(({ agreement }) => !this.#isSlow(agreement.holder))
    return new Set(quick.map(({ index }) => index)).size >= spread.dataFragments
  }

  #readerOf({ node }: { node: Principal }): Reader {
    const known = this.#readers.get(toHex(node))
    if (known) return known
    const reader = { ask: null, slowMs: Number.NEGATIVE_INFINITY, failures: 0, reading: 0, window: new AnswerWindow(QUICK_READ_MS) }
    this.#readers.set(toHex(node), reader)
    return reader
  }
}
