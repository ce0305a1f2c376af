import { equalBytes } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import type { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { FragmentsElsewhere } from '@holt/store/fragments/keeper-context.ts'
import type { SpreadPack } from '@holt/store/fragments/fragment-file.ts'
import type { PackId } from '@holt/store/pack-keeper.ts'
import { type Assumptions, lossOfNines } from '../durability/loss.ts'
import type { Links } from '../links.ts'
import { withCaller } from '../rpc/with-caller.ts'
import type { Guests } from '../rpc/guests.ts'
import { serve } from '../rpc/responder.ts'
import { intactnessOf, newScore, trustIn } from '../scores/score.ts'
import type { ScoreBook } from '../scores/score-book.ts'
import type { FragmentSource } from './fragment-source.ts'
import { type Ask, type Friend, FragmentsGiver } from './fragments-giver.ts'
import { FragmentsHolder } from './fragments-holder.ts'
import { fragmentsProtocol } from './fragments-protocol.ts'
import { FriendReading } from './friend-reading.ts'
import { FriendSpreading } from './friend-spreading.ts'
import { FriendTerms } from './friend-terms.ts'
import { FriendWishes } from './friend-wishes.ts'
import { type Given, GivenBook } from './given-book.ts'
import type { Traits } from './independence.ts'
import { type ClassFacts, type ClassOutlook, outlook } from './outlook.ts'
import { SETTLED_MS } from './placement.ts'
import { RepairPace } from './repair-pace.ts'

export interface FriendFragmentsOptions {
  links: Links
  /** The data folder, for `given/` and the terms. */
  disk: Disk
  /** Where fragments of friends are kept, in `held/`. */
  heldDisk: Disk
  source: FragmentSource
  crypto: Crypto
  clock: Clock
  keys: { owner: KeyPair; node: KeyPair }
  guests: Guests
  /** Whose node it is. @throws HoltError NOT_AUTHORIZED, CAP_REVOKED */
  ownerOf: (peer: Principal) => Principal
  /** All nodes of partners. */
  nodes: () => Friend[]
  /** See `FriendReadingOptions`. */
  isGone?: (friend: Friend) => boolean
  scores: Scores
  /** Networks in which a node is reached. */
  subnets?: (friend: Friend) => readonly string[]
  /** See `FriendSpreadingOptions`. */
  onAllGiven?: () => void
  /** What else is kept for an owner: it counts as what they give. */
  besidesBytes?: (owner: Principal) => number
  warn: (text: string) => void
  onFault: (method: string, error: HoltError) => void
}

/** How it goes with nodes of others, as it was measured. */
export type Scores = Pick<ScoreBook, 'get' | 'seenMs' | 'proved'>

/** A house in twenty, a friend in ten: more than is usual, for what is not known is not to be counted on. */
export const USUAL_LOSSES = { homePerYear: 0.05, friendPerYear: 0.1 }
const LATELY_MS = 24 * 3_600_000

/** How much two owners keep for each other. */
export interface Balance {
  /** Of ours, at them. */
  givenBytes: number
  /** Of theirs, here. */
  heldBytes: number
  /** They may give so much. */
  mostBytes: number
  /** As the owner said; null: nothing was said. */
  fixedBytes: number | null
  give: boolean
}

/** Fragments that friends keep for this node, and this node for friends. */
export class FriendFragments {
  readonly terms: FriendTerms
  readonly wishes: FriendWishes
  readonly book: GivenBook
  readonly reading: FriendReading
  readonly spreading: FriendSpreading
  readonly #options: FriendFragmentsOptions
  readonly #holder: FragmentsHolder
  readonly #giver: FragmentsGiver
  readonly #stopServing: () => void

  private constructor(
    options: FriendFragmentsOptions,
    parts: { terms: FriendTerms; wishes: FriendWishes; book: GivenBook; holder: FragmentsHolder },
  ) {
    const { links, clock, crypto, keys, source, warn, guests, onFault, scores, isGone = () => false } = options
    this.#options = options
    this.terms = parts.terms
    this.wishes = parts.wishes
    this.book = parts.book
    this.#holder = parts.holder
    const proved = ({ node }: Friend, isGiven: boolean): void => scores.proved(node, isGiven)
    this.#giver = new FragmentsGiver({ crypto, clock, owner: keys.owner, book: parts.book, proved })
    const friends = (): Friend[] => this.given()
    const random = (): number => new DataView(crypto.randomBytes(4).slice().buffer).getUint32(0) / 2 ** 32
    const shared = { links, clock, book: parts.book, giver: this.#giver }
    this.reading = new FriendReading({ ...shared, isGone })
    const { onAllGiven } = options
    this.spreading = new FriendSpreading({
      ...shared,
      reading: this.reading,
      random,
      source,
      friends,
      about: (friend) => this.about(friend),
      wishOf: (redundancyClass) => lossOfNines(this.wishes.ninesOf(redundancyClass)),
      assumptions: () => this.assumptions(),
      pace: new RepairPace(clock, () => this.wishes.all.repairBytesPerSecond),
      withheld: (friend) => proved(friend, false),
      warn,
      ...(onAllGiven ? { onAllGiven } : {}),
    })
    this.#stopServing = serve(links, fragmentsProtocol, parts.holder.handlers(), { clock, guests, onFault })
    parts.holder.start()
    this.spreading.start()
  }

  static async open(options: FriendFragmentsOptions): Promise<FriendFragments> {
    const { disk, heldDisk, crypto, clock, keys, ownerOf, warn, besidesBytes = () => 0 } = options
    const terms = await FriendTerms.open(disk)
    const wishes = await FriendWishes.open(disk)
    const book = await GivenBook.open(disk, warn)
    const mostBytes = (owner: Principal): number => Math.max(0, terms.mostBytes(owner, book.bytesAt(owner)) - besidesBytes(owner))
    const holder = await FragmentsHolder.open({ disk: heldDisk, crypto, clock, keys, ownerOf, mostBytes, warn })
    return new FriendFragments(options, { terms, wishes, book, holder })
  }

  /** What is known of a node, as far as it matters for who is given what. */
  about(friend: Friend): Traits {
    const { scores, clock, keys, subnets = () => [] } = this.#options
    const score = scores.get(friend.node) ?? newScore(friend.node, 0)
    const place = this.wishes.placeOf(friend)
    const here = this.wishes.placeOf({ owner: keys.owner.publicKey, node: keys.node.publicKey })
    const seenMs = scores.seenMs(friend.node)
    return {
      trust: trustIn(score),
      intactness: intactnessOf(score),
      measuredMs: score.measuredMs,
      isSeenLately: seenMs !== null && Math.abs(clock.nowMs() - seenMs) < LATELY_MS,
      place,
      isHere: place !== null && place.toLowerCase() === here?.toLowerCase(),
      subnets: subnets(friend),
    }
  }

  /** How safe what is in these classes is, as far as friends keep it. */
  outlook(classes: readonly ClassFacts[]): ClassOutlook[] {
    const packs = this.#options.source.spreads().map((spread) => {
      const [way = spread] = this.reading.spreads(spread.id)
      const placed = this.reading.counted(way).map(({ index, agreement }) => ({ index, friend: agreement.holder }))
      return { spread: way, placed }
    })
    const about = (friend: Friend): Traits => this.about(friend)
    const ninesOf = (redundancyClass: string): number => this.wishes.ninesOf(redundancyClass)
    return outlook({ classes, packs, friends: this.given(), about, ninesOf, assumptions: this.assumptions() })
  }

  /** What it has is given to others, too. */
  isGone(friend: Friend): boolean {
    return this.#options.isGone?.(friend) ?? false
  }

  /** It was measured for long enough to give more than the least. */
  isSettled(friend: Friend): boolean {
    return this.about(friend).measuredMs >= SETTLED_MS
  }

  /** What losses are reckoned with. */
  assumptions(): Assumptions {
    return { ...USUAL_LOSSES, repairSeconds: this.wishes.all.goneAfterSeconds }
  }

  async stop(): Promise<void> {
    this.#stopServing()
    this.#holder.stop()
    this.reading.stop()
    await this.spreading.stop()
  }

  /** Friends to whom the owner wants to give. */
  given(): Friend[] {
    return this.friends().filter(({ owner }) => this.terms.of(owner).give)
  }

  /** What of an owner's share is not promised to fragments. */
  roomBytes(owner: Principal): number {
    return this.terms.mostBytes(owner, this.book.bytesAt(owner)) - this.#holder.heldBytes(owner)
  }

  /** Friends have enough of the pack to rebuild it. */
  isGiven(pack: PackId): boolean {
    return this.reading.has(pack)
  }

  /** Every pack that this node gave and friends have enough of, in the way that rebuilds it: as it was written down when it was given. */
  packs(): SpreadPack[] {
    const ids = new Set(this.book.all().flatMap(({ spread, learned }) => (learned ? [] : [spread.id])))
    return [...ids].flatMap((id) => this.reading.spreads(id).filter((way) => this.reading.isEnough(way))[0] ?? [])
  }

  /** For a keeper that has not everything itself. */
  elsewhere(): FragmentsElsewhere {
    const { reading, spreading } = this
    return {
      has: (pack) => reading.has(pack),
      spreads: (pack) => reading.spreads(pack),
      indices: (spread) => reading.indices(spread),
      read: (...wanted) => reading.read(...wanted),
      drop: (pack) => spreading.drop(pack),
    }
  }

  balance(owner: Principal): Balance {
    const givenBytes = this.book.bytesAt(owner)
    return {
      givenBytes,
      heldBytes: this.#holder.heldBytes(owner),
      mostBytes: this.terms.mostBytes(owner, givenBytes),
      fixedBytes: this.terms.of(owner).mostBytes,
      give: this.terms.of(owner).give,
    }
  }

  /** Everything that a friend's node says it has of ours, proven by signatures. @throws HoltError of the way to it, or of what it says. */
  learn(friend: Friend): Promise<Given[]> {
    return this.#with(friend, (ask) => this.#giver.learn(ask, friend, this.#options.source.owner))
  }

  /** Part of a shard from the friend that has it, proven. @throws HoltError */
  read(given: Given, range: { column: number; length: number }): Promise<Uint8Array> {
    return this.#with(given.agreement.holder, (ask) => this.#giver.read(ask, given, range))
  }

  /** Nodes of others: one's own are no friends. */
  friends(): Friend[] {
    const self = this.#options.keys.owner.publicKey
    return this.#options.nodes().filter(({ owner }) => !equalBytes(owner, self))
  }

  #with<T>(friend: Friend, work: (ask: Ask) => Promise<T>): Promise<T> {
    const { links, clock } = this.#options
    return withCaller(links, { node: friend.node, protocol: fragmentsProtocol, clock }, work)
  }
}
