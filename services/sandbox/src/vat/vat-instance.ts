import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { factsOfModule, GAS_EXPORT, MEMORY_IMPORT, type ModuleFacts } from '../meter/meter-pass.ts'
import { ProgramError } from './vat-host.ts'

const PAGE = 65536

/** A running module: its memory within bounds, its meter. */
export class VatInstance {
  readonly facts: ModuleFacts
  readonly memory: WebAssembly.Memory
  readonly exports: Record<string, WebAssembly.ExportValue>
  readonly #gas: WebAssembly.Global
  readonly #mostBytes: number
  #given = 0n

  /**
   * No code of the module runs here.
   *
   * @throws HoltError MEMORY_EXCEEDED when it wants more from the start than it may have, PROGRAM_INVALID.
   */
  constructor(module: WebAssembly.Module, imports: WebAssembly.Imports, memoryBytes: number) {
    this.facts = factsOfModule(module)
    const { memory, tableBytes } = this.facts
    const most = Math.floor((memoryBytes - tableBytes) / PAGE)
    const min = memory?.min ?? 0
    if (most < min) throw new HoltError('MEMORY_EXCEEDED', `the program needs ${min * PAGE + tableBytes} bytes, it may have ${memoryBytes}`)
    const max = Math.min(most, memory?.max ?? 0)
    this.#mostBytes = max * PAGE
    this.memory = new WebAssembly.Memory({ initial: min, maximum: max })
    const own = { [MEMORY_IMPORT.module]: { [MEMORY_IMPORT.name]: this.memory } }
    try {
      this.exports = new WebAssembly.Instance(module, { ...imports, ...own }).exports
    } catch (error) {
      if (error instanceof WebAssembly.LinkError || error instanceof WebAssembly.RuntimeError)
        throw new HoltError('PROGRAM_INVALID', error.message, {}, { cause: error })
      throw error
    }
    this.#gas = this.exports[GAS_EXPORT] as WebAssembly.Global
  }

  /** Allows this much work from now on. */
  refill(units: number): void {
    this.#given = BigInt(Math.floor(units))
    this.#gas.value = this.#given
  }

  /** Work done since `refill`. */
  get spent(): number {
    return Number(this.#given - (this.#gas.value as bigint))
  }

  /** The exported function of that name, or null. */
  find(name: string): ((...args: never[]) => unknown) | null {
    const value = this.exports[name]
    return typeof value === 'function' ? (value as (...args: never[]) => unknown) : null
  }

  /** What a fault inside the module means to whoever wanted the work. */
  faultOf(error: unknown): HoltError {
    if (isHoltError(error)) return error
    const data = { meter: this.spent }
    if ((this.#gas.value as bigint) < 0n) return new HoltError('METER_EXCEEDED', 'the program did more work than it may', data)
    const message = error instanceof Error ? error.message.slice(0, 2000) : String(error)
    if (this.#outOfMemory(message)) return new HoltError('MEMORY_EXCEEDED', 'the program needed more memory than it may have', data)
    if (error instanceof ProgramError) return new HoltError('PROGRAM_FAILED', message, data)
    return new HoltError('PROGRAM_FAILED', `trap: ${message}`, data, { cause: error })
  }

  /** A program that was refused more memory fails in ways of its own; that it has all it may have tells. */
  #outOfMemory(message: string): boolean {
    return (
      /out of memory/i.test(message) ||
      (this.#mostBytes > 0 && this.memory.buffer.byteLength >= this.#mostBytes && this.#mostBytes < 65536 * PAGE)
    )
  }
}
