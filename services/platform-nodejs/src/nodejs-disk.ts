import fs from 'node:fs'
import path from 'node:path'
import type { Disk, DiskFile, OpenOptions } from '@holt/core/disk.ts'
import { HoltError } from '@holt/core/errors.ts'
import { replaceByRename } from '@holt/core/replace-file.ts'
import { alignedPart, LEAST_DIRECT_BYTES } from './aligned-memory.ts'
import { DirectFile } from './direct-file.ts'

type Callback<T> = (error: NodeJS.ErrnoException | null, value: T) => void

/**
 * A folder as a disk. Uses the callback calls of node:fs: half the cost per call of FileHandle, which for small reads
 * is most of it. Bytes go to the kernel as they lie, shared memory too.
 */
export class NodejsDisk implements Disk {
  /** The absolute folder. */
  readonly id: string

  /** @param folder must exist; see `makeFolder('')` for making it. */
  constructor(folder: string) {
    this.id = path.resolve(folder)
  }

  async open(name: string, options: OpenOptions = {}): Promise<DiskFile | null> {
    const create = options.create ?? 'never'
    const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL } = fs.constants
    const creating = create === 'never' ? 0 : create === 'new' ? O_CREAT | O_EXCL : O_CREAT
    const flags = (options.readOnly ? O_RDONLY : O_RDWR) | creating
    const descriptor = await call<number>(name, (done) => fs.open(this.#at(name), flags, 0o600, done)).catch(absent(create === 'never'))
    if (descriptor === null) return null
    const direct = options.bulk === true ? await DirectFile.open(this.#at(name), options.readOnly ? O_RDONLY : O_RDWR) : null
    return new NodejsFile(descriptor, name, direct)
  }

  async readFile(name: string): Promise<Uint8Array | null> {
    const bytes = await call<Buffer>(name, (done) => fs.readFile(this.#at(name), done)).catch(absent(true))
    return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  replaceFile(name: string, bytes: Uint8Array): Promise<void> {
    return replaceByRename(this, name, bytes)
  }

  async list(folder: string): Promise<string[] | null> {
    return await call<string[]>(folder, (done) => fs.readdir(this.#at(folder), done)).catch(absent(true))
  }

  /** Parents are made as needed; each that was new is durable when this resolves. */
  async makeFolder(folder: string): Promise<void> {
    const made = await call<string | undefined>(folder, (done) => fs.mkdir(this.#at(folder), { recursive: true, mode: 0o700 }, done))
    if (made === undefined) return
    for (let at = this.#at(folder); at.length >= made.length; at = path.dirname(at)) await syncFolderAt(path.dirname(at))
  }

  async sizeOf(name: string): Promise<number | null> {
    const stats = await call<fs.Stats>(name, (done) => fs.stat(this.#at(name), done)).catch(absent(true))
    return stats?.isFile() ? stats.size : null
  }

  async rename(from: string, to: string): Promise<void> {
    await call<void>(from, (done) => fs.rename(this.#at(from), this.#at(to), done as fs.NoParamCallback))
  }

  async remove(name: string): Promise<void> {
    await call<void>(name, (done) => fs.unlink(this.#at(name), done as fs.NoParamCallback)).catch(absent(true))
  }

  async syncFolder(folder: string): Promise<void> {
    await syncFolderAt(this.#at(folder))
  }

  async space(): Promise<{ totalBytes: number; freeBytes: number }> {
    const { bsize, blocks, bavail } = await call<fs.StatsFs>('', (done) => fs.statfs(this.id, done))
    return { totalBytes: bsize * blocks, freeBytes: bsize * bavail }
  }

  localPath(name: string): string {
    return this.#at(name)
  }

  #at(name: string): string {
    return name === '' ? this.id : `${this.id}/${name}`
  }
}

/** No descriptor has this number: the kernel refuses it. */
const CLOSED = 2 ** 31 - 1

class NodejsFile implements DiskFile {
  readonly #name: string
  #descriptor: number
  /** Null when the file is not for bulk, or its file system has no such way. */
  #direct: DirectFile | null

  constructor(descriptor: number, name: string, direct: DirectFile | null) {
    this.#descriptor = descriptor
    this.#name = name
    this.#direct = direct
  }

  async read(offset: number, lengthBytes: number): Promise<Uint8Array> {
    const { buffer } = Buffer.allocUnsafeSlow(lengthBytes) // not zeroed, and shared with nothing
    const bytes = new Uint8Array(buffer, 0, lengthBytes)
    const got = await this.readInto(offset, bytes)
    return got === lengthBytes ? bytes : bytes.subarray(0, got)
  }

  async readInto(offset: number, target: Uint8Array): Promise<number> {
    let got = await this.#directly((file) => (target.length < LEAST_DIRECT_BYTES ? null : file.read(offset, target)))
    while (got < target.length) {
      const count = await call<number>(this.#name, (done) =>
        fs.read(this.#descriptor, target, got, target.length - got, offset + got, done),
      )
      if (count === 0) break
      got += count
    }
    return got
  }

  async write(offset: number, bytes: Uint8Array): Promise<void> {
    const part = this.#direct === null ? null : alignedPart(offset, bytes.length)
    if (part === null) return await this.#writePlain(offset, bytes)
    await this.#writePlain(offset, bytes.subarray(0, part.from))
    const put = part.from + (await this.#directly((file) => file.write(offset + part.from, bytes.subarray(part.from, part.to))))
    await this.#writePlain(offset + put, bytes.subarray(put))
  }

  /** @returns how many bytes went past the page cache; the others have to go the plain way. */
  async #directly(transfer: (file: DirectFile) => Promise<number | null> | null): Promise<number> {
    if (this.#direct === null) return 0
    try {
      return (await transfer(this.#direct)) ?? 0
    } catch (error) {
      throw holtErrorFrom(error as NodeJS.ErrnoException, this.#name)
    }
  }

  async #writePlain(offset: number, bytes: Uint8Array): Promise<void> {
    let put = 0
    while (put < bytes.length) {
      put += await call<number>(this.#name, (done) => fs.write(this.#descriptor, bytes, put, bytes.length - put, offset + put, done))
    }
  }

  async sync(): Promise<void> {
    await call<void>(this.#name, (done) => fs.fdatasync(this.#descriptor, done as fs.NoParamCallback))
  }

  async truncate(sizeBytes: number): Promise<void> {
    await call<void>(this.#name, (done) => fs.ftruncate(this.#descriptor, sizeBytes, done as fs.NoParamCallback))
  }

  async size(): Promise<number> {
    return (await call<fs.Stats>(this.#name, (done) => fs.fstat(this.#descriptor, done))).size
  }

  /** The number of a closed file may soon be that of another: it is forgotten. */
  async close(): Promise<void> {
    const descriptor = this.#descriptor
    const direct = this.#direct
    this.#descriptor = CLOSED
    this.#direct = null
    await direct?.close()
    await call<void>(this.#name, (done) => fs.close(descriptor, done as fs.NoParamCallback))
  }
}

async function syncFolderAt(folder: string): Promise<void> {
  const descriptor = await call<number>(folder, (done) => fs.open(folder, fs.constants.O_RDONLY, done))
  try {
    await call<void>(folder, (done) => fs.fsync(descriptor, done as fs.NoParamCallback))
  } finally {
    await call<void>(folder, (done) => fs.close(descriptor, done as fs.NoParamCallback))
  }
}

function call<T>(name: string, start: (done: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error ? reject(holtErrorFrom(error, name)) : resolve(value)))
  })
}

function holtErrorFrom(error: NodeJS.ErrnoException, name: string): HoltError {
  const facts = { path: name, errno: error.code ?? 'unknown' }
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return new HoltError('DISK_FULL', 'the disk is full', facts, { cause: error })
  if (error.code === 'EEXIST') return new HoltError('ALREADY_EXISTS', `${name} is there already`, facts, { cause: error })
  return new HoltError('IO_FAILED', `${name}: ${error.message}`, facts, { cause: error })
}

/** For `catch`: turns "there is no such file" into null where absence is an answer. */
function absent(allowed: boolean): (error: unknown) => null {
  return (error) => {
    const errno = error instanceof HoltError ? error.data.errno : null
    if (allowed && (errno === 'ENOENT' || errno === 'ENOTDIR')) return null
    throw error
  }
}
