import { HoltError, toHoltError } from '@holt/core/errors.ts'
import { optional, record, text } from '@holt/core/shape.ts'
import type { Effects } from '@holt/kernel/program-runner.ts'
import { fieldOf, pack, type Parcel, unpack } from '@holt/sandbox/parcel.ts'
import type { PageAnswer, PageLineEvents } from '../../platform.ts'
import { costOf, type Outgoing, ProgramStream, type StreamEnd } from './program-stream.ts'

/** Where its owner sets no other number. */
export const MOST_STREAMS = 100
/** Of one message, either way. */
export const MAX_MESSAGE_BYTES = 256 << 10
/** What waits for one reader, and for all of a program's: more is refused until some of it went. */
export const MAX_WAITING_BYTES = 1 << 20
export const MAX_WAITING_OF_ALL_BYTES = 8 << 20

export interface ProgramStreamsOptions {
  /** Open at once. */
  most: number
  deliver(name: string, body: Uint8Array): Promise<Uint8Array>
  /** Never the same again, also after a restart: a program may have kept the name of one that is gone. */
  newId(): string
  warn(line: string): void
}

/** Which streams a use of the power is about. */
export type Target = { stream: string } | { tag: string }

const openShape = optional(record({ tag: optional(text({ maxBytes: 256 })) }))

/** That an answer stays open. @throws HoltError MALFORMED */
export function openOf(parcel: Parcel): { tag: string } | null {
  const open = fieldOf(parcel, 'open', openShape)
  return open === undefined ? null : { tag: open.tag ?? '' }
}

/**
 * The open answers and WebSockets of one program. They live in the node: a vat may be ended between two deliveries, and go on with them in the next.
 * What a delivery sends goes when what it changed is kept, in the order of deliveries; what comes is a delivery each, one after the other of each stream.
 */
export class ProgramStreams implements Effects {
  readonly totals = { sentBytes: 0, receivedBytes: 0 }
  readonly #options: ProgramStreamsOptions
  readonly #streams = new Map<string, ProgramStream>()
  /** Of the turn now; null between turns. */
  #asked: [ProgramStream, Outgoing][] | null = null
  readonly #refused = new Set<ProgramStream>()
  /** That which the request, whose turn it is, could keep open. */
  #answering: ProgramStream | null = null
  #isStopped = false

  constructor(options: ProgramStreamsOptions) {
    this.#options = options
  }

  get openCount(): number {
    return [...this.#streams.values()].filter(({ counts }) => counts).length
  }

  /** Those that the program can send to. */
  list(tag: string | null): ProgramStream[] {
    return [...this.#streams.values()].filter(
      (stream) => stream.counts && stream.isThere && (tag === null || (tag !== '' && stream.tag === tag)),
    )
  }

  /** For a request; `withdraw` or `open` follows. @throws HoltError LIMIT_REACHED for a WebSocket when too many are open. */
  offer(isWebSocket: boolean): ProgramStream {
    if (isWebSocket && this.openCount >= this.#options.most) throw this.#tooMany()
    const stream = new ProgramStream(this.#options.newId(), isWebSocket)
    this.#streams.set(stream.id, stream)
    return stream
  }

  /** The turn of the request has come. */
  answering(stream: ProgramStream): void {
    this.#answering = stream
  }

  /** The request was answered, and that is all. */
  withdraw(stream: ProgramStream): void {
    stream.over({ code: 1006, reason: '' })
    this.#streams.delete(stream.id)
  }

  /** The request was answered, which is kept, with one that stays open. @throws HoltError LIMIT_REACHED when too many are; the program is told. */
  open(stream: ProgramStream): NonNullable<PageAnswer['open']> {
    if (stream.state !== 'promised') throw this.#tooMany()
    return (line) => {
      this.totals.sentBytes += stream.open(line)
      return this.#eventsOf(stream)
    }
  }

  /** The program is stopped: it is told no more. */
  stop(): void {
    this.#isStopped = true
  }

  begin(): void {
    this.#asked = []
    this.#refused.clear()
    this.#answering = null
  }

  take(answer: Uint8Array | null): ReturnType<Effects['take']> {
    const [asked, refused] = [this.#asked ?? [], [...this.#refused]]
    this.#asked = null
    if (answer !== null && this.#answering !== null) this.#promise(this.#answering, answer)
    for (const stream of refused) stream.isWanted = true
    return {
      done: () => {
        for (const [stream, outgoing] of asked) this.totals.sentBytes += stream.act(outgoing)
        if (refused.length > 0) this.#tellDrained()
      },
      undone: () => {
        for (const [stream, outgoing] of asked) stream.release(outgoing)
        this.#tellDrained()
      },
    }
  }

  drop(): void {
    for (const [stream, outgoing] of this.#asked ?? []) stream.release(outgoing)
    this.#asked = null
    this.#tellDrained()
  }

  /** @returns how many it goes to, and those that have too much before them already. @throws HoltError NOT_FOUND, TOO_LARGE, LIMIT_REACHED for a single one. */
  ask(target: Target, outgoing: Outgoing): { sent: number; full: string[] } {
    if (this.#asked === null) throw new HoltError('NOT_AUTHORIZED', 'this is done within a delivery only')
    if (outgoing.what === 'send' && outgoing.bytes.length > MAX_MESSAGE_BYTES)
      throw new HoltError('TOO_LARGE', `a message has at most ${MAX_MESSAGE_BYTES} bytes`, { limit: MAX_MESSAGE_BYTES })
    const full: string[] = []
    let sent = 0
    let waiting = this.#waitingBytes
    const cost = costOf(outgoing)
    for (const stream of 'tag' in target ? this.list(target.tag) : [this.#get(target.stream)]) {
      if (outgoing.what === 'send' && (stream.waitingBytes + cost > MAX_WAITING_BYTES || waiting + cost > MAX_WAITING_OF_ALL_BYTES)) {
        this.#refused.add(stream)
        full.push(stream.id)
        continue
      }
      stream.hold(outgoing)
      this.#asked.push([stream, outgoing])
      waiting += cost
      sent++
    }
    if ('stream' in target && sent === 0)
      throw new HoltError('LIMIT_REACHED', 'the other end has not taken what was sent before', { limit: 'stream' })
    return { sent, full }
  }

  #tooMany(): HoltError {
    return new HoltError('LIMIT_REACHED', `${this.#options.most} streams of this program are open already`, { limit: 'streams' })
  }

  get #waitingBytes(): number {
    let bytes = 0
    for (const { waitingBytes } of this.#streams.values()) bytes += waitingBytes
    return bytes
  }

  #get(id: string): ProgramStream {
    const stream = this.#streams.get(id)
    if (stream === undefined || !stream.isThere || (!stream.counts && stream !== this.#answering))
      throw new HoltError('NOT_FOUND', 'this stream is not open')
    return stream
  }

  /** From here on deliveries find it, also those whose turn comes before this one is kept. */
  #promise(stream: ProgramStream, answer: Uint8Array): void {
    let open: { tag: string } | null = null
    try {
      open = openOf(unpack(answer))
    } catch {
      return // whoever answers the request finds that, too
    }
    if (open === null || stream.state !== 'offered') return
    stream.tag = open.tag
    if (this.openCount < this.#options.most) stream.state = 'promised'
    else this.#over(stream, { code: 1013, reason: 'too many are open' })
  }

  #eventsOf(stream: ProgramStream): PageLineEvents {
    return {
      message: (bytes, isText) => {
        if (stream.isClosing || stream.state !== 'open') return
        this.totals.receivedBytes += bytes.length
        if (!stream.take({ bytes, text: isText })) stream.cutOff(1008, 'too much at once')
        else void this.#tell(stream)
      },
      drained: () => this.#tellDrained(),
      closed: (code, reason) => this.#over(stream, { code, reason }),
    }
  }

  #over(stream: ProgramStream, end: StreamEnd): void {
    stream.over(end)
    void this.#tell(stream)
    this.#tellDrained()
  }

  /** Who was refused hears that there is room: for it, and for all. */
  #tellDrained(): void {
    if (this.#waitingBytes > MAX_WAITING_OF_ALL_BYTES / 2) return
    for (const stream of this.#streams.values()) {
      if (!stream.isWanted || stream.waitingBytes > 0) continue
      stream.isWanted = false
      stream.isDrained = true
      void this.#tell(stream)
    }
  }

  /** What has come, then that there is room, then that it is over. */
  async #tell(stream: ProgramStream): Promise<void> {
    if (stream.isTelling) return
    stream.isTelling = true
    const head = { stream: stream.id, tag: stream.tag }
    while (!this.#isStopped) {
      const message = stream.next()
      if (message !== undefined) {
        if (!(await this.#deliver('stream.message', pack({ ...head, text: message.text }, message.bytes))))
          stream.cutOff(1011, 'the program failed')
      } else if (stream.end !== null) {
        const { code, reason } = stream.end
        stream.end = null
        await this.#deliver('stream.closed', pack({ ...head, code, reason }))
        this.#streams.delete(stream.id)
        return
      } else if (stream.isDrained) {
        stream.isDrained = false
        await this.#deliver('stream.drained', pack(head))
      } else break
    }
    stream.isTelling = false
  }

  async #deliver(name: string, body: Uint8Array): Promise<boolean> {
    try {
      await this.#options.deliver(name, body)
      return true
    } catch (caught) {
      const { message, code } = toHoltError(caught)
      if (!this.#isStopped) this.#options.warn(`${name}: ${message} (${code})`)
      return false
    }
  }
}
