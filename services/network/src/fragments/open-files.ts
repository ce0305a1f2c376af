import type { Disk, DiskFile } from '@holt/core/disk.ts'

interface OpenFile {
  file: Promise<DiskFile | null>
  users: number
  /** To be closed by who uses it last. */
  isOver: boolean
}

/** Files that stay open a little: what comes or goes in pieces needs its file for each of them, and opening costs as much as a piece. */
export class OpenFiles {
  readonly #disk: Disk
  readonly #most: number
  /** Those used last at the end. */
  readonly #open = new Map<string, OpenFile>()

  /** @param most so many are open while nobody uses them. */
  constructor(disk: Disk, most: number) {
    this.#disk = disk
    this.#most = most
  }

  /** Not to be kept by `work` beyond its end; null when it is not there. @throws what `work` throws; then the file is opened anew the next time. */
  async using<T>(path: string, work: (file: DiskFile | null) => Promise<T>, { create = false } = {}): Promise<T> {
    const known = this.#open.get(path)
    const entry = known ?? { file: this.#disk.open(path, { create: create ? 'always' : 'never', bulk: true }), users: 0, isOver: false }
    this.#open.delete(path)
    this.#open.set(path, entry)
    entry.users++
    let isWell = false
    try {
      const file = await entry.file
      const result = await work(file)
      isWell = file !== null
      return result
    } finally {
      entry.users--
      if (!isWell) this.#leave(path, entry)
      if (entry.isOver && entry.users === 0) await closed(entry)
      for (const oldest of [...this.#open.keys()].slice(0, -this.#most)) this.forget(oldest)
    }
  }

  /** It is removed, or is to be seen anew. */
  forget(path: string): void {
    const entry = this.#open.get(path)
    if (entry === undefined) return
    this.#leave(path, entry)
    if (entry.users === 0) void closed(entry)
  }

  /** Nothing stays open that nobody uses. */
  close(): void {
    for (const path of this.#open.keys()) this.forget(path)
  }

  #leave(path: string, entry: OpenFile): void {
    if (this.#open.get(path) === entry) this.#open.delete(path)
    entry.isOver = true
  }
}

/** Never throws: what was to be durable was synced. */
async function closed({ file }: OpenFile): Promise<void> {
  await file.then((open) => open?.close()).catch(() => {})
}
