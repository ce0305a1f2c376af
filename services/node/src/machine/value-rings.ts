import { blake3 } from '@holt/core/blake3.ts'
import { concatBytes, equalBytes } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import { HoltError } from '@holt/core/errors.ts'
import { bytes, literal, parse, record, uint, version } from '@holt/core/shape.ts'

/** What is remembered of one step. Shares from 0 to 1, rates in bytes a second. */
export interface StepValues {
  cpu: number
  memory: number
  celsius: number | null
  received: number
  sent: number
}

/** Two bytes each for the two shares (of 10,000) and the temperature (a tenth of a degree), four for the rates (256 bytes a second). */
const STEP_BYTES = 14
const UNKNOWN = 0xffff
const DIGEST_BYTES = 32

/** The last so many steps of one length; a step of which nothing is known is 0xff throughout. */
export class ValueRing {
  readonly stepSeconds: number
  readonly steps: number
  /** Number of the newest step: its beginning in seconds since 1970, divided by `stepSeconds`. */
  #newest = 0
  #data: Uint8Array<ArrayBuffer>

  constructor(stepSeconds: number, steps: number) {
    this.stepSeconds = stepSeconds
    this.steps = steps
    this.#data = new Uint8Array(steps * STEP_BYTES).fill(0xff)
  }

  /** @param time in seconds since 1970. When the clock was set back, what it had told of times to come is forgotten. */
  put(time: number, values: StepValues): void {
    const step = Math.floor(time / this.stepSeconds)
    for (let untold = Math.max(step + 1, this.#newest - this.steps + 1); untold <= this.#newest; untold++) this.#row(untold).fill(0xff)
    for (let missed = Math.max(this.#newest + 1, step - this.steps + 1); missed < step; missed++) this.#row(missed).fill(0xff)
    this.#newest = step
    const row = this.#row(step)
    const view = new DataView(row.buffer, row.byteOffset, STEP_BYTES)
    view.setUint16(0, share(values.cpu))
    view.setUint16(2, share(values.memory))
    view.setUint16(4, values.celsius === null ? UNKNOWN : within(10 * (values.celsius + 100), UNKNOWN - 1))
    view.setUint32(6, within(values.received / 256, 0xfffffffe))
    view.setUint32(10, within(values.sent / 256, 0xfffffffe))
  }

  /** Oldest first, up to `time`; null for steps of which nothing is known. */
  read(time: number): { startTime: number; values: (StepValues | null)[] } {
    const last = Math.max(this.#newest, Math.floor(time / this.stepSeconds))
    const first = last - this.steps + 1
    const values = Array.from({ length: this.steps }, (_, i) => this.#valuesOf(first + i))
    return { startTime: first * this.stepSeconds, values }
  }

  /** With a digest at the end. */
  encode(): Uint8Array {
    const content = encode({ v: 1, kind: 'machine-history', step: this.stepSeconds, newest: this.#newest, values: this.#data })
    return concatBytes([content, blake3(content)])
  }

  /** Takes over what was kept. @throws HoltError MALFORMED, UNSUPPORTED_VERSION. */
  restore(encoded: Uint8Array): void {
    const content = encoded.subarray(0, Math.max(0, encoded.length - DIGEST_BYTES))
    if (!equalBytes(blake3(content), encoded.subarray(content.length))) throw new HoltError('MALFORMED', 'the digest does not fit')
    const { newest, values } = parse(this.#shape(), content)
    this.#newest = newest
    this.#data = values.slice()
  }

  #shape() {
    return record({
      v: version(1),
      kind: literal('machine-history'),
      step: uint({ min: this.stepSeconds, max: this.stepSeconds }),
      newest: uint({ max: 2 ** 40 }),
      values: bytes({ max: this.#data.length, multipleOf: this.#data.length }),
    })
  }

  #valuesOf(step: number): StepValues | null {
    if (step > this.#newest || step <= this.#newest - this.steps || step < 0) return null
    const row = this.#row(step)
    if (row.every((byte) => byte === 0xff)) return null
    const view = new DataView(row.buffer, row.byteOffset, STEP_BYTES)
    const celsius = view.getUint16(4)
    return {
      cpu: view.getUint16(0) / 10_000,
      memory: view.getUint16(2) / 10_000,
      celsius: celsius === UNKNOWN ? null : celsius / 10 - 100,
      received: 256 * view.getUint32(6),
      sent: 256 * view.getUint32(10),
    }
  }

  #row(step: number): Uint8Array<ArrayBuffer> {
    const at = (step % this.steps) * STEP_BYTES
    return this.#data.subarray(at, at + STEP_BYTES)
  }
}

function share(value: number): number {
  return within(10_000 * value, 10_000)
}

function within(value: number, most: number): number {
  return Math.round(Math.min(most, Math.max(0, Number.isFinite(value) ? value : 0)))
}
