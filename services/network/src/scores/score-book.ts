import { toHex } from '@holt/core/bytes.ts'
import type { Disk } from '@holt/core/disk.ts'
import { isHoltError, toHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { type Clock, nowSeconds } from '@holt/store/fragments/clock.ts'
import { answered, newScore, passed, proved, type Score } from './score.ts'
import { decodeScores, encodeScores, MOST_SCORES } from './score-record.ts'

export interface ScoreBookOptions {
  disk: Disk
  clock: Clock
  /** Nodes that are paired now; of others nothing is kept. */
  nodes: () => readonly { node: Principal }[]
  /** This node has a network; while it has none nobody is measured. */
  isOnline: () => boolean
  warn: (text: string) => void
}

const FILE = 'scores'
const WRITE_EVERY_MS = 10 * 60_000
/** Between two looks at a node lies less; where it is more, this node was off, or its clock was set: of that time nothing is known. */
const LONGEST_STRETCH_MS = 20 * 60_000

/**
 * How it goes with each paired node: whether it is reached, what it proves, how fast it answers. Time in which this node was off, or had no
 * network, says nothing of others. When a line is cut further away, that cannot be told from the others being off: then it counts as that, which
 * trusts them too little and never too much; but nobody is silent while nobody else is heard either. What was measured in the last minutes may be
 * lost with the power.
 */
export class ScoreBook {
  readonly #options: ScoreBookOptions
  readonly #scores = new Map<string, Score>()
  /** When each was looked at last, since this node started. */
  readonly #lookedMs = new Map<string, number>()
  readonly #seenMs = new Map<string, number>()
  #metSomebodyMs = Number.NEGATIVE_INFINITY
  #isChanged = false
  #callOff: () => void = () => {}
  #stopped = false
  #writing: Promise<void> = Promise.resolve()

  private constructor(options: ScoreBookOptions) {
    this.#options = options
  }

  /** A file that is damaged is told and begun anew: it says what will be measured again. */
  static async open(options: ScoreBookOptions): Promise<ScoreBook> {
    const book = new ScoreBook(options)
    try {
      const file = await options.disk.readFile(FILE)
      for (const score of file === null ? [] : decodeScores(file)) book.#scores.set(toHex(score.node), score)
    } catch (error) {
      if (!isHoltError(error)) throw error
      options.warn(`how it went with other nodes is not readable and is measured anew: ${error.message} (${error.code})`)
    }
    book.#next()
    return book
  }

  /** What was measured last is durable when it resolves. Never throws. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#callOff()
    await this.#writing
    await this.#write()
  }

  /** Null of whom nothing was measured. */
  get(node: Principal): Score | null {
    return this.#scores.get(toHex(node)) ?? null
  }

  /** When it was met last since this node started. */
  seenMs(node: Principal): number | null {
    return this.#seenMs.get(toHex(node)) ?? null
  }

  /** It is there. @param tookMs how long it took to answer; null when it asked by itself. */
  met(node: Principal, tookMs: number | null = null): void {
    this.#metSomebodyMs = this.#options.clock.nowMs()
    this.#seenMs.set(toHex(node), this.#metSomebodyMs)
    this.#look(node, true)
    if (tookMs !== null && tookMs >= 0 && tookMs <= LONGEST_STRETCH_MS) this.#change(node, (score) => answered(score, tookMs))
  }

  /** It was not reached. */
  missed(node: Principal): void {
    this.#look(node, false)
  }

  /** It was asked to prove a part of what it keeps. */
  proved(node: Principal, isGiven: boolean): void {
    this.#change(node, (score) => proved(score, isGiven))
  }

  #look(node: Principal, isReached: boolean): void {
    const now = this.#options.clock.nowMs()
    const ms = now - (this.#lookedMs.get(toHex(node)) ?? Number.NEGATIVE_INFINITY)
    this.#lookedMs.set(toHex(node), now)
    // the first look only begins a stretch, but who is there is not silent
    const isKnown = ms >= 0 && ms <= LONGEST_STRETCH_MS && (isReached || this.#options.isOnline())
    const isSilent = Math.abs(now - this.#metSomebodyMs) <= LONGEST_STRETCH_MS
    this.#change(node, (score) => passed(score, isKnown ? Math.round(ms) : 0, { isReached, isSilent }))
  }

  #change(node: Principal, change: (score: Score) => Score): void {
    const known = this.#scores.get(toHex(node)) ?? newScore(node.slice(), Math.max(0, nowSeconds(this.#options.clock)))
    this.#scores.set(toHex(node), change(known))
    this.#isChanged = true
  }

  #next(): void {
    if (this.#stopped) return
    this.#callOff = this.#options.clock.after(WRITE_EVERY_MS, () => {
      this.#writing = this.#write().finally(() => this.#next())
    })
  }

  async #write(): Promise<void> {
    if (!this.#isChanged) return
    this.#isChanged = false
    try {
      const paired = new Set(this.#options.nodes().map(({ node }) => toHex(node)))
      for (const name of this.#scores.keys()) if (!paired.has(name)) this.#scores.delete(name)
      await this.#options.disk.replaceFile(FILE, encodeScores([...this.#scores.values()].slice(0, MOST_SCORES)))
    } catch (error) {
      this.#isChanged = true
      this.#options.warn(`how it goes with other nodes could not be written down: ${toHoltError(error).message}`)
    }
  }
}
