import { ahead } from '@holt/core/ahead.ts'
import type { Cid } from '@holt/core/cid.ts'
import { HoltError } from '@holt/core/errors.ts'
import { chunkCids } from './chunk-tree.ts'
import { type FileReaderOptions, isSmallPart, openChunk, openChunkPart } from './open-chunk.ts'
import type { FileEntry, TreeFile } from './types.ts'

interface Chunk {
  cid: Cid | null
  fileOffset: number
  lengthBytes: number
}

interface RangeOptions {
  offset?: number
  lengthBytes?: number
  signal?: AbortSignal
}

const CHUNKS_AHEAD = 4
/** `text` and one of `lines` hold no more. */
export const MAX_TEXT_BYTES = 64 << 20

export class ChunkedFile implements TreeFile {
  readonly entry: FileEntry
  readonly #options: FileReaderOptions
  /** The chunk read last: small reads go through it one after the other. */
  #last: { fileOffset: number; content: Promise<Uint8Array> } | null = null
  /** Where the read before has ended. */
  #nextOffset = 0

  constructor(options: FileReaderOptions, entry: FileEntry) {
    this.#options = options
    this.entry = entry
  }

  get sizeBytes(): number {
    return this.entry.z
  }

  async read(offset: number, lengthBytes: number, { signal }: { signal?: AbortSignal } = {}): Promise<Uint8Array> {
    const { start, end } = this.#range(offset, lengthBytes)
    const isElsewhere = start !== this.#nextOffset
    this.#nextOffset = end
    const part = isElsewhere ? await this.#readPart(start, end, signal) : null
    if (part !== null) return part
    const bytes = new Uint8Array(end - start)
    const copies: Promise<void>[] = []
    for await (const chunk of this.#chunks(start, end)) {
      const copied = this.#readThroughLast(chunk, signal).then((content) => copyOverlap(content, chunk, bytes, start))
      copied.catch(() => {})
      copies.push(copied)
      if (copies.length >= CHUNKS_AHEAD) await copies.shift()
    }
    await Promise.all(copies)
    return bytes
  }

  #range(offset: number, lengthBytes: number): { start: number; end: number } {
    if (!Number.isSafeInteger(offset) || offset < 0 || !(lengthBytes >= 0)) throw new HoltError('INPUT_INVALID', 'not a range of a file')
    const start = Math.min(offset, this.sizeBytes)
    return { start, end: Math.min(start + lengthBytes, this.sizeBytes) }
  }

  /** Of one long chunk, by who reads here and there. null: to be read as all else. */
  async #readPart(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array | null> {
    const chunkBytes = 2 ** this.entry.c
    const number = Math.floor(start / chunkBytes)
    const fileOffset = number * chunkBytes
    if (end <= start || end > fileOffset + chunkBytes || !isSmallPart(this.#options, chunkBytes, end - start)) return null
    // the last may be shorter in the store than it is
    if (fileOffset === this.#last?.fileOffset || fileOffset + chunkBytes > this.sizeBytes) return null
    for await (const cid of chunkCids(this.#options.reader, this.entry, number, number + 1)) {
      return cid === null
        ? null
        : openChunkPart(this.#options, this.entry.k, { cid, from: start - fileOffset, to: end - fileOffset }, signal)
    }
    return null
  }

  #readThroughLast(chunk: Chunk, signal?: AbortSignal): Promise<Uint8Array> {
    if (this.#last?.fileOffset === chunk.fileOffset) return this.#last.content
    const content = this.#open(chunk, signal)
    const last = { fileOffset: chunk.fileOffset, content }
    this.#last = last
    content.catch(() => {
      if (this.#last === last) this.#last = null
    })
    return content
  }

  #open(chunk: Chunk, signal?: AbortSignal): Promise<Uint8Array> {
    return openChunk(this.#options, this.entry.k, chunk, signal)
  }

  async *#chunks(start: number, end: number): AsyncGenerator<Chunk> {
    if (end <= start) return
    const chunkBytes = 2 ** this.entry.c
    let number = Math.floor(start / chunkBytes)
    for await (const cid of chunkCids(this.#options.reader, this.entry, number, Math.ceil(end / chunkBytes))) {
      const fileOffset = number++ * chunkBytes
      yield { cid, fileOffset, lengthBytes: Math.min(chunkBytes, this.sizeBytes - fileOffset) }
    }
  }

  async *chunks({ offset = 0, lengthBytes = Number.POSITIVE_INFINITY }: RangeOptions = {}): AsyncGenerator<Chunk> {
    const { start, end } = this.#range(offset, lengthBytes)
    yield* this.#chunks(start, end)
  }

  async *stream({ offset = 0, lengthBytes = Number.POSITIVE_INFINITY, signal }: RangeOptions = {}): AsyncGenerator<Uint8Array> {
    const { start, end } = this.#range(offset, lengthBytes)
    yield* ahead(this.#chunks(start, end), CHUNKS_AHEAD + 1, async (chunk) => {
      const content = await this.#open(chunk, signal)
      return content.subarray(Math.max(0, start - chunk.fileOffset), end - chunk.fileOffset)
    })
  }

  /** UTF-8; bytes that are none become U+FFFD. @throws HoltError TOO_LARGE */
  async text(): Promise<string> {
    checkTextBytes(this.sizeBytes)
    const decoder = newDecoder()
    let text = ''
    for await (const bytes of this.stream()) text += decoder.decode(bytes, { stream: true })
    return text + decoder.decode()
  }

  /** Without their ends, `\n` or `\r\n`; a last line may lack it. @throws HoltError TOO_LARGE for a line. */
  async *lines(): AsyncGenerator<string> {
    const decoder = newDecoder()
    let rest = ''
    for await (const bytes of this.stream()) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
      rest = lines.pop() as string
      checkTextBytes(rest.length)
      for (const line of lines) yield withoutReturn(line)
    }
    rest += decoder.decode()
    if (rest !== '') yield withoutReturn(rest)
  }
}

function copyOverlap(content: Uint8Array, { fileOffset }: Chunk, into: Uint8Array, start: number): void {
  const from = Math.max(0, start - fileOffset)
  const part = content.subarray(from, start + into.length - fileOffset)
  into.set(part, fileOffset + from - start)
}

function newDecoder(): TextDecoder {
  return new TextDecoder('utf-8', { ignoreBOM: true })
}

function checkTextBytes(sizeBytes: number): void {
  if (sizeBytes > MAX_TEXT_BYTES) throw new HoltError('TOO_LARGE', `${sizeBytes} bytes of text at once`, { sizeBytes })
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
