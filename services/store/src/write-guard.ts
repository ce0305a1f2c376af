import { HoltError, toHoltError } from '@holt/core/errors.ts'

/**
 * Ends all writing after a write or fsync failed: what the drive holds is unknown from then on, and only reading the packs
 * again, at the next start, tells. A full disk is not such a failure.
 */
export class WriteGuard {
  #failure: HoltError | null = null

  get failure(): HoltError | null {
    return this.#failure
  }

  /** Whoever writes from now on came after the store was closed. */
  close(): void {
    this.#failure ??= new HoltError('NODE_STOPPING', 'the store is closed')
  }

  /** @throws HoltError STORE_FAILED once writing has ended; NODE_STOPPING once the store is closed. */
  check(): void {
    if (this.#failure) throw this.#failure
  }

  /** Ends writing. @returns what to throw. */
  fail(cause: unknown): HoltError {
    const { code, message } = toHoltError(cause)
    this.#failure ??= new HoltError('STORE_FAILED', `writing has ended: ${message}`, { reason: code }, { cause })
    return this.#failure
  }
}
