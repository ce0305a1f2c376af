import { RowRing } from '../row-ring.ts'

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

/** How busy the machine was in the last so many steps of one length. */
export class ValueRing {
  readonly stepSeconds: number
  readonly #rows: RowRing

  constructor(stepSeconds: number, steps: number) {
    this.stepSeconds = stepSeconds
    this.#rows = new RowRing({ kind: 'machine-history', stepSeconds, steps, rowBytes: STEP_BYTES })
  }

  /** @param time in seconds since 1970. When the clock was set back, what it had told of times to come is forgotten. */
  put(time: number, values: StepValues): void {
    const view = this.#rows.put(time)
    view.setUint16(0, share(values.cpu))
    view.setUint16(2, share(values.memory))
    view.setUint16(4, values.celsius === null ? UNKNOWN : within(10 * (values.celsius + 100), UNKNOWN - 1))
    view.setUint32(6, within(values.received / 256, 0xfffffffe))
    view.setUint32(10, within(values.sent / 256, 0xfffffffe))
  }

  /** Oldest first, up to `time`; null for steps of which nothing is known. */
  read(time: number): { startTime: number; values: (StepValues | null)[] } {
    const { startTime, rows } = this.#rows.read(time)
    return { startTime, values: rows.map((row) => (row === null ? null : valuesOf(row))) }
  }

  /** With a digest at the end. */
  encode(): Uint8Array {
    return this.#rows.encode()
  }

  /** Takes over what was kept. @throws HoltError MALFORMED, UNSUPPORTED_VERSION. */
  restore(encoded: Uint8Array): void {
    this.#rows.restore(encoded)
  }
}

function valuesOf(view: DataView): StepValues {
  const celsius = view.getUint16(4)
  return {
    cpu: view.getUint16(0) / 10_000,
    memory: view.getUint16(2) / 10_000,
    celsius: celsius === UNKNOWN ? null : celsius / 10 - 100,
    received: 256 * view.getUint32(6),
    sent: 256 * view.getUint32(10),
  }
}

function share(value: number): number {
  return within(10_000 * value, 10_000)
}

function within(value: number, most: number): number {
  return Math.round(Math.min(most, Math.max(0, Number.isFinite(value) ? value : 0)))
}
