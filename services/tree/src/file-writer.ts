import type { Cid } from '@holt/core/cid.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { BlockWriter } from './block-writer.ts'
import { type ChunkTree, ChunkTreeBuilder } from './chunk-tree.ts'
import { KEY_BYTES } from './entry.ts'
import { type SealedChunks, sealChunks, type TreeJobs } from './jobs.ts'
import { PIECE_BYTES, PieceMemory } from './piece-memory.ts'
import { sealingKey } from './sealed-block.ts'
import type { FileEntry, Keys, Time } from './types.ts'

export interface FileWriterOptions {
  store: BlockStore
  crypto: Crypto
  /** Seals larger pieces off this thread. */
  pool?: WorkPool<TreeJobs>
  mode: number
  time: Time
  /** 20 for files written and read from end to end, 16 for those changed in place. */
  chunkLog2?: 16 | 20
  redundancyClass?: string
  x?: Record<string, Uint8Array>
}

/** What a checkpoint said, and its chunks in order. */
export interface BegunFile {
  entry: FileEntry
  cids: AsyncIterable<Cid | null>
}

const FIRST_BUFFER_BYTES = 16 << 10
/** Web Crypto has threads of its own. */
const PIECES_WITHOUT_POOL = 3
/** Below this the way to a worker costs more than sealing. */
const LEAST_POOL_BYTES = 64 << 10

/**
 * Writes a new file from a stream. Its blocks are in the store when `close` resolves, and are kept only when the entry
 * gets into a commit: hold `store.beginWriting()` from before the first `write` until then.
 */
export function createFileWriter(options: FileWriterOptions): FileWriter {
  return new FileWriter(options)
}

/**
 * Goes on after a checkpoint, with its keys.
 *
 * @param begun `sizeBytes` of the entry is a multiple of its chunk size, and so are the options' chunks.
 */
export async function continueFileWriter(options: FileWriterOptions, begun: BegunFile): Promise<FileWriter> {
  const writer = new FileWriter({ ...options, chunkLog2: begun.entry.c }, begun.entry)
  for await (const cid of begun.cids) await writer.adopt(cid)
  return writer
}

export class FileWriter {
  readonly #options: FileWriterOptions
  readonly #chunkLog2: 16 | 20
  readonly #keys: Keys
  readonly #epoch: number | undefined
  readonly #blocks: BlockWriter
  readonly #tree: ChunkTreeBuilder
  /** Pieces being sealed and appended, in the order of the file. */
  readonly #underWay: Promise<(Cid | null)[]>[] = []
  readonly #memory = new PieceMemory()
  #piece: Uint8Array = new Uint8Array(0)
  /** For what is sealed of the piece; none while it is small. */
  #room: ArrayBuffer | null = null
  #pieceBytes = 0
  #sizeBytes = 0
  #isOpen = true

  constructor(options: FileWriterOptions, begun?: FileEntry) {
    this.#options = options
    this.#chunkLog2 = options.chunkLog2 ?? 20
    this.#keys = begun?.k ?? [options.crypto.randomBytes(KEY_BYTES)]
    this.#epoch = begun?.e
    this.#blocks = new BlockWriter(options)
    this.#tree = new ChunkTreeBuilder(this.#blocks, sealingKey(this.#keys))
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** Adds a whole chunk that an earlier writer has stored. */
  async adopt(cid: Cid | null): Promise<void> {
    await this.#tree.add(cid)
    this.#sizeBytes += 2 ** this.#chunkLog2
  }

  /**
   * Stores what there is of whole pieces so far, and goes on.
   *
   * @returns an entry of these, to be put into a directory by an edit; a writer can continue after it.
   * @throws HoltError of the store. The file is lost then.
   */
  async checkpoint(): Promise<FileEntry> {
    this.#checkOpen()
    const sizeBytes = this.#sizeBytes - this.#pieceBytes
    while (this.#underWay.length > 0) await this.#finishPiece()
    return this.#entryOf(await this.#tree.copy().finish(), sizeBytes)
  }

  /**
   * Appends; `bytes` may be used again when it resolves.
   *
   * @throws HoltError of the store. The file is lost then.
   */
  async write(bytes: Uint8Array): Promise<void> {
    this.#checkOpen()
    for (let taken = 0; taken < bytes.length; ) {
      const part = bytes.subarray(taken, taken + PIECE_BYTES - this.#pieceBytes)
      this.#makeRoom(this.#pieceBytes + part.length)
      this.#piece.set(part, this.#pieceBytes)
      this.#pieceBytes += part.length
      taken += part.length
      if (this.#pieceBytes === PIECE_BYTES) await this.#sendPiece()
    }
    this.#sizeBytes += bytes.length
  }

  #checkOpen(): void {
    if (!this.#isOpen) throw new HoltError('INPUT_INVALID', 'the file is closed')
  }

  #makeRoom(neededBytes: number): void {
    if (neededBytes <= this.#piece.length) return
    const before = this.#piece.subarray(0, this.#pieceBytes)
    if (neededBytes < LEAST_POOL_BYTES) this.#piece = new Uint8Array(Math.max(neededBytes, 2 * this.#piece.length, FIRST_BUFFER_BYTES))
    else ({ content: this.#piece, room: this.#room } = this.#memory.take())
    this.#piece.set(before)
  }

  async #sendPiece(): Promise<void> {
    const stored = this.#sealAndAppend(this.#piece.subarray(0, this.#pieceBytes), this.#room)
    // A failure is met where the piece's turn comes.
    stored.catch(() => {})
    this.#underWay.push(stored)
    this.#piece = new Uint8Array(0)
    this.#room = null
    this.#pieceBytes = 0
    while (this.#underWay.length > this.#mostUnderWay) await this.#finishPiece()
  }

  get #mostUnderWay(): number {
    return (this.#options.pool?.width ?? PIECES_WITHOUT_POOL) + 1
  }

  async #sealAndAppend(content: Uint8Array, lent: ArrayBuffer | null): Promise<(Cid | null)[]> {
    const { store, redundancyClass } = this.#options
    const { room, usedBytes, blocks, cids, content: memory } = await this.#seal(content, lent)
    if (blocks.length > 0) await store.append({ sections: room.subarray(0, usedBytes), blocks }, { redundancyClass })
    if (lent !== null) this.#memory.give(memory, room)
    return cids
  }

  #seal(content: Uint8Array, room: ArrayBuffer | null): Promise<SealedChunks> {
    const { pool, crypto } = this.#options
    const input = { key: sealingKey(this.#keys), content, chunkBytes: 2 ** this.#chunkLog2 }
    if (pool === undefined || room === null) return sealChunks({ crypto }, input)
    return pool.run('sealChunks', { ...input, room }, { transfer: [content.buffer as ArrayBuffer, room] })
  }

  async #finishPiece(): Promise<void> {
    const cids = await (this.#underWay.shift() as Promise<(Cid | null)[]>)
    for (const cid of cids) await this.#tree.add(cid)
  }

  /**
   * Ends the file.
   *
   * @returns its entry, to be put into a directory by an edit.
   * @throws HoltError of the store.
   */
  async close(): Promise<FileEntry> {
    this.#checkOpen()
    this.#isOpen = false
    if (this.#pieceBytes > 0) await this.#sendPiece()
    while (this.#underWay.length > 0) await this.#finishPiece()
    return this.#entryOf(await this.#tree.finish(), this.#sizeBytes)
  }

  async #entryOf({ r, h }: ChunkTree, sizeBytes: number): Promise<FileEntry> {
    await this.#blocks.flush()
    const { mode, time, x } = this.#options
    const entry: FileEntry = { c: this.#chunkLog2, h, k: this.#keys, m: mode, r, t: 'f', z: sizeBytes, mt: time }
    if (x !== undefined) entry.x = x
    if (this.#epoch !== undefined) entry.e = this.#epoch
    return entry
  }

  /** Gives the file up; what was stored of it is garbage. */
  async abort(): Promise<void> {
    this.#isOpen = false
    this.#piece = new Uint8Array(0)
    await Promise.allSettled(this.#underWay.splice(0))
  }
}
