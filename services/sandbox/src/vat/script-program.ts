import { utf8 } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { LogLine } from '../types.ts'
import { prelude } from './prelude.ts'
import type { Program } from './program.ts'
import { ScriptEngine, type Value } from './script-engine.ts'
import { errorText, ProgramError, type VatHost } from './vat-host.ts'
import type { VatInstance } from './vat-instance.ts'

const levels: readonly string[] = ['debug', 'info', 'warn', 'error'] satisfies LogLine['level'][]
const LONGEST_MESSAGE = 4000

/** A program in JavaScript: the engine is the module, the script part of what is in its memory. */
export class ScriptProgram implements Program {
  readonly #engine: ScriptEngine
  readonly #host: VatHost
  readonly #script: Uint8Array
  #deliver: Value = 0
  #answered: Value = 0
  #done = false
  #failure: string | null = null

  /** @param pointers of the image that it goes on from. */
  constructor(module: WebAssembly.Module, script: Uint8Array, host: VatHost, pointers: readonly number[] | null) {
    this.#host = host
    this.#script = script
    this.#engine = new ScriptEngine(module, host, this.#functions())
    if (pointers === null) return
    const [scratch = 0, deliver = 0, answered = 0] = pointers
    this.#engine.goOn(scratch)
    this.#deliver = deliver
    this.#answered = answered
  }

  get instance(): VatInstance {
    return this.#engine.instance
  }

  start(): void {
    const engine = this.#engine
    engine.start()
    const make = engine.evaluate(utf8(prelude), 'holt')
    const functions = engine.objectOfFunctions(Object.keys(this.#functions()))
    const made = engine.apply(make, [functions])
    this.#deliver = engine.property(made, 'deliver')
    this.#answered = engine.property(made, 'answered')
    for (const value of [make, functions, made]) engine.free(value)
    engine.free(engine.evaluate(this.#script, 'main.js'))
    engine.runJobs()
  }

  deliver(): void {
    const engine = this.#engine
    this.#done = false
    this.#failure = null
    engine.free(engine.apply(this.#deliver, [engine.newText(this.#host.name), engine.newBytes(this.#host.body)], true))
    this.#afterwards()
  }

  answered(call: number, ok: boolean, bytes: Uint8Array): void {
    const engine = this.#engine
    const reply = ok ? engine.newBytes(bytes) : engine.newText(bytes)
    engine.free(engine.apply(this.#answered, [engine.newNumber(call), reply], true))
    this.#afterwards()
  }

  isDone(): boolean {
    return this.#done
  }

  pointers(): number[] {
    return [this.#engine.scratch, this.#deliver, this.#answered]
  }

  #afterwards(): void {
    this.#engine.runJobs()
    if (this.#failure !== null) throw new ProgramError(this.#failure)
  }

  /** What the prelude calls, by name: so a function that lies in an image finds its way back. */
  #functions(): Record<string, (engine: ScriptEngine, args: readonly Value[]) => Value> {
    const host = this.#host
    /** The error as a text in place of the result. */
    const tried = (engine: ScriptEngine, work: () => Value): Value => {
      try {
        return work()
      } catch (error) {
        if (!(error instanceof HoltError)) throw error
        return engine.newText(errorText(error))
      }
    }
    const none = (engine: ScriptEngine) => engine.undefinedValue()
    return {
      call: (engine, [name = 0, args = 0]) => tried(engine, () => engine.newBytes(host.call(engine.textOf(name), engine.bytesOf(args)))),
      ask: (engine, [name = 0, args = 0]) => tried(engine, () => engine.newNumber(host.ask(engine.textOf(name), engine.bytesOf(args)))),
      answer: (engine, [bytes = 0]) => {
        host.answer(engine.bytesOf(bytes))
        return none(engine)
      },
      done: (engine) => {
        this.#done = true
        return none(engine)
      },
      failed: (engine, [text = 0]) => {
        this.#done = true
        this.#failure = engine.stringOf(text).slice(0, LONGEST_MESSAGE)
        return none(engine)
      },
      log: (engine, [level = 0, text = 0]) => {
        const name = engine.stringOf(level)
        host.log(levels.includes(name) ? (name as LogLine['level']) : 'info', engine.stringOf(text))
        return none(engine)
      },
      random: (engine, [size = 0]) => tried(engine, () => engine.newBytes(host.random(engine.numberOf(size) >>> 0))),
      now: (engine) => engine.newNumber(host.nowMs),
      encode: (engine, [text = 0]) => engine.newBytes(engine.textOf(text)),
      decode: (engine, [bytes = 0]) => engine.newText(utf8(new TextDecoder().decode(engine.bytesOf(bytes)))),
      storeGet: (engine, [key = 0]) => {
        const value = host.store.get(engine.stringOf(key))
        return value === null ? none(engine) : engine.newBytes(value)
      },
      storeSet: (engine, [key = 0, value = 0]) =>
        tried(engine, () => {
          host.store.set(engine.stringOf(key), engine.bytesOf(value))
          return none(engine)
        }),
      storeDelete: (engine, [key = 0]) => engine.newTruth(host.store.delete(engine.stringOf(key))),
      storeKeys: (engine, [prefix = 0]) => engine.newText(utf8(JSON.stringify(host.store.keys(engine.stringOf(prefix))))),
    }
  }
}
