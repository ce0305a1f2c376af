import type { LogLine } from '@holt/sandbox/types.ts'

export interface ProgramLogLine extends LogLine {
  number: number
  /** Seconds since 1970. */
  time: number
}

const MOST_LINES = 500
const MOST_CHARACTERS = 2000

/** What a program wrote last, and what the node says of it. Old lines make room: a flood of them costs others nothing. */
export class ProgramLog {
  readonly #lines: ProgramLogLine[] = []
  #last = 0

  add({ level, text }: LogLine, time: number): void {
    this.#lines.push({ level, text: text.slice(0, MOST_CHARACTERS), time, number: ++this.#last })
    if (this.#lines.length > MOST_LINES) this.#lines.shift()
  }

  after(number: number): ProgramLogLine[] {
    return this.#lines.filter((line) => line.number > number)
  }
}
