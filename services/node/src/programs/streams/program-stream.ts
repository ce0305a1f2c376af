import type { PageLine } from '../../platform.ts'

/** One message, also an empty one, takes this much beside its bytes. */
const MESSAGE_COST_BYTES = 64
/** Of the other end, not delivered yet; it is not read from after the first of them, so that these came in one piece. */
const MOST_INCOMING = 1024

/** What a program wants done with a stream. */
export type Outgoing = { what: 'send'; bytes: Uint8Array; text: boolean } | { what: 'close'; code: number; reason: string }

export interface Incoming {
  bytes: Uint8Array
  text: boolean
}

export interface StreamEnd {
  code: number
  reason: string
}

/**
 * One open answer, or WebSocket, of a program.
 *
 * | state | what is true |
 * |---|---|
 * | offered | a request told its name; what is sent to it waits in `#early` |
 * | promised | the delivery answered that it stays open, which is being kept; it counts, and is found by its tag |
 * | open | it has a line |
 * | over | it is no more; the program is still to be told, and it counts until then |
 */
export class ProgramStream {
  readonly id: string
  readonly isWebSocket: boolean
  tag = ''
  state: 'offered' | 'promised' | 'open' | 'over' = 'offered'
  /** How it ended, while the program has not been told. */
  end: StreamEnd | null = null
  /** The program was refused to send more, and is to be told when it may. */
  isWanted = false
  isDrained = false
  /** The program closed it; nothing more is sent. */
  isClosing = false
  /** The program is being told something of it. */
  isTelling = false
  readonly incoming: Incoming[] = []
  #line: PageLine | null = null
  #early: Outgoing[] = []
  /** Of what deliveries asked for that is not kept yet, and of what is early. */
  #heldBytes = 0

  constructor(id: string, isWebSocket: boolean) {
    this.id = id
    this.isWebSocket = isWebSocket
  }

  get counts(): boolean {
    return this.state !== 'offered'
  }

  /** Whether a program can do something with it. */
  get isThere(): boolean {
    return this.state !== 'over' && !this.isClosing
  }

  get waitingBytes(): number {
    return this.#heldBytes + (this.#line?.waitingBytes ?? 0)
  }

  /** A delivery asks for it; `act` or `release` follows. */
  hold(outgoing: Outgoing): void {
    this.#heldBytes += costOf(outgoing)
    if (outgoing.what === 'close') this.isClosing = true
  }

  /** What was held is not to be done. */
  release(outgoing: Outgoing): void {
    this.#heldBytes -= costOf(outgoing)
    if (outgoing.what === 'close') this.isClosing = false
  }

  /** What was held is kept, so it is done. @returns bytes that were sent. */
  act(outgoing: Outgoing): number {
    if (this.#line === null && this.state !== 'over') {
      this.#early.push(outgoing)
      return 0
    }
    this.#heldBytes -= costOf(outgoing)
    if (this.#line === null) return 0
    if (outgoing.what === 'close') {
      this.#line.close(outgoing.code, outgoing.reason)
      return 0
    }
    this.#line.send(outgoing.bytes, outgoing.text)
    return outgoing.bytes.length
  }

  /** @returns bytes that waited for it and were sent. */
  open(line: PageLine): number {
    this.state = 'open'
    this.#line = line
    let bytes = 0
    for (const outgoing of this.#early.splice(0)) bytes += this.act(outgoing)
    return bytes
  }

  /** @returns false when the other end sends more than is taken. */
  take(message: Incoming): boolean {
    this.incoming.push(message)
    if (this.isTelling) this.#line?.pause()
    return this.incoming.length <= MOST_INCOMING
  }

  next(): Incoming | undefined {
    const message = this.incoming.shift()
    if (this.incoming.length === 0) this.#line?.resume()
    return message
  }

  /** What came and was not delivered is dropped. */
  cutOff(code: number, reason: string): void {
    this.incoming.length = 0
    this.isClosing = true
    this.#line?.close(code, reason)
  }

  over(end: StreamEnd): void {
    if (this.state === 'over') return
    this.state = 'over'
    this.end = end
    this.isWanted = false
    this.#line = null
    for (const outgoing of this.#early.splice(0)) this.release(outgoing)
  }
}

export function costOf(outgoing: Outgoing): number {
  return MESSAGE_COST_BYTES + (outgoing.what === 'send' ? outgoing.bytes.length : 0)
}
