import { EntryRing } from './entry-ring.ts'
import type { JournalEntry, PowerUse, ProgramLogLine } from './journal-entry.ts'

/** What is kept of one program. A flood of its own pushes out only its own; what its owner did stays longest. */
const MOST_LINE_BYTES = 128 << 10
const MOST_USE_BYTES = 128 << 10
const MOST_OWNER_BYTES = 16 << 10
const EACH_BYTES = 64

const lineBytes = ({ text }: ProgramLogLine): number => EACH_BYTES + text.length
const useBytes = ({ power, what, about }: PowerUse): number => EACH_BYTES + power.length + what.length + about.length

/** The log and the uses of powers of one program. */
export class ProgramRecord {
  readonly #lines = new EntryRing<Extract<JournalEntry, { kind: 'line' }>>(MOST_LINE_BYTES, lineBytes)
  readonly #uses = new EntryRing<Extract<JournalEntry, { kind: 'use' }>>(MOST_USE_BYTES, useBytes)
  readonly #byOwner = new EntryRing<Extract<JournalEntry, { kind: 'use' }>>(MOST_OWNER_BYTES, useBytes)
  lastNumber = 0

  add(entry: JournalEntry): void {
    this.lastNumber = entry.number
    if (entry.kind === 'line') this.#lines.add(entry)
    else (entry.power === '' ? this.#byOwner : this.#uses).add(entry)
  }

  has(entry: JournalEntry): boolean {
    if (entry.kind === 'line') return this.#lines.has(entry)
    return (entry.power === '' ? this.#byOwner : this.#uses).has(entry)
  }

  get bytes(): number {
    return this.#lines.bytes + this.#uses.bytes + this.#byOwner.bytes
  }

  get lines(): readonly ProgramLogLine[] {
    return this.#lines.all
  }

  /** Unsorted. */
  get uses(): readonly PowerUse[] {
    return [...this.#byOwner.all, ...this.#uses.all]
  }

  get entries(): readonly JournalEntry[] {
    return [...this.#lines.all, ...this.#byOwner.all, ...this.#uses.all]
  }
}
