import { crashStates, randomCrashState, type Recording, type RecordedOperation } from './crash-states.ts'
import type { Disk, DiskFile, OpenOptions } from './disk.ts'
import { MemoryDisk } from './memory-disk.ts'
import { replaceByRename } from './replace-file.ts'

/**
 * A disk that records what is done to it, so that a test can look at every state a power cut may leave behind
 * (see `crashStates`): writes that were not synced are lost, kept, reordered or torn; names appear, move and go for sure only
 * when their folder was synced.
 */
export class CrashDisk implements Disk {
  readonly id: string
  /** What the running program sees; its `fault` makes operations fail. */
  readonly live: MemoryDisk
  readonly #base: MemoryDisk
  readonly #baseFiles: string[]
  readonly #operations: RecordedOperation[] = []
  readonly #fileNumbers: Map<string, number>
  #fileCount: number
  readonly #syncing: () => Promise<void>

  /** @param base what is durably there at the beginning; it is copied. @param syncing a sync takes a while: others write meanwhile. */
  constructor(base = new MemoryDisk(), syncing: () => Promise<void> = someTurns) {
    this.#syncing = syncing
    this.#base = base.copy()
    this.live = base.copy()
    this.id = this.live.id
    this.#baseFiles = base.paths()
    this.#fileNumbers = new Map(this.#baseFiles.map((path, number) => [path, number]))
    this.#fileCount = this.#baseFiles.length
  }

  /** How many operations were recorded: where a power cut would be right now. */
  get position(): number {
    return this.#operations.length
  }

  get syncCount(): number {
    return this.#operations.filter((operation) => operation.kind === 'sync').length
  }

  /** See `crashStates`. */
  states(cut: number, options: { exhaustiveBits?: number } = {}): Generator<MemoryDisk> {
    return crashStates(this.#recording(), cut, options)
  }

  /** See `randomCrashState`. */
  randomState(cut: number, random: () => number): MemoryDisk {
    return randomCrashState(this.#recording(), cut, random)
  }

  async open(path: string, options: OpenOptions = {}): Promise<DiskFile | null> {
    const opening = this.live.open(path, options)
    const known = this.#fileNumbers.get(path)
    if (known === undefined && (options.create ?? 'never') !== 'never' && this.live.has(path)) {
      this.#fileNumbers.set(path, this.#fileCount)
      this.#operations.push({ kind: 'link', path, file: this.#fileCount++, from: null })
    }
    const file = await opening
    return file && this.#handle(known ?? (this.#fileNumbers.get(path) as number), file)
  }

  readFile(path: string): Promise<Uint8Array | null> {
    return this.live.readFile(path)
  }

  replaceFile(path: string, bytes: Uint8Array): Promise<void> {
    return replaceByRename(this, path, bytes)
  }

  list(folder: string): Promise<string[] | null> {
    return this.live.list(folder)
  }

  async makeFolder(path: string): Promise<void> {
    await this.live.makeFolder(path)
    this.#operations.push({ kind: 'folder', path })
  }

  sizeOf(path: string): Promise<number | null> {
    return this.live.sizeOf(path)
  }

  async rename(from: string, to: string): Promise<void> {
    await this.live.rename(from, to)
    const file = this.#fileNumbers.get(from) as number
    this.#fileNumbers.delete(from)
    this.#fileNumbers.set(to, file)
    this.#operations.push({ kind: 'link', path: to, file, from })
  }

  async remove(path: string): Promise<void> {
    await this.live.remove(path)
    if (this.#fileNumbers.delete(path)) this.#operations.push({ kind: 'unlink', path })
  }

  async syncFolder(path: string): Promise<void> {
    const upTo = this.position
    await this.live.syncFolder(path)
    if (this.#syncing !== someTurns) await this.#syncing()
    this.#operations.push({ kind: 'syncFolder', path, upTo })
  }

  space(): Promise<{ totalBytes: number; freeBytes: number }> {
    return this.live.space()
  }

  localPath(): null {
    return null
  }

  #recording(): Recording {
    return { base: this.#base, baseFiles: this.#baseFiles, operations: this.#operations }
  }

  /** A failed write may have left a part: it is recorded before it is tried. */
  #handle(number: number, file: DiskFile): DiskFile {
    return {
      read: (offset, length) => file.read(offset, length),
      write: (offset, bytes) => {
        this.#operations.push({ kind: 'write', file: number, offset, bytes: bytes.slice() })
        return file.write(offset, bytes)
      },
      sync: async () => {
        const upTo = this.position
        await file.sync()
        await this.#syncing()
        this.#operations.push({ kind: 'sync', file: number, upTo })
      },
      truncate: (sizeBytes) => {
        this.#operations.push({ kind: 'truncate', file: number, sizeBytes })
        return file.truncate(sizeBytes)
      },
      size: () => file.size(),
      close: () => file.close(),
    }
  }
}

async function someTurns(): Promise<void> {
  for (let turns = 0; turns < 4; turns++) await Promise.resolve()
}
