import type { LogLine } from '@holt/control/machine.ts'

const MOST_LINES = 500
const MOST_CHARACTERS = 2000

/** What the node said last, for who cannot see where it was started. */
export class NodeLog {
  readonly #lines: LogLine[] = []

  add(line: LogLine): void {
    this.#lines.push({ ...line, text: line.text.slice(0, MOST_CHARACTERS) })
    if (this.#lines.length > MOST_LINES) this.#lines.shift()
  }

  lines(): LogLine[] {
    return [...this.#lines]
  }
}
