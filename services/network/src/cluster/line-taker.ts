import { equalBytes, toHex } from '@holt/core/bytes.ts'
import type { Cid } from '@holt/core/cid.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError, isHoltError, toHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import { parseHead, verifyHead } from '@holt/tree/caps/head.ts'
import type { Joined, JoinPlan } from '@holt/tree/merge/join.ts'
import { InTurn } from '../in-turn.ts'
import type { ClusterVolume } from './cluster.ts'
import type { Leadership } from './leadership.ts'
import {
  compareClocks,
  compareOrder,
  countOf,
  decodeLine,
  isKept,
  isStronger,
  joinClocks,
  type Line,
  signLine,
  type SignedLine,
  verifyLine,
} from './line.ts'
import type { LineBook } from './line-book.ts'

export interface LineTakerOptions {
  crypto: Crypto
  clock: Clock
  keys: { owner: KeyPair; node: KeyPair }
  volume: ClusterVolume
  book: LineBook
  leadership: Leadership
  /** Where the others stood when they were last heard. */
  others: () => readonly (SignedLine | null)[]
  onChunks: (cids: readonly Cid[]) => void
  /** The volume is another one now, by what this node said. */
  onJoined: (from: Principal, joined: Joined) => Promise<void>
  /** What stands is the same, and others are to hear of it. */
  onOrder: () => void
  warn: (text: string) => void
}

/** Where this node stands, and what becomes of it when another node's line comes. */
export class LineTaker {
  readonly #options: LineTakerOptions
  /** What came of others and was not looked at yet: of each the newest. */
  readonly #came = new Map<string, { from: Principal; line: SignedLine }>()
  readonly #turns = new InTurn()
  #working: Promise<void> = Promise.resolve()
  #isWorking = false
  #stopped = false

  constructor(options: LineTakerOptions) {
    this.#options = options
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#working
    await this.#turns.run(async () => {})
  }

  /** Null when nothing was said yet. */
  get line(): SignedLine | null {
    const { volume, book } = this.#options
    return volume.head === null ? null : (book.lineOf(volume.head) ?? book.current)
  }

  /** Where this node stands, durably: what was committed here since is counted. */
  own(): Promise<SignedLine> {
    return this.#turns.run(() => this.#lineOf(this.#options.volume.head as Uint8Array))
  }

  /** @throws HoltError for what is no line of the owner. */
  check(bytes: Uint8Array): SignedLine {
    const { crypto, keys, volume } = this.#options
    const line = decodeLine(bytes)
    verifyLine(crypto, line, keys.owner.publicKey)
    const head = parseHead(line.head)
    if (!equalBytes(head.volume, volume.id)) throw new HoltError('MALFORMED', 'the line is of another volume')
    verifyHead(crypto, head)
    return line
  }

  /** A line that was checked: it is taken in soon, in the place of an older one of the same node. */
  take(from: Principal, line: SignedLine): void {
    this.#came.set(toHex(from), { from, line })
    if (!this.#isWorking) this.#working = this.#work()
  }

  /** Never throws. */
  async #work(): Promise<void> {
    this.#isWorking = true
    for (let [next] = this.#came; next !== undefined && !this.#stopped; [next] = this.#came) {
      const [key, { from, line }] = next
      this.#came.delete(key)
      await this.#turns.run(() => this.#take(from, line)).catch((error: unknown) => this.#failed(error))
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

  async #take(from: Principal, line: SignedLine): Promise<void> {
    const { volume, onJoined, onChunks, book } = this.#options
    if (await this.#tookOrder(line)) return
    const first = planFor(await this.#lineOf(volume.head as Uint8Array), line, book)
    if (first === null) return
    // not while edits wait
    const release = await volume.readAhead({ ...first, chunks: onChunks })
    const joined = await this.#join(line).finally(release)
    await onJoined(from, joined)
  }

  #join(line: SignedLine): Promise<Joined> {
    const { volume, book, leadership } = this.#options
    let next: SignedLine = line
    return volume.join(async (head) => {
      const own = await this.#lineOf(head)
      const plan = planFor(own, line, book)
      if (plan === null) return null
      const keep = async (made: Uint8Array): Promise<void> => {
        next = equalBytes(made, line.head) && !leadership.isLeading ? line : this.#joined(own, line, made)
        await book.expect(next, own)
      }
      return { ...plan, keep, done: () => book.stand(next, plan.how === 'merge' ? line : null) }
    })
  }

  async #lineOf(head: Uint8Array): Promise<SignedLine> {
    const { keys, clock, crypto, book, others } = this.#options
    const known = book.lineOf(head)
    if (known !== null) return known
    const before: Line | null = book.current
    const self = keys.node.publicKey
    // others may know of more than this node does, when its data folder is an older copy of itself
    const counted = Math.max(countOf(before?.clock ?? [], self), ...others().map((line) => countOf(line?.clock ?? [], self)))
    const count = Math.max(counted + 1, Math.floor(clock.nowMs()))
    const ordered = this.#ordered(before?.ordered ?? { term: 0, index: 0 })
    const line = { head, clock: joinClocks(before?.clock ?? [], [[self, count]]), ordered }
    const signed = signLine(crypto, keys.owner, line)
    await book.stand(signed)
    return signed
  }

  /** What the leader makes or takes in is the next in its order. */
  #ordered(before: Line['ordered']): Line['ordered'] {
    const { leadership } = this.#options
    if (!leadership.isLeading) return before
    return leadership.term > before.term ? { term: leadership.term, index: 1 } : { term: before.term, index: before.index + 1 }
  }

  /** The same head, of which the leader knows more by now. */
  async #tookOrder(line: SignedLine): Promise<boolean> {
    const { volume, book, onOrder } = this.#options
    const own = await this.#lineOf(volume.head as Uint8Array)
    if (
      !equalBytes(own.head, line.head) ||
      compareClocks(own.clock, line.clock) !== 'alike' ||
      compareOrder(line.ordered, own.ordered) <= 0
    )
      return false
    await book.stand(line)
    onOrder()
    return true
  }

  #joined(own: Line, other: Line, head: Uint8Array): SignedLine {
    const { crypto, keys } = this.#options
    const ordered = this.#ordered(compareOrder(own.ordered, other.ordered) > 0 ? own.ordered : other.ordered)
    return signLine(crypto, keys.owner, { head, clock: joinClocks(own.clock, other.clock), ordered })
  }
}

/** What is to be done with what came; null: nothing. Every node decides alike. */
export function planFor(own: Line, came: Line, book: Pick<LineBook, 'common'>): JoinPlan | null {
  const standing = compareClocks(own.clock, came.clock)
  if (standing === 'ahead' || equalBytes(own.head, came.head)) return null
  if (standing === 'alike') return isKept(own, came) ? null : { head: came.head, how: 'adopt' }
  if (standing === 'behind') return { head: came.head, how: 'adopt' }
  return { head: came.head, how: 'merge', bases: book.common(came.clock), wins: isStronger(came, own) ? 'theirs' : 'ours' }
}
