import type { MachineHistory } from '@holt/control/machine.ts'
import type { Disk } from '@holt/core/disk.ts'
import { toHoltError } from '@holt/core/errors.ts'
import type { Machine, MachineCounters } from '@holt/core/machine.ts'
import { type StepValues, ValueRing } from './value-rings.ts'

interface MonitorOptions {
  machine: Machine
  data: Disk
  log(level: 'warn', text: string): void
}

const MINUTE = 60
const HOUR = 3600
const FILES = { day: 'machine-day', month: 'machine-month' }
type Span = keyof typeof FILES
/** What a power cut takes at most; each time writes 31 KB. */
const KEEP_EVERY_MINUTES = 15

/** Remembers how busy the machine was: a day by the minute, a month by the hour. */
export class MachineMonitor {
  readonly #options: MonitorOptions
  readonly #rings = { day: new ValueRing(MINUTE, 24 * 60), month: new ValueRing(HOUR, 31 * 24) }
  #before: MachineCounters
  #atHour: MachineCounters
  #minutes = 0
  #timer: ReturnType<typeof setInterval> | null = null
  #keeping: Promise<void> = Promise.resolve()

  constructor(options: MonitorOptions) {
    this.#options = options
    this.#before = options.machine.counters()
    this.#atHour = this.#before
  }

  /** Reads what was kept; what is damaged is begun anew. */
  async start(): Promise<void> {
    for (const span of ['day', 'month'] as const) await this.#restore(span)
    this.#timer = setInterval(() => this.measure(), 1000 * MINUTE)
    ;(this.#timer as { unref?: () => void }).unref?.()
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#keep()
  }

  /** Once a minute. */
  measure(): void {
    const now = this.#options.machine.counters()
    const minute = between(this.#before, now)
    if (minute !== null) this.#rings.day.put(this.#before.time, minute)
    this.#before = now
    // an hour has the values of its minutes so far, so that one that is cut off is there as well
    const hour = between(this.#atHour, now)
    if (hour !== null) this.#rings.month.put(this.#atHour.time, hour)
    if (Math.floor(now.time / HOUR) !== Math.floor(this.#atHour.time / HOUR)) this.#atHour = now
    if (++this.#minutes % KEEP_EVERY_MINUTES === 0) void this.#keep()
  }

  history(span: Span): MachineHistory {
    const ring = this.#rings[span]
    const { startTime, values } = ring.read(this.#options.machine.counters().time)
    const column = (name: keyof StepValues): (number | null)[] => values.map((row) => row?.[name] ?? null)
    return {
      startTime,
      stepSeconds: ring.stepSeconds,
      cpu: column('cpu'),
      memory: column('memory'),
      celsius: column('celsius'),
      received: column('received'),
      sent: column('sent'),
    }
  }

  async #restore(span: Span): Promise<void> {
    try {
      const kept = await this.#options.data.readFile(FILES[span])
      if (kept !== null) this.#rings[span].restore(kept)
    } catch (error) {
      this.#options.log('warn', `what was remembered of the machine's ${span} is damaged and begun anew: ${toHoltError(error).message}`)
    }
  }

  /** One after the other. A full disk, say, is no reason to fail: it is about what may be forgotten. */
  #keep(): Promise<void> {
    for (const span of ['day', 'month'] as const)
      this.#keeping = this.#keeping.then(() => this.#options.data.replaceFile(FILES[span], this.#rings[span].encode())).catch(() => {})
    return this.#keeping
  }
}

/** @returns null when the counters began anew between the two, or no time went by. */
export function between(before: MachineCounters, after: MachineCounters): StepValues | null {
  const seconds = after.uptimeSeconds - before.uptimeSeconds
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds
  if (seconds <= 0 || cpuSeconds <= 0) return null
  return {
    cpu: (after.cpuBusySeconds - before.cpuBusySeconds) / cpuSeconds,
    memory: after.memoryBytes > 0 ? after.memoryUsedBytes / after.memoryBytes : 0,
    celsius: after.celsius,
    // a card that was pulled takes its count along
    received: Math.max(0, after.receivedBytes - before.receivedBytes) / seconds,
    sent: Math.max(0, after.sentBytes - before.sentBytes) / seconds,
  }
}
