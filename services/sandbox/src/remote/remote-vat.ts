import { errorFromJson, HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Delivery, DeliveryResult, MemoryRun, Vat, VatEnd, VatOptions, VatSnapshot } from '../types.ts'
import { malformed } from './frames.ts'
import type { FromCage, ToCage } from './protocol.ts'

interface Waiting {
  kind: 'deliver' | 'snapshot'
  resolve: (value: never) => void
  reject: (error: unknown) => void
  runs: MemoryRun[]
  runBytes: number
}

/** One vat of a process that runs programs, seen from the node. */
export class RemoteVat implements Vat {
  readonly opened: Promise<void>
  readonly ended: Promise<VatEnd>
  readonly #number: number
  readonly #options: VatOptions
  readonly #send: (message: ToCage, blobs?: readonly Uint8Array[]) => void
  readonly #waiting = new Map<number, Waiting>()
  readonly #calls = new AbortController()
  #alive = true
  #isGone = false
  #isOpen = false
  #uses = 0
  #logBytes = 0
  #nextId = 1
  #tellOpened!: () => void
  #tellRefused!: (error: unknown) => void
  #tellEnd!: (end: VatEnd) => void

  constructor(number: number, options: VatOptions, send: (message: ToCage, blobs?: readonly Uint8Array[]) => void) {
    this.#number = number
    this.#options = options
    this.#send = send
    this.opened = new Promise((resolve, reject) => {
      this.#tellOpened = resolve
      this.#tellRefused = reject
    })
    this.ended = new Promise((resolve) => {
      this.#tellEnd = resolve
    })
  }

  get alive(): boolean {
    return this.#alive
  }

  /** How many answers it owes. */
  get awaited(): number {
    return this.#waiting.size
  }

  deliver({ name, body, meter, timeMs, now, seed }: Delivery): Promise<DeliveryResult> {
    return this.#ask('deliver', (id) =>
      this.#send(
        { t: 'deliver', vat: this.#number, id, name, meter, timeMs, now, seeded: seed !== undefined },
        seed === undefined ? [body] : [body, seed],
      ),
    )
  }

  snapshot(): Promise<VatSnapshot> {
    return this.#ask('snapshot', (id) => this.#send({ t: 'snapshot', vat: this.#number, id }))
  }

  async end(): Promise<void> {
    if (!this.#isGone) this.#send({ t: 'end', vat: this.#number })
    await this.ended
  }

  #ask<Result>(kind: Waiting['kind'], send: (id: number) => void): Promise<Result> {
    const id = this.#nextId++
    return new Promise<Result>((resolve, reject) => {
      if (!this.#alive) return reject(new HoltError('PROGRAM_ENDED', 'the program is not running'))
      this.#waiting.set(id, { kind, resolve, reject, runs: [], runBytes: 0 })
      send(id)
    })
  }

  /** @throws HoltError MALFORMED for what no vat may say now. */
  take(message: FromCage, blobs: readonly Uint8Array[]): void {
    switch (message.t) {
      case 'opened':
        if (this.#isOpen) throw malformed('a program that began twice')
        this.#isOpen = true
        return this.#tellOpened()
      case 'done':
        return this.#done(message, blobs)
      case 'runs':
        return this.#takeRuns(message, blobs)
      case 'snapshot': {
        const { resolve, runs } = this.#asked(message.id, 'snapshot')
        return resolve({ memoryBytes: message.memoryBytes, state: (blobs[0] as Uint8Array).slice(), runs } as never)
      }
      case 'failed':
        return this.#failed(message)
      case 'call': {
        // it bounds itself to this; what does not is no program but what should keep it
        const { callsAtOnce, messageBytes } = this.#options.limits
        if (!this.#alive) return
        if (this.#uses > callsAtOnce || (blobs[0] as Uint8Array).length > messageBytes)
          throw malformed('more uses of powers than there may be')
        void this.#use(message, blobs[0] as Uint8Array)
        return
      }
      case 'log':
        return this.#log(message)
      case 'ended':
        return this.gone(message.code, message.message)
      case 'ready':
      case 'load':
      case 'prepared':
        throw malformed('what no program says')
    }
  }

  /** It is not running any more. */
  gone(code: VatEnd['code'], message: string): void {
    if (this.#isGone) return
    this.#isGone = true
    this.#alive = false
    this.#calls.abort()
    const error = new HoltError('PROGRAM_ENDED', message)
    this.#tellRefused(error)
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
    this.#tellEnd({ code, message })
  }

  #asked(id: number, kind: Waiting['kind']): Waiting {
    const waiting = this.#waiting.get(id)
    if (waiting?.kind !== kind) throw malformed('an answer to what was not asked')
    this.#waiting.delete(id)
    this.#logBytes = 0
    return waiting
  }

  #done(message: Extract<FromCage, { t: 'done' }>, blobs: readonly Uint8Array[]): void {
    const { meter, timeMs, memoryBytes, changed, removed } = message
    const { resolve } = this.#asked(message.id, 'deliver')
    const changes = [
      ...changed.map((key, index) => ({ key, value: (blobs[index + 1] as Uint8Array).slice() })),
      ...removed.map((key) => ({ key, value: null })),
    ]
    const stored = changes.reduce((sum, { key, value }) => sum + key.length + (value?.length ?? 0), 0)
    if (stored > this.#options.limits.storeBytes) throw malformed('more in the store than there may be')
    resolve({ body: blobs[0], meter, timeMs, memoryBytes, changes } as never)
  }

  #takeRuns({ id, at }: Extract<FromCage, { t: 'runs' }>, blobs: readonly Uint8Array[]): void {
    const waiting = this.#waiting.get(id)
    if (waiting?.kind !== 'snapshot') throw malformed('an answer to what was not asked')
    waiting.runBytes += blobs.reduce((sum, { length }) => sum + length, 0)
    if (waiting.runBytes > this.#options.limits.memoryBytes) throw malformed('a snapshot of more memory than there is')
    waiting.runs.push(...at.map((place, index) => ({ at: place, bytes: blobs[index] as Uint8Array })))
  }

  #failed({ id, error, alive }: Extract<FromCage, { t: 'failed' }>): void {
    if (id === 0) {
      if (this.#isOpen) throw malformed('a program that did not begin, though it had')
      this.#tellRefused(errorFromJson(error))
      return this.gone('PROGRAM_ENDED', error.message)
    }
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) throw malformed('an answer to what was not asked')
    this.#waiting.delete(id)
    this.#logBytes = 0
    if (!alive) this.#alive = false // "ended" follows
    waiting.reject(errorFromJson(error))
  }

  #log({ level, text }: Extract<FromCage, { t: 'log' }>): void {
    // it bounds itself well below this; what does not is no program but what should keep it
    this.#logBytes += text.length + 16
    if (this.#logBytes > 2 * this.#options.limits.logBytes + 4096) throw malformed('more log than there may be')
    this.#options.onLog?.({ level, text })
  }

  async #use({ call, name, synchronous }: Extract<FromCage, { t: 'call' }>, args: Uint8Array): Promise<void> {
    const { limits, powers } = this.#options
    this.#uses++
    try {
      const answer = await powers(name, args, { signal: this.#calls.signal, synchronous })
      if (answer.length > limits.messageBytes) throw new HoltError('LIMIT_REACHED', `an answer of more than ${limits.messageBytes} bytes`)
      this.#send({ t: 'answer', vat: this.#number, call }, [answer])
    } catch (error) {
      // what went wrong inside the node is no business of a program's
      const told = isHoltError(error) && error.code !== 'INTERNAL' ? error : new HoltError('INTERNAL', 'the node failed at this')
      this.#send({ t: 'answer', vat: this.#number, call, error: { code: told.code, message: told.message, data: {} } })
    } finally {
      this.#uses--
    }
  }
}
