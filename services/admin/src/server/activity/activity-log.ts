import { mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HoltError } from '@holt/core/errors.ts'
import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'

const strict = { additionalProperties: false }

/** One line of the file: who did what, to what, from where, and whether it was done. Never what was typed. */
export const Activity = Type.Object(
  {
    v: Type.Literal(1),
    n: Type.Integer({ minimum: 1, description: 'ascending; a gap where lines were lost' }),
    timeMs: Type.Integer(),
    person: Type.String({ maxLength: 16, description: "'owner', the id of a person, or '' for a stranger" }),
    name: Type.String({ maxLength: 64, description: 'of the person then; the owner has none' }),
    what: Type.String({ maxLength: 64, description: 'operationId of the call' }),
    kind: Type.String({ maxLength: 32, description: 'tag of the call' }),
    about: Type.String({ maxLength: 1024, description: 'path, name or id; the first of several' }),
    count: Type.Integer({ minimum: 1, description: 'how many alike were put together' }),
    address: Type.String({ maxLength: 64 }),
    token: Type.Union([Type.String({ maxLength: 16 }), Type.Null()], { description: 'by a program with this token' }),
    refused: Type.Union([Type.String({ maxLength: 32, description: 'code' }), Type.Null()]),
  },
  strict,
)
export type Activity = Static<typeof Activity>
export type NewActivity = Omit<Activity, 'v' | 'n' | 'timeMs' | 'count'>

export interface ActivityFilter {
  person?: string
  kind?: string
  /** Older than this number. */
  before?: number
  fromMs?: number
  toMs?: number
  refused?: boolean
  limit: number
}

/** Of each of two files; together some ten thousand lines. */
const MOST_BYTES = 2 * 1024 * 1024
const MOST_LINE_BYTES = 16_384
/** Alike things within this time are one line: an upload of a thousand photos, or a thousand wrong passwords. */
const TOGETHER_MS = 5_000
const MOST_WAITING = 256

export interface ActivityLogOptions {
  now?: () => number
  mostBytes?: number
  togetherMs?: number
  onProblem?: (text: string) => void
}

/**
 * What people did through the page, in `web/activity.log` and, before it, `web/activity.log.1`: a JSON line each, only ever appended; when the first is
 * full it takes the place of the second. A torn or damaged line is left out and the rest read.
 */
export class ActivityLog {
  readonly #path: string
  readonly #options: Required<ActivityLogOptions>
  /** Oldest first: all that is in both files. */
  #lines: Activity[] = []
  #older: number
  #bytes = 0
  #last = 0
  #endsTorn = false
  readonly #waiting = new Map<string, { activity: Activity; timer: NodeJS.Timeout }>()
  readonly #listeners = new Set<(activity: Activity) => void>()
  #writing: Promise<void> = Promise.resolve()
  #queue: Activity[] = []
  #told = false

  private constructor(path: string, options: ActivityLogOptions) {
    this.#path = path
    this.#older = 0
    this.#options = { now: Date.now, mostBytes: MOST_BYTES, togetherMs: TOGETHER_MS, onProblem: () => {}, ...options }
  }

  static async open(folder: string, options: ActivityLogOptions = {}): Promise<ActivityLog> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const log = new ActivityLog(join(folder, 'activity.log'), options)
    const [older, newer] = [await linesOf(`${log.#path}.1`), await linesOf(log.#path)]
    log.#lines = [...older.lines, ...newer.lines]
    log.#older = older.lines.length
    log.#bytes = newer.bytes
    log.#endsTorn = newer.endsTorn
    log.#last = log.#lines.reduce((last, { n }) => Math.max(last, n), 0)
    return log
  }

  /** Never fails: what cannot be written down is told once, and what was asked for goes on. */
  add(given: NewActivity, { together = false }: { together?: boolean } = {}): void {
    const bounded = { ...given, name: given.name.slice(0, 64), about: given.about.slice(0, 1024), address: given.address.slice(0, 64) }
    const key = JSON.stringify([given.person, given.what, given.refused, given.token, given.address, together ? folderOf(given.about) : ''])
    const waiting = together ? this.#waiting.get(key) : undefined
    if (waiting) {
      waiting.activity.count++
      return
    }
    const activity: Activity = { v: 1, n: 0, timeMs: Math.round(this.#options.now()), count: 1, ...bounded }
    if (!together) return this.#put(activity)
    if (this.#waiting.size >= MOST_WAITING) this.flush()
    const timer = setTimeout(() => this.#release(key), this.#options.togetherMs)
    timer.unref()
    this.#waiting.set(key, { activity, timer })
  }

  /** Newest first; what still waits for its like is in it too. */
  list({ person, kind, before = Number.POSITIVE_INFINITY, fromMs = 0, toMs = Number.POSITIVE_INFINITY, refused, limit }: ActivityFilter): {
    entries: Activity[]
    more: boolean
  } {
    this.flush()
    const entries: Activity[] = []
    for (let i = this.#lines.length - 1; i >= 0; i--) {
      const one = this.#lines[i] as Activity
      const fits = one.n < before && one.timeMs >= fromMs && one.timeMs <= toMs
      if (!fits || (person !== undefined && one.person !== person) || (kind !== undefined && one.kind !== kind)) continue
      if (refused !== undefined && (one.refused !== null) !== refused) continue
      if (entries.length >= limit) return { entries, more: true }
      entries.push(one)
    }
    return { entries, more: false }
  }

  /** @returns a function that ends it. */
  watch(listener: (activity: Activity) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  flush(): void {
    for (const key of this.#waiting.keys()) this.#release(key)
  }

  /** Resolves when all of it is on the drive. */
  async close(): Promise<void> {
    this.flush()
    await this.#writing
  }

  #release(key: string): void {
    const waiting = this.#waiting.get(key)
    if (!waiting) return
    clearTimeout(waiting.timer)
    this.#waiting.delete(key)
    this.#put(waiting.activity)
  }

  #put(activity: Activity): void {
    activity.n = ++this.#last
    this.#lines.push(activity)
    for (const listener of this.#listeners) listener(activity)
    this.#queue.push(activity)
    if (this.#queue.length === 1) this.#writing = this.#writing.then(() => this.#writeQueue()).catch((error: Error) => this.#tell(error))
  }

  async #writeQueue(): Promise<void> {
    const lines = this.#queue
    this.#queue = []
    const text = `${this.#endsTorn ? '\n' : ''}${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
    if (this.#bytes > 0 && this.#bytes + Buffer.byteLength(text) > this.#options.mostBytes) await this.#turn(lines.length)
    // A line of which a part may have been written must not swallow the next.
    this.#endsTorn = true
    const file = await open(this.#path, 'a', 0o600)
    try {
      await file.writeFile(text)
      await file.datasync()
    } finally {
      await file.close()
    }
    this.#bytes += Buffer.byteLength(text)
    this.#endsTorn = false
    this.#told = false
  }

  async #turn(unwritten: number): Promise<void> {
    await rename(this.#path, `${this.#path}.1`)
    this.#lines.splice(0, this.#older)
    this.#older = Math.max(0, this.#lines.length - unwritten - this.#queue.length)
    this.#bytes = 0
    this.#endsTorn = false
  }

  #tell(error: Error): void {
    // In memory it goes on, bounded like the files.
    if (this.#lines.length > 50_000) this.#lines.splice(0, 25_000)
    this.#older = Math.min(this.#older, this.#lines.length)
    if (!this.#told) this.#options.onProblem(`what people do cannot be written down: ${error.message}`)
    this.#told = true
  }
}

async function linesOf(path: string): Promise<{ lines: Activity[]; bytes: number; endsTorn: boolean }> {
  const size = await stat(path).then(
    ({ size }) => size,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return 0
      throw new HoltError('IO_FAILED', `cannot read ${path}`, { path }, { cause: error })
    },
  )
  if (size === 0) return { lines: [], bytes: 0, endsTorn: false }
  if (size > 4 * MOST_BYTES) throw new HoltError('TOO_LARGE', `${path} is larger than it can be`, { path, size })
  const text = await readFile(path, 'utf8')
  const lines: Activity[] = []
  for (const line of text.split('\n')) {
    const activity = line.length > MOST_LINE_BYTES ? null : decodeActivity(line)
    if (activity !== null) lines.push(activity)
  }
  return { lines, bytes: size, endsTorn: !text.endsWith('\n') }
}

/** @returns null for what is no whole line of a version this build knows. */
export function decodeActivity(line: string): Activity | null {
  try {
    const value: unknown = JSON.parse(line)
    return Check(Activity, value) ? (value as Activity) : null
  } catch {
    return null
  }
}

function folderOf(about: string): string {
  return about.startsWith('/') ? about.slice(0, about.lastIndexOf('/') + 1) : about
}
