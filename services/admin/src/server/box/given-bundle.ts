import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { HoltError } from '@holt/core/errors.ts'

/** Several times what a slot holds. */
const MAX_BUNDLE_BYTES = 1 << 30

/** One file that the owner gave the page, where the helper of the box finds it: a bundle, once that was checked. */
export class GivenBundle {
  readonly path: string
  readonly #folder: string
  readonly #maxBytes: number

  constructor(dataFolder: string, { maxBytes = MAX_BUNDLE_BYTES }: { maxBytes?: number } = {}) {
    this.#folder = join(dataFolder, 'updates')
    this.path = join(this.#folder, 'given.raucb')
    this.#maxBytes = maxBytes
  }

  /** In the place of the one before, when all of it is there. @throws HoltError TOO_LARGE, DISK_FULL, CANCELLED, IO_FAILED. */
  async write(body: AsyncIterable<Uint8Array>): Promise<void> {
    const part = `${this.path}.part`
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    try {
      await this.#writePart(part, body)
      await rename(part, this.path)
    } catch (error) {
      await rm(part, { force: true })
      throw asHoltError(error)
    }
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true })
  }

  async #writePart(part: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    const file = await open(part, 'w', 0o600)
    try {
      let sizeBytes = 0
      for await (const bytes of body) {
        sizeBytes += bytes.length
        if (sizeBytes > this.#maxBytes) throw new HoltError('TOO_LARGE', 'this is too large for an update')
        await file.writeFile(bytes)
      }
      await file.sync()
    } finally {
      await file.close()
    }
  }
}

function asHoltError(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (error instanceof HoltError) return error
  if (code === 'ENOSPC' || code === 'EDQUOT') return new HoltError('DISK_FULL', 'there is no room for it', {}, { cause: error })
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return new HoltError('CANCELLED', 'the sender left before the end', {}, { cause: error })
  return new HoltError('IO_FAILED', `the update cannot be kept: ${message}`, {}, { cause: error })
}
