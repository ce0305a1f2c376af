import fs from 'node:fs'
import { ALIGNMENT, AlignedMemory, roundUp } from './aligned-memory.ts'

/** Half a MiB keeps the fastest drives busy; one thread has no more than eight transfers under way. */
const memory = new AlignedMemory(512 * 1024, 8)

/** The same file as another descriptor has, past the page cache. Not every file system knows that: ask `open`. */
export class DirectFile {
  readonly #descriptor: number

  private constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  /** @returns null where the file system (or the platform) has no such way. */
  static async open(path: string, flags: number): Promise<DirectFile | null> {
    const { O_DIRECT } = fs.constants
    if (O_DIRECT === undefined) return null
    return await new Promise((resolve) =>
      fs.open(path, flags | O_DIRECT, (error, descriptor) => resolve(error ? null : new DirectFile(descriptor))),
    )
  }

  /**
   * @param offset and the length of `bytes` are multiples of ALIGNMENT.
   * @returns how much was written: less when the file system refuses such transfers after all.
   * @throws the error of node:fs.
   */
  async write(offset: number, bytes: Uint8Array): Promise<number> {
    return await memory.using(async (slot) => {
      let done = 0
      while (done < bytes.length) {
        const part = bytes.subarray(done, done + slot.length)
        slot.set(part)
        const count = await transfer(fs.write, this.#descriptor, slot, part.length, offset + done)
        done += count - (count % ALIGNMENT)
        if (count < part.length) break
      }
      return done
    })
  }

  /**
   * Reads anywhere; whole aligned blocks pass through memory of this thread.
   *
   * @returns how much was read: less at the end of the file, or when the file system refuses such transfers after all.
   * @throws the error of node:fs.
   */
  async read(offset: number, target: Uint8Array): Promise<number> {
    return await memory.using(async (slot) => {
      let done = 0
      while (done < target.length) {
        const skipped = (offset + done) % ALIGNMENT
        const wanted = Math.min(slot.length, roundUp(skipped + target.length - done))
        const count = await transfer(fs.read, this.#descriptor, slot, wanted, offset + done - skipped)
        const useful = slot.subarray(skipped, Math.max(skipped, Math.min(count, skipped + target.length - done)))
        target.set(useful, done)
        done += useful.length
        if (count < wanted) break
      }
      return done
    })
  }

  close(): Promise<void> {
    return new Promise((resolve) => fs.close(this.#descriptor, () => resolve()))
  }
}

type Transfer = (
  descriptor: number,
  slot: Uint8Array,
  at: number,
  length: number,
  position: number,
  done: (error: NodeJS.ErrnoException | null, count: number) => void,
) => void

/** @returns 0 when the file system has no such way. */
function transfer(call: Transfer, descriptor: number, slot: Uint8Array, length: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    call(descriptor, slot, 0, length, position, (error, count) => {
      if (error !== null && error.code !== 'EINVAL') reject(error)
      else resolve(error === null ? count : 0)
    })
  })
}
