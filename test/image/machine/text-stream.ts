import type { Socket } from 'node:net'

/** What is not read is kept up to this, so that a guest that repeats an error for hours fills no memory. */
const KEPT_CHARACTERS = 4 * 1024 * 1024

/** Colours and cursor movements, which consoles send between the words one waits for. */
// oxlint-disable-next-line no-control-regex -- that is what they begin with
const ESCAPE_SEQUENCES = /\u001b\[[0-9;?]*[A-Za-z]/g

/** A two-way text connection to a guest: one writes, and waits for what comes back. */
export class TextStream {
  readonly #name: string
  readonly #socket: Socket
  readonly #waiting = new Set<() => void>()
  #unread = ''
  #closed = false

  constructor(name: string, socket: Socket) {
    this.#name = name
    this.#socket = socket
    socket.on('data', (bytes: Buffer) => this.#take(bytes.toString('latin1')))
    socket.on('error', () => {}) // followed by close
    socket.on('close', () => {
      this.#closed = true
      this.#wakeAll()
    })
  }

  write(text: string): void {
    this.#socket.write(text)
  }

  close(): void {
    this.#socket.destroy()
  }

  /** Forgets what has come so far. */
  skip(): void {
    this.#unread = ''
  }

  /**
   * Waits for text that matches and takes it and all before it out of the stream.
   *
   * @returns the match; `before` is what stood before it.
   * @throws with the last lines when it does not come in time, or the connection ends.
   */
  async expect(pattern: RegExp | string, { limitMs = 60_000 } = {}): Promise<{ match: RegExpMatchArray; before: string }> {
    const deadline = Date.now() + limitMs
    for (;;) {
      const match = typeof pattern === 'string' ? this.#find(pattern) : this.#unread.match(pattern)
      if (match?.index !== undefined) {
        const before = this.#unread.slice(0, match.index)
        this.#unread = this.#unread.slice(match.index + (match[0] ?? '').length)
        return { match, before }
      }
      if (this.#closed) throw new Error(`${this.#name} ended before ${pattern}; last:\n${this.#tail()}`)
      if (Date.now() >= deadline) throw new Error(`${pattern} did not come on ${this.#name} within ${limitMs} ms; last:\n${this.#tail()}`)
      await this.#change(deadline - Date.now())
    }
  }

  #find(text: string): RegExpMatchArray | null {
    const index = this.#unread.indexOf(text)
    return index < 0 ? null : Object.assign([text] as RegExpMatchArray, { index })
  }

  #take(text: string): void {
    this.#unread = (this.#unread + text).replaceAll(ESCAPE_SEQUENCES, '').slice(-KEPT_CHARACTERS)
    this.#wakeAll()
  }

  #change(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, limitMs)
      this.#waiting.add(wake)
    })
  }

  #wakeAll(): void {
    for (const wake of this.#waiting) wake()
  }

  #tail(): string {
    return this.#unread.split('\n').slice(-25).join('\n')
  }
}
