import type { HoltErrorCode } from '@holt/core/errors.ts'
import type { LogLine } from '@holt/sandbox/types.ts'

interface Numbered {
  /** Ascending over all programs, and over restarts. */
  number: number
  /** Seconds since 1970. */
  time: number
  /** Its id. */
  program: string
}

/** One use of a power by a program; or, where `power` is empty, what its owner did with it. */
export interface PowerUse extends Numbered {
  power: string
  /** What was done: `read`, `fetch` … */
  what: string
  /** To what: a path, an address. */
  about: string
  /** How it was refused or failed; null: it was done. */
  code: HoltErrorCode | null
}

/** What a program wrote, or the node said of it. */
export interface ProgramLogLine extends Numbered, LogLine {}

export type JournalEntry = ({ kind: 'line' } & ProgramLogLine) | ({ kind: 'use' } & PowerUse)

export const MOST_LINE_CHARACTERS = 2000
export const MOST_ABOUT_CHARACTERS = 300
export const MOST_WORD_CHARACTERS = 32
