import { equalBytes, toHex } from '@holt/core/bytes.ts'
import type { Cid } from '@holt/core/cid.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError, isHoltError, toHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { BlockSource } from '@holt/store/missing-blocks.ts'
import { parseHead, verifyHead } from '@holt/tree/caps/head.ts'
import type { Joined, JoinPlan } from '@holt/tree/merge/join.ts'
import type { MergeConflict } from '@holt/tree/merge/merge-directories.ts'
import { InTurn } from '../in-turn.ts'
import type { Links } from '../links.ts'
import { Caller } from '../rpc/caller.ts'
import type { Guests } from '../rpc/guests.ts'
import { type Handlers, serve } from '../rpc/responder.ts'
import { type AskNode, BlockAsker } from './block-asker.ts'
import { ANSWER_BYTES, type ClusterMethods, clusterProtocol } from './cluster-protocol.ts'
import { Leadership } from './leadership.ts'
import type { FencingToken } from './leases.ts'
import {
  compareClocks,
  compareOrder,
  countOf,
  decodeLine,
  encodeLine,
  isKept,
  isStronger,
  joinClocks,
  type Line,
  signLine,
  type SignedLine,
  verifyLine,
} from './line.ts'
import { LineBook } from './line-book.ts'
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
  /** Contents that others have and this node may not have yet. */
  onChunks: (cids: readonly Cid[]) => void
  /** Paths of which only one side's version could stand. */
  onConflicts: (conflicts: readonly MergeConflict[]) => void
  warn: (text: string) => void
  onFault: (method: string, error: HoltError) => void
}

/** A volume as its node hands it over. */
export type VolumeToShare = Pick<ClusterOptions, 'volume' | 'blocks' | 'onChunks' | 'onConflicts'>

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
  readonly #options: ClusterOptions
  readonly #book: LineBook
  readonly #callers = new Map<string, AskNode>()
  readonly #known = new Map<string, ClusterNode>()
  /** What came of others and was not looked at yet: of each the newest. */
  readonly #came = new Map<string, SignedLine>()
  readonly #turns = new InTurn()
  readonly #stops: (() => void)[] = []
  /** Nodes that are spoken with now, and whether there is more to say. */
  readonly #speaking = new Map<string, { again: boolean }>()
  #working: Promise<void> = Promise.resolve()
  #isWorking = false
  #callOff: () => void = () => {}
  #stopped = false

  private constructor(options: ClusterOptions, parts: { book: LineBook; leadership: Leadership }) {
    const { links, clock, guests, onFault, volume } = options
    this.#options = options
    this.#book = parts.book
    this.leadership = parts.leadership
    const steadyMs = options.steadyMs ?? steadyTime
    volume.guard = (path, token) => this.leadership.fences.check(path, token, steadyMs())
    this.source = new BlockAsker({ nodes: () => this.#askable(), callerOf: (node) => this.#callerOf(node) })
    this.#stops.push(serve(links, clusterProtocol, this.#handlers(), { clock, guests, onFault }))
    this.#stops.push(volume.watch(() => this.soon()))
  }

  static async open(options: ClusterOptions): Promise<Cluster> {
    const { disk, crypto, clock, keys, warn, steadyMs = steadyTime } = options
    const book = await LineBook.open(disk, warn)
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
    cluster = new Cluster(options, { book, leadership })
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
    await this.#working
    await this.#turns.run(async () => {})
  }

  /** Where this node stands; null when nothing was said yet. */
  get line(): SignedLine | null {
    const { head } = this.#options.volume
    return head === null ? null : (this.#book.lineOf(head) ?? this.#book.current)
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
      const own = await this.#own()
      const answer = await this.#callerOf(node).call('line', { line: encodeLine(own), voters: this.#voters() }, { withinMs: LINE_MS })
      known.problem = null
      await this.leadership.hearVoters(answer.voters)
      this.#hear(node, answer.line)
    } catch (error) {
      known.problem = toHoltError(error).code
    }
  }

  /** Where this node stands, durably: what was committed here since is counted. */
  #own(): Promise<SignedLine> {
    return this.#turns.run(() => this.#lineOf(this.#options.volume.head as Uint8Array))
  }

  async #lineOf(head: Uint8Array): Promise<SignedLine> {
    const known = this.#book.lineOf(head)
    if (known !== null) return known
    const { keys, clock, crypto } = this.#options
    const before: Line | null = this.#book.current
    const self = keys.node.publicKey
    // others may know of more than this node does, when its data folder is an older copy of itself
    const counted = Math.max(
      countOf(before?.clock ?? [], self),
      ...[...this.#known.values()].map(({ line }) => countOf(line?.clock ?? [], self)),
    )
    const count = Math.max(counted + 1, Math.floor(clock.nowMs()))
    const ordered = this.#ordered(before?.ordered ?? { term: 0, index: 0 })
    const line = { head, clock: joinClocks(before?.clock ?? [], [[self, count]]), ordered }
    const signed = signLine(crypto, keys.owner, line)
    await this.#book.stand(signed)
    return signed
  }

  #voters(): Uint8Array | null {
    const { voters } = this.leadership
    return voters === null ? null : encodeVoters(voters)
  }

  #handlers(): Handlers<ClusterMethods> {
    const { elect, lease, release, fence } = this.leadership.handlers()
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
      line: async (peer, { line, voters }) => {
        this.#mustBeMine(peer)
        const own = this.line ?? (await this.#own())
        await this.leadership.hearVoters(voters)
        this.#hear(peer, line)
        return { line: encodeLine(own), voters: this.#voters() }
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
    const line = isNew ? this.#checked(bytes) : (known.line as SignedLine)
    Object.assign(known, { line, heardMs: clock.nowMs() })
    this.#came.set(toHex(peer), line)
    if (!this.#isWorking) this.#working = this.#work()
  }

  /** @throws HoltError */
  #checked(bytes: Uint8Array): SignedLine {
    const { crypto, keys, volume } = this.#options
    const line = decodeLine(bytes)
    verifyLine(crypto, line, keys.owner.publicKey)
    const head = parseHead(line.head)
    if (!equalBytes(head.volume, volume.id)) throw new HoltError('MALFORMED', 'the line is of another volume')
    verifyHead(crypto, head)
    return line
  }

  /** Never throws. */
  async #work(): Promise<void> {
    this.#isWorking = true
    for (let [next] = this.#came; next !== undefined && !this.#stopped; [next] = this.#came) {
      this.#came.delete(next[0])
      const [, line] = next
      await this.#turns.run(() => this.#take(line)).catch((error: unknown) => this.#failed(error))
    }
    this.#isWorking = false
  }

  /** Whoever cannot be read now is heard of again. */
  #failed(error: unknown): void {
    if (this.#stopped) return
    const { code, message } = toHoltError(error)
    if (!isHoltError(error) || !['BLOCK_NOT_FOUND', 'NODE_STOPPING', 'CANCELLED'].includes(code))
      this.#options.warn(`a version of another node could not be taken in: ${message} (${code})`)
  }

  async #take(line: SignedLine): Promise<void> {
    const { volume, onConflicts, onChunks } = this.#options
    if (await this.#tookOrder(line)) return
    const first = planFor(await this.#lineOf(volume.head as Uint8Array), line, this.#book)
    if (first === null) return
    // not while edits wait
    const release = await volume.readAhead({ ...first, chunks: onChunks })
    const joined = await this.#join(line).finally(release)
    if (joined.conflicts.length > 0) onConflicts(joined.conflicts)
    if (joined.how !== 'kept') this.soon()
  }

  #join(line: SignedLine): Promise<Joined> {
    let next: SignedLine = line
    return this.#options.volume.join(async (head) => {
      const own = await this.#lineOf(head)
      const plan = planFor(own, line, this.#book)
      if (plan === null) return null
      const keep = async (made: Uint8Array): Promise<void> => {
        next = equalBytes(made, line.head) && !this.leadership.isLeading ? line : this.#joined(own, line, made)
        await this.#book.expect(next, own)
      }
      return { ...plan, keep, done: () => this.#book.stand(next) }
    })
  }

  /** What the leader makes or takes in is the next in its order. */
  #ordered(before: Line['ordered']): Line['ordered'] {
    const { leadership } = this
    if (!leadership.isLeading) return before
    return leadership.term > before.term ? { term: leadership.term, index: 1 } : { term: before.term, index: before.index + 1 }
  }

  /** The same head, of which the leader knows more by now. */
  async #tookOrder(line: SignedLine): Promise<boolean> {
    const own = await this.#lineOf(this.#options.volume.head as Uint8Array)
    if (
      !equalBytes(own.head, line.head) ||
      compareClocks(own.clock, line.clock) !== 'alike' ||
      compareOrder(line.ordered, own.ordered) <= 0
    )
      return false
    await this.#book.stand(line)
    this.soon()
    return true
  }

  #joined(own: Line, other: Line, head: Uint8Array): SignedLine {
    const { crypto, keys } = this.#options
    const ordered = this.#ordered(compareOrder(own.ordered, other.ordered) > 0 ? own.ordered : other.ordered)
    return signLine(crypto, keys.owner, { head, clock: joinClocks(own.clock, other.clock), ordered })
  }
}

const steadyTime = (): number => performance.now()

/** What is to be done with what came; null: nothing. Every node decides alike. */
export function planFor(own: Line, came: Line, book: Pick<LineBook, 'common'>): JoinPlan | null {
  const standing = compareClocks(own.clock, came.clock)
  if (standing === 'ahead' || equalBytes(own.head, came.head)) return null
  if (standing === 'alike') return isKept(own, came) ? null : { head: came.head, how: 'adopt' }
  if (standing === 'behind') return { head: came.head, how: 'adopt' }
  return { head: came.head, how: 'merge', bases: book.common(came.clock), wins: isStronger(came, own) ? 'theirs' : 'ours' }
}
