import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Disk, DiskFile, OpenOptions } from '@holt/core/disk.ts'
import { HoltError } from '@holt/core/errors.ts'

export interface Quota {
  /** Of everything below the data folder. */
  limitBytes: number
  /** Of the phone's own storage; it is left alone. */
  reserveBytes: number
}

/** Shorter writes are names, heads and records: with these files can be deleted when the quota is used up, which makes room. */
const CONTENT_BYTES = 64 * 1024
const RECORDS_BEYOND_BYTES = 32 * 1024 * 1024
/** What is appended to a pack comes to lie on the drive too, for a while besides the pack. */
const COPIES = 2

/**
 * A disk that takes no more than its part of a phone's storage. What workers write of themselves was appended to a pack here before, so it
 * is enough to count that; what is there is counted anew whenever the count says that it is too much.
 */
export class QuotaDisk implements Disk {
  readonly id: string
  readonly #inner: Disk
  readonly #quota: Quota
  /** Not known before the first look. */
  #usedBytes: number | null = null
  #counting: Promise<number> | null = null

  constructor(inner: Disk, quota: Quota) {
    this.id = inner.id
    this.#inner = inner
    this.#quota = quota
  }

  async open(path: string, options?: OpenOptions): Promise<DiskFile | null> {
    const file = await this.#inner.open(path, options)
    return file === null || options?.readOnly === true ? file : this.#counted(file)
  }

  async space(): Promise<{ totalBytes: number; freeBytes: number }> {
    const [real, used] = await Promise.all([this.#inner.space(), this.#count()])
    const { limitBytes, reserveBytes } = this.#quota
    const freeBytes = Math.max(0, Math.min(limitBytes - used, real.freeBytes - reserveBytes))
    return { totalBytes: Math.min(limitBytes, real.totalBytes), freeBytes }
  }

  readFile(path: string): Promise<Uint8Array | null> {
    return this.#inner.readFile(path)
  }

  async replaceFile(path: string, bytes: Uint8Array): Promise<void> {
    await this.#take(bytes.length)
    await this.#inner.replaceFile(path, bytes)
  }

  list(folder: string): Promise<string[] | null> {
    return this.#inner.list(folder)
  }

  makeFolder(path: string): Promise<void> {
    return this.#inner.makeFolder(path)
  }

  sizeOf(path: string): Promise<number | null> {
    return this.#inner.sizeOf(path)
  }

  rename(from: string, to: string): Promise<void> {
    return this.#inner.rename(from, to)
  }

  remove(path: string): Promise<void> {
    return this.#inner.remove(path)
  }

  syncFolder(folder: string): Promise<void> {
    return this.#inner.syncFolder(folder)
  }

  localPath(path: string): string | null {
    return this.#inner.localPath(path)
  }

  #counted(file: DiskFile): DiskFile {
    return {
      read: (...range) => file.read(...range),
      ...(file.readInto === undefined
        ? {}
        : { readInto: (offset: number, target: Uint8Array) => file.readInto?.(offset, target) as Promise<number> }),
      write: async (offset, bytes) => {
        await this.#take(bytes.length)
        await file.write(offset, bytes)
      },
      sync: () => file.sync(),
      truncate: (sizeBytes) => file.truncate(sizeBytes),
      size: () => file.size(),
      close: () => file.close(),
    }
  }

  /** @throws HoltError DISK_FULL */
  async #take(lengthBytes: number): Promise<void> {
    const wanted = lengthBytes * COPIES
    const isContent = lengthBytes >= CONTENT_BYTES
    const most = this.#quota.limitBytes + (isContent ? 0 : RECORDS_BEYOND_BYTES)
    this.#usedBytes ??= await this.#count()
    if (this.#usedBytes + wanted > most && (await this.#count()) + wanted > most)
      throw new HoltError('DISK_FULL', `Holt's part of this phone's storage is used up`, { limitBytes: this.#quota.limitBytes })
    this.#usedBytes += wanted
    if (!isContent) return
    const { freeBytes } = await this.#inner.space()
    if (freeBytes < this.#quota.reserveBytes + wanted)
      throw new HoltError('DISK_FULL', `this phone's storage is almost full`, { freeBytes })
  }

  /** Looks at the files; those who ask meanwhile get the same. */
  #count(): Promise<number> {
    this.#counting ??= bytesBelow(this.id)
      .then((bytes) => {
        this.#usedBytes = bytes
        return bytes
      })
      .finally(() => {
        this.#counting = null
      })
    return this.#counting
  }
}

/** As they take room on the drive. What goes away meanwhile takes none. */
async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  let bytes = 0
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += await bytesBelow(path)
    else if (entry.isFile())
      bytes += await lstat(path).then(
        ({ blocks }) => blocks * 512,
        () => 0,
      )
  }
  return bytes
}
