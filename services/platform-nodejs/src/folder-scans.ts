import type { ScanOutput } from './scan-folder.ts'

/** Lists folders before they are asked for. */
export class FolderScans {
  readonly #scan: (path: string) => Promise<ScanOutput>
  readonly #begun = new Map<string, Promise<ScanOutput>>()

  constructor(scan: (path: string) => Promise<ScanOutput>) {
    this.#scan = scan
  }

  /** Does nothing when it was begun already. */
  begin(path: string): void {
    if (this.#begun.has(path)) return
    const scan = this.#scan(path)
    scan.catch(() => {}) // told to whoever takes it
    this.#begun.set(path, scan)
  }

  /** Each begun scan is given out once. */
  take(path: string): Promise<ScanOutput> {
    const begun = this.#begun.get(path) ?? this.#scan(path)
    this.#begun.delete(path)
    return begun
  }
}
