import type { PeersStatus } from '@holt/control/peers.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import { principalToText } from '@holt/core/principal.ts'
import { joinRecovered, type RecoveredApart } from '@holt/network/cluster/join-recovered.ts'
import type { Reach } from '@holt/network/host.ts'
import { openNodeKey } from '@holt/network/node-key.ts'
import type { ReplacedNode } from '@holt/network/newest/replaced-nodes.ts'
import { PeerNetwork } from '@holt/network/peers/peer-network.ts'
import { Recovery } from '@holt/network/recovery/recovery.ts'
import { type Clock, systemClock } from '@holt/store/fragments/clock.ts'
import type { DriveKeeper } from '@holt/store/fragments/drive-keeper.ts'
import type { OpenTree } from '../open-tree.ts'
import { FirstMeeting } from './first-meeting.ts'
import { findAtFriends, type FoundAtFriends } from './find-at-friends.ts'
import { keepLateFriends, LateFriends } from './late-friends.ts'
import { keeperSource } from './keeper-source.ts'
import { storeSource } from './store-source.ts'
import { peerInfo } from './peer-info.ts'
import { sharedFolders } from './shared-folders.ts'
import { shareVolume, type TreeToShare, type VolumeSharing } from './shared-volume.ts'
import type { NodePlatform } from '../platform.ts'
import type { PostOffice } from '../programs/post-office.ts'
import { readRootKey } from '../root-key-store.ts'
import { type NodeSettings, writeSettings } from '../settings.ts'

type TreeParts = Pick<OpenTree, 'keys' | 'keeper'>
/** What of a node's tree is shared with others. */
export type PeersTree = TreeParts & TreeToShare & Pick<OpenTree, 'settings'> & Partial<Pick<OpenTree, 'programs'>>

/** Whether and how the node is among others. What goes wrong there never keeps it from its own tree. */
export class NodePeers {
  readonly #platform: NodePlatform
  readonly #clock: Clock
  #network: PeerNetwork | null = null
  #problem: string | null = null
  /** How far the owner lets it go; until that is known its local networks. */
  #reach: Reach | null = null
  #keeper: DriveKeeper | null = null
  #unfollow: (() => void) | null = null
  /** Nodes whose newest state was fetched. */
  #replaced: ReplacedNode[] = []
  #sharing: VolumeSharing | null = null
  #first: FirstMeeting | null = null
  #late: LateFriends | null = null
  #post: PostOffice | null = null
  /** Starting and stopping, one after the other. */
  #changing: Promise<void> = Promise.resolve()

  /** What is open, for when a phone that rested wakes. */
  #tree: PeersTree | null = null

  constructor(platform: NodePlatform) {
    this.#platform = platform
    this.#clock = platform.clock ?? systemClock
    platform.power?.watch(() => {
      if (this.#tree !== null) void this.follow(this.#tree)
    })
  }

  /** Begins in the background where the owner wants it and the platform can. Never throws. */
  follow(tree: PeersTree): Promise<void> {
    this.#reach = tree.settings.reach
    this.#tree = tree
    this.#changing = this.#changing.then(() => (tree.settings.peersOn && this.#mayRun ? this.#start(tree) : this.#stop()))
    return this.#changing
  }

  async set(tree: PeersTree, on: boolean): Promise<void> {
    tree.settings.peersOn = on
    await writeSettings(tree.platform.data, tree.settings)
    await this.follow(tree)
  }

  /** How far it goes for others; what runs is begun anew. */
  async reach(tree: PeersTree, reach: Reach | null): Promise<void> {
    tree.settings.reach = reach
    await writeSettings(tree.platform.data, tree.settings)
    this.#changing = this.#changing.then(() => this.#stop())
    await this.follow(tree)
  }

  status({ settings }: PeersTree): PeersStatus {
    const network = this.#network
    return {
      on: settings.peersOn,
      reach: settings.reach && { ...settings.reach, start: [...settings.reach.start], announce: [...settings.reach.announce] },
      running: network !== null,
      self: network === null ? null : principalToText(network.host.self),
      addresses: network?.host.addresses() ?? [],
      problem: this.#problem,
      peers: network?.peers().map((peer) => peerInfo(peer, network)) ?? [],
    }
  }

  /** A phone at rest is not among others. */
  get #mayRun(): boolean {
    return this.#platform.power?.isConnected ?? true
  }

  /** Null when it does not run. */
  get network(): PeerNetwork | null {
    return this.#network
  }

  /** What the owner's other nodes have and could not be brought here yet. */
  get missingBlocks(): number {
    return this.#sharing?.mirror.missing ?? 0
  }

  /** All that the owner's other nodes have, as far as they were heard of, is here. */
  get isMirrored(): boolean {
    return this.#sharing?.mirror.isDone ?? true
  }

  /** @throws HoltError PEER_UNREACHABLE when it does not run. */
  running(): PeerNetwork {
    if (this.#network !== null) return this.#network
    const problem = this.#mayRun ? this.#problem : 'the phone rests, or its line is none that you allow'
    const why = problem === null ? '' : ` (${problem})`
    throw new HoltError('PEER_UNREACHABLE', `this node is not among others now${why}: see \`holt peers\``)
  }

  /** Also while it is starting. Never throws. */
  close(): Promise<void> {
    this.#tree = null
    this.#changing = this.#changing.then(() => this.#stop())
    return this.#changing
  }

  /**
   * Asks friends for what they keep of an owner whose keys are all that is left, and makes it known to the keeper. From then on the node is among
   * others, also before its tree is open.
   *
   * @throws HoltError PEER_UNREACHABLE when no friend answered; of the platform.
   */
  async recover(parts: TreeParts, { at, signal }: { at: readonly string[]; signal?: AbortSignal }): Promise<FoundAtFriends> {
    this.#changing = this.#changing.then(() => this.#begin(parts))
    await this.#changing
    const { crypto, log } = this.#platform
    const options = { network: this.running(), crypto, clock: this.#clock, owner: parts.keys.principal.publicKey }
    const recovery = new Recovery({
      ...options,
      sealKey: parts.keys.relationsKey,
      warn: (text) => log('warn', text),
      ...(signal ? { signal } : {}),
    })
    const found = await findAtFriends(recovery, { keeper: parts.keeper, disk: this.#platform.data, at })
    await keepLateFriends(this.#platform.data, found.late)
    this.#replaced = recovery.nodes()
    return found
  }

  /**
   * What other nodes of the owner had apart from the newest version becomes part of it. Before the tree is shared.
   *
   * @returns false when some of it cannot be read now.
   */
  async joinApart({ wholeVolume, keys }: Pick<OpenTree, 'wholeVolume' | 'keys'>, lines: readonly Uint8Array[]): Promise<RecoveredApart> {
    const { crypto, data, log } = this.#platform
    return joinRecovered({
      volume: wholeVolume,
      lines,
      crypto,
      clock: this.#clock,
      disk: data,
      keys: { owner: keys.principal, node: this.running().host.self },
      warn: (text) => log('warn', text),
    })
  }

  /** What was found is durable here: friends need not keep the copies of nodes that are no more. */
  async recovered(): Promise<void> {
    if (this.#replaced.length > 0) await this.#network?.newest?.replace(this.#replaced)
    this.#replaced = []
  }

  /**
   * Before the tree is open when what it needs for that may lie with friends only. Packs that a missing drive had and that the keeper did not come to
   * write down before the power went are made known to it: where they were given is written down with each. Never throws.
   */
  async openEarly(parts: TreeParts, { peersOn, reach }: NodeSettings): Promise<void> {
    this.#reach = reach
    if (!peersOn || !parts.keeper.isLacking) return
    this.#changing = this.#changing.then(() => this.#begin(parts))
    await this.#changing
    await parts.keeper.believe(this.#network?.fragments?.packs() ?? [])
  }

  async #start(tree: PeersTree): Promise<void> {
    await this.#begin(tree)
    const network = this.#network
    if (network !== null && this.#sharing === null) this.#sharing = await this.#share(network, tree)
    if (network !== null && this.#first === null) {
      this.#first = new FirstMeeting(tree.platform.data, network)
      this.#first.start()
    }
    if (network !== null && this.#late === null) {
      const { keeper, platform } = tree
      this.#late = new LateFriends({
        disk: platform.data,
        network,
        keeper,
        clock: this.#clock,
        warn: (text) => platform.log('warn', text),
      })
      this.#late.start()
    }
    if (network !== null) await this.#shareFolders(network, tree)
    this.#post = tree.programs?.post ?? null
    if (network !== null) this.#post?.connect(network)
    const giver = network?.newest?.giver
    if (giver === undefined || this.#unfollow !== null) return
    giver.follow(storeSource(tree.store))
    this.#unfollow = tree.store.onChange((what) => (what === 'commit' ? giver.committed() : this.#network?.fragments?.spreading.soon()))
  }

  /** Never throws. */
  async #share(network: PeerNetwork, tree: PeersTree): Promise<VolumeSharing | null> {
    return shareVolume(network, tree).catch((error: unknown) => {
      this.#platform.log('warn', `files are not shared with your other nodes: ${toHoltError(error).message}`)
      return null
    })
  }

  /** Never throws. */
  async #shareFolders(network: PeerNetwork, tree: PeersTree): Promise<void> {
    await network.shareFolders(sharedFolders(tree)).catch((error: unknown) => {
      this.#platform.log('warn', `no folders are shared with friends: ${toHoltError(error).message}`)
    })
  }

  async #begin({ keys, keeper }: TreeParts): Promise<void> {
    const { startHost, data, crypto, steadyMs, log } = this.#platform
    if (this.#network !== null || !startHost) return
    try {
      const nodeSeed = await openNodeKey(data, crypto)
      this.#network = await PeerNetwork.start({
        startHost,
        disk: data,
        crypto,
        clock: this.#clock,
        ...(steadyMs ? { steadyMs } : {}),
        keys: { owner: keys.principal, node: { seed: nodeSeed, publicKey: crypto.ed25519PublicKey(nodeSeed) } },
        relationsKey: keys.relationsKey,
        rootKey: () => readRootKey(this.#platform),
        // beside the node's own: what friends give must not be taken for it
        fragments: { source: keeperSource(keeper, keys.storage.publicKey), heldDisk: data },
        reach: this.#reach,
        warn: (text) => log('warn', text),
      })
      keeper.askElsewhere(this.#network.fragments?.elsewhere() ?? null)
      this.#keeper = keeper
      this.#problem = null
    } catch (error) {
      this.#problem = toHoltError(error).message
      log('warn', `other nodes cannot be reached: ${this.#problem}`)
    }
  }

  async #stop(): Promise<void> {
    const network = this.#network
    this.#network = null
    this.#post?.disconnect()
    this.#post = null
    this.#unfollow?.()
    this.#unfollow = null
    this.#keeper?.askElsewhere(null)
    this.#keeper = null
    const late = this.#late
    this.#late = null
    await network
      ?.stop()
      .catch((error: unknown) => this.#platform.log('warn', `the network did not end well: ${toHoltError(error).message}`))
    await late?.stop()
    await this.#first?.stop()
    this.#first = null
    await this.#sharing?.end()
    this.#sharing = null
  }
}
