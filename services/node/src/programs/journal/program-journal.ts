import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { toHoltError } from '@holt/core/errors.ts'
import type { LogLine } from '@holt/sandbox/types.ts'
import {
  type JournalEntry,
  MOST_ABOUT_CHARACTERS,
  MOST_LINE_CHARACTERS,
  MOST_WORD_CHARACTERS,
  type PowerUse,
  type ProgramLogLine,
} from './journal-entry.ts'
import { JournalFile } from './journal-file.ts'
import { ProgramRecord } from './program-record.ts'

export interface JournalOptions {
  disk: Disk
  crypto: Crypto
  /** Seals what is written. */
  key: Uint8Array
  warn(text: string): void
  /** So long what happens is gathered before it is written. */
  gatherMs?: number
}

export interface UseFilter {
  program?: string
  /** Its name; empty: what the owner did. */
  power?: string
  /** Only what was refused, or only what was done. */
  refused?: boolean
  after?: number
  before?: number
  limit?: number
}

const GATHER_MS = 1000
/** Of programs that were removed what is known of them stays, of so many. */
const MOST_RECORDS = 128
const MOST_USES_TOLD = 2000
const FLOOD = 4096

/**
 * What programs wrote and what they did with their powers: the last of each, in memory, and in one file, so that a restart loses no more than the last
 * second before a power failure. Nothing waits for it: a use of a power is answered whether it could be written down or not.
 */
export class ProgramJournal {
  readonly #options: JournalOptions
  readonly #file: JournalFile
  readonly #records = new Map<string, ProgramRecord>()
  #last = 0
  #unwritten: JournalEntry[] = []
  #timer: ReturnType<typeof setTimeout> | null = null
  #writing: Promise<void> = Promise.resolve()
  #told = false

  private constructor(options: JournalOptions) {
    this.#options = options
    this.#file = new JournalFile(options.disk, options)
  }

  /** A journal that cannot be read is begun anew; it keeps nothing from running. */
  static async open(options: JournalOptions): Promise<ProgramJournal> {
    const journal = new ProgramJournal(options)
    try {
      const { entries, damaged } = await journal.#file.read()
      if (damaged > 0) options.warn(`${damaged} parts of the journal of programs cannot be read`)
      for (const entry of entries) journal.#take(entry)
    } catch (error) {
      options.warn(`the journal of programs cannot be read: ${toHoltError(error).message}`)
    }
    return journal
  }

  /** As one program sees it. */
  logOf(program: string): { add(line: LogLine, time: number): void; after(number: number): ProgramLogLine[] } {
    return {
      add: ({ level, text }, time) => this.#add({ kind: 'line', program, time, level, text: text.slice(0, MOST_LINE_CHARACTERS) }),
      after: (number) => (this.#records.get(program)?.lines ?? []).filter((line) => line.number > number),
    }
  }

  add(use: Omit<PowerUse, 'number'>): void {
    const { program, time, code } = use
    const power = use.power.slice(0, MOST_WORD_CHARACTERS)
    const what = use.what.slice(0, MOST_WORD_CHARACTERS)
    this.#add({ kind: 'use', program, time, power, what, about: use.about.slice(0, MOST_ABOUT_CHARACTERS), code })
  }

  /** Oldest first: of those that fit the newest. */
  list({ program, power, refused, after = 0, before = Number.POSITIVE_INFINITY, limit = MOST_USES_TOLD }: UseFilter): {
    uses: PowerUse[]
    more: boolean
  } {
    const records = program === undefined ? [...this.#records.values()] : [this.#records.get(program)]
    const fits = (use: PowerUse): boolean =>
      use.number > after &&
      use.number < before &&
      (power === undefined || use.power === power) &&
      (refused === undefined || (use.code !== null) === refused)
    const all = records.flatMap((one) => (one === undefined ? [] : one.uses.filter(fits))).sort((a, b) => a.number - b.number)
    return { uses: all.slice(Math.max(0, all.length - limit)), more: all.length > limit }
  }

  /** Programs of which something is known, also such as are installed no more. */
  get programs(): string[] {
    return [...this.#records].filter(([, record]) => record.uses.length > 0).map(([program]) => program)
  }

  /** Resolves when all of it is on the disk, or could not be. */
  async close(): Promise<void> {
    await this.flush()
    await this.#file.close()
  }

  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  #add(entry: NewEntry): void {
    const numbered = { ...entry, number: this.#last + 1 } as JournalEntry
    this.#take(numbered)
    this.#unwritten.push(numbered)
    // of a flood most is pushed out before it is written
    if (this.#unwritten.length % FLOOD === 0) this.#forgetPushedOut()
    this.#timer ??= setTimeout(() => void this.flush(), this.#options.gatherMs ?? GATHER_MS)
  }

  #take(entry: JournalEntry): void {
    let record = this.#records.get(entry.program)
    if (record === undefined) {
      record = new ProgramRecord()
      this.#records.set(entry.program, record)
      this.#forgetOld()
    }
    record.add(entry)
    this.#last = Math.max(this.#last, entry.number)
  }

  #forgetOld(): void {
    if (this.#records.size <= MOST_RECORDS) return
    const [oldest] = [...this.#records].filter(([, { lastNumber }]) => lastNumber > 0).sort(([, a], [, b]) => a.lastNumber - b.lastNumber)
    if (oldest !== undefined) this.#records.delete(oldest[0])
  }

  #forgetPushedOut(): void {
    this.#unwritten = this.#unwritten.filter((entry) => this.#records.get(entry.program)?.has(entry) === true)
  }

  async #write(): Promise<void> {
    this.#forgetPushedOut()
    const entries = this.#unwritten
    if (entries.length === 0) return
    this.#unwritten = []
    try {
      await this.#file.append(entries, { bytes: this.#bytes(), all: () => this.#all() })
      this.#told = false
    } catch (error) {
      this.#unwritten = [...entries, ...this.#unwritten]
      if (!this.#told) this.#options.warn(`what programs do cannot be written down: ${toHoltError(error).message}`)
      this.#told = true
    }
  }

  #bytes(): number {
    let bytes = 0
    for (const record of this.#records.values()) bytes += record.bytes
    return bytes
  }

  /** In the order of their numbers, without those that are still to be written. */
  #all(): JournalEntry[] {
    return [...this.#records.values()].flatMap(({ entries }) => entries).sort((a, b) => a.number - b.number)
  }
}

type NewEntry = Omit<Extract<JournalEntry, { kind: 'line' }>, 'number'> | Omit<Extract<JournalEntry, { kind: 'use' }>, 'number'>
