import { type FileHandle, open } from 'node:fs/promises'
import { NbdServer, type BlockDevice } from './nbd-server.ts'

const BLOCK_BYTES = 4096
/** Real drives cache some tens of MiB; what is more is written in any order, unasked. */
const CACHE_BLOCKS = (32 * 2 ** 20) / BLOCK_BYTES

/**
 * A drive with a volatile write cache, at its meanest: what the guest has not flushed is lost in part when the power is cut,
 * any of its 4 KiB blocks for itself, so that later writes may be there and earlier ones not. Reached by QEMU through a socket.
 *
 * It begins as `base` is (which it only reads) and keeps what is written in a file of its own.
 */
export class VolatileDrive implements BlockDevice {
  readonly sizeBytes: number
  readonly #base: { file: FileHandle; sizeBytes: number }
  readonly #own: FileHandle
  readonly #owned = new Set<number>()
  readonly #cache = new Map<number, Buffer>()
  readonly #random: () => number
  #server: NbdServer | null = null
  #turn: Promise<unknown> = Promise.resolve()
  /** Blocks that cuts of the power have cost. */
  lostBlocks = 0

  private constructor(base: { file: FileHandle; sizeBytes: number }, own: FileHandle, sizeBytes: number, random: () => number) {
    this.#base = base
    this.#own = own
    this.sizeBytes = sizeBytes
    this.#random = random
  }

  /** @param random numbers from 0 to 1 that decide what is lost. */
  static async open(
    base: string,
    { ownFile, sizeBytes, random }: { ownFile: string; sizeBytes: number; random: () => number },
  ): Promise<VolatileDrive> {
    const file = await open(base, 'r')
    return new VolatileDrive({ file, sizeBytes: (await file.stat()).size }, await open(ownFile, 'w+'), sizeBytes, random)
  }

  async serve(socket: string): Promise<void> {
    this.#server = await NbdServer.start(this, socket)
  }

  /** To be called when its machine has lost its power. */
  async losePower(): Promise<void> {
    await this.#alone(async () => {
      for (const [block, bytes] of this.#cache) {
        if (this.#random() < 0.5) await this.#keep(block, bytes)
        else this.lostBlocks++
      }
      this.#cache.clear()
    })
  }

  async read(offset: number, length: number): Promise<Buffer> {
    return await this.#alone(async () => {
      const { first, last } = blocksOf(offset, length)
      const blocks = await this.#readBlocks(first, last)
      return blocks.subarray(offset - first * BLOCK_BYTES, offset - first * BLOCK_BYTES + length)
    })
  }

  async write(offset: number, bytes: Buffer): Promise<void> {
    await this.#alone(async () => {
      const { first, last } = blocksOf(offset, bytes.length)
      const blocks = await this.#readBlocks(first, last)
      bytes.copy(blocks, offset - first * BLOCK_BYTES)
      for (let block = first; block <= last; block++) {
        const start = (block - first) * BLOCK_BYTES
        this.#cache.set(block, Buffer.from(blocks.subarray(start, start + BLOCK_BYTES)))
      }
      while (this.#cache.size > CACHE_BLOCKS) await this.#writeBackAny()
    })
  }

  async flush(): Promise<void> {
    await this.#alone(async () => {
      for (const [block, bytes] of this.#cache) await this.#keep(block, bytes)
      this.#cache.clear()
    })
  }

  async close(): Promise<void> {
    await this.#server?.close()
    await this.#turn
    await this.#base.file.close()
    await this.#own.close()
  }

  /** One thing at a time: a read sees each write wholly or not. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }

  async #writeBackAny(): Promise<void> {
    const blocks = [...this.#cache.keys()]
    for (const block of blocks) {
      if (this.#random() > 0.25) continue
      await this.#keep(block, this.#cache.get(block) as Buffer)
      this.#cache.delete(block)
    }
  }

  async #keep(block: number, bytes: Buffer): Promise<void> {
    await this.#own.write(bytes, 0, BLOCK_BYTES, block * BLOCK_BYTES)
    this.#owned.add(block)
  }

  async #readBlocks(first: number, last: number): Promise<Buffer> {
    const result = Buffer.alloc((last - first + 1) * BLOCK_BYTES)
    for (let block = first; block <= last; ) {
      const at = (block - first) * BLOCK_BYTES
      const cached = this.#cache.get(block)
      if (cached !== undefined) cached.copy(result, at)
      const end = cached === undefined ? this.#endOfRun(block, last) : block + 1
      if (cached === undefined) await this.#readRun(block, result.subarray(at, at + (end - block) * BLOCK_BYTES))
      block = end
    }
    return result
  }

  /** Blocks after `block` that lie in the same file, none of them in the cache. */
  #endOfRun(block: number, last: number): number {
    const owned = this.#owned.has(block)
    let end = block + 1
    while (end <= last && !this.#cache.has(end) && this.#owned.has(end) === owned) end++
    return end
  }

  /** Beyond the end of the base there are zeros. */
  async #readRun(block: number, into: Buffer): Promise<void> {
    const offset = block * BLOCK_BYTES
    if (this.#owned.has(block)) await this.#own.read(into, 0, into.length, offset)
    else if (offset < this.#base.sizeBytes) await this.#base.file.read(into, 0, into.length, offset)
  }
}

function blocksOf(offset: number, length: number): { first: number; last: number } {
  return { first: Math.floor(offset / BLOCK_BYTES), last: Math.floor((offset + Math.max(length, 1) - 1) / BLOCK_BYTES) }
}
