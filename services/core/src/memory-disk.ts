import type { Disk, DiskFile, OpenOptions } from './disk.ts'
import { HoltError } from './errors.ts'
import { folderOf, replaceByRename } from './replace-file.ts'

export type DiskOperation = 'open' | 'read' | 'write' | 'sync' | 'truncate' | 'list' | 'rename' | 'remove' | 'makeFolder' | 'syncFolder'

export interface MemoryDiskOptions {
  id?: string
  /** Sum of all file sizes at which writes fail with DISK_FULL. Default: no bound. */
  capacityBytes?: number
}

const NOTHING = new Uint8Array(0)

/** Bytes that grow by doubling. */
class Content {
  bytes: Uint8Array = NOTHING
  size = 0
  /** False once its name is gone: then it takes no space any more. */
  named = true
  /** Others have the same bytes: they are copied before they change. */
  #isShared = false

  resize(size: number): void {
    if (size > this.bytes.length) this.#move(Math.max(size, 2 * this.bytes.length))
    if (size < this.size) {
      this.own()
      this.bytes.fill(0, size, this.size)
    }
    this.size = size
  }

  /** To be called before bytes are changed. */
  own(): void {
    if (this.#isShared) this.#move(this.bytes.length)
  }

  copy(): Content {
    const copy = Content.of(this.bytes, this.size)
    this.#isShared = true
    return copy
  }

  /** @param bytes must not change any more; what is after `size` is zero. */
  static of(bytes: Uint8Array, size: number): Content {
    const content = new Content()
    content.bytes = bytes
    content.size = size
    content.#isShared = true
    return content
  }

  #move(length: number): void {
    const bytes = new Uint8Array(length)
    bytes.set(this.bytes.subarray(0, this.size))
    this.bytes = bytes
    this.#isShared = false
  }
}

/** What is in a folder: listing one must not cost more the more others there are. */
class Folder {
  /** Null: nothing. */
  #names: Set<string> | null = null
  #isShared = false

  names(): string[] {
    return this.#names === null ? [] : [...this.#names]
  }

  add(name: string): void {
    this.#own().add(name)
  }

  delete(name: string): void {
    if (this.#names?.has(name) === true) this.#own().delete(name)
  }

  copy(): Folder {
    const copy = new Folder()
    copy.#names = this.#names
    copy.#isShared = this.#isShared = true
    return copy
  }

  #own(): Set<string> {
    if (this.#names === null || this.#isShared) this.#names = new Set(this.#names)
    this.#isShared = false
    return this.#names
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
  readonly #folders = new Map<string, Folder>([['', new Folder()]])
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
    return inside === undefined ? null : inside.names()
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
    return this.#folders.get(folder)?.names() ?? []
  }

  bytesOf(path: string): Uint8Array | null {
    const content = this.#files.get(path)
    return content ? content.bytes.slice(0, content.size) : null
  }

  /** Damages a stored file in place: flips the bits of `mask` in one byte. */
  flip(path: string, offset: number, mask = 1): void {
    const content = this.#files.get(path)
    if (!content || offset >= content.size) throw new RangeError(`${path} has no byte ${offset}`)
    content.own()
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

  /** A disk of its own with the same files; bytes are copied when one of the two changes them. */
  copy(): MemoryDisk {
    const disk = new MemoryDisk({ capacityBytes: this.capacityBytes })
    for (const [path, folder] of this.#folders) disk.#folders.set(path, folder.copy())
    for (const [path, content] of this.#files) disk.#files.set(path, content.copy())
    disk.#usedBytes = this.#usedBytes
    return disk
  }

  /** At once and without faults, in a folder that is there: the file has these bytes, which must not change any more; null: it is not there. */
  set(path: string, bytes: Uint8Array | null): void {
    this.#forget(path)
    if (bytes === null) return
    this.#put(path, Content.of(bytes, bytes.length))
    this.#usedBytes += bytes.length
  }

  /** At once and without faults. */
  addFolder(path: string): void {
    this.#makeFolder(path)
  }

  /** Of a file, to be looked at only. */
  viewOf(path: string): Uint8Array | null {
    const content = this.#files.get(path)
    return content ? content.bytes.subarray(0, content.size) : null
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
    if (this.#folders.has(path)) return
    const parent = folderOf(path)
    this.#makeFolder(parent)
    this.#folders.set(path, new Folder())
    this.#folders.get(parent)?.add(nameOf(path))
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
    content.own()
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
