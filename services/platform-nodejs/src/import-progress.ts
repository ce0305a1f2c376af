import type { TransferProgress, TransferTotals } from '@holt/core/transfer.ts'

/** What an import has found and done so far, told to whoever asked for it. */
export class ImportProgress {
  readonly totals: TransferTotals = { files: 0, directories: 0, symlinks: 0, bytes: 0, unchanged: 0, skipped: [] }
  readonly #tell: ((progress: TransferProgress) => void) | undefined
  #foundBytes = 0
  #foundItems = 0
  #doneBytes = 0
  #isScanned = false

  constructor(tell: ((progress: TransferProgress) => void) | undefined) {
    this.#tell = tell
  }

  foundItem(): void {
    this.#foundItems++
  }

  foundBytes(count: number): void {
    this.#foundBytes += count
  }

  /** Totals are known from now on. */
  scanned(): void {
    this.#isScanned = true
  }

  skip(path: string, reason: string): void {
    this.totals.skipped.push({ path, reason })
  }

  doneBytes(count: number): void {
    this.#doneBytes += count
  }

  report(path: string): void {
    const { files, symlinks, directories, unchanged } = this.totals
    this.#tell?.({
      phase: 'put',
      doneBytes: this.#doneBytes,
      totalBytes: this.#isScanned ? this.#foundBytes : 0,
      doneItems: files + symlinks + directories + unchanged,
      totalItems: this.#isScanned ? this.#foundItems : 0,
      path,
    })
  }
}
