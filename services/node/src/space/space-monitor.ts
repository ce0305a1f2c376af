import type { SpaceHistory } from '@holt/control/storage.ts'
import type { Disk } from '@holt/core/disk.ts'
import { toHoltError } from '@holt/core/errors.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { DriveKeeper } from '@holt/store/fragments/drive-keeper.ts'
import { RowRing } from '../row-ring.ts'
import { forecastOf } from './forecast.ts'

interface SpaceMonitorOptions {
  keeper: Pick<DriveKeeper, 'drives' | 'lookAtDrives'>
  data: Disk
  clock: Clock
  /** Milliseconds since 1970. */
  now(): number
  log(level: 'warn', text: string): void
}

export interface Space {
  totalBytes: number
  freeBytes: number
  fragmentBytes: number
}

const HOUR = 3600
const DAY = 24 * HOUR
const FILES = { month: 'space-month', years: 'space-years' } as const
type Span = keyof typeof FILES
const MEASURE_EVERY_MS = 15 * 60_000
/** Four bytes each, in MiB: of all drives, free, fragments. */
const ROW_BYTES = 12
const UNIT = 2 ** 20

/** Remembers how full the drives were: a month by the hour, three years by the day. */
export class SpaceMonitor {
  readonly #options: SpaceMonitorOptions
  readonly #rings = {
    month: new RowRing({ kind: 'space-history', stepSeconds: HOUR, steps: 31 * 24, rowBytes: ROW_BYTES }),
    years: new RowRing({ kind: 'space-history', stepSeconds: DAY, steps: 3 * 366, rowBytes: ROW_BYTES }),
  }
  #callOff = (): void => {}
  #measuring: Promise<void> = Promise.resolve()

  constructor(options: SpaceMonitorOptions) {
    this.#options = options
  }

  /** Reads what was kept; what is damaged is begun anew. */
  async start(): Promise<void> {
    for (const span of ['month', 'years'] as const) await this.#restore(span)
    this.#measureLater()
    void this.measure()
  }

  async stop(): Promise<void> {
    this.#callOff()
    await this.measure()
  }

  #measureLater(): void {
    this.#callOff = this.#options.clock.after(MEASURE_EVERY_MS, () => {
      this.#measureLater()
      void this.measure()
    })
  }

  /** Never fails: it is about what may be forgotten. */
  measure(): Promise<void> {
    return this.#next(async () => {
      await this.#measureNow()
      for (const span of ['month', 'years'] as const) await this.#options.data.replaceFile(FILES[span], this.#rings[span].encode())
    })
  }

  async history(span: Span): Promise<SpaceHistory> {
    // who only looks does not write
    await this.#next(() => this.#measureNow())
    const nowSeconds = this.#options.now() / 1000
    const { startTime, stepSeconds, spaces } = this.#read(span, nowSeconds)
    const days = this.#read('years', nowSeconds)
    const points = days.spaces.flatMap((space, i) => (space === null ? [] : [{ time: days.startTime + i * DAY, ...space }]))
    const column = (name: keyof Space): (number | null)[] => spaces.map((space) => space?.[name] ?? null)
    return {
      startTime,
      stepSeconds,
      total: column('totalBytes'),
      free: column('freeBytes'),
      fragments: column('fragmentBytes'),
      forecast: forecastOf(points),
    }
  }

  #read(span: Span, nowSeconds: number) {
    const ring = this.#rings[span]
    const { startTime, rows } = ring.read(nowSeconds)
    return { startTime, stepSeconds: ring.stepSeconds, spaces: rows.map((row) => (row === null ? null : spaceOf(row))) }
  }

  /** While a drive is missing, what is there is no picture of the whole, and is left out. */
  async #measureNow(): Promise<void> {
    const { keeper, now } = this.#options
    await keeper.lookAtDrives()
    const drives = keeper.drives()
    if (drives.length === 0 || drives.some(({ state }) => state === 'missing')) return
    const sum = (name: keyof Space): number => drives.reduce((whole, drive) => whole + drive[name], 0)
    const space = { totalBytes: sum('totalBytes'), freeBytes: sum('freeBytes'), fragmentBytes: sum('fragmentBytes') }
    for (const span of ['month', 'years'] as const) {
      writeSpace(this.#rings[span].put(now() / 1000), space)
    }
  }

  #next(work: () => Promise<void>): Promise<void> {
    this.#measuring = this.#measuring.then(work).catch(() => {})
    return this.#measuring
  }

  async #restore(span: Span): Promise<void> {
    try {
      const kept = await this.#options.data.readFile(FILES[span])
      if (kept !== null) this.#rings[span].restore(kept)
    } catch (error) {
      this.#options.log('warn', `what was remembered of the drives' ${span} is damaged and begun anew: ${toHoltError(error).message}`)
    }
  }
}

export function writeSpace(row: DataView, { totalBytes, freeBytes, fragmentBytes }: Space): void {
  for (const [i, bytes] of [totalBytes, freeBytes, fragmentBytes].entries())
    row.setUint32(4 * i, Math.min(0xfffffffe, Math.max(0, Math.round(bytes / UNIT))))
}

export function spaceOf(row: DataView): Space {
  return { totalBytes: UNIT * row.getUint32(0), freeBytes: UNIT * row.getUint32(4), fragmentBytes: UNIT * row.getUint32(8) }
}
