import { concatBytes, utf8 } from '@holt/core/bytes.ts'
import { START_EXPORT } from '../meter/meter-pass.ts'
import type { LogLine } from '../types.ts'
import { GuestMemory } from './guest-memory.ts'
import type { Program } from './program.ts'
import { errorText, ProgramError, type VatHost } from './vat-host.ts'
import { VatInstance } from './vat-instance.ts'
import { ProgramExit, Wasi } from './wasi/wasi.ts'

const levels: readonly LogLine['level'][] = ['debug', 'info', 'warn', 'error']

export const holtImportNames = [
  'name_size',
  'name_read',
  'body_size',
  'body_read',
  'answer',
  'fail',
  'call',
  'ask',
  'reply_size',
  'reply_read',
  'store_get',
  'store_set',
  'store_delete',
  'store_keys',
  'log',
  'now',
  'random',
] as const

/** A program that is WebAssembly itself: `holt_deliver` for each delivery, or `_start`, which is run anew each time. */
export class WasmProgram implements Program {
  readonly #host: VatHost
  readonly #module: WebAssembly.Module
  readonly #instantiated: (instance: VatInstance) => void
  #memory = new GuestMemory()
  #reply: Uint8Array = new Uint8Array()
  #failure: string | null = null
  #wasi!: Wasi
  #instance: VatInstance

  /** @param instantiated told of each instance that is made: a command has one for each delivery. */
  constructor(module: WebAssembly.Module, host: VatHost, instantiated: (instance: VatInstance) => void) {
    this.#host = host
    this.#module = module
    this.#instantiated = instantiated
    this.#instance = this.#instantiate()
  }

  get isCommand(): boolean {
    return this.#instance.find('holt_deliver') === null
  }

  start(): void {
    if (this.isCommand && this.#instance.find('_start') === null) throw new ProgramError('it exports neither holt_deliver nor _start')
    this.#instance.find(START_EXPORT)?.()
    if (!this.isCommand) this.#instance.find('_initialize')?.()
  }

  deliver(): void {
    this.#reply = new Uint8Array()
    this.#failure = null
    if (!this.isCommand) this.#instance.find('holt_deliver')?.()
    else this.#runCommand()
    this.#wasi.finish()
    this.#throwFailure()
  }

  answered(call: number, ok: boolean, bytes: Uint8Array): void {
    this.#reply = bytes
    const answered = this.#instance.find('holt_answered') as ((call: number, size: number) => void) | null
    answered?.(call, ok ? bytes.length : -1)
    this.#wasi.finish()
    this.#throwFailure()
  }

  isDone(): boolean {
    return true
  }

  pointers(): number[] {
    return []
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw new ProgramError(this.#failure)
  }

  /** What a command leaves in its memory is nobody's: the next run begins as the first did. */
  #runCommand(): void {
    const units = this.#instance.spent
    const fresh = this.#instantiate()
    fresh.refill(Math.max(0, this.#host.limits.meter - units))
    fresh.find(START_EXPORT)?.()
    try {
      fresh.find('_start')?.()
    } catch (error) {
      if (!(error instanceof ProgramExit)) throw error
      this.#wasi.finish()
      if (error.exitCode !== 0) throw new ProgramError(`it ended with exit code ${error.exitCode}`)
    }
  }

  #instantiate(): VatInstance {
    this.#memory = new GuestMemory()
    this.#wasi = new Wasi(this.#host, this.#memory)
    const imports = { holt: this.#holtImports(this.#memory), wasi_snapshot_preview1: this.#wasi.imports }
    this.#instance = new VatInstance(this.#module, imports as WebAssembly.Imports, this.#host.limits.memoryBytes)
    this.#memory.memory = this.#instance.memory
    this.#instantiated(this.#instance)
    return this.#instance
  }

  #holtImports(memory: GuestMemory): Record<(typeof holtImportNames)[number], (...args: never[]) => unknown> {
    const host = this.#host
    const read = (from: () => Uint8Array) => (to: number, at: number, length: number) => {
      const part = from().subarray(at >>> 0, (at >>> 0) + (length >>> 0))
      memory.view(to, part.length).set(part)
      return part.length
    }
    /** -1 with the error as the reply. */
    const tried = (work: () => number) => {
      try {
        return work()
      } catch (error) {
        if (error instanceof ProgramError) throw error
        this.#reply = errorText(error)
        return -1
      }
    }
    const replied = (reply: Uint8Array) => {
      this.#reply = reply
      return reply.length
    }
    return {
      name_size: () => host.name.length,
      name_read: read(() => host.name),
      body_size: () => host.body.length,
      body_read: read(() => host.body),
      answer: (at: number, length: number) => host.answer(memory.copy(at, length)),
      fail: (at: number, length: number) => {
        this.#failure ??= memory.text(at, Math.min(length >>> 0, 2000))
      },
      call: (name: number, nameLength: number, args: number, argsLength: number) =>
        tried(() => replied(host.call(memory.copy(name, nameLength), memory.copy(args, argsLength)))),
      ask: (name: number, nameLength: number, args: number, argsLength: number) =>
        tried(() => host.ask(memory.copy(name, nameLength), memory.copy(args, argsLength))),
      reply_size: () => this.#reply.length,
      reply_read: read(() => this.#reply),
      store_get: (key: number, length: number) => {
        const value = host.store.get(memory.text(key, length))
        return value === null ? -1 : replied(value)
      },
      store_set: (key: number, keyLength: number, value: number, length: number) =>
        tried(() => {
          host.store.set(memory.text(key, keyLength), memory.copy(value, length))
          return 0
        }),
      store_delete: (key: number, length: number) => (host.store.delete(memory.text(key, length)) ? 1 : 0),
      store_keys: (prefix: number, length: number) => replied(listed(host.store.keys(memory.text(prefix, length)))),
      log: (level: number, at: number, length: number) => host.log(levels[level] ?? 'info', memory.text(at, Math.min(length >>> 0, 65536))),
      now: () => BigInt(host.nowMs),
      random: (at: number, length: number) => memory.view(at, length).set(host.random(length >>> 0)),
    } as Record<(typeof holtImportNames)[number], (...args: never[]) => unknown>
  }
}

/** Each key with its length before it. */
function listed(keys: readonly string[]): Uint8Array {
  return concatBytes(
    keys.flatMap((key) => {
      const bytes = utf8(key)
      const length = new Uint8Array(4)
      new DataView(length.buffer).setUint32(0, bytes.length, true)
      return [length, bytes]
    }),
  )
}
