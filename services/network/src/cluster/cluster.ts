import { equalBytes, toHex, utf8 } from '@holt/core/bytes.ts'
import type { Cid } from '@holt/core/cid.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError, isHoltError, toHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { type Clock, nowSeconds } from '@holt/store/fragments/clock.ts'
import type { BlockSource } from '@holt/store/missing-blocks.ts'
import type { Joined, JoinPlan } from '@holt/tree/merge/join.ts'
import type { Links } from '../links.ts'
import { Caller } from '../rpc/caller.ts'
import type { Guests } from '../rpc/guests.ts'
import { type Handlers, serve } from '../rpc/responder.ts'
import { type AskNode, BlockAsker } from './block-asker.ts'
import { ANSWER_BYTES, type ClusterMethods, clusterProtocol } from './cluster-protocol.ts'
import { Leadership } from './leadership.ts'
import type { FencingToken } from './leases.ts'
import { encodeLine, type SignedLine } from './line.ts'
import { LineBook } from './line-book.ts'
import { LineTaker } from './line-taker.ts'
import { MAX_PATH_BYTES, MergedBook, type MergedFile } from './merged-book.ts'
import { NodeNames } from './node-names.ts'
import { encodeVoters } from './voters.ts'

/** The volume that the nodes share, as this node has it. */
export interface ClusterVolume {
  readonly id: Uint8Array
  readonly head: Uint8Array | null
  join(plan: (head: Uint8Array) => Promise<JoinPlan | null>): Promise<Joined>
  readAhead(plan: JoinPlan): Promise<() => void>
  watch(listener: () => void): () => void
  /** Asked before each change of a path that is made here: what it throws refuses the change. */
  guard: ((path: string, token: FencingToken | null) => void) | null
}

/** What this node itself has of blocks. */
export interface ClusterBlocks {
  /** @returns null when it is not here. */
  getHere(cid: Cid, options: { signal?: AbortSignal }): Promise<{ sealed: Uint8Array; redundancyClass: string } | null>
}

export interface ClusterOptions {
  links: Links
  /** The data folder, for `cluster/`. */
  disk: Disk
  crypto: Crypto
  clock: Clock
  /** Milliseconds of a clock that only goes on; that of the thread when it is left out. */
  steadyMs?: () => number
  keys: { owner: KeyPair; node: KeyPair }
  guests: Guests
  volume: ClusterVolume
  blocks: ClusterBlocks
  /** Whose node it is. @throws HoltError NOT_AUTHORIZED, CAP_REVOKED */
  ownerOf: (peer: Principal) => Principal
  /** All nodes of partners. */
  nodes: () => { owner: Principal; node: Principal }[]
  /** Contents that others have and this node may not have yet; also called without any when something was taken in. */
  onChunks: (cids: readonly Cid[]) => void
  /** Whether the owner sees this path: the owner is told what becomes of it, and a lease is of such paths alone. */
  isShown: (path: string) => boolean
  /** Files of which only one node's content could stand, here or on another node; each once. */
  onMerged: (files: readonly MergedFile[]) => void
  warn: (text: string) => void
  onFault: (method: string, error: HoltError) => void
}

/** A volume as its node hands it over. */
export type VolumeToShare = Pick<ClusterOptions, 'volume' | 'blocks' | 'onChunks' | 'isShown' | 'onMerged'>

/** Another node of the owner, and where it stands. */
export interface ClusterNode {
  node: Principal
  /** Null until it was heard of. */
  line: SignedLine | null
  heardMs: number | null
  /** A code: why it was not reached the last time. */
  problem: string | null
}

const LINE_MS = 20_000
const AGAIN_MS = 15_000

/**
 * One volume on several nodes of its owner. Each commits for itself and says where it stands; what came of the others is taken in, and merged where
 * both went on. All end with the same head when they hear of each other.
 */
export class Cluster {
  readonly source: BlockSource
  readonly leadership: Leadership
  readonly names: NodeNames
  readonly #options: ClusterOptions
  readonly #merged: MergedBook
  readonly #taker: LineTaker
  readonly #callers = new Map<string, AskNode>()
  readonly #known = new Map<string, ClusterNode>()
  readonly #stops: (() => void)[] = []
  /** Nodes that are spoken with now, and whether there is more to say. */
  readonly #speaking = new Map<string, { again: boolean }>()
  #callOff: () => void = () => {}
  /** Of files that others merged. */
  #hearing: Promise<void> = Promise.resolve()
  #stopped = false

  private constructor(options: ClusterOptions, parts: { book: LineBook; merged: MergedBook; names: NodeNames; leadership: Leadership }) {
    const { links, clock, guests, onFault, volume } = options
    this.#options = options
    this.#merged = parts.merged
    this.names = parts.names
    this.leadership = parts.leadership
    this.#taker = new LineTaker({
      ...options,
      ...parts,
      others: () => [...this.#known.values()].map(({ line }) => line),
      onJoined: (from, joined) => this.#joined(from, joined),
      onOrder: () => this.soon(),
    })
    const steadyMs = options.steadyMs ?? steadyTime
    volume.guard = (path, token) => {
      // what is removed goes to the trash, which nobody leases
      this.leadership.fences.check(path, options.isShown(path) ? token : null, steadyMs())
    }
    this.source = new BlockAsker({ nodes: () => this.#askable(), callerOf: (node) => this.#callerOf(node) })
    this.#stops.push(serve(links, clusterProtocol, this.#handlers(), { clock, guests, onFault }))
    this.#stops.push(volume.watch(() => this.soon()))
  }

  static async open(options: ClusterOptions): Promise<Cluster> {
    const { disk, crypto, clock, keys, warn, steadyMs = steadyTime } = options
    const [book, merged] = [await LineBook.open(disk, warn), await MergedBook.open(disk, warn)]
    const names = await NodeNames.open(disk, warn)
    let cluster: Cluster | null = null
    const leadership = await Leadership.open({
      disk,
      crypto,
      clock,
      steadyMs,
      keys,
      warn,
      callerOf: (node) => (cluster as Cluster).#callerOf(node),
      others: () => (cluster === null ? [] : cluster.#others()),
      onVoters: () => cluster?.soon(),
    })
    cluster = new Cluster(options, { book, merged, names, leadership })
    cluster.soon()
    return cluster
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#callOff()
    for (const stop of this.#stops) stop()
    this.#options.volume.guard = null
    for (const caller of this.#callers.values()) caller.close()
    await this.leadership.stop()
    await this.#taker.stop()
    await this.#hearing
  }

  /** Where this node stands; null when nothing was said yet. */
  get line(): SignedLine | null {
    return this.#taker.line
  }

  /** What this node says of its newest head is durable when it resolves, where others ever heard of it. */
  async settle(): Promise<void> {
    if (this.#options.volume.head !== null && (this.line !== null || this.#others().length > 0)) await this.#taker.own()
  }

  /** Of late, oldest first: files of which only one node's content could stand. */
  get merged(): readonly MergedFile[] {
    return this.#merged.list()
  }

  /** How the owner calls this node: durable here when it resolves, and told to the others. */
  async setName(name: string): Promise<void> {
    await this.names.setSelf(name)
    this.soon()
  }

  /** The other nodes of the owner. */
  nodes(): ClusterNode[] {
    return this.#others().map((node) => this.#nodeOf(node))
  }

  /** Says to all others where this node stands: something is new, or somebody came back. */
  soon(): void {
    if (this.#stopped) return
    this.#callOff()
    this.#callOff = this.#options.clock.after(AGAIN_MS, () => this.soon())
    for (const node of this.#others()) this.#speak(node)
  }

  /** This node was reached just now. */
  met(node: Principal): void {
    if (!this.#stopped && this.#others().some((one) => equalBytes(one, node))) this.#speak(node)
  }

  #others(): Principal[] {
    const { nodes, keys } = this.#options
    const mine = nodes().filter(({ owner, node }) => equalBytes(owner, keys.owner.publicKey) && !equalBytes(node, keys.node.publicKey))
    return mine.map(({ node }) => node)
  }

  /** Who was reached the last time first. */
  #askable(): Principal[] {
    const others = this.#others().map((node) => this.#nodeOf(node))
    return others.sort((a, b) => Number(a.problem !== null) - Number(b.problem !== null)).map(({ node }) => node)
  }

  #nodeOf(node: Principal): ClusterNode {
    const key = toHex(node)
    const known = this.#known.get(key) ?? { node, line: null, heardMs: null, problem: null }
    this.#known.set(key, known)
    return known
  }

  #callerOf(node: Principal): AskNode {
    const { links, clock } = this.#options
    const key = toHex(node)
    const known = this.#callers.get(key) ?? new Caller(links, node, clusterProtocol, { clock })
    this.#callers.set(key, known)
    return known
  }

  #speak(node: Principal): void {
    const key = toHex(node)
    const speaking = this.#speaking.get(key)
    if (speaking) {
      speaking.again = true
      return
    }
    const now = { again: false }
    this.#speaking.set(key, now)
    void this.#exchange(node).finally(() => {
      this.#speaking.delete(key)
      if (now.again && !this.#stopped) this.#speak(node)
    })
  }

  /** Never throws. */
  async #exchange(node: Principal): Promise<void> {
    const known = this.#nodeOf(node)
    try {
      const own = await this.#taker.own()
      const answer = await this.#callerOf(node).call('line', this.#word(own), { withinMs: LINE_MS })
      known.problem = null
      await this.names.hear(node, answer.name)
      await this.leadership.hearVoters(answer.voters)
      this.#hear(node, answer.line)
    } catch (error) {
      known.problem = toHoltError(error).code
    }
  }

  /** What others are told whenever they are spoken with. */
  #word(own: SignedLine): { line: Uint8Array; voters: Uint8Array | null; name: string } {
    const { voters } = this.leadership
    return { line: encodeLine(own), voters: voters === null ? null : encodeVoters(voters), name: this.names.self }
  }

  #handlers(): Handlers<ClusterMethods> {
    const { elect, lease, release, fence, fenceOver } = this.leadership.handlers()
    const mine = <In, Out>(handle: (peer: Principal, request: In, options: { signal: AbortSignal }) => Out) => {
      return (peer: Principal, request: In, options: { signal: AbortSignal }): Out => {
        this.#mustBeMine(peer)
        return handle(peer, request, options)
      }
    }
    return {
      elect: mine(elect),
      lease: mine(lease),
      release: mine(release),
      fence: mine(fence),
      fenceOver: mine(fenceOver),
      line: async (peer, { line, voters, name }) => {
        this.#mustBeMine(peer)
        const own = this.line ?? (await this.#taker.own())
        await this.leadership.hearVoters(voters)
        await this.names.hear(peer, name)
        this.#hear(peer, line)
        return this.#word(own)
      },
      merged: async (peer) => {
        this.#mustBeMine(peer)
        return { files: [...this.merged] }
      },
      blocks: async (peer, { cids }, { signal }) => {
        this.#mustBeMine(peer)
        return { blocks: await this.#blocks(cids, signal) }
      },
    }
  }

  #mustBeMine(peer: Principal): void {
    const { ownerOf, keys } = this.#options
    if (!equalBytes(ownerOf(peer), keys.owner.publicKey)) throw new HoltError('NOT_AUTHORIZED', 'only nodes of one owner share volumes')
  }

  async #blocks(cids: readonly Cid[], signal: AbortSignal) {
    const blocks: ({ sealed: Uint8Array; class: string } | null)[] = []
    let size = 0
    for (const cid of cids) {
      const found = await this.#options.blocks.getHere(cid, { signal })
      size += found?.sealed.length ?? 0
      if (blocks.length > 0 && size > ANSWER_BYTES) break
      blocks.push(found === null ? null : { sealed: found.sealed, class: found.redundancyClass })
    }
    return blocks
  }

  /** @throws HoltError for what is no line of the owner. */
  #hear(peer: Principal, bytes: Uint8Array): void {
    const { clock } = this.#options
    const known = this.#nodeOf(peer)
    const isNew = known.line === null || !equalBytes(encodeLine(known.line), bytes)
    const line = isNew ? this.#taker.check(bytes) : (known.line as SignedLine)
    Object.assign(known, { line, heardMs: clock.nowMs() })
    this.#taker.take(peer, line)
  }

  /** What this node merged the others hear of when they take it in; what it took in may have been merged there. */
  async #joined(from: Principal, { how, conflicts }: Joined): Promise<void> {
    if (how === 'kept') return
    const { clock, keys, isShown, onChunks } = this.#options
    // with older versions, of which nothing is told one by one
    onChunks([])
    const told = conflicts.filter(({ path }) => isShown(path) && utf8(path).length <= MAX_PATH_BYTES)
    await this.#tell(told.map(({ path }) => ({ path, at: nowSeconds(clock), by: keys.node.publicKey })))
    this.soon()
    this.#hearing = this.#hearing.then(() => this.#hearMerged(from))
  }

  /** Never throws: it is asked again when it has something new. */
  async #hearMerged(node: Principal): Promise<void> {
    try {
      const { files } = await this.#callerOf(node).call('merged', {}, { withinMs: LINE_MS })
      await this.#tell(files.map((file) => ({ ...file, by: file.by.slice() })))
    } catch (error) {
      if (!isHoltError(error)) throw error
    }
  }

  async #tell(files: readonly MergedFile[]): Promise<void> {
    const fresh = await this.#merged.add(files)
    if (fresh.length > 0 && !this.#stopped) this.#options.onMerged(fresh)
  }
}

const steadyTime = (): number => performance.now()
