import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { StoreChange, StoreEntry } from '@holt/sandbox/types.ts'
import { VatStore } from '@holt/sandbox/vat/vat-store.ts'

/** Of all a program's entries together; each kind of them has bounds of its own, which are far below. */
const MOST_BYTES = 32 << 20

/**
 * What the node keeps for a program beside its store, and the program cannot change by itself: its alarms, and later its letters.
 * What a delivery changes here is kept in one commit with what it changed in the store, or nothing of both.
 *
 * It is open while a delivery, or something the node does itself, has its turn; what is changed then belongs to that.
 */
export class Desk {
  #entries = new VatStore([], MOST_BYTES)
  #isOpen = false

  /** As it was kept. */
  load(entries: readonly StoreEntry[]): void {
    this.#entries = new VatStore(entries, MOST_BYTES)
    this.#isOpen = false
  }

  open(): void {
    this.#isOpen = true
  }

  /** The turn is over, and this is what it changed. */
  take(): StoreChange[] {
    this.#isOpen = false
    return this.#entries.takeChanges()
  }

  /** The turn is over, and changed nothing. */
  undo(): void {
    this.#isOpen = false
    this.#entries.undo()
  }

  get(key: string): Uint8Array | null {
    return this.#entries.get(key)
  }

  /** @returns null for what is not there, and for what this build cannot read. */
  read<T>(key: string, decoder: (encoded: Uint8Array) => T): T | null {
    const encoded = this.get(key)
    try {
      return encoded === null ? null : decoder(encoded)
    } catch (error) {
      if (isHoltError(error, 'MALFORMED') || isHoltError(error, 'UNSUPPORTED_VERSION')) return null
      throw error
    }
  }

  /** Sorted. */
  keys(prefix: string): string[] {
    return this.#entries.keys(prefix)
  }

  /** @throws HoltError NOT_AUTHORIZED between deliveries: there is nothing with which it would be kept. */
  set(key: string, value: Uint8Array): void {
    this.#checkOpen()
    this.#entries.set(key, value)
  }

  delete(key: string): boolean {
    this.#checkOpen()
    return this.#entries.delete(key)
  }

  #checkOpen(): void {
    if (!this.#isOpen) throw new HoltError('NOT_AUTHORIZED', 'this is done within a delivery only')
  }
}
