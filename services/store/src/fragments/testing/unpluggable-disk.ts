import type { Disk, DiskFile, OpenOptions } from '@holt/core/disk.ts'
import { HoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'

/**
 * For tests: a drive that can be pulled out. What answers then is an empty mount point, and whoever makes folders or files there
 * is noted in `trespasses`.
 */
export class UnpluggableDisk implements Disk {
  readonly memory: MemoryDisk
  readonly trespasses: string[] = []
  isPlugged = true
  /** Called before each write into a file; may pull the drive out. */
  onWrite: ((path: string) => void) | null = null

  constructor(memory = new MemoryDisk()) {
    this.memory = memory
  }

  get id(): string {
    return this.memory.id
  }

  async open(path: string, options: OpenOptions = {}): Promise<DiskFile | null> {
    if (this.isPlugged) {
      const file = await this.memory.open(path, options)
      return file && this.#guarded(path, file)
    }
    if ((options.create ?? 'never') === 'never') return null
    return this.#trespass(path)
  }

  async readFile(path: string): Promise<Uint8Array | null> {
    return this.isPlugged ? await this.memory.readFile(path) : null
  }

  async replaceFile(path: string, bytes: Uint8Array): Promise<void> {
    return this.isPlugged ? await this.memory.replaceFile(path, bytes) : this.#trespass(path)
  }

  async list(folder: string): Promise<string[] | null> {
    if (this.isPlugged) return await this.memory.list(folder)
    return folder === '' ? [] : null
  }

  async makeFolder(path: string): Promise<void> {
    if (this.isPlugged) await this.memory.makeFolder(path)
    else this.#trespass(path)
  }

  async sizeOf(path: string): Promise<number | null> {
    return this.isPlugged ? await this.memory.sizeOf(path) : null
  }

  async rename(from: string, to: string): Promise<void> {
    if (!this.isPlugged) throw gone(from)
    await this.memory.rename(from, to)
  }

  async remove(path: string): Promise<void> {
    if (this.isPlugged) await this.memory.remove(path)
  }

  async syncFolder(folder: string): Promise<void> {
    if (!this.isPlugged) throw gone(folder)
    await this.memory.syncFolder(folder)
  }

  space(): Promise<{ totalBytes: number; freeBytes: number }> {
    return this.memory.space()
  }

  localPath(): null {
    return null
  }

  /** A real file system makes a file where the folder exists: only in the root of the mount point. */
  #trespass(path: string): never {
    this.trespasses.push(path)
    throw gone(path)
  }

  #guarded(path: string, file: DiskFile): DiskFile {
    const whilePlugged = async <T>(action: () => Promise<T>): Promise<T> => {
      if (!this.isPlugged) throw gone(path)
      return await action()
    }
    return {
      read: (offset, length) => whilePlugged(() => file.read(offset, length)),
      write: (offset, bytes) => {
        this.onWrite?.(path)
        return whilePlugged(() => file.write(offset, bytes))
      },
      sync: () => whilePlugged(() => file.sync()),
      truncate: (size) => whilePlugged(() => file.truncate(size)),
      size: () => whilePlugged(() => file.size()),
      close: () => file.close(),
    }
  }
}

function gone(path: string): HoltError {
  return new HoltError('IO_FAILED', `${path}: there is no such folder`, { path })
}
