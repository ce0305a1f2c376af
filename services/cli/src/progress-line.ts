import type { Progress } from '@holt/control/schema.ts'
import type { Amount } from './command.ts'
import { type Rates, progressText } from './progress-text.ts'
import { printable } from './printable.ts'
import type { Terminal } from './terminal.ts'
import { shorten, textWidth } from './text-width.ts'

/** Without a terminal a line now and then is enough; it often ends up in a log. */
const PLAIN_INTERVAL_MS = 10_000
/** How far back the shown rate looks. */
const RATE_WINDOW_MS = 5000
/** A shorter rest of a path says nothing. */
const SHORTEST_PATH = 12

export interface ProgressLineOptions {
  expected?: () => Amount | null
  /** Milliseconds of some clock. */
  now?: () => number
}

/** Shows the progress of one call on stderr: a line that changes on a terminal, a line every ten seconds elsewhere. */
export class ProgressLine {
  readonly #terminal: Terminal
  readonly #expected: () => Amount | null
  readonly #now: () => number
  readonly #samples: { time: number; bytes: number; items: number }[] = []
  #phase = ''
  #lastPlain: number
  #drawn = false

  constructor(terminal: Terminal, { expected = () => null, now = () => performance.now() }: ProgressLineOptions = {}) {
    this.#terminal = terminal
    this.#expected = expected
    this.#now = now
    this.#lastPlain = now()
  }

  show(reported: Progress): void {
    const progress = this.#completed(reported)
    this.#sample(progress)
    if (this.#terminal.isInteractive.errors) this.#draw(progress)
    else if (this.#now() - this.#lastPlain >= PLAIN_INTERVAL_MS) {
      this.#lastPlain = this.#now()
      this.#terminal.tell(`${progressText(progress, this.#rates())}\n`)
    }
  }

  /** Takes the line away again. */
  clear(): void {
    if (this.#drawn) this.#terminal.tell('\r\u001b[K')
    this.#drawn = false
  }

  #draw(progress: Progress): void {
    const room = this.#terminal.columns - 1
    const text = progressText(progress, this.#rates(), room)
    const left = room - textWidth(text) - 2
    const path = progress.path === undefined || left < SHORTEST_PATH ? '' : `  ${shorten(printable(progress.path), left)}`
    this.#terminal.tell(`\r${text}${path}\u001b[K`)
    this.#drawn = true
  }

  /** With the totals that are known here while the node does not know them. */
  #completed(progress: Progress): Progress {
    const expected = progress.totalBytes === 0 && progress.totalItems === 0 ? this.#expected() : null
    if (expected === null) return progress
    return {
      ...progress,
      totalBytes: Math.max(expected.bytes, progress.doneBytes),
      totalItems: Math.max(expected.items, progress.doneItems),
    }
  }

  #sample({ phase, doneBytes, doneItems }: Progress): void {
    if (phase !== this.#phase) this.#samples.length = 0
    this.#phase = phase
    const time = this.#now()
    this.#samples.push({ time, bytes: doneBytes, items: doneItems })
    while (this.#samples.length > 2 && time - (this.#samples[1] as { time: number }).time > RATE_WINDOW_MS) this.#samples.shift()
  }

  #rates(): Rates {
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    const seconds = first === undefined || last === undefined ? 0 : (last.time - first.time) / 1000
    if (first === undefined || last === undefined || seconds <= 0) return { bytes: 0, items: 0 }
    return { bytes: (last.bytes - first.bytes) / seconds, items: (last.items - first.items) / seconds }
  }
}
