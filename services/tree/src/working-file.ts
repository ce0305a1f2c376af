import type { Cid } from '@holt/core/cid.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { BlockWriter } from './block-writer.ts'
import { ChunkMemory } from './chunk-memory.ts'
import { type ChunkTree, nextStoredChunk } from './chunk-tree.ts'
import { type ChunkChange, replaceChunks, resizeChunkTree } from './chunk-tree-update.ts'
import { ChunkedFile } from './file-reader.ts'
import { isAllZero, sealChunks } from './jobs.ts'
import { KeptBlocks } from './kept-blocks.ts'
import { type FileReaderOptions, openChunk } from './open-chunk.ts'
import { PIECE_BYTES, PieceMemory } from './piece-memory.ts'
import { sealingKey } from './sealed-block.ts'
import { Turns } from './turns.ts'
import type { FileEntry } from './types.ts'

export interface WorkingFileOptions extends FileReaderOptions {
  redundancyClass: string
}

/** A chunk that differs from the stored file. */
interface WorkingChunk {
  /** null: dropped, for `sealed` has what is newest. */
  bytes: Uint8Array | null
  /** Which change of the file it had last: one that is given up and made anew never has a lower one. */
  changes: number
  sealed: Sealed | null
  sealing: Promise<void> | null
}

interface Sealed {
  cid: Cid | null
  changes: number
  /** By one `save`, whose caller flushes the block, or does not come so far: the next one does not rely on it. */
  isUnsure: boolean
}

/** What `save` made; `settle` when its blocks are in the store. */
export interface SavedFile {
  entry: FileEntry
  settle(): void
}

const LONG_CHUNK_LOG2 = 20
/** Pieces of one file that are being sealed; more wait for them. */
const MOST_PIECES = 4
/** Below this the way to a worker costs more than sealing. */
const LEAST_POOL_BYTES = 64 << 10

/**
 * A file that is being changed in place. What was written is in memory first, chunk by chunk; whole pieces of what comes
 * from front to end are sealed while it comes, the rest by `save`. Reads see all of it.
 */
export class WorkingFile {
  readonly #options: WorkingFileOptions
  readonly #turns = new Turns()
  readonly #chunks = new Map<number, WorkingChunk>()
  readonly #kept: KeptBlocks
  /** As it was saved last. */
  #stored: FileEntry
  #storedContent: ChunkedFile
  /** So many chunks of the stored file still count: cutting it lowers this. */
  #storedChunks: number
  /** The fewest chunks that were left by a cut since it was saved. */
  #cutSinceSave = Number.POSITIVE_INFINITY
  #sizeBytes: number
  #isResized = false
  /** Where the next bytes of one who writes from front to end come, and from where on they are not sealed. */
  #nextOffset = 0
  #unsealedFrom = 0
  readonly #pieces = new Set<Promise<void>>()
  #changes = 0
  #saves = 0

  constructor(options: WorkingFileOptions, entry: FileEntry) {
    this.#options = options
    this.#kept = new KeptBlocks(options.reader.store)
    this.#stored = entry
    this.#storedContent = new ChunkedFile(options, entry)
    this.#storedChunks = Math.ceil(entry.z / 2 ** entry.c)
    this.#sizeBytes = entry.z
  }

  /** The entry that it was opened with or saved as. */
  get stored(): FileEntry {
    return this.#stored
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  get isChanged(): boolean {
    return this.#isResized || this.#chunks.size > 0
  }

  /** What it holds in memory. */
  get memoryBytes(): number {
    let count = 0
    for (const { bytes } of this.#chunks.values()) if (bytes !== null) count++
    return count * this.#chunkBytes
  }

  get #chunkBytes(): number {
    return 2 ** this.#stored.c
  }

  /** Fewer bytes only at the end. */
  async read(offset: number, lengthBytes: number, options: { signal?: AbortSignal } = {}): Promise<Uint8Array> {
    const end = Math.min(offset + lengthBytes, this.#sizeBytes)
    if (offset >= end) return new Uint8Array(0)
    if (!this.isChanged) return this.#storedContent.read(offset, end - offset, options)
    const into = new Uint8Array(end - offset)
    const chunkBytes = this.#chunkBytes
    for (let number = Math.floor(offset / chunkBytes); number * chunkBytes < end; number++) {
      const start = number * chunkBytes
      const from = Math.max(offset, start)
      const to = Math.min(end, start + chunkBytes)
      const bytes = this.#chunks.get(number)?.bytes
      const range = { from: from - start, to: to - start }
      // memory of a chunk may have another use as soon as others have their turn
      into.set(bytes ? bytes.subarray(range.from, range.to) : await this.#readChunk(number, range, options.signal), from - offset)
    }
    return into
  }

  async #readChunk(number: number, { from, to }: { from: number; to: number }, signal?: AbortSignal): Promise<Uint8Array> {
    const chunk = this.#chunks.get(number)
    if (chunk === undefined) return this.#readStored(number, { from, to }, signal)
    if (chunk.bytes !== null) return chunk.bytes.slice(from, to)
    const cid = chunk.sealed?.cid ?? null
    return (await openChunk(this.#options, this.#stored.k, { cid, lengthBytes: this.#chunkBytes }, signal)).subarray(from, to)
  }

  async #readStored(number: number, { from, to }: { from: number; to: number }, signal?: AbortSignal): Promise<Uint8Array> {
    if (number >= this.#storedChunks) return new Uint8Array(to - from)
    const content = await this.#storedContent.read(number * this.#chunkBytes + from, to - from, { signal })
    if (content.length === to - from) return content
    const filled = new Uint8Array(to - from)
    filled.set(content)
    return filled
  }

  /** Writes `parts`, one after the other; they may be used again when it resolves. @throws HoltError of the store. */
  write(offset: number, parts: readonly Uint8Array[]): Promise<void> {
    return this.#turns.run(async () => {
      let at = offset
      for (const part of parts) {
        for (let taken = 0; taken < part.length; ) {
          const count = Math.min(part.length - taken, this.#chunkBytes - (at % this.#chunkBytes))
          await this.#writeIntoChunk(at, part.subarray(taken, taken + count))
          taken += count
          at += count
        }
      }
      await this.#wrote(offset, at)
    })
  }

  async #writeIntoChunk(offset: number, bytes: Uint8Array): Promise<void> {
    const number = Math.floor(offset / this.#chunkBytes)
    const from = offset - number * this.#chunkBytes
    const isWhole = from === 0 && (bytes.length === this.#chunkBytes || offset + bytes.length >= this.#sizeBytes)
    const chunk = await this.#changeable(number, isWhole)
    ;(chunk.bytes as Uint8Array).set(bytes, from)
    chunk.changes = ++this.#changes
    if (offset + bytes.length > this.#sizeBytes) this.#sizeBytes = offset + bytes.length
  }

  /** A chunk with its bytes in memory. */
  async #changeable(number: number, isReplaced: boolean): Promise<WorkingChunk> {
    const known = this.#chunks.get(number)
    if (known !== undefined && known.bytes !== null) return known
    const bytes = chunkMemory.take(this.#chunkBytes)
    const isThere = known !== undefined || number < this.#storedChunks
    if (isThere && !isReplaced) bytes.set(await this.#readChunk(number, { from: 0, to: this.#chunkBytes }))
    const chunk = known ?? { bytes, changes: 0, sealed: null, sealing: null }
    chunk.bytes = bytes
    this.#chunks.set(number, chunk)
    return chunk
  }

  /** Seals what one who writes from front to end has left behind. */
  async #wrote(offset: number, end: number): Promise<void> {
    if (offset !== this.#nextOffset) this.#unsealedFrom = Math.ceil(offset / PIECE_BYTES) * PIECE_BYTES
    this.#nextOffset = end
    if (end === PIECE_BYTES && this.#unsealedFrom === 0) this.#growChunks()
    while (end - this.#unsealedFrom >= PIECE_BYTES) {
      const first = this.#unsealedFrom / this.#chunkBytes
      const numbers = Array.from({ length: PIECE_BYTES / this.#chunkBytes }, (_, i) => first + i)
      this.#unsealedFrom += PIECE_BYTES
      await this.#room()
      this.#startPiece(numbers.filter((number) => this.#isUnsealed(number)))
    }
  }

  /** A new file whose first piece comes from front to end gets long chunks. */
  #growChunks(): void {
    const isNew = this.#stored.z === 0 && this.#stored.r === null && this.#stored.c < LONG_CHUNK_LOG2
    const count = PIECE_BYTES / this.#chunkBytes
    const chunks = [...this.#chunks].sort(([a], [b]) => a - b)
    if (
      this.#saves > 0 ||
      !isNew ||
      chunks.length !== count ||
      chunks.some(([, { sealed, sealing }]) => sealed !== null || sealing !== null)
    )
      return
    const bytes = chunkMemory.take(PIECE_BYTES)
    for (const [number, chunk] of chunks) {
      bytes.set(chunk.bytes as Uint8Array, number * this.#chunkBytes)
      letGo(chunk)
    }
    this.#chunks.clear()
    this.#chunks.set(0, { bytes, changes: ++this.#changes, sealed: null, sealing: null })
    this.#stored = { ...this.#stored, c: LONG_CHUNK_LOG2 }
    this.#storedContent = new ChunkedFile(this.#options, this.#stored)
  }

  async #room(): Promise<void> {
    while (this.#pieces.size >= MOST_PIECES) await Promise.race(this.#pieces).catch(() => {})
  }

  #isUnsealed(number: number): boolean {
    const chunk = this.#chunks.get(number)
    return chunk !== undefined && chunk.sealing === null && chunk.sealed?.changes !== chunk.changes
  }

  /** What fails stays unsealed, and `save` meets it again. */
  #startPiece(numbers: readonly number[]): void {
    if (numbers.length === 0) return
    const piece = this.#sealPiece(numbers).finally(() => this.#pieces.delete(piece))
    this.#pieces.add(piece)
    piece.catch(() => {})
  }

  #contentOf(number: number): Uint8Array {
    const lengthBytes = Math.min(this.#chunkBytes, this.#sizeBytes - number * this.#chunkBytes)
    return ((this.#chunks.get(number) as WorkingChunk).bytes as Uint8Array).subarray(0, lengthBytes)
  }

  /** Seals and appends up to a piece of whole chunks in a worker; only the last of `numbers` may be shorter. */
  #sealPiece(numbers: readonly number[]): Promise<void> {
    const { content, room } = memory.take()
    let usedBytes = 0
    const asThey = numbers.map((number) => {
      const bytes = this.#contentOf(number)
      content.set(bytes, usedBytes)
      usedBytes += bytes.length
      return { chunk: this.#chunks.get(number) as WorkingChunk, changes: this.#chunks.get(number)?.changes as number }
    })
    this.#kept.keep()
    const sealing = this.#sealContent(content.subarray(0, usedBytes), room).then((cids) => {
      for (const [i, { chunk, changes }] of asThey.entries()) {
        chunk.sealed = { cid: cids[i] as Cid | null, changes, isUnsure: false }
        if (chunk.changes === changes) letGo(chunk)
      }
    })
    for (const { chunk } of asThey) chunk.sealing = sealing
    return sealing.finally(() => {
      for (const { chunk } of asThey) chunk.sealing = null
    })
  }

  async #sealContent(content: Uint8Array, lent: ArrayBuffer): Promise<(Cid | null)[]> {
    const { reader, pool, redundancyClass } = this.#options
    const input = { key: sealingKey(this.#stored.k), content, chunkBytes: this.#chunkBytes }
    const sealed =
      pool === undefined
        ? await sealChunks({ crypto: reader.crypto }, input)
        : await pool.run('sealChunks', { ...input, room: lent }, { transfer: [content.buffer as ArrayBuffer, lent] })
    const { room, usedBytes, blocks, cids } = sealed
    if (blocks.length > 0) await reader.store.append({ sections: room.subarray(0, usedBytes), blocks }, { redundancyClass })
    if (pool !== undefined) memory.give(sealed.content, room)
    return cids
  }

  /** Cuts the file, or makes it longer with zeros. */
  resize(sizeBytes: number): Promise<void> {
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0)
      throw new HoltError('TOO_LARGE', 'not a size that a file can have', { sizeBytes })
    return this.#turns.run(async () => {
      if (sizeBytes === this.#sizeBytes) return
      if (sizeBytes < this.#sizeBytes) await this.#cut(sizeBytes)
      this.#sizeBytes = sizeBytes
      this.#isResized = true
      this.#unsealedFrom = Math.min(this.#unsealedFrom, Math.floor(sizeBytes / PIECE_BYTES) * PIECE_BYTES)
    })
  }

  async #cut(sizeBytes: number): Promise<void> {
    const chunkBytes = this.#chunkBytes
    const count = Math.ceil(sizeBytes / chunkBytes)
    const tailBytes = sizeBytes % chunkBytes
    if (tailBytes > 0 && (this.#chunks.has(count - 1) || count - 1 < this.#storedChunks)) {
      const chunk = await this.#changeable(count - 1, false)
      ;(chunk.bytes as Uint8Array).fill(0, tailBytes)
      chunk.changes = ++this.#changes
    }
    for (const number of this.#chunks.keys()) if (number >= count) this.#chunks.delete(number) // its memory may be in use
    this.#storedChunks = Math.min(this.#storedChunks, count)
    this.#cutSinceSave = Math.min(this.#cutSinceSave, count)
  }

  /** Makes zeros of a range; whole chunks of it become holes. Does not make the file longer. */
  clear(offset: number, lengthBytes: number): Promise<void> {
    return this.#turns.run(async () => {
      const end = Math.min(offset + lengthBytes, this.#sizeBytes)
      const firstWhole = Math.ceil(offset / this.#chunkBytes)
      const endWhole = Math.floor(end / this.#chunkBytes)
      if (firstWhole >= endWhole) return this.#zero(offset, end)
      await this.#zero(offset, firstWhole * this.#chunkBytes)
      await this.#makeHoles(firstWhole, endWhole)
      await this.#zero(endWhole * this.#chunkBytes, end)
    })
  }

  async #zero(from: number, to: number): Promise<void> {
    for (let at = from; at < to; ) {
      const number = Math.floor(at / this.#chunkBytes)
      const start = number * this.#chunkBytes
      const until = Math.min(to, start + this.#chunkBytes)
      if (await this.#isHole(number)) at = until
      else {
        const chunk = await this.#changeable(number, at === start && until === start + this.#chunkBytes)
        ;(chunk.bytes as Uint8Array).fill(0, at - start, until - start)
        chunk.changes = ++this.#changes
        at = until
      }
    }
  }

  /** Of whole chunks, by what is there: a file of holes may be longer than any memory. */
  async #makeHoles(from: number, to: number): Promise<void> {
    for (const [number, chunk] of this.#chunks) {
      if (number < from || number >= to) continue
      chunk.changes = ++this.#changes
      if (chunk.bytes === null) chunk.sealed = { cid: null, changes: chunk.changes, isUnsure: false }
      else chunk.bytes.fill(0)
    }
    const stored = Math.min(to, this.#storedChunks)
    for (let number = await this.#nextStored(from, stored); number !== null; number = await this.#nextStored(number + 1, stored))
      if (!this.#chunks.has(number)) this.#chunks.set(number, this.#hole())
  }

  #hole(): WorkingChunk {
    const changes = ++this.#changes
    return { bytes: null, changes, sealed: { cid: null, changes, isUnsure: false }, sealing: null }
  }

  async #isHole(number: number): Promise<boolean> {
    return !this.#chunks.has(number) && (await this.#nextStored(number, Math.min(number + 1, this.#storedChunks))) === null
  }

  #nextStored(from: number, to: number): Promise<number | null> {
    return nextStoredChunk(this.#options.reader, this.#stored, from, to)
  }

  /** Seals what is in memory, and lets go of it. */
  async shrink(): Promise<void> {
    await this.#sealLarge([...this.#chunks.keys()].filter((number) => this.#isUnsealed(number)))
  }

  /** In pieces, by workers. */
  async #sealLarge(numbers: readonly number[]): Promise<void> {
    const inOrder = [...numbers].sort((a, b) => a - b)
    const perPiece = PIECE_BYTES / this.#chunkBytes
    for (let at = 0; at < inOrder.length; at += perPiece) {
      await this.#room()
      this.#startPiece(inOrder.slice(at, at + perPiece).filter((number) => this.#isUnsealed(number)))
    }
    await Promise.all(this.#pieces)
  }

  /**
   * Seals what has changed. What is written meanwhile may be in it or not.
   *
   * @param blocks for what is small, flushed by the caller before the entry is used.
   * @returns the entry as it is to be put into a directory: with the chunks' root and size, the rest as stored.
   * @throws HoltError of the store; everything is as before then, and can be saved again.
   */
  async save(blocks: BlockWriter): Promise<SavedFile> {
    this.#saves++
    try {
      return await this.#save(blocks)
    } finally {
      this.#saves--
    }
  }

  async #save(blocks: BlockWriter): Promise<SavedFile> {
    await this.#turns.run(async () => {})
    this.#kept.keep()
    for (const chunk of this.#chunks.values()) if (chunk.sealed?.isUnsure === true) chunk.sealed = null
    const wanted = new Map([...this.#chunks].map(([number, { changes }]) => [number, changes]))
    for (;;) {
      await Promise.allSettled(this.#pieces)
      const left = [...wanted].flatMap(([number, changes]) => (this.#isBehind(number, changes) ? [number] : []))
      if (left.length === 0) break
      if (left.length * this.#chunkBytes > LEAST_POOL_BYTES) await this.#sealLarge(left)
      else for (const number of left) await this.#sealSmall(blocks, number)
    }
    return this.#turns.run(() => this.#saveTree(blocks))
  }

  #isBehind(number: number, changes: number): boolean {
    const chunk = this.#chunks.get(number)
    return chunk !== undefined && (chunk.sealed === null || chunk.sealed.changes < changes)
  }

  async #sealSmall(blocks: BlockWriter, number: number): Promise<void> {
    const chunk = this.#chunks.get(number)
    if (chunk === undefined || chunk.bytes === null) return
    const { changes } = chunk
    const content = this.#contentOf(number)
    const cid = isAllZero(content) ? null : await blocks.write(sealingKey(this.#stored.k), content)
    chunk.sealed = { cid, changes, isUnsure: true }
  }

  /** Nothing is written meanwhile. */
  async #saveTree(blocks: BlockWriter): Promise<SavedFile> {
    const { reader } = this.#options
    const sizeBytes = this.#sizeBytes
    this.#cutSinceSave = Number.POSITIVE_INFINITY
    const used = [...this.#chunks].filter(([, { sealed }]) => sealed !== null).sort(([a], [b]) => a - b)
    const changes = used.map(([number, { sealed }]): ChunkChange => ({ number, cid: sealed?.cid ?? null }))
    const usedChanges = used.map(([, { sealed }]) => sealed?.changes)
    const update = { reader, writer: blocks }
    const cut = { ...this.#stored, ...(await resizeChunkTree(update, this.#stored, this.#storedChunks)) }
    await flushForReading(blocks, this.#stored, cut)
    const resized = { ...cut, ...(await resizeChunkTree(update, cut, Math.ceil(sizeBytes / this.#chunkBytes))) }
    await flushForReading(blocks, cut, resized)
    const entry: FileEntry = { ...resized, ...(await replaceChunks(update, resized, changes)), z: sizeBytes }
    return {
      entry,
      settle: () => {
        for (const [i, [number, chunk]] of used.entries()) {
          if (this.#chunks.get(number) !== chunk || chunk.changes !== usedChanges[i]) continue
          this.#chunks.delete(number)
          if (chunk.sealing === null) letGo(chunk)
        }
        // cut and made as long again is not as it was
        if (this.#sizeBytes === sizeBytes && this.#cutSinceSave === Number.POSITIVE_INFINITY) this.#isResized = false
        this.#stored = entry
        this.#storedContent = new ChunkedFile(this.#options, entry)
        this.#storedChunks = Math.min(Math.ceil(sizeBytes / this.#chunkBytes), this.#cutSinceSave)
      },
    }
  }

  /** When the entry that was saved is in the tree: what it refers to is kept by that. */
  release(): void {
    if (!this.isChanged) this.#kept.release()
  }

  /** Gives up what was not saved, and waits for what is under way. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#pieces)
    this.#chunks.clear()
    this.#kept.release()
  }
}

/** An index node that was just made is read when the next change comes to it. */
async function flushForReading(blocks: BlockWriter, before: ChunkTree, after: ChunkTree): Promise<void> {
  if (after.r !== before.r && after.h > 0) await blocks.flush()
}

/** Of all working files. */
const memory = new PieceMemory()
const chunkMemory = new ChunkMemory()

function letGo(chunk: WorkingChunk): void {
  if (chunk.bytes !== null) chunkMemory.give(chunk.bytes)
  chunk.bytes = null
}
