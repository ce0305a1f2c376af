import type { StoreChange, StoreEntry } from '@holt/sandbox/types.ts'
import { storeEntryBytes } from '@holt/sandbox/vat/vat-store.ts'

/** How much a store holds, known beside the vat that has it: told to people, so that it need not be asked of a stranger's thread. */
export class StoreSize {
  readonly #sizes = new Map<string, number>()
  bytes = 0

  constructor(entries: readonly StoreEntry[]) {
    this.change(entries)
  }

  change(changes: readonly StoreChange[]): void {
    for (const { key, value } of changes) {
      const size = value === null ? 0 : storeEntryBytes(key, value)
      this.bytes += size - (this.#sizes.get(key) ?? 0)
      if (value === null) this.#sizes.delete(key)
      else this.#sizes.set(key, size)
    }
  }
}
