import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext } from 'node:test'
import { afterwards, until } from '../peers/harness.ts'
import type { Runtime } from './runtimes.ts'

/** As in idle-clock.c. */
const MOST_WAKES = 8192
const AT = { skip: 0, skipped: 8, wakes: 16, times: 24 }
const SECOND_NS = 1e9

/** A runtime whose clock skips the time in which nothing happens, and counts what wakes it. */
export class IdleClock {
  readonly runtime: Runtime
  readonly #file: number

  private constructor(runtime: Runtime, file: number) {
    this.runtime = runtime
    this.#file = file
  }

  static make(context: TestContext, folder: string, { name, command, args, env }: Runtime): IdleClock {
    const [library, shared] = [join(folder, 'idle-clock.so'), join(folder, 'idle-clock')]
    const source = join(import.meta.dirname, 'idle-clock.c')
    execFileSync('x86_64-linux-gnu-gcc', [
      '-O2',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-shared',
      '-fPIC',
      '-o',
      library,
      source,
      '-ldl',
      '-lpthread',
    ])
    writeFileSync(shared, Buffer.alloc(AT.times + 8 * MOST_WAKES))
    const file = openSync(shared, 'r+')
    afterwards(context, () => closeSync(file))
    return new IdleClock({ name, command, args, env: { ...env, LD_PRELOAD: library, HOLT_IDLE_CLOCK: shared } }, file)
  }

  /**
   * Lets so much time go by in which nobody does anything.
   *
   * @returns when it was woken, in seconds from now; waking ends when the time is over, or when it was woken `most` times.
   */
  async idle(seconds: number, most: number): Promise<number[]> {
    const [skippedBefore, wakesBefore] = [this.#read(AT.skipped), this.#read(AT.wakes)]
    this.#write(AT.skip, 1)
    await until('the time to go by', async () => this.#seconds(skippedBefore) >= seconds || this.#read(AT.wakes) - wakesBefore > most, {
      limitMs: 240_000,
    })
    this.#write(AT.skip, 0)
    const count = Math.min(MOST_WAKES, this.#read(AT.wakes))
    const times = Array.from({ length: count - wakesBefore }, (_, i) => this.#read(AT.times + 8 * (wakesBefore + i)))
    return times.map((time) => Math.round((time - (times[0] as number)) / SECOND_NS))
  }

  #seconds(skippedBefore: number): number {
    return (this.#read(AT.skipped) - skippedBefore) / SECOND_NS
  }

  #read(at: number): number {
    const bytes = Buffer.alloc(8)
    readSync(this.#file, bytes, 0, 8, at)
    return Number(bytes.readBigInt64LE())
  }

  #write(at: number, value: number): void {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(BigInt(value))
    writeSync(this.#file, bytes, 0, 8, at)
  }
}
