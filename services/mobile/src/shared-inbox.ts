import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Control } from '@holt/control/schema.ts'
import type { FileStreams } from '@holt/control/streams.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import { isHoltError, toHoltError } from '@holt/core/errors.ts'
import { fitName } from '@holt/node/photos/photo-names.ts'

export interface SharedInboxOptions {
  /** Where the app puts what other apps gave it, each whole as `NUMBER~NAME`; what it still writes is `NUMBER.part`. */
  folder: string
  control: Control
  files: FileStreams
  warn: (text: string) => void
}

const INTO = '/Received'
const MOST_OF_A_NAME = 100
const PIECE_BYTES = 1 << 20
/** Nothing is copied from another app for so long. */
const ABANDONED_MS = 24 * 3_600_000

/**
 * Brings what other apps shared with Holt into the tree. A file goes from the inbox only when it is durable there; one that was brought before a kill
 * and is still in the inbox is known again by its content.
 */
export class SharedInbox {
  readonly #options: SharedInboxOptions
  readonly #stop = new AbortController()
  #running: Promise<void> = Promise.resolve()

  constructor(options: SharedInboxOptions) {
    this.#options = options
  }

  /** All that is there now. Never throws; what cannot be brought stays for the next time. */
  take(): Promise<void> {
    this.#running = this.#running.then(() => this.#takeAll()).catch((error: unknown) => this.#failed(error))
    return this.#running
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #takeAll(): Promise<void> {
    const { folder, control } = this.#options
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const all = await readdir(folder)
    await this.#dropAbandoned(all)
    const names = all.filter((name) => /^\d+~/.test(name)).sort()
    if (names.length === 0 || this.#stop.signal.aborted) return
    await control.call('files.mkdir', { path: INTO, parents: true })
    for (const name of names) {
      const path = join(folder, name)
      await this.#bring(path, fitted(name.slice(name.indexOf('~') + 1)))
      await rm(path)
    }
  }

  /** Of a copy that was killed. */
  async #dropAbandoned(names: readonly string[]): Promise<void> {
    for (const name of names.filter((one) => /^\d+\.part$/.test(one))) {
      const path = join(this.#options.folder, name)
      if (Date.now() - (await stat(path)).mtimeMs > ABANDONED_MS) await rm(path, { force: true })
    }
  }

  /** @throws HoltError of the tree: it has no place, or there is none yet. */
  async #bring(local: string, name: string): Promise<void> {
    const { files } = this.#options
    const dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length
    const { mtimeMs } = await stat(local)
    for (let number = 1; ; number++) {
      const path = `${INTO}/${number === 1 ? name : `${name.slice(0, dot)} (${number})${name.slice(dot)}`}`
      try {
        const body = createReadStream(local, { highWaterMark: PIECE_BYTES })
        await files.write(path, body, { modified: mtimeMs / 1000, signal: this.#stop.signal })
        return
      } catch (error) {
        if (!isHoltError(error, 'ALREADY_EXISTS') && !isHoltError(error, 'IS_A_DIRECTORY')) throw error
        if (isHoltError(error, 'ALREADY_EXISTS') && (await this.#isThere(local, path))) return
      }
    }
  }

  async #isThere(local: string, path: string): Promise<boolean> {
    const { entry, body } = await this.#options.files.read(path)
    if (entry.type !== 'file' || entry.sizeBytes !== (await stat(local)).size) return false
    const file = await open(local)
    try {
      for await (const bytes of body) {
        const { buffer } = await file.read(Buffer.alloc(bytes.length), 0, bytes.length)
        if (!equalBytes(buffer, bytes)) return false
      }
      return true
    } finally {
      await file.close()
    }
  }

  #failed(error: unknown): void {
    const { code, message } = toHoltError(error)
    // before the set-up there is no tree, and at the end of the node no time
    if (code !== 'NOT_INITIALIZED' && !this.#stop.signal.aborted) this.#options.warn(`what was shared waits: ${message} (${code})`)
  }
}

function fitted(name: string): string {
  return fitName(name.length > MOST_OF_A_NAME ? name.slice(-MOST_OF_A_NAME) : name, false)
}
