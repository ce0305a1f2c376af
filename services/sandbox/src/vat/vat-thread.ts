import { errorToJson, HoltError, isHoltError } from '@holt/core/errors.ts'
import { defaultLimits } from '../limits.ts'
import { decodeVatState, encodeVatState, MemoryHistory } from '../snapshot.ts'
import type { Delivery, VatImage, VatSnapshot } from '../types.ts'
import { type FromVat, givenAway, type ThreadPort, type ToVat, type VatOpening } from './messages.ts'
import type { Program } from './program.ts'
import { ScriptProgram } from './script-program.ts'
import { ProgramError, VatHost } from './vat-host.ts'
import type { VatInstance } from './vat-instance.ts'
import { WasmProgram } from './wasm-program.ts'

/**
 * The thread of one vat: opens it when it is told to, then does one delivery after the other. It ends no program that takes too long:
 * that is done from outside, to the whole thread.
 */
export function runVatThread(port: ThreadPort<ToVat, FromVat>, entropy: () => Uint8Array): void {
  let vat: RunningVat | null = null
  port.onMessage((message) => {
    if (message.kind === 'open') {
      try {
        vat = new RunningVat(message.opening, port, entropy)
        port.post({ kind: 'opened' })
      } catch (error) {
        port.post({ kind: 'failed', id: 0, error: errorToJson(error), alive: false })
      }
    } else if (message.kind === 'warm') warm(message.engine, message.mailbox, entropy)
    else vat?.take(message)
  })
  port.post({ kind: 'ready' })
}

/** A program that is opened, asked once and forgotten. */
function warm(module: WebAssembly.Module, mailbox: SharedArrayBuffer, entropy: () => Uint8Array): void {
  const script = new TextEncoder().encode('holt.onDeliver = (name, body) => body')
  const own = { limits: defaultLimits, store: [], image: null, preopens: [], args: [], now: 0, seed: null }
  const vat = new RunningVat({ module, script, mailbox, ...own }, { post: () => {}, onMessage: () => {} }, entropy)
  vat.take({ kind: 'deliver', id: 1, delivery: { name: 'warm', body: new Uint8Array(1) } })
}

class RunningVat {
  readonly #port: ThreadPort<ToVat, FromVat>
  readonly #host: VatHost
  readonly #program: Program
  readonly #meter: number
  #instance!: VatInstance
  #history: MemoryHistory
  #delivering: number | null = null
  /** What came while a delivery was under way. */
  readonly #later: Exclude<ToVat, { kind: 'open' | 'warm' }>[] = []
  #inTurn = false
  #dead = false
  #fault: HoltError | null = null

  constructor(opening: VatOpening, port: ThreadPort<ToVat, FromVat>, entropy: () => Uint8Array) {
    const { module, script, limits, image } = opening
    this.#port = port
    this.#meter = limits.meter
    this.#host = new VatHost(opening, port, entropy)
    const state = image === null ? null : decodeVatState(image.state)
    if (script === null)
      this.#program = new WasmProgram(module, this.#host, (instance) => {
        this.#instance = instance
      })
    else {
      const program = new ScriptProgram(module, script, this.#host, state?.pointers ?? null)
      this.#instance = program.instance
      this.#program = program
    }
    this.#history = new MemoryHistory(image?.memory ?? new Uint8Array())
    this.#instance.refill(this.#meter)
    if (image !== null && state !== null) putBack(this.#instance, image, state.globals)
    else this.#start()
  }

  #start(): void {
    try {
      this.#program.start()
    } catch (error) {
      throw this.#instance.faultOf(error)
    }
  }

  take(message: Exclude<ToVat, { kind: 'open' | 'warm' }>): void {
    if (message.kind === 'answer') this.#answer(message.call, message.answer)
    else this.#later.push(message)
    if (!this.#inTurn) this.#goOn()
  }

  /** Begins what came later, one after the other. */
  #goOn(): void {
    this.#inTurn = true
    while (this.#delivering === null && !this.#dead) {
      const next = this.#later.shift()
      if (next === undefined) break
      if (next.kind === 'deliver') this.#begin(next.id, next.delivery)
      else if (next.kind === 'snapshot') this.#tellSnapshot(next.id)
    }
    this.#inTurn = false
  }

  #begin(id: number, delivery: Delivery): void {
    this.#delivering = id
    this.#fault = null
    this.#host.begin(delivery)
    this.#instance.refill(Math.min(delivery.meter ?? this.#meter, this.#meter))
    this.#run(() => this.#program.deliver())
  }

  #answer(call: number, answer: Uint8Array | { code: string; message: string }): void {
    if (this.#delivering === null || !this.#host.answered(call)) return
    const ok = answer instanceof Uint8Array
    const bytes = ok ? answer : new TextEncoder().encode(`${answer.code} ${answer.message}`)
    this.#run(() => this.#program.answered(call, ok, bytes))
  }

  /** Some of a delivery's work; then looks whether that was all. */
  #run(work: () => void): void {
    try {
      work()
    } catch (error) {
      const fault = this.#instance.faultOf(error)
      if (!(error instanceof ProgramError) || fault.code === 'METER_EXCEEDED') return this.#fail(fault, false)
      this.#fault ??= fault
    }
    if (this.#host.outstanding > 0) return
    if (this.#fault !== null) return this.#fail(this.#fault, true)
    if (!this.#program.isDone())
      return this.#fail(
        new HoltError('PROGRAM_FAILED', 'it waits for something that will never come', { meter: this.#instance.spent }),
        true,
      )
    this.#finish()
  }

  #finish(): void {
    const id = this.#delivering as number
    this.#delivering = null
    const { spent, memory } = this.#instance
    const body = this.#host.finish()
    const result = { body, meter: spent, memoryBytes: memory.buffer.byteLength, changes: this.#host.store.takeChanges() }
    this.#port.post({ kind: 'delivered', id, result }, givenAway(body))
  }

  #fail(error: HoltError, alive: boolean): void {
    const id = this.#delivering as number
    this.#delivering = null
    this.#dead = !alive
    this.#host.finish()
    this.#host.store.undo()
    this.#port.post({ kind: 'failed', id, error: errorToJson(error), alive })
  }

  #tellSnapshot(id: number): void {
    try {
      const snapshot = this.#snapshot()
      this.#port.post(
        { kind: 'snapshot', id, snapshot },
        snapshot.runs.flatMap(({ bytes }) => givenAway(bytes)),
      )
    } catch (error) {
      this.#port.post({ kind: 'failed', id, error: errorToJson(error), alive: true })
    }
  }

  #snapshot(): VatSnapshot {
    const { facts, memory, exports } = this.#instance
    if (!facts.canSnapshot) throw new HoltError('UNSUPPORTED_VERSION', 'this module keeps state where a snapshot does not reach')
    const globals = facts.mutableGlobals.map((name) => globalValue(exports[name] as WebAssembly.Global))
    const runs = this.#history.changesTo(new Uint8Array(memory.buffer))
    return { memoryBytes: memory.buffer.byteLength, state: encodeVatState({ globals, pointers: this.#program.pointers() }), runs }
  }
}

function globalValue(global: WebAssembly.Global): { type: string; value: Uint8Array } {
  const value = global.value as number | bigint
  const bytes = new Uint8Array(8)
  const view = new DataView(bytes.buffer)
  if (typeof value === 'bigint') {
    view.setBigInt64(0, value, true)
    return { type: 'i64', value: bytes }
  }
  view.setFloat64(0, value, true)
  return { type: 'num', value: bytes }
}

function putBack(instance: VatInstance, { memory: from }: VatImage, globals: readonly { type: string; value: Uint8Array }[]): void {
  const { facts, memory, exports } = instance
  if (globals.length !== facts.mutableGlobals.length) throw new HoltError('MALFORMED', 'the image is of another program')
  const more = from.length - memory.buffer.byteLength
  if (more < 0 || more % 65536 !== 0) throw new HoltError('MALFORMED', 'the image is of another program')
  try {
    memory.grow(more / 65536)
  } catch {
    throw new HoltError('MEMORY_EXCEEDED', `the image has ${from.length} bytes of memory, which is more than it may have`)
  }
  new Uint8Array(memory.buffer).set(from)
  for (const [index, name] of facts.mutableGlobals.entries()) {
    const { type, value } = globals[index] as { type: string; value: Uint8Array }
    const view = new DataView(value.buffer, value.byteOffset, 8)
    try {
      ;(exports[name] as WebAssembly.Global).value = type === 'i64' ? view.getBigInt64(0, true) : view.getFloat64(0, true)
    } catch (error) {
      throw isHoltError(error) ? error : new HoltError('MALFORMED', 'the image is of another program', {}, { cause: error })
    }
  }
}
