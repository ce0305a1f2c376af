import { errorFromJson, HoltError, isHoltError, toHoltError } from '@holt/core/errors.ts'
import { meterModule, PREPARED_BY } from './meter/meter-pass.ts'
import { programImports } from './program-imports.ts'
import type { Delivery, DeliveryResult, PreparedModule, ProgramCode, Sandbox, Vat, VatEnd, VatOptions, VatSnapshot } from './types.ts'
import { createMailbox, MailboxWriter } from './vat/mailbox.ts'
import { isFromVat } from './vat/check-message.ts'
import { type FromVat, givenAway, type ToVat } from './vat/messages.ts'
import { engineImportNames } from './vat/script-engine.ts'

/** A thread that runs `runVatThread` and nothing else. */
export interface VatThread {
  post(message: ToVat, transfer?: ArrayBuffer[]): void
  /** Resolves when it listens: how long that takes is no program's fault. Never, when it ended before. */
  readonly ready: Promise<void>
  /** What it says; `gone` when it ended without being told to. */
  listen(take: (message: FromVat) => void, gone: (why: string) => void): void
  /** Ends it in the middle of whatever it does. */
  end(): Promise<void>
}

export interface ThreadSandboxOptions {
  startThread: () => VatThread
  /** QuickJS as its package has it. */
  engine: () => Promise<Uint8Array>
  /** Threads that are started before they are needed: starting one takes longer than anything else. */
  spareThreads?: number
}

/** How many deliveries a thread has at once, of which it does one after the other: so it does not wait for the next. */
const SENT_AHEAD = 32

/** Programs whose compiled code is kept although no vat runs it. */
const KEPT_MODULES = 64

/** Runs each vat in a thread of its own. It bounds what programs do; that a thread which was taken over harms nothing is for a cage around it. */
export class ThreadSandbox implements Sandbox {
  readonly #options: ThreadSandboxOptions
  readonly #spare: VatThread[] = []
  readonly #vats = new Set<ThreadVat>()
  readonly #compiled = new Map<string, Promise<WebAssembly.Module | Uint8Array>>()
  #engine: Promise<WebAssembly.Module> | null = null
  #stopped = false

  constructor(options: ThreadSandboxOptions) {
    this.#options = options
  }

  async prepare(wasm: Uint8Array): Promise<PreparedModule> {
    const { module, facts } = meterModule(wasm, programImports)
    await compile(module)
    return { module, preparedBy: PREPARED_BY, canSnapshot: facts.canSnapshot }
  }

  async openVat(options: VatOptions): Promise<Vat> {
    options.signal?.throwIfAborted()
    const loaded = await this.#load(options.code)
    const script = loaded instanceof WebAssembly.Module ? null : loaded
    const module = loaded instanceof WebAssembly.Module ? loaded : await this.#engineModule()
    if (this.#stopped) throw new HoltError('NODE_STOPPING', 'the sandbox has ended')
    const thread = this.#spare.pop() ?? this.#options.startThread()
    const vat = new ThreadVat(thread, options, () => this.#vats.delete(vat))
    this.#vats.add(vat)
    try {
      await Promise.race([thread.ready, vat.ended])
      await vat.open(module, script)
    } finally {
      this.warm()
    }
    return vat
  }

  /** Starts the threads that are kept ready. */
  warm(): void {
    while (!this.#stopped && this.#spare.length < (this.#options.spareThreads ?? 0)) {
      const thread = this.#options.startThread()
      this.#spare.push(thread)
      void Promise.all([thread.ready, this.#engineModule()]).then(
        ([, engine]) => {
          if (this.#spare.includes(thread)) thread.post({ kind: 'warm', engine, mailbox: createMailbox() })
        },
        () => {}, // an engine that cannot be had is told to whoever opens a script
      )
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all([...this.#spare.splice(0).map((thread) => thread.end()), ...[...this.#vats].map((vat) => vat.end())])
  }

  #load(code: ProgramCode): Promise<WebAssembly.Module | Uint8Array> {
    const known = this.#compiled.get(code.id)
    if (known !== undefined) {
      this.#compiled.delete(code.id)
      this.#compiled.set(code.id, known)
      return known
    }
    const loading = code.load().then((bytes) => (code.kind === 'script' ? bytes : compile(bytes)))
    loading.catch(() => this.#compiled.delete(code.id))
    this.#compiled.set(code.id, loading)
    for (const oldest of this.#compiled.keys()) {
      if (this.#compiled.size <= KEPT_MODULES) break
      this.#compiled.delete(oldest)
    }
    return loading
  }

  #engineModule(): Promise<WebAssembly.Module> {
    this.#engine ??= this.#options.engine().then((wasm) => compile(meterModule(wasm, new Set(engineImportNames)).module))
    return this.#engine
  }
}

async function compile(module: Uint8Array): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(module as BufferSource)
  } catch (error) {
    throw isHoltError(error) ? error : new HoltError('PROGRAM_INVALID', toHoltError(error).message, {}, { cause: error })
  }
}

interface Waiting {
  id: number
  begin: () => void
  timeMs: number
  resolve: (value: never) => void
  reject: (error: unknown) => void
}

/** One vat, as seen from the thread that started its thread. */
class ThreadVat implements Vat {
  readonly ended: Promise<VatEnd>
  #alive = true
  readonly #thread: VatThread
  readonly #options: VatOptions
  readonly #mailbox = createMailbox()
  readonly #writer = new MailboxWriter(this.#mailbox)
  readonly #queue: Waiting[] = []
  readonly #forget: () => void
  #calls = new AbortController()
  /** What the thread has, the first under way. */
  readonly #sent: Waiting[] = []
  #timer: ReturnType<typeof setTimeout> | null = null
  #startedAt = 0
  #nextId = 1
  #uses = 0
  #logBytes = 0
  #tellEnd!: (end: VatEnd) => void

  constructor(thread: VatThread, options: VatOptions, forget: () => void) {
    this.#thread = thread
    this.#options = options
    this.#forget = forget
    this.ended = new Promise((resolve) => {
      this.#tellEnd = resolve
    })
    thread.listen(
      (message) => this.#take(message),
      (why) => void this.#end({ code: 'PROGRAM_ENDED', message: why }),
    )
  }

  get alive(): boolean {
    return this.#alive
  }

  open(module: WebAssembly.Module, script: Uint8Array | null): Promise<void> {
    const { limits, store = [], image = null, preopens = [], args = [] } = this.#options
    const { now = Date.now(), seed = null } = this.#options
    const opening = { module, script, limits, store, image, preopens, args, mailbox: this.#mailbox, now, seed }
    return this.#wait<void>(0, limits.timeMs, () => this.#thread.post({ kind: 'open', opening }))
  }

  async deliver(delivery: Delivery): Promise<DeliveryResult> {
    const id = this.#nextId++
    const timeMs = Math.min(delivery.timeMs ?? this.#options.limits.timeMs, this.#options.limits.timeMs)
    return await this.#wait<DeliveryResult>(id, timeMs, () =>
      this.#thread.post({ kind: 'deliver', id, delivery }, givenAway(delivery.body)),
    )
  }

  async snapshot(): Promise<VatSnapshot> {
    const id = this.#nextId++
    return await this.#wait<VatSnapshot>(id, this.#options.limits.timeMs, () => this.#thread.post({ kind: 'snapshot', id }))
  }

  async end(): Promise<void> {
    await this.#end({ code: 'ENDED', message: 'it was ended' })
  }

  #wait<Result>(id: number, timeMs: number, begin: () => void): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      if (!this.#alive) return reject(new HoltError('PROGRAM_ENDED', 'the program is not running'))
      this.#queue.push({ id, begin, timeMs, resolve, reject })
      this.#next()
    })
  }

  #next(): void {
    while (this.#alive && this.#sent.length < SENT_AHEAD) {
      const next = this.#queue.shift()
      if (next === undefined) break
      this.#sent.push(next)
      if (this.#sent.length === 1) this.#watch(next)
      next.begin()
    }
  }

  /** From now on it takes time. */
  #watch({ timeMs }: Waiting): void {
    this.#startedAt = performance.now()
    this.#logBytes = 0
    this.#timer = setTimeout(() => void this.#end({ code: 'TIME_EXCEEDED', message: `it took more than ${timeMs} ms` }), timeMs)
  }

  /** The wait is over. @returns null when the thread answers what was not asked: then it is not what we started. */
  #settle(id: number): Waiting | null {
    const current = this.#sent[0]
    if (current?.id !== id) {
      this.#broken()
      return null
    }
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#sent.shift()
    if (this.#sent[0] !== undefined) this.#watch(this.#sent[0])
    return current
  }

  #take(message: FromVat): void {
    if (!this.#alive) return
    if (!isFromVat(message)) return this.#broken()
    switch (message.kind) {
      case 'ready':
        return
      case 'opened':
        this.#settle(0)?.resolve(undefined as never)
        return this.#next()
      case 'delivered': {
        const timeMs = performance.now() - this.#startedAt
        this.#settle(message.id)?.resolve({ ...message.result, timeMs } as never)
        return this.#next()
      }
      case 'snapshot':
        this.#settle(message.id)?.resolve(message.snapshot as never)
        return this.#next()
      case 'failed':
        return this.#failed(message.id, errorFromJson(message.error), message.alive)
      case 'call':
        // it bounds itself to this
        if (this.#uses > this.#options.limits.callsAtOnce) return this.#broken()
        void this.#use(message)
        return
      case 'more':
        return this.#writer.more()
      case 'log':
        this.#logBytes += message.line.text.length + 16
        if (this.#logBytes > 2 * this.#options.limits.logBytes + 4096) return this.#broken()
        return this.#options.onLog?.(message.line)
    }
  }

  /** The thread said what it was not asked, or more than it may: it is not ours any more. */
  #broken(): void {
    void this.#end({ code: 'PROGRAM_ENDED', message: 'its thread said what it was not asked' })
  }

  #failed(id: number, error: HoltError, alive: boolean): void {
    const waiting = this.#settle(id)
    if (waiting === null) return
    if (!alive) void this.#end({ code: endCodeOf(error), message: error.message })
    waiting.reject(error)
    this.#next()
  }

  async #use({ call, name, args, synchronous }: Extract<FromVat, { kind: 'call' }>): Promise<void> {
    let answer: Uint8Array | HoltError
    this.#uses++
    try {
      answer = await this.#options.powers(name, args, { signal: this.#calls.signal, synchronous })
      const { messageBytes } = this.#options.limits
      if (answer.length > messageBytes)
        answer = new HoltError('LIMIT_REACHED', `an answer of more than ${messageBytes} bytes`, { limit: 'messageBytes' })
    } catch (error) {
      // what went wrong inside the node is no business of a program's
      answer = isHoltError(error) && error.code !== 'INTERNAL' ? error : new HoltError('INTERNAL', 'the node failed at this')
    }
    this.#uses--
    if (!this.#alive) return
    const json = answer instanceof HoltError ? { code: answer.code, message: answer.message, data: answer.data } : null
    if (synchronous)
      this.#writer.answer(json === null, json === null ? (answer as Uint8Array) : new TextEncoder().encode(JSON.stringify(json)))
    else this.#thread.post({ kind: 'answer', call, answer: json ?? (answer as Uint8Array) })
  }

  async #end(end: VatEnd): Promise<void> {
    if (!this.#alive) return
    this.#alive = false
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#calls.abort()
    const waiting = [...this.#sent.splice(0), ...this.#queue.splice(0)]
    await this.#thread.end()
    this.#forget()
    const error = end.code === 'ENDED' ? new HoltError('PROGRAM_ENDED', end.message) : new HoltError(end.code, end.message)
    for (const [index, { reject }] of waiting.entries()) reject(index === 0 ? error : new HoltError('PROGRAM_ENDED', end.message))
    this.#tellEnd(end)
  }
}

function endCodeOf({ code }: HoltError): VatEnd['code'] {
  const codes: readonly string[] = ['PROGRAM_FAILED', 'METER_EXCEEDED', 'TIME_EXCEEDED', 'MEMORY_EXCEEDED', 'LIMIT_REACHED']
  return codes.includes(code) ? (code as VatEnd['code']) : 'PROGRAM_ENDED'
}
