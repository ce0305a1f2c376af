import type { Progress } from './schema.ts'

/** People and bars need no more; a put of small files would otherwise send thousands a second. */
export const PROGRESS_INTERVAL_MS = 100

/**
 * Sends the newest progress at most every PROGRESS_INTERVAL_MS, and the last one always. A receiver that does not read
 * gets fewer: none is queued behind one that has not left yet.
 */
export class ProgressSender {
  readonly #send: (progress: Progress) => Promise<void>
  #latest: Progress | null = null
  #finished = false
  #pumping: Promise<void> | null = null
  #wake: (() => void) | null = null

  constructor(send: (progress: Progress) => Promise<void>) {
    this.#send = send
  }

  offer(progress: Progress): void {
    if (this.#finished) return
    this.#latest = progress
    this.#pumping ??= this.#pump()
  }

  /** Resolves when the last one offered has been handed on; nothing is sent after. */
  async finish(): Promise<void> {
    this.#finished = true
    this.#wake?.()
    await this.#pumping
  }

  async #pump(): Promise<void> {
    while (this.#latest !== null) {
      const progress = this.#latest
      this.#latest = null
      // A receiver that is gone needs no progress; its call is ended by the connection's close.
      await this.#send(progress).catch(() => {})
      await this.#pause()
    }
    this.#pumping = null
  }

  async #pause(): Promise<void> {
    if (this.#finished) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PROGRESS_INTERVAL_MS)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = null
  }
}
