import { utf8 } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { START_EXPORT } from '../meter/meter-pass.ts'
import { GuestMemory } from './guest-memory.ts'
import { ProgramError, type VatHost } from './vat-host.ts'
import { VatInstance } from './vat-instance.ts'
import { Wasi } from './wasi/wasi.ts'

/** Where a value of the engine lies in its memory. */
export type Value = number

/** The engine's own stack within its memory is 1 MiB; deeper recursion is an exception of the program. */
const STACK_BYTES = 512 * 1024
/** The memory limit told to the engine stays below the memory's maximum, so that its exception can still be made. */
const SPARE_BYTES = 1024 * 1024

/** What the engine's module may import. */
export const engineImportNames: readonly string[] = [
  ...['host_get_timezone_offset', 'host_interrupt', 'host_promise_rejection', 'host_module_normalize', 'host_module_load', 'host_call'].map(
    (name) => `env.${name}`,
  ),
  ...['clock_time_get', 'fd_close', 'fd_fdstat_get', 'fd_seek', 'fd_write', 'random_get'].map((name) => `wasi_snapshot_preview1.${name}`),
]

type HostFunction = (engine: ScriptEngine, args: readonly Value[]) => Value
type Raw = (...args: number[]) => number

/** QuickJS, which is a WebAssembly module, by its exported functions. Nothing is kept outside its memory but pointers into it. */
export class ScriptEngine {
  readonly instance: VatInstance
  readonly #functions: Readonly<Record<string, HostFunction>>
  readonly #memory = new GuestMemory()
  readonly #exports: Record<string, Raw>
  readonly #limitBytes: number
  #scratch = 0
  /** What a host function threw that is no exception of the program's: it goes through the engine, which only knows that it failed. */
  #fault: Error | null = null

  constructor(module: WebAssembly.Module, host: VatHost, functions: Readonly<Record<string, HostFunction>>) {
    this.#functions = functions
    this.#limitBytes = Math.max(SPARE_BYTES, host.limits.memoryBytes - SPARE_BYTES)
    const env = {
      host_get_timezone_offset: () => 0,
      host_interrupt: () => 0,
      host_promise_rejection: (promise: number, reason: number) => {
        this.#raw('qjs_free_value')(promise)
        this.#raw('qjs_free_value')(reason)
      },
      host_module_normalize: () => 0,
      host_module_load: () => 0,
      host_call: (name: number, length: number, _self: number, count: number, args: number) => this.#hostCall(name, length, count, args),
    }
    this.instance = new VatInstance(module, { env, wasi_snapshot_preview1: new Wasi(host, this.#memory).imports }, host.limits.memoryBytes)
    this.#memory.memory = this.instance.memory
    this.#exports = this.instance.exports as unknown as Record<string, Raw>
  }

  start(): void {
    this.instance.find(START_EXPORT)?.()
    this.#raw('_initialize')()
    if (this.#raw('qjs_init')() !== 0) throw new HoltError('MEMORY_EXCEEDED', 'the JavaScript engine does not fit into the memory')
    this.#limit()
    this.#scratch = this.#allocate(64)
  }

  /** A few bytes of its memory for what functions give back by pointer. */
  get scratch(): number {
    return this.#scratch
  }

  /** For an engine whose memory and globals are put back from an image. */
  goOn(scratch: number): void {
    this.#scratch = scratch
  }

  #limit(): void {
    this.#raw('qjs_set_memory_limit')(this.#limitBytes)
    this.#raw('qjs_set_max_stack_size')(STACK_BYTES)
  }

  /** Runs a script. @throws ProgramError with what it threw. */
  evaluate(source: Uint8Array, fileName: string): Value {
    const [code, name] = [this.#put(source), this.#put(utf8(fileName))]
    const result = this.#raw('qjs_eval')(code, source.length, name, 0)
    this.#raw('wasm_free')(code)
    this.#raw('wasm_free')(name)
    return this.#checked(result)
  }

  /** Calls a function. @param consume frees the arguments afterwards. */
  apply(callee: Value, args: readonly Value[], consume = false): Value {
    const at = this.#allocate(Math.max(4, args.length * 4))
    for (const [index, value] of args.entries()) this.#memory.setU32(at + index * 4, value)
    const self = this.undefinedValue()
    const result = this.#raw('qjs_call')(callee, self, args.length, at)
    this.#raw('wasm_free')(at)
    this.free(self)
    if (consume) for (const value of args) this.free(value)
    return this.#checked(result)
  }

  /** An object that has each of the host's functions by its name. */
  objectOfFunctions(names: readonly string[]): Value {
    const object = this.#raw('qjs_new_object')()
    for (const name of names) {
      const text = this.#put(utf8(name))
      const made = this.#raw('qjs_new_host_function')(text, utf8(name).length, 0)
      this.#raw('qjs_set_prop_string')(object, text, made)
      this.free(made)
      this.#raw('wasm_free')(text)
    }
    return object
  }

  property(object: Value, name: string): Value {
    const text = this.#put(utf8(name))
    const value = this.#raw('qjs_get_prop_string')(object, text)
    this.#raw('wasm_free')(text)
    return value
  }

  /** Runs what promises put off. */
  runJobs(): void {
    const pending = this.#raw('qjs_is_job_pending')
    const execute = this.#raw('qjs_execute_pending_job')
    while (pending() !== 0) {
      const result = execute()
      this.#throwFault()
      if (result < 0) this.#jobFailed()
    }
  }

  /** A job of promises that throws has nobody to tell; only that there is no memory left ends more than the job. */
  #jobFailed(): void {
    const exception = this.#raw('qjs_get_exception')()
    const message = this.stringOf(exception)
    this.free(exception)
    if (/out of memory/.test(message)) throw new HoltError('MEMORY_EXCEEDED', 'the program needed more memory than it may have')
  }

  newText(bytes: Uint8Array): Value {
    const at = this.#put(bytes)
    const value = this.#raw('qjs_new_string')(at, bytes.length)
    this.#raw('wasm_free')(at)
    return value
  }

  newBytes(bytes: Uint8Array): Value {
    const at = this.#put(bytes)
    const value = this.#raw('qjs_new_uint8_array')(at, bytes.length)
    this.#raw('wasm_free')(at)
    return value
  }

  newNumber(value: number): Value {
    return this.#raw('qjs_new_number')(value)
  }

  newTruth(value: boolean): Value {
    return this.#raw(value ? 'qjs_get_true' : 'qjs_get_false')()
  }

  undefinedValue(): Value {
    return this.#raw('qjs_get_undefined')()
  }

  free(value: Value): void {
    this.#raw('qjs_free_value')(value)
  }

  /** UTF-8 of a string. */
  textOf(value: Value): Uint8Array {
    const text = this.#raw('qjs_get_string_len')(value, this.#scratch)
    if (text === 0) return new Uint8Array()
    const bytes = this.#memory.copy(text, this.#memory.u32(this.#scratch))
    this.#raw('qjs_free_cstring')(text)
    return bytes
  }

  stringOf(value: Value): string {
    return new TextDecoder().decode(this.textOf(value))
  }

  numberOf(value: Value): number {
    return (this.#exports['qjs_get_float64'] as Raw)(value)
  }

  /** A copy of what a Uint8Array has. */
  bytesOf(value: Value): Uint8Array {
    const at = this.#scratch
    const buffer = this.#raw('qjs_get_typed_array_buffer')(value, at, at + 4, at + 8)
    if (this.#raw('qjs_is_exception')(buffer) !== 0) {
      this.free(buffer)
      this.free(this.#raw('qjs_get_exception')())
      throw new ProgramError('bytes were expected')
    }
    const [offset, length] = [this.#memory.u32(at), this.#memory.u32(at + 4)]
    const data = this.#raw('qjs_get_array_buffer')(buffer, at + 12)
    const bytes = data === 0 ? new Uint8Array() : this.#memory.copy(data + offset, length)
    this.free(buffer)
    return bytes
  }

  #hostCall(name: number, length: number, count: number, args: number): Value {
    const called = this.#functions[this.#memory.text(name, length)]
    const values = Array.from({ length: Math.min(count, 8) }, (_, index) => this.#memory.u32(args + index * 4))
    try {
      if (called === undefined) throw new ProgramError('a function of the host that is not there')
      return called(this, values)
    } catch (error) {
      this.#fault = error instanceof Error ? error : new Error(String(error))
      const thrown = this.newText(utf8('host'))
      this.#raw('qjs_throw')(thrown)
      this.free(thrown)
      return 0
    }
  }

  /** @throws ProgramError when the value is the engine's sign for an exception. */
  #checked(value: Value): Value {
    this.#throwFault()
    if (this.#raw('qjs_is_exception')(value) === 0) return value
    this.free(value)
    const exception = this.#raw('qjs_get_exception')()
    const message = this.#told(exception)
    this.free(exception)
    throw new ProgramError(message)
  }

  #told(exception: Value): string {
    const text = this.stringOf(exception)
    const stack = this.property(exception, 'stack')
    const lines = this.#raw('qjs_is_string')(stack) === 0 ? '' : `\n${this.stringOf(stack)}`
    this.free(stack)
    return `${text}${lines}`
  }

  #throwFault(): void {
    const fault = this.#fault
    this.#fault = null
    if (fault !== null) throw fault
  }

  #allocate(size: number): number {
    const at = this.#raw('wasm_malloc')(size)
    if (at === 0) throw new HoltError('MEMORY_EXCEEDED', 'out of memory')
    return at
  }

  /** Bytes in the engine's memory, with a zero behind them. */
  #put(bytes: Uint8Array): number {
    const at = this.#allocate(bytes.length + 1)
    const place = this.#memory.view(at, bytes.length + 1)
    place.set(bytes)
    place[bytes.length] = 0
    return at
  }

  #raw(name: string): Raw {
    return this.#exports[name] as Raw
  }
}
