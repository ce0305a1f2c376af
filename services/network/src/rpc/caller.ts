import { HoltError, toHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import { deferred } from '../deferred.ts'
import type { Links } from '../links.ts'
import { CallingStream } from './calling-stream.ts'
import { MAX_WITHIN_MS } from './frame.ts'
import { MemoryBudget } from './memory-budget.ts'
import type { AnswerOf, Methods, Protocol, RequestOf } from './protocol.ts'
import { defaultTiming, type Timing } from './timing.ts'

export interface CallOptions {
  signal?: AbortSignal
  /** The time for all of it, waiting for a turn included. */
  withinMs?: number
}

const DEFAULT_WITHIN_MS = 30_000

/** Asks one peer by one protocol, over one stream that is opened when needed and used for all requests. */
export class Caller<M extends Methods> {
  readonly #links: Links
  readonly #peer: Principal
  readonly #protocol: Protocol<M>
  readonly #clock: Clock
  readonly #timing: Timing
  #stream: Promise<CallingStream> | null = null
  /** One for each request that the peer may have at once. */
  readonly #turns: MemoryBudget
  #closed: HoltError | null = null

  constructor(links: Links, peer: Principal, protocol: Protocol<M>, options: { clock: Clock; timing?: Timing }) {
    this.#links = links
    this.#peer = peer
    this.#protocol = protocol
    this.#clock = options.clock
    this.#timing = options.timing ?? defaultTiming
    this.#turns = new MemoryBudget(protocol.maxOpenRequests)
  }

  /**
   * @throws HoltError what the peer said, with `data.peer`; MALFORMED for an answer that is none; TIMED_OUT, CANCELLED; PEER_UNREACHABLE.
   * After the last three the peer may have done what was asked, or not.
   */
  async call<Name extends keyof M & string>(
    name: Name,
    request: RequestOf<M, Name>,
    options: CallOptions = {},
  ): Promise<AnswerOf<M, Name>> {
    const method = this.#protocol.methods[name]
    if (!method) throw new RangeError(`${this.#protocol.id} has no request ${name}`)
    const limit = new AbortController()
    const { signal, withinMs = DEFAULT_WITHIN_MS } = options
    if (withinMs < 1 || withinMs > MAX_WITHIN_MS) throw new RangeError('the time for a request is out of bounds')
    const endsAtMs = this.#clock.nowMs() + withinMs
    const onAbort = (): void => limit.abort(new HoltError('CANCELLED', 'cancelled'))
    const callOff = this.#clock.after(withinMs, () =>
      limit.abort(new HoltError('TIMED_OUT', `no answer within ${withinMs} ms`, { withinMs })),
    )
    if (signal?.aborted) onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      return (await this.#inTurn(limit.signal, (stream) =>
        stream.request({ name, method, request, withinMs: Math.max(1, Math.ceil(endsAtMs - this.#clock.nowMs())) }, limit.signal),
      )) as AnswerOf<M, Name>
    } finally {
      callOff()
      signal?.removeEventListener('abort', onAbort)
    }
  }

  close(): void {
    this.#closed = new HoltError('CANCELLED', 'the connection was given up')
    void this.#stream?.then((stream) => stream.close()).catch(() => {})
  }

  /** A turn is over when the peer has nothing of the request any more, which may be after the caller has stopped waiting. */
  async #inTurn(signal: AbortSignal, ask: (stream: CallingStream) => { answer: Promise<unknown>; over: Promise<void> }): Promise<unknown> {
    await this.#turns.take(1, signal).catch((error: unknown) => {
      throw signal.aborted ? toHoltError(signal.reason) : error
    })
    const asked = await this.#streamNow(signal)
      .then(ask)
      .catch((error: unknown) => {
        this.#turns.release(1)
        throw error
      })
    void asked.over.then(() => this.#turns.release(1))
    return asked.answer
  }

  async #streamNow(signal: AbortSignal): Promise<CallingStream> {
    if (this.#closed) throw this.#closed
    const known = await this.#stream?.catch(() => null)
    this.#stream = known?.isOpen === true ? this.#stream : (this.#opening ??= this.#open())
    return orAborted(this.#stream as Promise<CallingStream>, signal)
  }

  #opening: Promise<CallingStream> | null = null

  /** Not with the signal of one request: others wait for the same stream. */
  async #open(): Promise<CallingStream> {
    const limit = new AbortController()
    const callOff = this.#clock.after(DEFAULT_WITHIN_MS, () => limit.abort())
    try {
      const link = await this.#links.open(this.#peer, this.#protocol.id, { signal: limit.signal })
      const { maxFrameBytes } = this.#protocol
      return new CallingStream(link, { clock: this.#clock, maxFrameBytes, timing: this.#timing })
    } finally {
      callOff()
      this.#opening = null
    }
  }
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = deferred<never>()
  const onAbort = (): void => aborted.reject(toHoltError(signal.reason))
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
