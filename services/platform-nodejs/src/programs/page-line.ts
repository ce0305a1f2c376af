/** What the node asks of a line, and hears of it; `PageLine` and `PageLineEvents` there. */
export interface Line {
  readonly waitingBytes: number
  send(bytes: Uint8Array, text: boolean): void
  close(code: number, reason: string): void
  pause(): void
  resume(): void
}

export interface LineEvents {
  message(bytes: Uint8Array, text: boolean): void
  drained(): void
  closed(code: number, reason: string): void
}

export type OpenLine = (line: Line) => LineEvents

export interface LineTimes {
  /** How often each line is looked at: a WebSocket is pinged, and has until the next look to answer. */
  lookMs: number
  /** Who takes nothing of what waits for so long is cut off. */
  slowMs: number
  /** An open answer that is no stream of events, and on which nothing is sent for so long, is ended. */
  idleMs: number
}

export const lineTimes: LineTimes = { lookMs: 30_000, slowMs: 60_000, idleMs: 300_000 }

/** What came of one that was refused, closed or lost; as WebSockets say it. */
export const lineEnds = {
  away: { code: 1001, reason: 'the other end is gone' },
  ended: { code: 1001, reason: 'the program ends' },
  lost: { code: 1006, reason: 'the connection was lost' },
  slow: { code: 1008, reason: 'what was sent was not taken' },
  flood: { code: 1008, reason: 'too much at once' },
  idle: { code: 1000, reason: 'nothing was sent for long' },
} as const

/** An empty message costs something, too. */
const MESSAGE_COST_BYTES = 64

/** What was handed to the system's side and not taken yet, and since when nothing was taken. */
export class Unsent {
  bytes = 0
  #changedMs = performance.now()
  readonly #onDrained: () => void

  constructor(onDrained: () => void) {
    this.#onDrained = onDrained
  }

  /** @returns to be called when it was taken. */
  add(bytes: number): () => void {
    const cost = bytes + MESSAGE_COST_BYTES
    if (this.bytes === 0) this.#changedMs = performance.now()
    this.bytes += cost
    return () => {
      this.bytes -= cost
      this.#changedMs = performance.now()
      if (this.bytes === 0) this.#onDrained()
    }
  }

  isStuck(slowMs: number): boolean {
    return this.bytes > 0 && performance.now() - this.#changedMs >= slowMs
  }

  /** Nothing waits, and nothing was sent for so long. */
  isIdle(idleMs: number): boolean {
    return this.bytes === 0 && performance.now() - this.#changedMs >= idleMs
  }
}
