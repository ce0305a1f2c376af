import { blake3 } from '@holt/core/blake3.ts'
import { concatBytes, equalBytes } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import { HoltError } from '@holt/core/errors.ts'
import { bytes, literal, parse, record, uint, version } from '@holt/core/shape.ts'

interface RowRingOptions {
  /** Of the structure it is kept as. */
  kind: string
  stepSeconds: number
  steps: number
  rowBytes: number
}

const DIGEST_BYTES = 32

/** The last so many steps of one length, a row of bytes each; a step of which nothing is known is 0xff throughout. */
export class RowRing {
  readonly stepSeconds: number
  readonly steps: number
  readonly #kind: string
  readonly #rowBytes: number
  /** Number of the newest step: its beginning in seconds since 1970, divided by `stepSeconds`. */
  #newest = 0
  #data: Uint8Array<ArrayBuffer>

  constructor({ kind, stepSeconds, steps, rowBytes }: RowRingOptions) {
    this.stepSeconds = stepSeconds
    this.steps = steps
    this.#kind = kind
    this.#rowBytes = rowBytes
    this.#data = new Uint8Array(steps * rowBytes).fill(0xff)
  }

  /**
   * The row of a time, to be written. When the clock was set back, what it had told of times to come is forgotten.
   *
   * @param time in seconds since 1970.
   */
  put(time: number): DataView {
    const step = Math.floor(time / this.stepSeconds)
    for (let untold = Math.max(step + 1, this.#newest - this.steps + 1); untold <= this.#newest; untold++) this.#row(untold).fill(0xff)
    for (let missed = Math.max(this.#newest + 1, step - this.steps + 1); missed < step; missed++) this.#row(missed).fill(0xff)
    this.#newest = step
    return viewOf(this.#row(step))
  }

  /** Oldest first, up to `time`; null for steps of which nothing is known. */
  read(time: number): { startTime: number; rows: (DataView | null)[] } {
    const last = Math.max(this.#newest, Math.floor(time / this.stepSeconds))
    const first = last - this.steps + 1
    return { startTime: first * this.stepSeconds, rows: Array.from({ length: this.steps }, (_, i) => this.#known(first + i)) }
  }

  /** With a digest at the end. */
  encode(): Uint8Array {
    const content = encode({ v: 1, kind: this.#kind, step: this.stepSeconds, newest: this.#newest, values: this.#data })
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
      kind: literal(this.#kind),
      step: uint({ min: this.stepSeconds, max: this.stepSeconds }),
      newest: uint({ max: 2 ** 40 }),
      values: bytes({ max: this.#data.length, multipleOf: this.#data.length }),
    })
  }

  #known(step: number): DataView | null {
    if (step > this.#newest || step <= this.#newest - this.steps || step < 0) return null
    const row = this.#row(step)
    return row.every((byte) => byte === 0xff) ? null : viewOf(row)
  }

  #row(step: number): Uint8Array<ArrayBuffer> {
    const at = (step % this.steps) * this.#rowBytes
    return this.#data.subarray(at, at + this.#rowBytes)
  }
}

function viewOf(row: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(row.buffer, row.byteOffset, row.byteLength)
}
