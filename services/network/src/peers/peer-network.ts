import { equalBytes, toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { type Clock, nowSeconds } from '@holt/store/fragments/clock.ts'
import { type MessageTaker, Messages } from '../messages/messages.ts'
import { Sharing, type FoldersTree } from '../sharing/sharing.ts'
import { Cluster, type ClusterOptions, type VolumeToShare } from '../cluster/cluster.ts'
import { EndpointBook } from '../endpoints/endpoint-book.ts'
import type { Host, Reach, StartHost } from '../host.ts'
import { locatorOf, readPairingCode } from '../pairing/pairing-code.ts'
import { pairAsGuest } from '../pairing/pairing-guest.ts'
import { type OpenCode, PairingHost } from '../pairing/pairing-host.ts'
import { type Invitation, JoiningHost } from '../pairing/joining-host.ts'
import { joining } from '../pairing/joining-protocol.ts'
import { pairing } from '../pairing/pairing-protocol.ts'
import { encodeRelation, type RelationKind, type SignedRelation } from '../relations/relation.ts'
import { RelationBook } from '../relations/relation-book.ts'
import { encodeLine } from '../cluster/line.ts'
import { encodeEndpoints } from '../endpoints/endpoint-record.ts'
import type { FragmentSource } from '../fragments/fragment-source.ts'
import type { Friend } from '../fragments/fragments-giver.ts'
import { FriendFragments } from '../fragments/friend-fragments.ts'
import { encodeTerms } from '../fragments/friend-terms.ts'
import { FriendNewest } from '../newest/friend-newest.ts'
import type { NewestContent } from '../newest/newest-content.ts'
import { subnetsOf } from '../fragments/subnet.ts'
import { type GuestKind, Guests } from '../rpc/guests.ts'
import type { Score } from '../scores/score.ts'
import { ScoreBook } from '../scores/score-book.ts'
import { serve } from '../rpc/responder.ts'
import { Acquaintances } from './acquaintances.ts'
import { Meetings, withoutName } from './meetings.ts'
import { Nearby } from './nearby.ts'
import { peerProtocol } from './peer-protocol.ts'

export interface PeerNetworkOptions {
  startHost: StartHost
  /** The data folder, for `relations/` and `endpoints/`. */
  disk: Disk
  crypto: Crypto
  clock: Clock
  /** Milliseconds of a clock that only goes on; that of the thread when it is left out. */
  steadyMs?: () => number
  keys: { owner: KeyPair; node: KeyPair }
  /** Seals what is kept of others. */
  relationsKey: Uint8Array
  /** The owner's root key, for a node that joins by a code; without it none can. */
  rootKey?: () => Promise<Uint8Array>
  /** What may be given to friends, and where is kept what they give; without it neither is done. */
  fragments?: { source: FragmentSource; heldDisk: Disk }
  /** Not given: local networks only. */
  reach?: Reach | null
  warn: (text: string) => void
}

/** What is known of another node now. */
export interface KnownPeer {
  peer: Principal
  /** What its owner called it when the two were paired. */
  name: string | null
  /** A node of the same owner: it needs no relation. */
  own: boolean
  relation: SignedRelation | null
  connected: boolean
  nearby: boolean
  addresses: readonly string[]
  seenMs: number | null
  /** Why the last meeting failed: a code. */
  problem: string | null
}

export interface JoinOptions {
  code: string
  name: string
  relation: RelationKind
  /** Where the other node is, when it is not nearby: multiaddresses that end with its name. */
  at?: readonly { peer: Principal; address: string }[]
  signal?: AbortSignal
}

/** A guess is worth one try at one node; who pretends to be the one that is meant gets few. */
const MOST_CANDIDATES = 3

/** This node among others: pairing, relations, and where everybody is. */
export class PeerNetwork {
  readonly host: Host
  readonly relations: RelationBook
  readonly #options: PeerNetworkOptions
  readonly #nearby: Nearby
  readonly #endpoints: EndpointBook
  readonly #acquaintances: Acquaintances
  readonly #meetings: Meetings
  readonly #pairing: PairingHost
  readonly #stops: (() => void)[] = []
  /** What all that speaks with others uses. */
  #shared: Omit<ClusterOptions, keyof VolumeToShare> | null = null
  #cluster: Cluster | null = null
  #sharing: Sharing | null = null
  #messages: Messages | null = null
  #onMet: (owner: Principal) => void = () => {}
  readonly #listeners = new Set<(node: Principal) => void>()
  readonly #joining: JoiningHost | null
  #fragments: FriendFragments | null = null
  #newest: FriendNewest | null = null
  #scores: ScoreBook | null = null

  private constructor(
    options: PeerNetworkOptions,
    parts: { host: Host; nearby: Nearby; relations: RelationBook; endpoints: EndpointBook },
  ) {
    const { crypto, clock, keys } = options
    this.#options = options
    this.host = parts.host
    this.relations = parts.relations
    this.#nearby = parts.nearby
    this.#endpoints = parts.endpoints
    this.#acquaintances = new Acquaintances({ crypto, clock, keys, relations: parts.relations, endpoints: parts.endpoints })
    this.#meetings = new Meetings({
      ...parts,
      clock,
      acquaintances: this.#acquaintances,
      met: (node, tookMs) => {
        this.#scores?.met(node, tookMs)
        this.#met(node)
      },
      missed: (node) => this.#scores?.missed(node),
    })
    const { rootKey } = options
    this.#joining = rootKey === undefined ? null : new JoiningHost({ crypto, clock, keys, rootKey })
    this.#pairing = new PairingHost({ crypto, clock, keys, keep: (relation) => this.#keep(relation) })
  }

  /** @throws Error of the platform when no host can be started. */
  static async start(options: PeerNetworkOptions): Promise<PeerNetwork> {
    const { disk, crypto, clock, keys, relationsKey: key, warn } = options
    const relations = await RelationBook.open({ disk, crypto, key, owner: keys.owner.publicKey, warn })
    let network: PeerNetwork | null = null
    const isKnown = (owner: Principal): boolean => network?.isPartner(owner) ?? false
    const endpoints = await EndpointBook.open({ disk, crypto, clock, key, isKnown, warn })
    const nearby = new Nearby(clock, keys.node.publicKey)
    const onFound = (peer: Principal, addresses: readonly string[]): void => {
      network?.found(peer, { isNew: nearby.add(peer, addresses) })
    }
    const kindOf = (peer: Principal): GuestKind => network?.kindOf(peer) ?? 'stranger'
    const host = await options.startHost({ seed: keys.node.seed, onFound, kindOf, reach: options.reach ?? null, warn })
    network = new PeerNetwork(options, { host, nearby, relations, endpoints })
    try {
      await network.#serve()
    } catch (error) {
      await network.stop()
      throw error
    }
    return network
  }

  /** Null when the node was started without. */
  get fragments(): FriendFragments | null {
    return this.#fragments
  }

  /** Null when the node was started without fragments. */
  get newest(): FriendNewest | null {
    return this.#newest
  }

  /** How it went with a node, as it was measured; null when it was not. */
  scoreOf(node: Principal): Score | null {
    return this.#scores?.get(node) ?? null
  }

  /** Nodes of others with whom a relation holds. */
  friends(): Friend[] {
    const self = this.#options.keys.owner.publicKey
    return this.#acquaintances.nodes().filter(({ owner }) => !equalBytes(owner, self))
  }

  /** Null until a volume is shared. */
  get cluster(): Cluster | null {
    return this.#cluster
  }

  /** Folders shared with friends; null until a tree is there. */
  get sharing(): Sharing | null {
    return this.#sharing
  }

  /** From now on folders of this tree can be shared with friends; nothing happens the second time. */
  async shareFolders(tree: FoldersTree): Promise<void> {
    if (this.#sharing !== null || this.#shared === null) return
    this.#sharing = await Sharing.open({ ...this.#shared, ...tree, friends: () => this.friends() })
  }

  /** Messages between programs; null until there are programs. */
  get messages(): Messages | null {
    return this.#messages
  }

  /**
   * From now on programs of this node get messages, and send them; nothing happens the second time.
   *
   * @param onMet told when a node of this owner is there again.
   */
  carryMessages(taker: MessageTaker, onMet: (owner: Principal) => void): void {
    if (this.#messages !== null || this.#shared === null) return
    this.#messages = new Messages({ ...this.#shared, ...taker })
    this.#onMet = onMet
  }

  #met(node: Principal): void {
    const owner = this.#acquaintances.ownerOf(node)
    if (owner !== null) this.#onMet(owner)
    this.#cluster?.met(node)
    this.#sharing?.met(node)
    this.#fragments?.spreading.met(node)
    this.#newest?.giver.met(node)
    for (const listener of this.#listeners) listener(node)
  }

  /** Told when a node is there again. @returns a function that ends it. */
  whenMet(listener: (node: Principal) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** From now on the owner's nodes share this volume; nothing happens the second time. */
  async shareVolume(volume: VolumeToShare): Promise<void> {
    if (this.#cluster !== null || this.#shared === null) return
    this.#cluster = await Cluster.open({ ...this.#shared, ...volume })
  }

  /** Whose node this is. */
  get owner(): Principal {
    return this.#options.keys.owner.publicKey
  }

  isPartner(owner: Principal): boolean {
    return this.#acquaintances.isPartner(owner)
  }

  kindOf(peer: Principal): GuestKind {
    return this.#acquaintances.ownerOf(peer) === null ? 'stranger' : 'paired'
  }

  /** Somebody says on the local network that it is there; new: it was not, or elsewhere. */
  found(peer: Principal, { isNew }: { isNew: boolean }): void {
    if (this.#acquaintances.ownerOf(peer) === null) return
    if (isNew) this.#meetings.soon()
    else this.#meetings.heard(peer)
  }

  showCode(options: { relation: RelationKind; name: string }): OpenCode {
    return this.#pairing.show(options)
  }

  /** Shows a code by which one node that is nobody's yet gets the root key. @throws HoltError NOT_AUTHORIZED when it is not at hand. */
  invite(): Invitation {
    if (this.#joining === null) throw new HoltError('NOT_AUTHORIZED', 'this node does not have the root key at hand')
    return this.#joining.show()
  }

  get invitation(): Invitation | null {
    return this.#joining?.shown ?? null
  }

  endInvitation(): void {
    this.#joining?.hide()
  }

  hideCode(): void {
    this.#pairing.hide()
  }

  get shownCode(): OpenCode | null {
    return this.#pairing.shown
  }

  /**
   * Pairs with the node that shows this code: one of those nearby, or one whose address is known.
   *
   * @throws HoltError NOT_FOUND when none of them can be meant; of `pairAsGuest`.
   */
  async join({ code: typed, name, relation, at = [], signal }: JoinOptions): Promise<SignedRelation> {
    const code = readPairingCode(typed)
    for (const { peer, address } of at) await this.host.learn(peer, [address])
    const named = at.length > 0 ? at.map(({ peer }) => peer) : this.#nearby.list().map(({ peer }) => peer)
    const once = new Map(named.map((peer) => [toHex(peer), peer])).values()
    const meant = [...once].filter((peer) => locatorOf(peer) === code.locator).slice(0, MOST_CANDIDATES)
    if (meant.length === 0)
      throw new HoltError('NOT_FOUND', 'no node that can be meant is nearby: is the code right, and are both on one network?')
    const { crypto, clock, keys } = this.#options
    const guest = { links: this.host, clock, crypto, keys, keep: (made: SignedRelation) => this.#keep(made) }
    let failure: unknown = null
    for (const host of meant) {
      await this.host.learn(host, this.#nearby.find(host)?.addresses ?? [])
      try {
        const made = await pairAsGuest(guest, { code, host, name, relation, ...(signal ? { signal } : {}) })
        // both know at once where the other is
        await this.#meetings.meet(host, made.host.owner).catch(() => {})
        return made
      } catch (error) {
        failure = error
        if (isHoltError(error, 'CONFLICT') || isHoltError(error, 'NOT_AUTHORIZED') || signal?.aborted === true) throw error
      }
    }
    throw failure
  }

  /** @throws HoltError NOT_FOUND */
  async endRelation(id: Uint8Array): Promise<void> {
    await this.relations.end(id, nowSeconds(this.#options.clock))
  }

  /**
   * Meets a node whose address is known and whose owner has a relation with this node's, though nothing of that is known here: it says so, with
   * signatures. So a node that has only its owner's keys comes to know its friends again.
   *
   * @throws HoltError of the meeting; NOT_AUTHORIZED when the two are not paired.
   */
  async meetAt({ peer, address }: { peer: Principal; address: string }, owner: Principal): Promise<void> {
    await this.host.learn(peer, [address])
    await this.#acquaintances.renew(this.host.addresses().map(withoutName))
    await this.#meetings.meet(peer, owner)
    if (this.#acquaintances.ownerOf(peer) === null) throw new HoltError('NOT_AUTHORIZED', 'the two nodes are not paired')
  }

  /** Meets a node of a partner where it said last that it is, or where others say. @throws HoltError of the meeting. */
  async meet({ node, owner }: Friend): Promise<void> {
    await this.#meetings.meet(node, owner)
  }

  peers(): KnownPeer[] {
    const known = new Map<string, KnownPeer>()
    const add = (peer: Principal, facts: Partial<KnownPeer>): void => {
      const nothing = {
        peer,
        name: null,
        own: false,
        relation: null,
        connected: false,
        nearby: false,
        addresses: [],
        seenMs: null,
        problem: null,
      }
      known.set(toHex(peer), { ...nothing, ...known.get(toHex(peer)), ...facts })
    }
    for (const { node, owner } of this.#acquaintances.nodes()) {
      const meeting = this.#meetings.get(node)
      const addresses = this.#endpoints.get(node)?.addresses ?? []
      const own = equalBytes(owner, this.owner)
      add(node, { ...this.#relationWith(node), own, addresses, seenMs: meeting?.metMs ?? null, problem: meeting?.problem ?? null })
    }
    for (const { peer, addresses, seenMs } of this.#nearby.list())
      add(peer, { nearby: true, addresses, seenMs: Math.max(seenMs, known.get(toHex(peer))?.seenMs ?? 0) })
    for (const { peer, address } of this.host.connections())
      add(peer, { connected: true, ...(known.has(toHex(peer)) ? {} : { addresses: [address] }) })
    return [...known.values()]
  }

  /** Meets everybody now, as when an address has changed. */
  meetSoon(): void {
    this.#meetings.soon({ all: true })
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) stop()
    this.#messages?.stop()
    await this.host.stop()
    await this.#newest?.stop()
    await this.#fragments?.stop()
    await this.#cluster?.stop()
    await this.#sharing?.stop()
    await this.#meetings.stop()
    await this.#scores?.stop()
  }

  #openNewest(
    fragments: FriendFragments,
    shared: Pick<
      Parameters<typeof FriendNewest.open>[0],
      'links' | 'disk' | 'heldDisk' | 'crypto' | 'clock' | 'keys' | 'guests' | 'ownerOf' | 'warn' | 'onFault'
    >,
  ): Promise<FriendNewest> {
    return FriendNewest.open({
      ...shared,
      sealKey: this.#options.relationsKey,
      friends: () => fragments.given(),
      isGiven: (pack) => fragments.isGiven(pack),
      isAllGiven: () => fragments.spreading.isAllGiven,
      roomBytes: (owner) => fragments.roomBytes(owner),
      settle: async () => this.#cluster?.settle(),
      others: () => this.#others(fragments),
    })
  }

  /** Nobody has heard of it for as long as the owner waits, while others were heard; or the relation was ended. */
  #isGone({ node }: Friend): boolean {
    if (this.#acquaintances.ownerOf(node) === null) return true
    const goneAfterSeconds = this.#fragments?.wishes.all.goneAfterSeconds ?? Number.POSITIVE_INFINITY
    return (this.scoreOf(node)?.silentMs ?? 0) >= 1000 * goneAfterSeconds
  }

  /** Where it is connected from now, else where it says that it is. */
  #subnetsOf({ node }: Friend): readonly string[] {
    const connected = this.host.connections().filter(({ peer }) => equalBytes(peer, node))
    const now = subnetsOf(connected.map(({ address }) => address))
    return now.length > 0 ? now : subnetsOf(this.#endpoints.get(node)?.addresses ?? [])
  }

  /** What a node that has lost everything needs to know of others. */
  #others(fragments: FriendFragments): Omit<NewestContent, 'heads'> {
    const friends = this.relations.list().filter(({ relation }) => relation === 'friend')
    const records = this.friends().flatMap(({ node }) => this.#endpoints.get(node) ?? [])
    const line = this.#cluster?.line ?? null
    return {
      relations: friends.map(encodeRelation),
      records: records.map(encodeEndpoints),
      terms: encodeTerms(fragments.terms.all()),
      line: line && encodeLine(line),
    }
  }

  /** A node by which no relation was made has that of its owner. */
  #relationWith(node: Principal): { relation: SignedRelation | null; name: string | null } {
    const owner = this.#acquaintances.ownerOf(node)
    for (const relation of this.relations.list())
      for (const party of [relation.host, relation.guest]) if (equalBytes(party.node, node)) return { relation, name: party.name }
    const ofOwner = this.relations.list().find(({ host, guest }) => owner && [host, guest].some((party) => equalBytes(party.owner, owner)))
    return { relation: ofOwner ?? null, name: null }
  }

  async #keep(relation: SignedRelation): Promise<void> {
    await this.relations.add(relation)
    this.#meetings.soon({ all: true })
  }

  async #serve(): Promise<void> {
    const { clock, warn, fragments, disk, crypto, keys, steadyMs } = this.#options
    const onFault = (method: string, { message, code }: HoltError): void =>
      warn(`a peer asked for ${method}, which failed here: ${message} (${code})`)
    const guests = new Guests(clock, { kindOf: (peer) => this.kindOf(peer) })
    const acquaintances = this.#acquaintances
    const hello = async (peer: Principal, word: Parameters<typeof acquaintances.hear>[0]) => {
      const refused = await acquaintances.hear(word)
      const owner = acquaintances.mustBePartner(peer, refused)
      this.#meetings.heard(peer)
      this.#met(peer)
      return acquaintances.wordFor(owner)
    }
    const resolve = (peer: Principal, { owner }: { owner: Principal }) => {
      acquaintances.mustBePartner(peer, null)
      return { records: acquaintances.recordsOf(owner) }
    }
    this.#stops.push(serve(this.host, pairing, this.#pairing.handlers(), { clock, guests, onFault }))
    if (this.#joining !== null) this.#stops.push(serve(this.host, joining, this.#joining.handlers(), { clock, guests, onFault }))
    this.#stops.push(serve(this.host, peerProtocol, { hello, resolve }, { clock, guests, onFault }))
    const ownerOf = (peer: Principal): Principal => acquaintances.mustBePartner(peer, null)
    const shared = { links: this.host, disk, crypto, clock, keys, guests, ownerOf, nodes: () => acquaintances.nodes(), warn, onFault }
    this.#shared = { ...shared, ...(steadyMs ? { steadyMs } : {}) }
    const scores = await ScoreBook.open({ ...shared, isOnline: () => this.host.addresses().length > 0 })
    this.#scores = scores
    if (fragments !== undefined) {
      const besidesBytes = (owner: Principal): number => this.#newest?.heldBytes(owner) ?? 0
      this.#fragments = await FriendFragments.open({
        ...shared,
        ...fragments,
        besidesBytes,
        scores,
        subnets: (friend) => this.#subnetsOf(friend),
        isGone: (friend) => this.#isGone(friend),
        onAllGiven: () => this.#newest?.giver.committed(),
      })
      this.#newest = await this.#openNewest(this.#fragments, { ...shared, heldDisk: fragments.heldDisk })
    }
    this.#meetings.start()
  }
}
