import { type HoltError, toHoltError } from '@holt/core/errors.ts'
import type { LazyEdit } from '@holt/tree/types.ts'

const REPORT_AGAIN_MS = 60_000
const MOST_REPORTED = 1000

/** What went wrong behind the back of who wrote, for the next who asks; and what could not be read, for the log. */
export class MountFailures {
  readonly #context: { now(): number; log(text: string): void }
  #lost: HoltError | null = null
  /** When it was last written down that they cannot be read. */
  readonly #reported = new Map<string, number>()

  constructor(context: { now(): number; log(text: string): void }) {
    this.#context = context
  }

  readonly ofLazyEdits: LazyEdit = { failed: (failure) => this.lost(failure) }

  lost(failure: unknown): void {
    this.#lost = toHoltError(failure)
    this.#context.log(`what was written to a mounted folder is not durable: ${this.#lost.message}`)
  }

  /** What was lost since this was last asked is told once. */
  throwIfLost(): void {
    const failure = this.#lost
    this.#lost = null
    if (failure !== null) throw failure
  }

  /** What it resolves to. A program is told that it failed, not why; programs and kernels try again: a path is written down once a minute. */
  async reporting<T>(path: () => string, reading: Promise<T>): Promise<T> {
    try {
      return await reading
    } catch (error) {
      this.#unreadable(pathIfAny(path), error)
      throw error
    }
  }

  #unreadable(path: string, error: unknown): void {
    const { code, message } = toHoltError(error)
    const now = this.#context.now()
    if (code === 'CANCELLED' || now - (this.#reported.get(path) ?? Number.NEGATIVE_INFINITY) < REPORT_AGAIN_MS) return
    if (this.#reported.size >= MOST_REPORTED) this.#reported.clear()
    this.#reported.set(path, now)
    this.#context.log(`${path} cannot be read: ${message} (${code})`)
  }
}

/** What is read may be removed, and open still. */
function pathIfAny(path: () => string): string {
  try {
    return path()
  } catch {
    return 'what was removed'
  }
}
