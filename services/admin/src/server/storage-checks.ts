import { join } from 'node:path'
import type { DoctorReport } from '@holt/control/schema.ts'
import { type Static, Type } from 'typebox'
import type { Job } from './jobs.ts'
import { JsonFile } from './json-file.ts'

const Count = Type.Integer({ minimum: 0 })

/** What came of the last check of everything stored, in figures: no names of files or drives. */
export const StorageCheck = Type.Object(
  {
    kind: Type.Union([Type.Literal('verify'), Type.Literal('repair')]),
    startedMs: Type.Integer(),
    endedMs: Type.Integer(),
    state: Type.Union([Type.Literal('done'), Type.Literal('failed'), Type.Literal('cancelled')]),
    healthy: Type.Boolean({ description: 'nothing is wrong, by the end of it' }),
    bytesChecked: Count,
    fragmentsChecked: Count,
    problems: Type.Integer({ minimum: 0, description: 'that are still there' }),
    repairedFragments: Count,
  },
  { additionalProperties: false },
)
export type StorageCheck = Static<typeof StorageCheck>

const CheckFile = Type.Object({ v: Type.Literal(1), checks: Type.Array(StorageCheck, { maxItems: 2 }) }, { additionalProperties: false })

/** The last check of each kind that came to an end, kept over restarts. */
export class StorageChecks {
  readonly #file: JsonFile<typeof CheckFile>
  #checks: readonly StorageCheck[] = []
  #writing: Promise<void> = Promise.resolve()

  private constructor(file: JsonFile<typeof CheckFile>) {
    this.#file = file
  }

  /** A file that is damaged says nothing of anybody's rights: it is begun anew. */
  static async open(folder: string): Promise<StorageChecks> {
    const checks = new StorageChecks(new JsonFile(join(folder, 'checks.json'), CheckFile))
    checks.#checks = (await checks.#file.read().catch(() => null))?.checks ?? []
    return checks
  }

  /** Newest first. */
  list(): StorageCheck[] {
    return [...this.#checks].sort((a, b) => b.endedMs - a.endedMs)
  }

  /** Takes note of a job that ended; one that was cancelled does not take the place of one that was done. */
  async note(job: Job): Promise<void> {
    const check = checkOf(job)
    if (check === null || check.state === 'cancelled') return
    this.#checks = [check, ...this.#checks.filter(({ kind }) => kind !== check.kind)]
    this.#writing = this.#file.write({ v: 1, checks: [...this.#checks] })
    await this.#writing
  }

  /** Resolves when what was noted is on the drive. */
  async close(): Promise<void> {
    await this.#writing.catch(() => {})
  }
}

function checkOf({ kind, state, startedMs, endedMs, result }: Job): StorageCheck | null {
  if ((kind !== 'verify' && kind !== 'repair') || state === 'running' || endedMs === null) return null
  const report = state === 'done' ? (result as DoctorReport) : null
  return {
    kind,
    startedMs,
    endedMs,
    state,
    healthy: report?.healthy ?? false,
    bytesChecked: report?.bytesChecked ?? 0,
    fragmentsChecked: report?.fragmentsChecked ?? 0,
    problems: report?.problems.filter(({ repaired }) => !repaired).length ?? 0,
    repairedFragments: report?.repairedFragments ?? 0,
  }
}
