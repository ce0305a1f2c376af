import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import { type Deferred, deferred } from '../deferred.ts'
import type { Link, Links } from '../links.ts'

export interface SimulatedNetworkOptions {
  clock: Clock
  /** Numbers in 0…1. */
  random: () => number
  /** One way, drawn for each piece. */
  latencyMs?: readonly [number, number]
  /** What may be under way or unread in one direction of a stream. */
  windowBytes?: number
  /** How many of all pieces that are written arrive as they were written, and not cut anywhere: 0…1. */
  wholePieces?: number
}

/** Links between nodes that are all in this process: late, cut into pieces anywhere, sometimes broken, and nothing left to chance. */
export class SimulatedNetwork {
  readonly clock: Clock
  readonly random: () => number
  readonly latencyMs: readonly [number, number]
  readonly windowBytes: number
  readonly wholePieces: number
  readonly #nodes = new Map<string, SimulatedLinks>()
  readonly #cut = new Set<string>()
  readonly #streams = new Set<Stream>()
  /** Lines that are so many times as slow. */
  readonly #slow = new Map<string, number>()

  constructor({ clock, random, latencyMs = [1, 20], windowBytes = 256 << 10, wholePieces = 0.5 }: SimulatedNetworkOptions) {
    this.clock = clock
    this.random = random
    this.latencyMs = latencyMs
    this.windowBytes = windowBytes
    this.wholePieces = wholePieces
  }

  node(self: Principal): SimulatedLinks {
    const node = new SimulatedLinks(this, self)
    this.#nodes.set(toHex(self), node)
    return node
  }

  /** It is gone, and every stream of it breaks. */
  remove(self: Principal): void {
    this.#nodes.delete(toHex(self))
    this.disconnect(self)
  }

  /** Every stream of it breaks. */
  disconnect(self: Principal): void {
    for (const stream of this.#streams) if (equalBytes(stream.from, self) || equalBytes(stream.to, self)) stream.break()
  }

  find(peer: Principal): SimulatedLinks | null {
    return this.#nodes.get(toHex(peer)) ?? null
  }

  /** Nothing passes between two nodes; what is under way arrives when they are joined again, unless the stream broke. */
  cut(a: Principal, b: Principal): void {
    this.#cut.add(pairOf(a, b))
  }

  join(a: Principal, b: Principal): void {
    this.#cut.delete(pairOf(a, b))
    for (const stream of this.#streams) stream.wake()
  }

  isCut(a: Principal, b: Principal): boolean {
    return this.isCutPair(pairOf(a, b))
  }

  /** Some stream is open between the two. */
  isConnected(a: Principal, b: Principal): boolean {
    const pair = pairOf(a, b)
    return [...this.#streams].some((stream) => stream.pair === pair)
  }

  isCutPair(pair: string): boolean {
    return this.#cut.size > 0 && this.#cut.has(pair)
  }

  /** Every stream between two nodes breaks, as when a connection is reset. */
  reset(a: Principal, b: Principal): void {
    const pair = pairOf(a, b)
    for (const stream of this.#streams) if (stream.pair === pair) stream.break()
  }

  /** Bytes that are under way or unread, for tests that say how many may be. */
  get heldBytes(): number {
    return [...this.#streams].reduce((sum, stream) => sum + stream.heldBytes, 0)
  }

  /** From now on everything between two nodes takes so many times as long; 1: as before. */
  slow(a: Principal, b: Principal, times: number): void {
    if (times === 1) this.#slow.delete(pairOf(a, b))
    else this.#slow.set(pairOf(a, b), times)
  }

  latency(from: Principal, to: Principal): number {
    const [least, most] = this.latencyMs
    const times = this.#slow.size === 0 ? 1 : (this.#slow.get(pairOf(from, to)) ?? 1)
    return (least + Math.floor(this.random() * (most - least + 1))) * times
  }

  /** @returns the two ends of a new stream. */
  connect(from: Principal, to: Principal): [Link, Link] {
    const [there, back] = [new Stream(this, from, to), new Stream(this, to, from)]
    for (const stream of [there, back]) {
      this.#streams.add(stream)
      void stream.over.promise.then(() => this.#streams.delete(stream))
    }
    return [new SimulatedLink(to, { in: back, out: there }), new SimulatedLink(from, { in: there, out: back })]
  }
}

export class SimulatedLinks implements Links {
  readonly self: Principal
  readonly #network: SimulatedNetwork
  readonly #takers = new Map<string, (link: Link) => void>()

  constructor(network: SimulatedNetwork, self: Principal) {
    this.#network = network
    this.self = self
  }

  async open(peer: Principal, protocol: string, options: { signal?: AbortSignal } = {}): Promise<Link> {
    await new Promise<void>((resolve) => void this.#network.clock.after(this.#network.latency(this.self, peer), resolve))
    if (options.signal?.aborted) throw new HoltError('CANCELLED', 'cancelled')
    const other = this.#network.find(peer)
    if (!other || this.#network.isCut(this.self, peer)) throw new HoltError('PEER_UNREACHABLE', 'there is no way to the peer')
    const take = other.#takers.get(protocol)
    if (!take) throw new HoltError('UNSUPPORTED_VERSION', `the peer does not speak ${protocol}`)
    const [mine, theirs] = this.#network.connect(this.self, peer)
    take(theirs)
    return mine
  }

  handle(protocol: string, onLink: (link: Link) => void): () => void {
    this.#takers.set(protocol, onLink)
    return () => void this.#takers.delete(protocol)
  }
}

/** One direction. Pieces arrive in order, each after its latency; null is the end. */
class Stream {
  readonly from: Principal
  readonly to: Principal
  readonly pair: string
  readonly over: Deferred<void> = deferred()
  readonly #network: SimulatedNetwork
  readonly #arrived: (Uint8Array | null)[] = []
  readonly #underWay: { atMs: number; piece: Uint8Array | null }[] = []
  #lastMs = 0
  #closed = false
  /** `error` is what the reader sees, `givenUp` what the writer does. */
  #error: Error | null = null
  #givenUp: Error | null = null
  #reader: Deferred<Uint8Array | null> | null = null
  readonly #writers: Deferred<void>[] = []
  heldBytes = 0

  constructor(network: SimulatedNetwork, from: Principal, to: Principal) {
    this.#network = network
    this.from = from
    this.to = to
    this.pair = pairOf(from, to)
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (const piece of this.#pieces(bytes)) {
      while (this.heldBytes > 0 && this.heldBytes + piece.length > this.#network.windowBytes && !this.#error && !this.#givenUp) {
        const room = deferred<void>()
        this.#writers.push(room)
        await room.promise
      }
      this.#send(piece)
    }
  }

  end(): void {
    if (this.#closed || this.#error || this.#givenUp) return
    this.#send(null)
    this.#closed = true
  }

  async read(): Promise<Uint8Array | null> {
    if (this.#reader) throw new TypeError('one read at a time')
    const first = this.#arrived.shift()
    if (first !== undefined) return this.#taken(first)
    if (this.#error) throw this.#error
    this.#reader = deferred()
    return this.#reader.promise
  }

  fail(error: Error): void {
    if (this.#error) return
    this.#error = error
    this.heldBytes = 0
    this.#arrived.length = this.#underWay.length = 0
    this.#reader?.reject(error)
    this.#reader = null
    for (const writer of this.#writers.splice(0)) writer.resolve()
    this.over.resolve()
  }

  break(): void {
    this.fail(new HoltError('PEER_UNREACHABLE', 'the connection was reset'))
  }

  /** The writing end was aborted: what was written is on its way, then the other end sees a broken stream. */
  giveUp(error: Error): void {
    if (this.#error || this.#givenUp) return
    this.#givenUp = error
    for (const writer of this.#writers.splice(0)) writer.resolve()
    const delayMs = Math.max(this.#lastMs - this.#network.clock.nowMs(), 0) + this.#network.latency(this.from, this.to)
    void this.#network.clock.after(delayMs, () => {
      if (!this.#closed) this.break()
    })
  }

  /** Something may arrive now. */
  wake(): void {
    if (this.#network.isCutPair(this.pair)) return
    const now = this.#network.clock.nowMs()
    while (this.#underWay[0] && this.#underWay[0].atMs <= now) this.#arrive((this.#underWay.shift() as { piece: Uint8Array | null }).piece)
  }

  #pieces(bytes: Uint8Array): Uint8Array[] {
    const pieces: Uint8Array[] = []
    for (let at = 0; at < bytes.length; ) {
      const whole = this.#network.random() < this.#network.wholePieces
      const size = whole ? bytes.length - at : 1 + Math.floor(this.#network.random() * (bytes.length - at))
      const end = at + Math.min(size, 64 << 10)
      pieces.push(bytes.slice(at, end))
      at = end
    }
    return pieces
  }

  #send(piece: Uint8Array | null): void {
    if (this.#givenUp) throw this.#givenUp
    if (this.#error) throw new HoltError('PEER_UNREACHABLE', 'the connection was reset')
    if (this.#closed) throw new HoltError('PEER_UNREACHABLE', 'the stream was closed')
    const now = this.#network.clock.nowMs()
    this.#lastMs = Math.max(this.#lastMs, now + this.#network.latency(this.from, this.to))
    this.heldBytes += piece?.length ?? 0
    this.#underWay.push({ atMs: this.#lastMs, piece })
    void this.#network.clock.after(this.#lastMs - now, () => this.wake())
  }

  #arrive(piece: Uint8Array | null): void {
    if (!this.#reader) return void this.#arrived.push(piece)
    const reader = this.#reader
    this.#reader = null
    reader.resolve(this.#taken(piece))
  }

  #taken(piece: Uint8Array | null): Uint8Array | null {
    if (piece === null) {
      this.#arrived.push(null)
      this.over.resolve()
    } else this.heldBytes -= piece.length
    for (const writer of this.#writers.splice(0)) writer.resolve()
    return piece
  }
}

class SimulatedLink implements Link {
  readonly peer: Principal
  readonly #streams: { in: Stream; out: Stream }

  constructor(peer: Principal, streams: { in: Stream; out: Stream }) {
    this.peer = peer
    this.#streams = streams
  }

  read(): Promise<Uint8Array | null> {
    return this.#streams.in.read()
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#streams.out.write(bytes)
  }

  async close(): Promise<void> {
    this.#streams.out.end()
  }

  abort(error: Error): void {
    this.#streams.in.fail(error)
    this.#streams.out.giveUp(error)
  }
}

function pairOf(a: Principal, b: Principal): string {
  return [toHex(a), toHex(b)].sort().join(' ')
}
