import { equalBytes } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import type { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { FragmentsElsewhere } from '@holt/store/fragments/keeper-context.ts'
import type { PackId } from '@holt/store/pack-keeper.ts'
import type { Links } from '../links.ts'
import { withCaller } from '../rpc/with-caller.ts'
import type { Guests } from '../rpc/guests.ts'
import { serve } from '../rpc/responder.ts'
import type { FragmentSource } from './fragment-source.ts'
import { type Ask, type Friend, FragmentsGiver } from './fragments-giver.ts'
import { FragmentsHolder } from './fragments-holder.ts'
import { fragmentsProtocol } from './fragments-protocol.ts'
import { FriendReading } from './friend-reading.ts'
import { FriendSpreading } from './friend-spreading.ts'
import { FriendTerms } from './friend-terms.ts'
import { type Given, GivenBook } from './given-book.ts'

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
  /** See `FriendSpreadingOptions`. */
  isGone?: (friend: Friend) => boolean
  /** See `FriendSpreadingOptions`. */
  onAllGiven?: () => void
  /** What else is kept for an owner: it counts as what they give. */
  besidesBytes?: (owner: Principal) => number
  warn: (text: string) => void
  onFault: (method: string, error: HoltError) => void
}

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
  readonly book: GivenBook
  readonly reading: FriendReading
  readonly spreading: FriendSpreading
  readonly #options: FriendFragmentsOptions
  readonly #holder: FragmentsHolder
  readonly #giver: FragmentsGiver
  readonly #stopServing: () => void

  private constructor(options: FriendFragmentsOptions, parts: { terms: FriendTerms; book: GivenBook; holder: FragmentsHolder }) {
    const { links, clock, crypto, keys, source, warn, guests, onFault, isGone = () => false } = options
    this.#options = options
    this.terms = parts.terms
    this.book = parts.book
    this.#holder = parts.holder
    this.#giver = new FragmentsGiver({ crypto, clock, owner: keys.owner, book: parts.book })
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
    const book = await GivenBook.open(disk, warn)
    const mostBytes = (owner: Principal): number => Math.max(0, terms.mostBytes(owner, book.bytesAt(owner)) - besidesBytes(owner))
    const holder = await FragmentsHolder.open({ disk: heldDisk, crypto, clock, keys, ownerOf, mostBytes, warn })
    return new FriendFragments(options, { terms, book, holder })
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
