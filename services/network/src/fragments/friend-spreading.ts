import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { HoltError, isHoltError, toHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { type Clock, nowSeconds } from '@holt/store/fragments/clock.ts'
import { isSameSpread, type SpreadPack } from '@holt/store/fragments/fragment-file.ts'
import { SomeAtOnce } from '@holt/store/fragments/some-at-once.ts'
import type { PackId } from '@holt/store/pack-keeper.ts'
import type { Links } from '../links.ts'
import { withCaller } from '../rpc/with-caller.ts'
import type { FragmentSource } from './fragment-source.ts'
import type { FriendReading } from './friend-reading.ts'
import { type Ask, type Friend, type FragmentsGiver, isAgreed, RENEWED_BEFORE_SECONDS } from './fragments-giver.ts'
import { Standings } from './friend-standing.ts'
import { fragmentsProtocol } from './fragments-protocol.ts'
import type { Given, GivenBook } from './given-book.ts'
import type { About } from './independence.ts'
import { type Candidate, nextPlacement } from './placement.ts'
import type { RepairPace } from './repair-pace.ts'
import type { Assumptions } from '../durability/loss.ts'

export interface FriendSpreadingOptions {
  links: Links
  clock: Clock
  random: () => number
  book: GivenBook
  giver: FragmentsGiver
  source: FragmentSource
  /** Nodes of those to whom the owner wants to give. */
  friends: () => Friend[]
  /** Friends have enough of every pack, and had not before. */
  onAllGiven?: () => void
  /** What they have. */
  reading: FriendReading
  about: About
  /** How likely a pack of a class may be lost within a year. */
  wishOf: (redundancyClass: string) => number
  assumptions: () => Assumptions
  /** Of what was lost with friends and is given to others. */
  pace: RepairPace
  /** A friend is there, and says nothing when it is to prove something. */
  withheld: (friend: Friend) => void
  warn: (text: string) => void
}

const EVERY_MS = 60_000
/** Then something else has its turn: a look at so many packs takes a few milliseconds. */
const PACKS_A_TURN = 64
/** While one end hashes or waits for its disk the line has something else to carry, and one slow friend does not keep everybody waiting. */
const PACKS_AT_ONCE = 2
const FRIENDS_AT_ONCE = 4
/** Whether packs are as safe as is wished changes slowly, and takes a while to reckon. */
const WEIGHED_AT_ONCE = 100
/** Lest who keeps much is asked for nothing else for days. */
const MOST_SUSPECTS = 200

/** Sees to it that friends have what they should of each pack, and of nothing else; tries out now and then whether they have it. */
export class FriendSpreading {
  readonly #options: FriendSpreadingOptions
  readonly #standings: Standings
  #callOff: () => void = () => {}
  #stopped = false
  #running: Promise<void> = Promise.resolve()
  #isRunning = false
  #inHaste = false
  #isAllGiven = false
  /** Who may be given something, as of when one was asked last. */
  #asked: Candidate[] | null = null

  constructor(options: FriendSpreadingOptions) {
    this.#options = options
    this.#standings = new Standings(options.clock, options.random)
  }

  start(): void {
    this.#next(EVERY_MS)
  }

  /** Something is new: it need not wait for the next round. */
  soon(): void {
    this.#isAllGiven = false
    if (this.#isRunning) this.#inHaste = true
    else this.#next(0)
  }

  /** What a friend that was away is to have need not wait any more. */
  met(node: Principal): void {
    const isFriend = this.#options.friends().some((friend) => equalBytes(friend.node, node))
    if (isFriend && this.#standings.isBack(this.#standings.of(node))) this.soon()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#callOff()
    await this.#running
  }

  #next(afterMs: number): void {
    if (this.#stopped) return
    this.#callOff()
    this.#callOff = this.#options.clock.after(afterMs, () => {
      this.#running = this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    this.#inHaste = false
    await this.round()
    this.#isRunning = false
    this.#next(this.#inHaste ? 0 : EVERY_MS)
  }

  /** Everything that can be done now. Never throws. */
  async round(): Promise<void> {
    try {
      const { friends, source, random, reading } = this.#options
      const spreads = source.spreads()
      const byId = new Map(spreads.map((spread) => [spread.id, spread]))
      await eachOf(friends(), FRIENDS_AT_ONCE, (friend) => this.#tend(friend, byId))
      // begun with another each time: one that cannot be given must not keep the others waiting
      const first = Math.floor(random() * spreads.length)
      this.#asked = null
      await eachOf([...spreads.slice(first), ...spreads.slice(0, first)], PACKS_AT_ONCE, async (spread, i) => {
        await this.#spread(spread, i < WEIGHED_AT_ONCE)
        if (i % PACKS_A_TURN === 0) await this.#turn()
      })
      const wasAllGiven = this.#isAllGiven
      this.#isAllGiven = !this.#inHaste && spreads.every(({ id }) => reading.has(id))
      if (this.#isAllGiven && !wasAllGiven) this.#options.onAllGiven?.()
    } catch (error) {
      this.#options.warn(`fragments could not be given to friends: ${toHoltError(error).message}`)
    }
  }

  /** A pack that nothing needs any more. Durable when it resolves; friends are told when they are there. To be called before the pack is removed here. */
  async drop(pack: PackId): Promise<void> {
    for (const given of this.#options.book.ofPack(pack)) await this.#options.giver.release(given)
  }

  /** As of the last round friends had enough of every pack. */
  get isAllGiven(): boolean {
    return this.#isAllGiven
  }

  /** Asks for its room, tells it what is released, agrees anew on what ends soon, has it prove something. */
  async #tend(friend: Friend, spreads: ReadonlyMap<PackId, SpreadPack>): Promise<void> {
    const standing = this.#standings.of(friend.node)
    if (this.#stopped || this.#standings.isResting(standing)) return
    await this.#try(friend, async (ask) => {
      const { used, most } = await ask.call('room', {})
      standing.roomBytes = Math.max(0, most - used)
      if (used !== this.#expectedAt(friend) && used !== standing.comparedBytes) await this.#compare(ask, friend)
      standing.comparedBytes = used
      for (const given of this.#at(friend)) await this.#keepUp(ask, given, spreads.get(given.spread.id))
      await this.#audit(ask, friend)
    })
  }

  /** Absence is not deletion: what is given of a pack that is not known here stays until its time is over, at least two months. */
  async #keepUp(ask: Ask, given: Given, now: SpreadPack | undefined): Promise<void> {
    const { giver, clock, source } = this.#options
    const endsSoon = given.agreement.until < nowSeconds(clock) + RENEWED_BEFORE_SECONDS
    const isOlder = now !== undefined && !isSameSpread(now, given.spread)
    if (given.release !== null) await giver.tellRelease(ask, given)
    else if (isOlder && this.#mayGo(given, now)) await giver.tellRelease(ask, await giver.release(given))
    else if (given.placed && now !== undefined && (endsSoon || !isAgreed(given))) await giver.renew(ask, given)
    else if (!given.placed && source.available(given.spread).includes(given.index)) await this.#give(ask, given.agreement.holder, given)
  }

  /**
   * The pack is spread in another way here now. What friends have of it rebuilds it all the same, so it stays as it is, and nothing is given twice;
   * only what rebuilds nothing any more makes room, once the pack can be given anew.
   */
  #mayGo({ spread: older }: Given, now: SpreadPack): boolean {
    return !this.#options.reading.isEnough(older) && this.#options.source.available(now).length >= now.dataFragments
  }

  #expectedAt(friend: Friend): number {
    return this.#at(friend).reduce((sum, { agreement, release }) => sum + (release === null ? agreement.sizeBytes : 0), 0)
  }

  /** A friend that has lost something, and says so, is given it again at once; what it has and is not known here is written down. */
  async #compare(ask: Ask, friend: Friend): Promise<void> {
    const { giver, source, book } = this.#options
    const theirs = new Set((await giver.learn(ask, friend, source.owner)).map(({ agreement }) => toHex(agreement.fragment)))
    for (const given of this.#at(friend))
      if (given.placed && !theirs.has(toHex(given.agreement.fragment))) await book.write({ ...given, placed: false })
  }

  async #audit(ask: Ask, friend: Friend): Promise<void> {
    const { clock, giver, random } = this.#options
    const standing = this.#standings.of(friend.node)
    const suspect = standing.suspects.pop()
    if (suspect === undefined && !this.#standings.isTimeToAudit(standing)) return
    const placed = this.#at(friend).filter((given) => given.placed)
    const isSuspect = ({ agreement }: Given): boolean => equalBytes(agreement.fragment, suspect?.agreement.fragment ?? new Uint8Array(0))
    const one = suspect === undefined ? placed[Math.floor(random() * placed.length)] : placed.find(isSuspect)
    standing.auditedMs = clock.nowMs()
    if (one === undefined) return
    await giver.audit(ask, one).catch((error: unknown) => {
      // it has just answered: who says nothing now withholds what it is asked for
      if (isHoltError(error, 'TIMED_OUT')) this.#options.withheld(friend)
      throw error
    })
  }

  #at(friend: Friend): Given[] {
    return this.#options.book.atNode(friend.node)
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => void this.#options.clock.after(0, resolve))
  }

  async #spread(spread: SpreadPack, isWeighed: boolean): Promise<void> {
    const { source, friends, reading, about, wishOf, assumptions, pace } = this.#options
    for (;;) {
      if (this.#stopped) return
      // they must not be kept busy by what could wait
      if (source.isFetching() && reading.has(spread.id)) return
      if (reading.spreads(spread.id).some((way) => !isSameSpread(way, spread) && reading.isEnough(way))) return
      const placed = reading.counted(spread).map(({ index, agreement }) => ({ index, friend: agreement.holder }))
      const candidates = (this.#asked ??= friends().flatMap((friend) => this.#candidate(friend)))
      const wish = isWeighed ? wishOf(spread.redundancyClass) : null
      const available = source.available(spread)
      const next = nextPlacement(spread, { placed, candidates, available, about, wish, assumptions: assumptions() })
      const isRepair = reading.isMissed(spread)
      if (next === null || (isRepair && !pace.isOpen)) return
      const standing = this.#standings.of(next.friend.node)
      let [isReadable, tookBytes] = [true, 0]
      // before it is given: what is given beside it must not count on the same
      standing.promisedBytes += spread.shardBytes
      if (isRepair) pace.spend(spread.shardBytes)
      await this.#try(next.friend, async (ask) => {
        const given = await this.#give(ask, next.friend, { spread, index: next.index })
        if (given === null) return void (isReadable = false)
        tookBytes = given.agreement.sizeBytes
        standing.roomBytes = Math.max(0, (standing.roomBytes ?? 0) - tookBytes)
      })
      standing.promisedBytes -= spread.shardBytes
      if (isRepair) pace.spend(tookBytes - spread.shardBytes)
      if (!isReadable) return
    }
  }

  /** Empty when it is not to be counted on now. */
  #candidate(friend: Friend): Candidate[] {
    const standing = this.#standings.of(friend.node)
    const { roomBytes, promisedBytes } = standing
    const isAway = this.#standings.isResting(standing)
    if (roomBytes === null || (isAway && !this.#options.about(friend).isSeenLately)) return []
    return [{ ...friend, roomBytes: roomBytes - promisedBytes, isAway, faults: this.#standings.faultCount(standing) }]
  }

  /** @returns null when it cannot be read here, which says nothing of the friend. */
  async #give(ask: Ask, friend: Friend, { spread, index }: { spread: SpreadPack; index: number }): Promise<Given | null> {
    const { giver, source } = this.#options
    // what it says next that it has is looked at anew
    this.#standings.of(friend.node).comparedBytes = null
    const read = (column: number, length: number) => source.readShard(spread, index, column, length)
    return giver.give(ask, friend, { spread, index, read }).catch((error: unknown) => {
      if (isHoltError(error, 'IO_FAILED')) return null
      throw error
    })
  }

  /** What a friend fails at is noted, and it is left alone for a while. Faults of our own are thrown. */
  async #try(friend: Friend, work: (ask: Ask) => Promise<void>): Promise<void> {
    const standing = this.#standings.of(friend.node)
    this.#asked = null
    try {
      await this.#with(friend, work)
    } catch (error) {
      if (!isHoltError(error) || error.code === 'INTERNAL') throw error
      const isAtFault = this.#standings.note(standing, error)
      // where one is not right others may not be either
      if (isAtFault && standing.suspects.length === 0) standing.suspects = this.#at(friend).slice(0, MOST_SUSPECTS)
    } finally {
      this.#asked = null
    }
  }

  async #with<T>(friend: Friend, work: (ask: Ask) => Promise<T>): Promise<T> {
    if (this.#stopped) throw new HoltError('NODE_STOPPING', 'the node is stopping')
    const { links, clock } = this.#options
    return withCaller(links, { node: friend.node, protocol: fragmentsProtocol, clock }, work)
  }
}

/** @throws what the first that failed threw, when none runs any more. */
async function eachOf<T>(all: readonly T[], most: number, action: (one: T, i: number) => Promise<void>): Promise<void> {
  const some = new SomeAtOnce(most)
  try {
    for (const [i, one] of all.entries()) await some.begin(() => action(one, i))
  } finally {
    await some.end()
  }
}
