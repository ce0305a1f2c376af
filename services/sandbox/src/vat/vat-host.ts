import { blake3 } from '@holt/core/blake3.ts'
import { concatBytes, utf8 } from '@holt/core/bytes.ts'
import { errorFromJson, HoltError, type HoltErrorJson, toHoltError } from '@holt/core/errors.ts'
import type { Delivery, LogLine, VatLimits } from '../types.ts'
import { waitForAnswer } from './mailbox.ts'
import { type FromVat, givenAway, type ThreadPort, type ToVat, type VatOpening } from './messages.ts'
import { VatStore } from './vat-store.ts'

const LONGEST_POWER_NAME = 64
/** The clock of a program moves in such steps: finer ones tell what else this machine does. */
const CLOCK_STEP_MS = 100

/** Of a program that ended itself (`fail`, an exception that nothing caught), as opposed to one that was ended. */
export class ProgramError extends Error {}

/** All that the code of a program can reach from inside its thread. Programs of both kinds stand on it. */
export class VatHost {
  readonly limits: VatLimits
  readonly store: VatStore
  readonly preopens: readonly string[]
  readonly args: readonly string[]
  readonly #port: ThreadPort<ToVat, FromVat>
  readonly #mailbox: SharedArrayBuffer
  readonly #entropy: () => Uint8Array
  readonly #open = new Set<number>()
  #delivery: Delivery
  #answers: Uint8Array[] = []
  #answerBytes = 0
  #logBytes = 0
  #nextCall = 1
  #now: number
  #random: Uint8Array = new Uint8Array()
  #randomCount = 0
  #seed: Uint8Array | null = null

  constructor(opening: VatOpening, port: ThreadPort<ToVat, FromVat>, entropy: () => Uint8Array) {
    this.limits = opening.limits
    this.preopens = opening.preopens
    this.args = opening.args
    this.store = new VatStore(opening.store, opening.limits.storeBytes)
    this.#port = port
    this.#mailbox = opening.mailbox
    this.#entropy = entropy
    this.#delivery = { name: '', body: new Uint8Array() }
    this.#now = coarse(opening.now)
    this.#seed = opening.seed
  }

  get name(): Uint8Array {
    return utf8(this.#delivery.name)
  }

  get body(): Uint8Array {
    return this.#delivery.body
  }

  get nowMs(): number {
    return this.#now
  }

  /** How many uses of powers are not answered yet. */
  get outstanding(): number {
    return this.#open.size
  }

  begin(delivery: Delivery): void {
    this.#delivery = delivery
    this.#answers = []
    this.#answerBytes = 0
    this.#logBytes = 0
    this.#now = coarse(delivery.now ?? Date.now())
    this.#seed = delivery.seed ?? null
    this.#random = new Uint8Array()
    this.#randomCount = 0
    if (delivery.seed !== undefined) this.#nextCall = 1
  }

  /** Ends a delivery: its answer. */
  finish(): Uint8Array {
    this.#delivery = { name: '', body: new Uint8Array() }
    const answer = this.#answers.length === 1 ? (this.#answers[0] as Uint8Array) : concatBytes(this.#answers)
    this.#answers = []
    return answer
  }

  answer(bytes: Uint8Array): void {
    this.#answerBytes += bytes.length
    if (this.#answerBytes > this.limits.messageBytes) throw tooLong('answer', this.limits.messageBytes)
    this.#answers.push(bytes)
  }

  /** Uses a power and goes on. @returns the number under which its answer will come. */
  ask(name: Uint8Array, args: Uint8Array): number {
    this.#checkUse(name, args)
    if (this.#open.size >= this.limits.callsAtOnce)
      throw new HoltError('LIMIT_REACHED', `${this.limits.callsAtOnce} uses of powers wait already`, { limit: 'callsAtOnce' })
    const call = this.#nextCall++
    this.#open.add(call)
    this.#post(call, name, args, false)
    return call
  }

  /** Uses a power and waits. */
  call(name: Uint8Array, args: Uint8Array): Uint8Array {
    this.#checkUse(name, args)
    const call = this.#nextCall++
    const { ok, bytes } = waitForAnswer(
      this.#mailbox,
      () => this.#post(call, name, args, true),
      () => this.#port.post({ kind: 'more' }),
    )
    if (ok) return bytes
    throw errorFromJson(JSON.parse(new TextDecoder().decode(bytes)) as HoltErrorJson)
  }

  /** @returns false for an answer that nobody waits for. */
  answered(call: number): boolean {
    return this.#open.delete(call)
  }

  log(level: LogLine['level'], text: string): void {
    if (this.#logBytes > this.limits.logBytes) return
    const room = this.limits.logBytes - this.#logBytes
    this.#logBytes += text.length + 16
    if (this.#logBytes <= this.limits.logBytes) this.#port.post({ kind: 'log', line: { level, text } })
    else {
      if (room > 16) this.#port.post({ kind: 'log', line: { level, text: text.slice(0, room - 16) } })
      this.#port.post({ kind: 'log', line: { level: 'warn', text: 'more was logged than may be; the rest of this delivery is left out' } })
    }
  }

  /** Numbers that nobody guesses, or those that follow from the delivery's seed. */
  random(size: number): Uint8Array {
    if (size > 1 << 20) throw new HoltError('TOO_LARGE', 'at most a MiB of random bytes at once')
    const out = new Uint8Array(size)
    for (let at = 0; at < size; ) {
      if (this.#random.length === 0) this.#random = this.#nextRandom()
      const part = this.#random.subarray(0, size - at)
      out.set(part, at)
      at += part.length
      this.#random = this.#random.subarray(part.length)
    }
    return out
  }

  #nextRandom(): Uint8Array {
    this.#seed ??= this.#entropy()
    const count = new Uint8Array(8)
    new DataView(count.buffer).setUint32(0, this.#randomCount++, true)
    return blake3(concatBytes([utf8('holt program random'), this.#seed, count]))
  }

  #checkUse(name: Uint8Array, args: Uint8Array): void {
    if (name.length === 0 || name.length > LONGEST_POWER_NAME) throw new HoltError('INPUT_INVALID', 'no power has a name like this')
    if (args.length > this.limits.messageBytes) throw tooLong('arguments', this.limits.messageBytes)
  }

  #post(call: number, name: Uint8Array, args: Uint8Array, synchronous: boolean): void {
    this.#port.post({ kind: 'call', call, name: new TextDecoder().decode(name), args, synchronous }, givenAway(args))
  }
}

function coarse(ms: number): number {
  return Math.floor(ms / CLOCK_STEP_MS) * CLOCK_STEP_MS
}

export function tooLong(what: string, most: number): HoltError {
  return new HoltError('LIMIT_REACHED', `${what} of more than ${most} bytes`, { limit: 'messageBytes' })
}

/** "CODE message", as programs are told of an error. */
export function errorText(error: unknown): Uint8Array {
  const { code, message } = toHoltError(error)
  return utf8(`${code} ${message}`)
}
