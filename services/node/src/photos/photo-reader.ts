import { type Blake3Hasher, createBlake3 } from '@holt/core/blake3.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { continueFileWriter, createFileWriter, type FileWriter, type FileWriterOptions } from '@holt/tree/file-writer.ts'
import type { TreeJobs } from '@holt/tree/jobs.ts'
import type { FileEntry, Volume } from '@holt/tree/types.ts'
import { timeOfSeconds } from '../entries.ts'
import { MEDIA_PIECE_BYTES, type MediaItem, type MediaVolume, type PhoneMedia } from './phone-media.ts'
import type { PhotoShelf } from './photo-shelf.ts'

/** What is read whole before anything is stored of it; what is longer is stored as it comes. */
export const SMALL_BYTES = 16 << 20
/** What a kill in the midst of a video costs at most: so much is stored again. */
const CHECKPOINT_BYTES = 32 << 20

export interface PhotoReaderContext {
  media: PhoneMedia
  shelf: PhotoShelf
  /** Hidden area and all. */
  volume: Volume
  store: BlockStore
  crypto: Crypto
  pool: WorkPool<TreeJobs>
  /** Called before each piece. @throws what ends the work. */
  mayGoOn(): void
  onProgress(doneBytes: number): void
}

/** A content as it was read; `entry` null: it is in the tree already. */
export interface ReadPhoto {
  sizeBytes: number
  digest: Uint8Array
  entry: FileEntry | null
}

/** Reads one item and stores what is new of it. Its blocks are kept only by the commit that puts it in place: hold `store.beginWriting()` until then. */
export class PhotoReader {
  readonly #context: PhotoReaderContext

  constructor(context: PhotoReaderContext) {
    this.#context = context
  }

  read(volume: MediaVolume, item: MediaItem, redundancyClass: string): Promise<ReadPhoto> {
    const { store, crypto, pool } = this.#context
    const options = { store, crypto, pool, mode: 0o644, time: timeOfSeconds(item.modified), chunkLog2: 20, redundancyClass } as const
    return item.sizeBytes <= SMALL_BYTES ? this.#readSmall(volume, item, options) : this.#readLarge(volume, item, options)
  }

  async #readSmall(volume: MediaVolume, item: MediaItem, options: FileWriterOptions): Promise<ReadPhoto> {
    const pieces: Uint8Array[] = []
    const hasher = createBlake3()
    let sizeBytes = 0
    for await (const piece of this.#pieces(volume, item, 0)) {
      hasher.update(piece)
      pieces.push(piece)
      sizeBytes += piece.length
      // the list was wrong about it: it is read again, as what it is
      if (sizeBytes > 2 * SMALL_BYTES) return this.#readLarge(volume, item, options)
    }
    const digest = hasher.digest()
    if (await this.#context.shelf.isThere(digest)) return { sizeBytes, digest, entry: null }
    const writer = createFileWriter(options)
    for (const piece of pieces) await writer.write(piece)
    return { sizeBytes, digest, entry: await writer.close() }
  }

  async #readLarge(volume: MediaVolume, item: MediaItem, options: FileWriterOptions): Promise<ReadPhoto> {
    const { shelf } = this.#context
    const { writer, hasher } = await this.#begin(volume, item, options)
    let savedBytes = writer.sizeBytes
    try {
      for await (const piece of this.#pieces(volume, item, writer.sizeBytes)) {
        hasher.update(piece)
        await writer.write(piece)
        if (writer.sizeBytes - savedBytes < CHECKPOINT_BYTES) continue
        const entry = await writer.checkpoint()
        await shelf.keepPartial(volume, item, entry)
        savedBytes = entry.z
      }
    } catch (error) {
      await writer.abort()
      throw error
    }
    const digest = hasher.digest()
    const { sizeBytes } = writer
    if (!(await shelf.isThere(digest))) return { sizeBytes, digest, entry: await writer.close() }
    await writer.abort()
    return { sizeBytes, digest, entry: null }
  }

  /** Behind what an earlier start stored of it. That is read once more from the phone, for the digest alone: what is stored is not written again. */
  async #begin(volume: MediaVolume, item: MediaItem, options: FileWriterOptions): Promise<{ writer: FileWriter; hasher: Blake3Hasher }> {
    const hasher = createBlake3()
    const partial = await this.#context.shelf.partial(volume, item)
    if (partial === null || partial.z === 0) return { writer: createFileWriter(options), hasher }
    let left = partial.z
    for await (const piece of this.#pieces(volume, item, 0, partial.z)) {
      hasher.update(piece)
      left -= piece.length
    }
    const chunks = this.#context.volume.current().openEntry(partial).chunks()
    async function* cids() {
      for await (const { cid } of chunks) yield cid
    }
    if (left === 0) return { writer: await continueFileWriter(options, { entry: partial, cids: cids() }), hasher }
    // the file is shorter than what was stored of it: it is another one
    await this.#context.shelf.dropPartial()
    return this.#begin(volume, item, options)
  }

  async *#pieces(volume: MediaVolume, item: MediaItem, from: number, to = Number.MAX_SAFE_INTEGER): AsyncGenerator<Uint8Array> {
    const { media, mayGoOn, onProgress } = this.#context
    for (let offset = from; offset < to; ) {
      mayGoOn()
      const wanted = Math.min(MEDIA_PIECE_BYTES, to - offset)
      const piece = await media.read(volume.name, item, offset, wanted)
      if (piece.length > 0) yield piece
      offset += piece.length
      onProgress(offset)
      if (piece.length < wanted) return
    }
  }
}
