import { coldStart } from '../measure.ts'
import { costOf } from '../network/program.ts'
import type { BenchTable } from '../report.ts'
import type { Disk, DiskName } from './disks.ts'

interface Timing {
  seconds: number
  /** Of the processes behind the folder. */
  processorSeconds: number
}

interface Row {
  name: string
  /** So many times as fast as gocryptfs it shall be. */
  goal: number
  bytes: number
  of: Partial<Record<DiskName, Timing>>
}

export interface TimingOptions {
  goal: number
  /** What is written or read, where that is the point. */
  bytes?: number
}

/** What was measured, for all disks. */
export class Timings {
  readonly #rows = new Map<string, Row>()

  /** Times `work` from empty caches until what it did is durable. */
  async time(disk: Disk, name: string, { goal, bytes = 0 }: TimingOptions, work: () => Promise<unknown>): Promise<void> {
    await disk.quiet()
    await coldStart()
    const timing = await costOf(disk.pids, async () => {
      await work()
      await disk.durable()
    })
    const row = this.#rows.get(name) ?? { name, goal, bytes, of: {} }
    this.#rows.set(name, row)
    row.of[disk.name as DiskName] = timing
    console.log(`${disk.name}: ${name}: ${timing.seconds.toFixed(2)} s, ${timing.processorSeconds.toFixed(2)} s of processors`)
  }

  tables(title: string): BenchTable[] {
    const rows = [...this.#rows.values()]
    const speed: BenchTable = {
      title: `${title}: seconds, and how many times as fast`,
      columns: ['', 'plain', 'gocryptfs', 'holt', 'holt ÷ plain', 'holt ÷ gocryptfs', 'goal', ''],
      rows: rows.map(speedCells),
    }
    const cost: BenchTable = {
      title: `${title}: seconds of processors`,
      columns: ['', 'gocryptfs', 'holt', 'gocryptfs per GiB', 'holt per GiB'],
      rows: rows.map(costCells),
    }
    return [speed, cost]
  }
}

function speedCells({ name, goal, of: { plain, gocryptfs, holt } }: Row): string[] {
  const seconds = (timing?: Timing): string => timing?.seconds.toFixed(2) ?? ''
  const times = (other?: Timing): number | null => (holt === undefined || other === undefined ? null : other.seconds / holt.seconds)
  const [toPlain, toOther] = [times(plain), times(gocryptfs)]
  const verdict = toOther === null ? '' : toOther >= goal ? 'met' : 'MISSED'
  return [
    name,
    seconds(plain),
    seconds(gocryptfs),
    seconds(holt),
    toPlain?.toFixed(2) ?? '',
    toOther?.toFixed(2) ?? '',
    goal.toFixed(2),
    verdict,
  ]
}

function costCells({ name, bytes, of: { gocryptfs, holt } }: Row): string[] {
  const whole = [gocryptfs, holt].map((timing) => timing?.processorSeconds.toFixed(2) ?? '')
  const each = [gocryptfs, holt].map((timing) =>
    timing === undefined || bytes === 0 ? '' : (timing.processorSeconds / (bytes / 2 ** 30)).toFixed(2),
  )
  return [name, ...whole, ...each]
}
