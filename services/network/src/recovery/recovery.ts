import { equalBytes, toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError, isHoltError, toHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { SpreadPack } from '@holt/store/fragments/fragment-file.ts'
import type { PackId } from '@holt/store/pack-keeper.ts'
import { decodeEndpoints, verifyEndpoints } from '../endpoints/endpoint-record.ts'
import type { Friend } from '../fragments/fragments-giver.ts'
import type { FriendFragments } from '../fragments/friend-fragments.ts'
import { decodeTerms, type Terms } from '../fragments/friend-terms.ts'
import type { Given } from '../fragments/given-book.ts'
import { type NewestContent, openNewestContent } from '../newest/newest-content.ts'
import { type Found, NewestFinder } from '../newest/newest-finder.ts'
import type { PeerNetwork } from '../peers/peer-network.ts'
import { decodeRelation } from '../relations/relation.ts'

export interface RecoveryOptions {
  network: PeerNetwork
  crypto: Crypto
  clock: Clock
  owner: Principal
  /** Opens what friends keep sealed. */
  sealKey: Uint8Array
  signal?: AbortSignal
  warn: (text: string) => void
}

/** Where a node is said to be. */
export interface Place {
  peer: Principal
  address: string
}

/** A copy that was fetched, and where it lies. */
export interface FetchedCopy {
  id: PackId
  sizeBytes: number
  path: string
}

const MOST_ROUNDS = 4

/**
 * What a node does that has its owner's keys and nothing else: it meets one friend, learns from what that friend keeps sealed who the others are, and
 * asks all of them for the newest state and for fragments. Nobody is believed; who lies, stalls or is away is passed over.
 */
export class Recovery {
  readonly #options: RecoveryOptions
  readonly #finder: NewestFinder
  readonly #asked = new Set<string>()
  readonly #heard = new Set<string>()
  /** By the record's signature: many friends show the same. */
  readonly #contents = new Map<string, NewestContent>()

  constructor(options: RecoveryOptions) {
    this.#options = options
    this.#finder = new NewestFinder({ ...options, links: options.network.host })
  }

  /**
   * Meets the friends at these places, and those whom they lead to.
   *
   * @returns nodes of friends that answered.
   * @throws HoltError of the last one when there is none; CANCELLED.
   */
  async meet(places: readonly Place[]): Promise<Friend[]> {
    const { network } = this.#options
    let failure: unknown = new HoltError('PEER_UNREACHABLE', 'no friend was found')
    await Promise.all(
      places.map((place) =>
        // whose it is will be said by the node itself, with signatures
        network.meetAt(place, place.peer).catch((error: unknown) => {
          failure = error
          this.#options.warn(`a friend was not met: ${toHoltError(error).message}`)
        }),
      ),
    )
    const met: Friend[] = []
    for (let round = 0; round < MOST_ROUNDS; round++) {
      this.#mustGoOn()
      const unasked = network.friends().filter(({ node }) => !this.#asked.has(toHex(node)))
      if (unasked.length === 0) break
      met.push(...(await Promise.all(unasked.map((friend) => this.#ask(friend)))).flat())
    }
    if (met.length === 0) throw failure
    return met
  }

  /** Every pack that friends have enough of as far as they say, each in the way that rebuilds it. */
  async learn(friends: readonly Friend[]): Promise<SpreadPack[]> {
    const { fragments } = this.#options.network
    if (fragments === null) return []
    const packs = new Set<PackId>()
    await Promise.all(
      friends.map(async (friend) => {
        const given = await this.#learnFrom(fragments, friend)
        for (const { spread } of given) packs.add(spread.id)
        if (given.length > 0) await goOnGiving(this.#options.network, friend)
      }),
    )
    this.#mustGoOn()
    return [...packs].flatMap((id) => fragments.reading.spreads(id)[0] ?? [])
  }

  /** Friends who did not say what they keep: to be asked when they are there. */
  late(): Friend[] {
    return this.#options.network.friends().filter(({ node }) => !this.#heard.has(toHex(node)))
  }

  /** Asked twice, unless it lets us wait: what it says later is of no use to who waits for this. */
  async #learnFrom(fragments: FriendFragments, friend: Friend): Promise<Given[]> {
    for (let isFirst = true; ; isFirst = false) {
      this.#mustGoOn()
      try {
        const given = await fragments.learn(friend)
        this.#heard.add(toHex(friend.node))
        return given
      } catch (error) {
        this.#options.warn(`a friend does not say what it keeps: ${toHoltError(error).message}`)
        if (!isFirst || isHoltError(error, 'TIMED_OUT')) return []
      }
    }
  }

  /**
   * Fetches the copies of the newest state of each node into a folder: of the newest that can be had whole.
   *
   * @param isNeeded false for packs that are there anyhow.
   * @returns what was fetched, and whether a newer state is known than could be had.
   */
  async fetchCopies(disk: Disk, folder: string, isNeeded: (id: PackId) => boolean): Promise<{ copies: FetchedCopy[]; behind: boolean }> {
    await disk.makeFolder(folder)
    const copies: FetchedCopy[] = []
    let behind = false
    for (const states of this.#finder.states()) {
      const tried: FetchedCopy[][] = []
      for (const found of states) {
        const wanted = found.record.copies.filter(({ pack }) => isNeeded(pack))
        const fetched = await this.#fetchAll(wanted, found, { disk, folder })
        tried.push(fetched)
        if (fetched.length === wanted.length) break
        behind = true
      }
      copies.push(...(tried.sort((a, b) => b.length - a.length)[0] ?? []))
    }
    return { copies, behind }
  }

  /** Nodes whose states were found; there is nothing more of them than was fetched. */
  nodes(): { node: Principal; seq: number }[] {
    return this.#finder.states().flatMap(([newest]) => (newest === undefined ? [] : { node: newest.record.node, seq: newest.record.seq }))
  }

  /** Heads that the newest states name, as they are: who has read them judges them. */
  heads(): Uint8Array[] {
    return [...this.#contents.values()].flatMap(({ heads }) => heads)
  }

  /** What nodes of the owner said of their newest heads, as it is: who has read it judges it. */
  lines(): Uint8Array[] {
    return [...this.#contents.values()].flatMap(({ line }) => line ?? [])
  }

  async #fetchAll(
    wanted: Found['record']['copies'],
    found: Found,
    { disk, folder }: { disk: Disk; folder: string },
  ): Promise<FetchedCopy[]> {
    const fetched: FetchedCopy[] = []
    for (const copy of wanted) {
      this.#mustGoOn()
      const path = `${folder}/${copy.pack}-${copy.sizeBytes}`
      const { signal } = this.#options
      if (await this.#finder.fetch(copy, found, { disk, path, ...(signal ? { signal } : {}) }))
        fetched.push({ id: copy.pack, sizeBytes: copy.sizeBytes, path })
      else await disk.remove(path)
    }
    return fetched
  }

  /** @returns the friend when it answered. */
  async #ask(friend: Friend): Promise<Friend[]> {
    this.#asked.add(toHex(friend.node))
    try {
      // of the other nodes of who was met only records came yet
      await this.#options.network.meet(friend)
      const records = await this.#finder.ask(friend)
      for (const record of records) await this.#readSealed(record)
      return [friend]
    } catch (error) {
      if (!isHoltError(error)) throw error
      this.#options.warn(`a friend does not answer: ${error.message} (${error.code})`)
      return []
    }
  }

  /** Learns who the other friends are, and meets them. What of it does not hold is left out. */
  async #readSealed(record: Found['record']): Promise<void> {
    const { crypto, sealKey, network } = this.#options
    const name = toHex(record.signature)
    if (record.sealed.length === 0 || this.#contents.has(name)) return
    const content = await openNewestContent(crypto, sealKey, record.sealed)
    this.#contents.set(name, content)
    for (const bytes of content.relations) await orNot(() => network.relations.add(decodeRelation(bytes)))
    for (const bytes of content.records) await orNot(() => this.#find(bytes))
    if (content.terms.length > 0) for (const terms of decodeTerms(content.terms)) await orNot(() => this.#takeTerms(terms))
  }

  /** What the owner wanted of a friend, where nothing else was said here. */
  async #takeTerms(terms: Terms): Promise<void> {
    const known = this.#options.network.fragments?.terms
    const { give, mostBytes } = known?.of(terms.owner) ?? terms
    if (!give && mostBytes === null) await known?.set(terms)
  }

  /** Also by a record whose time is over: where somebody was is better than nothing. */
  async #find(bytes: Uint8Array): Promise<void> {
    const { crypto, network, owner } = this.#options
    const { owner: of, node, addresses, ...others } = decodeEndpoints(bytes)
    verifyEndpoints(crypto, { owner: of, node, addresses, ...others })
    if (equalBytes(of, owner) || this.#asked.has(toHex(node))) return
    await network.host.learn(node, addresses)
    const [address] = addresses
    if (address !== undefined) await network.meetAt({ peer: node, address }, of)
  }

  #mustGoOn(): void {
    if (this.#options.signal?.aborted === true) throw new HoltError('CANCELLED', 'the recovery was cancelled')
  }
}

/** Where no record says what the owner wants, what a friend has of ours does: both signed that it was given. */
export async function goOnGiving({ fragments }: PeerNetwork, { owner }: Friend): Promise<void> {
  const terms = fragments?.terms
  if (terms?.all().some((one) => equalBytes(one.owner, owner)) === false) await terms.set({ owner, give: true, mostBytes: null })
}

async function orNot(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isHoltError(error)) throw error
  }
}
