import { equalBytes, toHex } from '@holt/core/bytes.ts'
import type { Principal } from '@holt/core/principal.ts'

/**
 * Who leads the nodes of one owner, decided by a majority of its voters; with one voter, the owner's declared primary, that one leads whenever it runs.
 * No input or output: what happens comes in, what is to be asked comes out. All times are of a clock that only goes on, each node its own.
 *
 * | role | is |
 * |---|---|
 * | follower | has a leader, or waits for one |
 * | asking | nobody leads; asks whether others would vote for it, which binds nobody and changes no term |
 * | candidate | has voted for itself in a new term and asks for votes |
 * | leader | has the votes of a majority; leads while a majority has answered lately |
 *
 * A voter that has heard of a leader votes for nobody else for `PROMISE_MS`. A leader counts `LEAD_MS`, which is less, from when it sent what was
 * answered. So two never lead at once, as long as no clock runs faster than another by more than the difference.
 */
export type Role = 'follower' | 'asking' | 'candidate' | 'leader'

/** Durable before any answer or request that follows from it is sent. */
export interface ElectionState {
  /** Each has one leader at most. */
  term: number
  votedFor: Principal | null
}

export type ElectionAsk = { kind: 'would' | 'vote' | 'lead'; term: number }
export interface ElectionAnswer {
  yes: boolean
  term: number
}
export interface ElectionMessage {
  to: Principal
  ask: ElectionAsk
}

export const PROMISE_MS = 6000
export const LEAD_MS = 5000
export const HEARTBEAT_MS = 1500
const MOST_TERM = 2 ** 40

export interface ElectionOptions {
  self: Principal
  voters: readonly Principal[]
  state: ElectionState
  nowMs: number
  /** Who does not vote, and is told all the same who leads. */
  listeners?: () => readonly Principal[]
  /** 0 to 1: nodes that wake at once would vote for themselves at once. */
  random: () => number
}

export class Election {
  state: ElectionState
  role: Role = 'follower'
  readonly #self: Principal
  readonly #voters: readonly Principal[]
  readonly #random: () => number
  readonly #listeners: () => readonly Principal[]
  /** Until when this node votes for nobody but the leader it heard of. */
  #promisedUntil: number
  #leader: Principal | null = null
  #askAt: number
  #yes = new Set<string>()
  /** Of each voter, when the newest request that it has answered was sent. */
  #answered = new Map<string, number>()
  #beatAt = 0

  /** A node that starts may have promised something before: it waits that long. */
  constructor({ self, voters, state, nowMs, random, listeners = () => [] }: ElectionOptions) {
    this.#listeners = listeners
    this.#self = self
    this.#voters = voters
    this.state = state
    this.#random = random
    this.#promisedUntil = nowMs + PROMISE_MS
    this.#askAt = this.#later(nowMs)
  }

  /** Null when nobody is known to lead now. */
  leader(nowMs: number): Principal | null {
    if (this.role === 'leader') return this.isLeading(nowMs) ? this.#self : null
    return nowMs < this.#promisedUntil ? this.#leader : null
  }

  /** No other node leads, for certain. */
  isLeading(nowMs: number): boolean {
    return this.role === 'leader' && nowMs < this.#ledFrom(nowMs) + LEAD_MS
  }

  /** When to call `tick` at the latest. */
  nextMs(): number {
    return this.role === 'leader' ? this.#beatAt : this.#askAt
  }

  /** Time has passed. @returns what to ask; the answers come to `answered`. */
  tick(nowMs: number): ElectionMessage[] {
    if (this.role === 'leader') {
      if (!this.isLeading(nowMs)) this.#follow(nowMs)
      else if (nowMs < this.#beatAt) return []
      else {
        this.#beatAt = nowMs + HEARTBEAT_MS
        return this.#others('lead', this.state.term)
      }
    }
    if (nowMs < this.#askAt) return []
    this.#askAt = this.#later(nowMs)
    if (nowMs < this.#promisedUntil || !this.#isVoter(this.#self)) return []
    this.role = 'asking'
    this.#yes = new Set([toHex(this.#self)])
    if (this.#isMajority(this.#yes.size)) return this.#stand(nowMs)
    return this.#others('would', this.state.term + 1)
  }

  /** @returns the answer, to be given when `state` is durable. */
  asked(from: Principal, { kind, term }: ElectionAsk, nowMs: number): ElectionAnswer {
    const no = (): ElectionAnswer => ({ yes: false, term: this.state.term })
    if (!this.#isVoter(from) || term > MOST_TERM) return no()
    if (kind === 'lead') return term < this.state.term ? no() : this.#heard(from, term, nowMs)
    const isFree = nowMs >= this.#promisedUntil && !this.isLeading(nowMs)
    const isNew = term > this.state.term || (term === this.state.term && this.#hasVote(from))
    if (!isFree || !isNew) return no()
    if (kind === 'vote') {
      if (term > this.state.term) this.#follow(nowMs)
      this.state = { term, votedFor: from }
      // whoever may lead by this vote is not voted out before it could say so
      this.#promise(nowMs)
    }
    return { yes: true, term: this.state.term }
  }

  /** @param sentMs when it was asked. @returns what to ask next, when `state` is durable. */
  answered(
    from: Principal,
    { kind, term: asked }: ElectionAsk,
    { yes, term }: ElectionAnswer,
    times: { sentMs: number; nowMs: number },
  ): ElectionMessage[] {
    const { sentMs, nowMs } = times
    if (!this.#isVoter(from)) return []
    if (!yes && term > this.state.term && term <= MOST_TERM) {
      this.state = { term, votedFor: null }
      if (this.role !== 'follower') this.#follow(nowMs)
      return []
    }
    if (!yes) return []
    if (kind === 'lead' && this.role === 'leader' && asked === this.state.term) this.#answeredAt(from, sentMs)
    if (kind === 'would' && this.role === 'asking' && asked === this.state.term + 1) {
      this.#yes.add(toHex(from))
      if (this.#isMajority(this.#yes.size)) return this.#stand(nowMs)
    }
    if (kind === 'vote' && this.role === 'candidate' && asked === this.state.term) {
      this.#yes.add(toHex(from))
      this.#answeredAt(from, sentMs)
      if (this.#isMajority(this.#yes.size)) return this.#lead(nowMs)
    }
    return []
  }

  #stand(nowMs: number): ElectionMessage[] {
    this.role = 'candidate'
    this.#leader = null
    this.state = { term: this.state.term + 1, votedFor: this.#self }
    this.#yes = new Set([toHex(this.#self)])
    this.#answered = new Map()
    if (this.#isMajority(1)) return this.#lead(nowMs)
    return this.#others('vote', this.state.term)
  }

  #lead(nowMs: number): ElectionMessage[] {
    this.role = 'leader'
    this.#leader = this.#self
    this.#beatAt = nowMs + HEARTBEAT_MS
    return this.#others('lead', this.state.term)
  }

  #heard(from: Principal, term: number, nowMs: number): ElectionAnswer {
    if (this.role !== 'follower' && !(this.role === 'leader' && term === this.state.term)) this.#follow(nowMs)
    if (term > this.state.term) this.state = { term, votedFor: null }
    this.#leader = from
    this.#promise(nowMs)
    return { yes: true, term }
  }

  #promise(nowMs: number): void {
    this.#promisedUntil = nowMs + PROMISE_MS
    this.#askAt = this.#later(this.#promisedUntil)
  }

  #follow(nowMs: number): void {
    this.role = 'follower'
    this.#leader = null
    this.#askAt = this.#later(nowMs)
  }

  #hasVote(from: Principal): boolean {
    return this.state.votedFor === null || equalBytes(this.state.votedFor, from)
  }

  #isVoter(node: Principal): boolean {
    return this.#voters.some((one) => equalBytes(one, node))
  }

  #isMajority(count: number): boolean {
    return count * 2 > this.#voters.length
  }

  #answeredAt(from: Principal, sentMs: number): void {
    const key = toHex(from)
    this.#answered.set(key, Math.max(this.#answered.get(key) ?? Number.NEGATIVE_INFINITY, sentMs))
  }

  /** The newest moment at which a majority had not yet promised itself to somebody else. */
  #ledFrom(nowMs: number): number {
    const self = toHex(this.#self)
    const times = this.#voters.map((voter) =>
      toHex(voter) === self ? nowMs : (this.#answered.get(toHex(voter)) ?? Number.NEGATIVE_INFINITY),
    )
    times.sort((a, b) => b - a)
    return times[Math.floor(this.#voters.length / 2)] ?? Number.NEGATIVE_INFINITY
  }

  #later(fromMs: number): number {
    return fromMs + PROMISE_MS / 4 + this.#random() * PROMISE_MS
  }

  #others(kind: ElectionAsk['kind'], term: number): ElectionMessage[] {
    const to = this.#voters.filter((voter) => !equalBytes(voter, this.#self))
    if (kind === 'lead') to.push(...this.#listeners().filter((node) => !this.#isVoter(node)))
    return to.map((one) => ({ to: one, ask: { kind, term } }))
  }
}
