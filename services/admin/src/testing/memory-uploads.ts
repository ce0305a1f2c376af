import type { FileUploads, NewUpload, Upload } from '@holt/control/streams.ts'
import { concatBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { MemoryTree } from './memory-tree.ts'

type Begun = NewUpload & { bytes: Uint8Array[] }

/** Uploads in several parts, in memory. */
export class MemoryUploads implements FileUploads {
  readonly #tree: MemoryTree
  readonly #begun = new Map<string, Begun>()
  #ids = 0

  constructor(tree: MemoryTree) {
    this.#tree = tree
  }

  async create(upload: NewUpload): Promise<Upload> {
    this.#tree.checkWrite(upload.path, upload.replace ?? false)
    const id = (++this.#ids).toString(16).padStart(32, '0')
    this.#begun.set(id, { ...upload, bytes: [] })
    return this.find(id)
  }

  async find(id: string): Promise<Upload> {
    const { path, sizeBytes, replace = false, bytes } = this.#get(id)
    return { id, path, sizeBytes, replace, offsetBytes: lengthOf(bytes), expires: Date.now() / 1000 + 604_800 }
  }

  list(): Promise<Upload[]> {
    return Promise.all([...this.#begun.keys()].map((id) => this.find(id)))
  }

  async append(id: string, offset: number, body: AsyncIterable<Uint8Array>, { signal }: { signal: AbortSignal }) {
    const upload = this.#get(id)
    const there = lengthOf(upload.bytes)
    if (there !== offset) throw new HoltError('CONFLICT', 'the bytes that are here end elsewhere', { offset: there })
    for await (const bytes of body) {
      if (signal.aborted) throw new HoltError('CANCELLED', 'cancelled')
      if (lengthOf(upload.bytes) + bytes.length > upload.sizeBytes) throw new HoltError('INPUT_INVALID', 'more bytes than were told')
      upload.bytes.push(bytes.slice())
    }
    const now = await this.find(id)
    if (now.offsetBytes < upload.sizeBytes) return { upload: now, entry: null }
    const entry = this.#tree.write(upload.path, concatBytes(upload.bytes), upload)
    this.#begun.delete(id)
    return { upload: now, entry }
  }

  async retarget(id: string, to: { path: string; replace: boolean }): Promise<Upload> {
    this.#tree.checkWrite(to.path, to.replace)
    Object.assign(this.#get(id), to)
    return this.find(id)
  }

  async discard(id: string): Promise<void> {
    this.#get(id)
    this.#begun.delete(id)
  }

  #get(id: string): Begun {
    const upload = this.#begun.get(id)
    if (upload === undefined) throw new HoltError('NOT_FOUND', 'there is no such upload')
    return upload
  }
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0)
}
