import { equalBytes } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError, isHoltError, toHoltError } from '@holt/core/errors.ts'
import { readTwice, writeTwice } from '@holt/core/kept-twice.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import { InTurn } from '../in-turn.ts'
import type { Handlers } from '../rpc/responder.ts'
import type { AskNode } from './block-asker.ts'
import type { ClusterMethods } from './cluster-protocol.ts'
import { Election, type ElectionAnswer, type ElectionAsk, type ElectionMessage, type ElectionState } from './election.ts'
import { compareTokens, Fences, type FencingToken, type Lease, LeaseTable, LONGEST_LEASE_MS } from './leases.ts'
import {
  decodeElection,
  decodeVoters,
  encodeElection,
  encodeVoters,
  isNewer,
  type SignedVoters,
  signVoters,
  termsFrom,
  verifyVoters,
} from './voters.ts'

export interface LeadershipOptions {
  disk: Disk
  crypto: Crypto
  clock: Clock
  /** Milliseconds of a clock that only goes on, whatever is said of the time of day. */
  steadyMs: () => number
  keys: { owner: KeyPair; node: KeyPair }
  callerOf(node: Principal): AskNode
  /** The owner's other nodes. */
  others(): Principal[]
  /** The voters are new: others are to be told. */
  onVoters(): void
  warn: (text: string) => void
}

const VOTERS_FILE = 'cluster/voters'
const STATE_FILE = 'cluster/election'
const ASK_MS = 4000
const LEASE_MS = 8000

/** Runs the election among the owner's nodes, and grants or asks for leases. Without voters nobody leads, and there are no leases. */
export class Leadership {
  readonly fences: Fences
  readonly #options: LeadershipOptions
  readonly #turns = new InTurn()
  #voters: SignedVoters | null = null
  #saved: ElectionState = { term: 0, votedFor: null }
  #election: Election | null = null
  #table: { term: number; leases: LeaseTable } | null = null
  #callOff: () => void = () => {}
  #stopped = false

  private constructor(options: LeadershipOptions) {
    this.#options = options
    this.fences = new Fences(options.keys.node.publicKey)
  }

  /** A node that does not know what it has voted votes no more, until its owner says anew who votes. */
  static async open(options: LeadershipOptions): Promise<Leadership> {
    const leadership = new Leadership(options)
    await options.disk.makeFolder('cluster')
    try {
      const voters = await readTwice(options.disk, VOTERS_FILE)
      if (voters !== null) leadership.#voters = decodeVoters(voters.content)
      const state = await readTwice(options.disk, STATE_FILE)
      if (state !== null) leadership.#saved = decodeElection(state.content)
      if (leadership.#voters !== null) leadership.#begin(leadership.#voters)
    } catch (error) {
      if (!isHoltError(error) || !['MALFORMED', 'UNSUPPORTED_VERSION', 'TOO_LARGE'].includes(error.code)) throw error
      options.warn(`what this node remembers of the election of a leader is damaged: ${error.message}`)
    }
    return leadership
  }

  stop(): Promise<void> {
    this.#stopped = true
    this.#callOff()
    return this.#turns.run(async () => {})
  }

  get voters(): SignedVoters | null {
    return this.#voters
  }

  get term(): number {
    return this.#election?.state.term ?? 0
  }

  /** Null when nobody is known to lead now. */
  get leader(): Principal | null {
    return this.#election?.leader(this.#options.steadyMs()) ?? null
  }

  get isLeading(): boolean {
    return this.#election?.isLeading(this.#options.steadyMs()) ?? false
  }

  /** Those that hold, as far as this node has heard. */
  leases(): Lease[] {
    return this.fences.list(this.#options.steadyMs())
  }

  /** The owner says who votes; one alone is the primary. Durable here when it resolves, and told to the others. */
  setVoters(nodes: readonly Principal[]): Promise<void> {
    const { crypto, keys } = this.#options
    return this.#turns.run(() => this.#take(signVoters(crypto, keys.owner, { seq: (this.#voters?.seq ?? 0) + 1, nodes })))
  }

  /** @throws HoltError for what are no voters of the owner. */
  async hearVoters(content: Uint8Array | null): Promise<void> {
    if (content === null) return
    const { crypto, keys } = this.#options
    const voters = decodeVoters(content)
    if (!isNewer(voters, this.#voters)) return
    verifyVoters(crypto, voters, keys.owner.publicKey)
    await this.#turns.run(() => this.#take(voters))
  }

  async #take(voters: SignedVoters): Promise<void> {
    if (!isNewer(voters, this.#voters)) return
    await writeTwice(this.#options.disk, VOTERS_FILE, encodeVoters(voters))
    this.#begin(voters)
    this.#options.onVoters()
  }

  #begin(voters: SignedVoters): void {
    const { keys, steadyMs, crypto, others } = this.#options
    this.#voters = voters
    const saved = this.#election?.state ?? this.#saved
    const state = saved.term < termsFrom(voters) ? { term: termsFrom(voters), votedFor: null } : saved
    const random = (): number => (crypto.randomBytes(1)[0] as number) / 256
    this.#election = new Election({ self: keys.node.publicKey, voters: voters.nodes, state, nowMs: steadyMs(), random, listeners: others })
    this.#table = null
    this.#wake()
  }

  #wake(): void {
    this.#callOff()
    if (this.#stopped || this.#election === null) return
    const waitMs = Math.max(1, this.#election.nextMs() - this.#options.steadyMs())
    this.#callOff = this.#options.clock.after(waitMs, () => void this.#tick())
  }

  async #tick(): Promise<void> {
    await this.#turns
      .run(() => this.#then((election) => election.tick(this.#options.steadyMs())))
      .catch((error: unknown) => this.#told(error))
    this.#wake()
  }

  /** What follows from a step is sent when the state is durable. */
  async #then(step: (election: Election) => ElectionMessage[]): Promise<void> {
    const election = this.#election
    if (election === null || this.#stopped) return
    const messages = step(election)
    await this.#save(election)
    this.#tableOf(election)
    for (const message of messages) void this.#ask(election, message)
  }

  async #save({ state }: Election): Promise<void> {
    const { term, votedFor } = this.#saved
    const sameVote = state.votedFor === null || votedFor === null ? state.votedFor === votedFor : equalBytes(state.votedFor, votedFor)
    if (state.term === term && sameVote) return
    await writeTwice(this.#options.disk, STATE_FILE, encodeElection(state))
    this.#saved = state
  }

  /** Never throws: who does not answer says nothing. */
  async #ask(election: Election, { to, ask }: ElectionMessage): Promise<void> {
    const { steadyMs, callerOf } = this.#options
    const sentMs = steadyMs()
    try {
      const answer = await callerOf(to).call('elect', { ...ask, voters: this.#voters?.seq ?? 0 }, { withinMs: ASK_MS })
      await this.#turns.run(() =>
        this.#then((now) => (now === election ? election.answered(to, ask, answer, { sentMs, nowMs: steadyMs() }) : [])),
      )
      this.#wake()
    } catch (error) {
      this.#told(error)
    }
  }

  #told(error: unknown): void {
    if (!isHoltError(error)) throw error
    if (['IO_FAILED', 'DISK_FULL'].includes(error.code)) this.#options.warn(`the election of a leader: ${error.message} (${error.code})`)
  }

  handlers(): Pick<Handlers<ClusterMethods>, 'elect' | 'lease' | 'release' | 'fence' | 'fenceOver'> {
    return {
      elect: (peer, { voters, kind, term }) => this.#turns.run(() => this.#asked(peer, { kind, term }, voters)),
      lease: (peer, wanted) => ({ lease: this.#grant({ ...wanted, holder: peer }) }),
      release: (peer, { path, token }) => this.#released(peer, path, token),
      fence: (_peer, { lease }) => {
        this.fences.learn(lease, this.#options.steadyMs())
        return {}
      },
      fenceOver: (_peer, { path, token }) => {
        this.fences.forget(path, token)
        return {}
      },
    }
  }

  async #asked(peer: Principal, ask: ElectionAsk, seq: number): Promise<ElectionAnswer> {
    const election = this.#election
    // others know other voters: a vote of one is none of the other
    if (election === null || seq !== this.#voters?.seq) return { yes: false, term: 0 }
    const answer = election.asked(peer, ask, this.#options.steadyMs())
    await this.#save(election)
    this.#wake()
    return answer
  }

  /** @throws HoltError CONFLICT when it is not to be had, or this node does not lead. */
  #grant(wanted: { path: string; lastsMs: number; holder: Principal }): Lease {
    const nowMs = this.#options.steadyMs()
    const election = this.#election
    const table = election?.isLeading(nowMs) ? this.#tableOf(election) : null
    if (table === null) throw new HoltError('CONFLICT', 'this node does not lead now')
    const lease = table.grant(wanted, nowMs)
    this.fences.learn(lease, nowMs)
    this.#tell(wanted.holder, (node) => node.call('fence', { lease }, { withinMs: ASK_MS }))
    return lease
  }

  /** All but the holder. Who is not reached goes on without a lease, as it may, or waits for its end. */
  #tell(holder: Principal, what: (node: AskNode) => Promise<unknown>): void {
    for (const node of this.#options.others()) if (!equalBytes(node, holder)) void this.#telling(node, what).catch(() => {})
  }

  async #telling(node: Principal, what: (node: AskNode) => Promise<unknown>): Promise<void> {
    await what(this.#options.callerOf(node))
  }

  /** Begins with the term: what was granted in earlier ones must be over first. Null when this node is no leader. */
  #tableOf({ role, state: { term } }: Election): LeaseTable | null {
    if (role !== 'leader') return null
    if (this.#table?.term !== term) this.#table = { term, leases: new LeaseTable({ term, nowMs: this.#options.steadyMs() }) }
    return this.#table.leases
  }

  #released(peer: Principal, path: string, token: FencingToken): Record<string, never> {
    const held = this.#table?.leases.list(this.#options.steadyMs()).find((one) => one.path === path)
    if (held === undefined || !equalBytes(held.holder, peer) || compareTokens(held.token, token) !== 0) return {}
    this.#table?.leases.release(path, token)
    this.fences.forget(path, token)
    this.#tell(peer, (node) => node.call('fenceOver', { path, token }, { withinMs: ASK_MS }))
    return {}
  }

  /**
   * The lease of a path for this node, or the same for longer.
   *
   * @throws HoltError CONFLICT when another has it, or nobody leads; of the way to the leader.
   */
  async acquire(path: string, lastsMs = LONGEST_LEASE_MS): Promise<Lease> {
    const { leader } = this
    const askedMs = this.#options.steadyMs()
    if (leader === null) throw new HoltError('CONFLICT', 'nobody leads your nodes now: no leases are granted')
    const self = this.#options.keys.node.publicKey
    const wanted = { path, lastsMs: Math.min(lastsMs, LONGEST_LEASE_MS) }
    const lease = equalBytes(leader, self)
      ? this.#grant({ ...wanted, holder: self })
      : (await this.#options.callerOf(leader).call('lease', wanted, { withinMs: LEASE_MS })).lease
    if (!equalBytes(lease.holder, self) || lease.path !== path || lease.lastsMs > LONGEST_LEASE_MS)
      throw new HoltError('MALFORMED', 'a lease of something else')
    // time counts from when it was asked for
    if (!this.fences.learn(lease, askedMs)) throw new HoltError('CONFLICT', 'a newer lease is known here', { path })
    return lease
  }

  async release({ path, token }: Pick<Lease, 'path' | 'token'>): Promise<void> {
    this.fences.forget(path, token)
    const { leader } = this
    const self = this.#options.keys.node.publicKey
    if (leader === null) return
    if (equalBytes(leader, self)) this.#released(self, path, token)
    else
      await this.#options
        .callerOf(leader)
        .call('release', { path, token }, { withinMs: LEASE_MS })
        .catch((error: unknown) => void toHoltError(error))
  }
}
