import type { Disk, DiskFile, OpenOptions } from './disk.ts'
import { HoltError } from './errors.ts'
import { folderOf, replaceByRename } from './replace-file.ts'

export type DiskOperation = 'open' | 'read' | 'write' | 'sync' | 'truncate' | 'list' | 'rename' | 'remove' | 'makeFolder' | 'syncFolder'

export interface MemoryDiskOptions {
  id?: string
  /** Sum of all file sizes at which writes fail with DISK_FULL. Default: no bound. */
  capacityBytes?: number
}

/** Bytes that grow by doubling. */
class Content {
  bytes = new Uint8Array(0)
  size = 0
  /** False once its name is gone: then it takes no space any more. */
  named = true

  resize(size: number): void {
    if (size > this.bytes.length) {
      const larger = new Uint8Array(Math.max(size, 2 * this.bytes.length))
      larger.set(this.bytes.subarray(0, this.size))
      this.bytes = larger
    }
    if (size < this.size) this.bytes.fill(0, size, this.size)
    this.size = size
  }
}

let made = 0

/** A disk in memory: for tests, and for platforms without files. Nothing survives the process. */
export class MemoryDisk implements Disk {
  readonly id: string
  capacityBytes: number
  /** Called before each operation; what it throws is what the operation fails with. */
  fault: ((operation: DiskOperation, path: string) => void) | null = null
  readonly #files = new Map<string, Content>()
  /** Of each folder what is in it: listing one must not cost more the more others there are. */
  readonly #folders = new Map<string, Set<string>>([['', new Set()]])
  #usedBytes = 0

  constructor(options: MemoryDiskOptions = {}) {
    this.id = options.id ?? `memory:${++made}`
    this.capacityBytes = options.capacityBytes ?? Number.MAX_SAFE_INTEGER
  }

  async open(path: string, options: OpenOptions = {}): Promise<DiskFile | null> {
    this.fault?.('open', path)
    const create = options.create ?? 'never'
    let content = this.#files.get(path)
    if (content && create === 'new') throw new HoltError('ALREADY_EXISTS', `${path} is there already`, { path })
    if (!content) {
      if (create === 'never') return null
      this.#needFolder(folderOf(path))
      content = new Content()
      this.#put(path, content)
    }
    return this.#handle(path, content)
  }

  async readFile(path: string): Promise<Uint8Array | null> {
    this.fault?.('read', path)
    const content = this.#files.get(path)
    return content ? content.bytes.slice(0, content.size) : null
  }

  replaceFile(path: string, bytes: Uint8Array): Promise<void> {
    return replaceByRename(this, path, bytes)
  }

  async list(folder: string): Promise<string[] | null> {
    this.fault?.('list', folder)
    const inside = this.#folders.get(folder)
    return inside === undefined ? null : [...inside]
  }

  async makeFolder(path: string): Promise<void> {
    this.fault?.('makeFolder', path)
    this.#makeFolder(path)
  }

  async sizeOf(path: string): Promise<number | null> {
    return this.#files.get(path)?.size ?? null
  }

  async rename(from: string, to: string): Promise<void> {
    this.fault?.('rename', from)
    const content = this.#files.get(from)
    if (!content) throw new HoltError('IO_FAILED', `${from} is not there to be renamed`, { path: from })
    this.#needFolder(folderOf(to))
    if (from === to) return
    this.#forget(to)
    this.#files.delete(from)
    this.#folders.get(folderOf(from))?.delete(nameOf(from))
    this.#put(to, content)
  }

  async remove(path: string): Promise<void> {
    this.fault?.('remove', path)
    this.#forget(path)
  }

  async syncFolder(folder: string): Promise<void> {
    this.fault?.('syncFolder', folder)
    this.#needFolder(folder)
  }

  async space(): Promise<{ totalBytes: number; freeBytes: number }> {
    return { totalBytes: this.capacityBytes, freeBytes: Math.max(0, this.capacityBytes - this.#usedBytes) }
  }

  localPath(): null {
    return null
  }

  has(path: string): boolean {
    return this.#files.has(path)
  }

  /** Every file's path, sorted. */
  paths(): string[] {
    return [...this.#files.keys()].sort()
  }

  /** As `list` and `readFile`, at once and without faults: for who looks at a disk from outside. */
  names(folder: string): string[] {
    return [...(this.#folders.get(folder) ?? [])]
  }

  bytesOf(path: string): Uint8Array | null {
    const content = this.#files.get(path)
    return content ? content.bytes.slice(0, content.size) : null
  }

  /** Damages a stored file in place: flips the bits of `mask` in one byte. */
  flip(path: string, offset: number, mask = 1): void {
    const content = this.#files.get(path)
    if (!content || offset >= content.size) throw new RangeError(`${path} has no byte ${offset}`)
    content.bytes[offset] = (content.bytes[offset] as number) ^ mask
  }

  /** Copies of all that is stored. */
  contents(): { files: Map<string, Uint8Array>; folders: Set<string> } {
    const files = new Map([...this.#files].map(([path, { bytes, size }]) => [path, bytes.slice(0, size)]))
    return { files, folders: new Set(this.#folders.keys()) }
  }

  static from(contents: { files: Map<string, Uint8Array>; folders: Iterable<string> }, options: MemoryDiskOptions = {}): MemoryDisk {
    const disk = new MemoryDisk(options)
    for (const folder of contents.folders) disk.#makeFolder(folder)
    for (const [path, bytes] of contents.files) {
      const content = new Content()
      disk.#put(path, content)
      disk.#resize(content, bytes.length).set(bytes)
    }
    return disk
  }

  /** A disk of its own with the same files. */
  copy(): MemoryDisk {
    return MemoryDisk.from(this.contents(), { capacityBytes: this.capacityBytes })
  }

  #forget(path: string): void {
    const content = this.#files.get(path)
    if (!content) return
    this.#usedBytes -= content.size
    content.named = false
    this.#files.delete(path)
    this.#folders.get(folderOf(path))?.delete(nameOf(path))
  }

  #put(path: string, content: Content): void {
    this.#files.set(path, content)
    this.#folders.get(folderOf(path))?.add(nameOf(path))
  }

  #makeFolder(path: string): void {
    for (let folder = path; folder !== '' && !this.#folders.has(folder); folder = folderOf(folder)) this.#folders.set(folder, new Set())
    for (let folder = path; folder !== ''; folder = folderOf(folder)) this.#folders.get(folderOf(folder))?.add(nameOf(folder))
  }

  #needFolder(folder: string): void {
    if (!this.#folders.has(folder)) throw new HoltError('IO_FAILED', `there is no folder ${folder}`, { path: folder })
  }

  #resize(content: Content, size: number): Uint8Array {
    if (content.named) this.#usedBytes += size - content.size
    content.resize(size)
    return content.bytes
  }

  /** Like a real disk, a write that does not fit may leave its beginning behind. */
  #write(path: string, content: Content, offset: number, bytes: Uint8Array): void {
    const room = this.capacityBytes - this.#usedBytes
    const fitting = Math.min(bytes.length, Math.max(0, content.size + room - offset))
    const end = offset + fitting
    if (end > content.size && fitting > 0) this.#resize(content, end)
    content.bytes.set(bytes.subarray(0, fitting), offset)
    if (fitting < bytes.length) throw new HoltError('DISK_FULL', 'the disk is full', { path })
  }

  #handle(path: string, content: Content): DiskFile {
    return {
      read: async (offset, length) => {
        this.fault?.('read', path)
        return content.bytes.slice(Math.min(offset, content.size), Math.min(offset + length, content.size))
      },
      write: async (offset, bytes) => {
        this.fault?.('write', path)
        this.#write(path, content, offset, bytes)
      },
      sync: async () => this.fault?.('sync', path),
      truncate: async (size) => {
        this.fault?.('truncate', path)
        this.#resize(content, size)
      },
      size: async () => content.size,
      close: async () => {},
    }
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
