import { HoltError } from '@holt/core/errors.ts'
import type { StoreChange, StoreEntry } from '../types.ts'

const LONGEST_KEY = 512

/** A vat's keys and values, all in memory. What a delivery changed is known, and can be undone. */
export class VatStore {
  readonly #values = new Map<string, Uint8Array>()
  readonly #before = new Map<string, Uint8Array | null>()
  readonly #mostBytes: number
  #bytes = 0

  constructor(entries: readonly StoreEntry[], mostBytes: number) {
    this.#mostBytes = mostBytes
    for (const { key, value } of entries) {
      this.#values.set(key, value)
      this.#bytes += storeEntryBytes(key, value)
    }
  }

  get(key: string): Uint8Array | null {
    return this.#values.get(key) ?? null
  }

  /** @throws HoltError LIMIT_REACHED, INPUT_INVALID. */
  set(key: string, value: Uint8Array): void {
    if (key.length > LONGEST_KEY) throw new HoltError('INPUT_INVALID', `a key of the store has more than ${LONGEST_KEY} characters`)
    const old = this.#values.get(key)
    const bytes = this.#bytes + storeEntryBytes(key, value) - (old === undefined ? 0 : storeEntryBytes(key, old))
    if (bytes > this.#mostBytes)
      throw new HoltError('LIMIT_REACHED', `the store would have more than ${this.#mostBytes} bytes`, { limit: 'storeBytes' })
    this.#remember(key)
    this.#values.set(key, value)
    this.#bytes = bytes
  }

  delete(key: string): boolean {
    const old = this.#values.get(key)
    if (old === undefined) return false
    this.#remember(key)
    this.#values.delete(key)
    this.#bytes -= storeEntryBytes(key, old)
    return true
  }

  /** Sorted, so that a program sees the same order wherever it runs. */
  keys(prefix: string): string[] {
    return [...this.#values.keys()].filter((key) => key.startsWith(prefix)).sort()
  }

  /** What changed since the last call of this or of `undo`. */
  takeChanges(): StoreChange[] {
    const changes = [...this.#before.keys()].map((key) => ({ key, value: this.#values.get(key) ?? null }))
    this.#before.clear()
    return changes
  }

  undo(): void {
    for (const [key, value] of this.#before) {
      const now = this.#values.get(key)
      if (now !== undefined) this.#bytes -= storeEntryBytes(key, now)
      if (value === null) this.#values.delete(key)
      else {
        this.#values.set(key, value)
        this.#bytes += storeEntryBytes(key, value)
      }
    }
    this.#before.clear()
  }

  #remember(key: string): void {
    if (!this.#before.has(key)) this.#before.set(key, this.#values.get(key) ?? null)
  }
}

/** An entry costs more than its bytes: many small ones are no way around the limit. */
export function storeEntryBytes(key: string, value: Uint8Array): number {
  return 32 + key.length * 2 + value.length
}
