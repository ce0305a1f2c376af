import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk, DiskFile } from '@holt/core/disk.ts'
import type { JournalEntry } from './journal-entry.ts'
import { openFrames, sealFrames } from './journal-frame.ts'

const FILE = 'program-journal'
/** A file this much longer than what is kept of it is written anew. */
const SPARE_BYTES = 1 << 20

/** The journal on the disk: frames, only ever appended, until most of them are of entries that are kept no more. */
export class JournalFile {
  readonly #disk: Disk
  readonly #crypto: Crypto
  readonly #key: Uint8Array
  #file: DiskFile | null = null
  #endBytes = 0

  constructor(disk: Disk, { crypto, key }: { crypto: Crypto; key: Uint8Array }) {
    this.#disk = disk
    this.#crypto = crypto
    this.#key = key
  }

  /** Oldest first. @returns `damaged`: frames that could not be read. */
  async read(): Promise<{ entries: JournalEntry[]; damaged: number }> {
    const content = await this.#disk.readFile(FILE)
    if (content === null) return { entries: [], damaged: 0 }
    const { entries, endBytes, damaged } = await openFrames(this.#crypto, this.#key, content)
    this.#endBytes = endBytes
    return { entries, damaged }
  }

  /** Durable when it resolves. @param kept all that is to be there after it, and how many bytes of text that is about. */
  async append(entries: readonly JournalEntry[], kept: { bytes: number; all: () => readonly JournalEntry[] }): Promise<void> {
    if (this.#endBytes > 2 * kept.bytes + SPARE_BYTES) return this.#rewrite(kept.all())
    const frames = await sealFrames(this.#crypto, this.#key, entries)
    try {
      this.#file ??= await this.#open()
      await this.#file.write(this.#endBytes, frames)
      await this.#file.sync()
      this.#endBytes += frames.length
    } catch (error) {
      // after a failed sync nothing is known of the file: the next time it is opened, and written where it was good
      await this.close()
      throw error
    }
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = null
    await file?.close()
  }

  async #open(): Promise<DiskFile> {
    const file = (await this.#disk.open(FILE, { create: 'always' })) as DiskFile
    if ((await file.size()) > this.#endBytes) await file.truncate(this.#endBytes)
    return file
  }

  async #rewrite(all: readonly JournalEntry[]): Promise<void> {
    const frames = await sealFrames(this.#crypto, this.#key, all)
    await this.close()
    await this.#disk.replaceFile(FILE, frames)
    this.#endBytes = frames.length
  }
}
