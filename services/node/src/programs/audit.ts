import type { HoltErrorCode } from '@holt/core/errors.ts'

/** One use of a power by a program. */
export interface PowerUse {
  number: number
  /** Seconds since 1970. */
  time: number
  program: string
  power: string
  /** What was done: `read`, `fetch` … */
  what: string
  /** To what: a path, an address. */
  about: string
  /** How it was refused or failed; null: it was done. */
  code: HoltErrorCode | null
}

const MOST_USES = 2000
const MOST_ABOUT = 300

/** What programs did with their powers, the last uses of all of them; gone when the node stops. */
export class Audit {
  readonly #uses: PowerUse[] = []
  #last = 0

  add(use: Omit<PowerUse, 'number'>): void {
    this.#uses.push({ ...use, about: use.about.slice(0, MOST_ABOUT), number: ++this.#last })
    if (this.#uses.length > MOST_USES) this.#uses.shift()
  }

  /** Oldest first. */
  list({ program, after = 0 }: { program?: string; after?: number }): PowerUse[] {
    return this.#uses.filter((use) => use.number > after && (program === undefined || use.program === program))
  }
}
