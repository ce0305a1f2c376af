import type { Progress } from '@holt/control/schema.ts'
import { clockTime, humanBytes, humanCount } from './format.ts'
import { printable } from './printable.ts'
import type { Terminal } from './terminal.ts'
import { shorten } from './text-width.ts'

/** Without a terminal a line now and then is enough; it often ends up in a log. */
const PLAIN_INTERVAL_MS = 10_000
const BAR_COLUMNS = 24
/** How far back the shown rate looks. */
const RATE_WINDOW_MS = 5000

/** Shows the progress of one call on stderr: a line that changes on a terminal, a line every ten seconds elsewhere. */
export class ProgressLine {
  readonly #terminal: Terminal
  readonly #now: () => number
  readonly #samples: { time: number; bytes: number; items: number }[] = []
  #phase = ''
  #lastPlain: number
  #drawn = false

  constructor(terminal: Terminal, now: () => number = () => performance.now()) {
    this.#terminal = terminal
    this.#now = now
    this.#lastPlain = now()
  }

  show(progress: Progress): void {
    this.#sample(progress)
    const text = progressText(progress, this.#rates())
    if (this.#terminal.isInteractive.errors) this.#draw(progress, text)
    else if (this.#now() - this.#lastPlain >= PLAIN_INTERVAL_MS) {
      this.#lastPlain = this.#now()
      this.#terminal.tell(`${text}\n`)
    }
  }

  /** Takes the line away again. */
  clear(): void {
    if (this.#drawn) this.#terminal.tell('\r\u001b[K')
    this.#drawn = false
  }

  #draw(progress: Progress, text: string): void {
    const room = this.#terminal.columns - 1
    const path = progress.path === undefined ? '' : `  ${printable(progress.path)}`
    this.#terminal.tell(`\r${shorten(text, room)}${path === '' ? '' : shorten(path, Math.max(0, room - text.length))}\u001b[K`)
    this.#drawn = true
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

interface Rates {
  bytes: number
  items: number
}

/** `put  [######------]  45 %  1.2 of 3.0 GiB  85 MiB/s  0:21 left  1 234 of 3 000` */
export function progressText(progress: Progress, rates: Rates): string {
  const { phase, doneBytes, totalBytes, doneItems, totalItems } = progress
  const byBytes = totalBytes > 0
  const [done, total, rate] = byBytes ? [doneBytes, totalBytes, rates.bytes] : [doneItems, totalItems, rates.items]
  const parts = [phase.padEnd(7)]
  if (total > 0) parts.push(bar(done / total), `${String(Math.floor((100 * Math.min(done, total)) / total)).padStart(3)} %`)
  if (byBytes) parts.push(`${humanBytes(doneBytes)} of ${humanBytes(totalBytes)}`)
  else if (doneBytes > 0) parts.push(humanBytes(doneBytes))
  if (rates.bytes > 0) parts.push(`${humanBytes(rates.bytes)}/s`)
  if (total > done && rate > 0) parts.push(`${clockTime((total - done) / rate)} left`)
  if (doneItems > 0 || totalItems > 0)
    parts.push(totalItems > 0 ? `${humanCount(doneItems)} of ${humanCount(totalItems)}` : humanCount(doneItems))
  return parts.join('  ')
}

function bar(share: number): string {
  const full = Math.round(BAR_COLUMNS * Math.min(1, Math.max(0, share)))
  return `[${'#'.repeat(full)}${'-'.repeat(BAR_COLUMNS - full)}]`
}
