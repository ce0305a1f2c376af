import { HoltError } from '@holt/core/errors.ts'

/** Also how long an answer may take; a line that was cut is noticed after three of these at most. */
export const LOOK_EVERY_MS = 10_000

/** Of a line: something was heard since the last look; nothing was; it was asked, and must have answered by the next look. */
type State = 'heard' | 'quiet' | 'asked'

/** One connection, as far as it matters here. */
export interface Line {
  /** Asks the other side for a sign of life; what it answers is heard like everything else. */
  ask(): void
  end(why: HoltError): void
}

/**
 * Ends connections on which the other side has fallen silent. Who sends anything is alive, so that a line is never taken for dead because it is
 * busy, and of two that ask each other one question in a while is enough: a node with many idle peers has next to nothing to do.
 */
export class Heartbeat {
  readonly #lines = new Map<Line, State>()
  #timer: ReturnType<typeof setInterval> | null = null

  /** @returns to be called whenever something was heard. */
  watch(line: Line): { heard(): void; ended(): void } {
    this.#lines.set(line, 'asked')
    this.#timer ??= setInterval(() => this.look(), LOOK_EVERY_MS).unref()
    line.ask() // also tells how long the way is
    return {
      heard: () => {
        if (this.#lines.has(line)) this.#lines.set(line, 'heard')
      },
      ended: () => this.#end(line),
    }
  }

  look(): void {
    for (const [line, state] of this.#lines) {
      if (state === 'heard') this.#lines.set(line, 'quiet')
      else if (state === 'quiet') {
        this.#lines.set(line, 'asked')
        line.ask()
      } else {
        this.#end(line)
        line.end(new HoltError('PEER_UNREACHABLE', 'the peer has fallen silent'))
      }
    }
  }

  #end(line: Line): void {
    this.#lines.delete(line)
    if (this.#lines.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }
}
