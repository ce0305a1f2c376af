import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Static, TSchema } from 'typebox'
import { Check } from 'typebox/value'
import { HoltError } from '@holt/core/errors.ts'

/** A small file only its owner may read, always whole: after a crash the old or the new value is there. */
export class JsonFile<Schema extends TSchema> {
  readonly #path: string
  readonly #schema: Schema
  #writing: Promise<void> = Promise.resolve()

  constructor(path: string, schema: Schema) {
    this.#path = path
    this.#schema = schema
  }

  /**
   * @returns null when there is no file.
   * @throws HoltError MALFORMED: taking a damaged file for an absent one would open the set-up to anybody.
   */
  async read(): Promise<Static<Schema> | null> {
    const text = await readFile(this.#path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw new HoltError('IO_FAILED', `cannot read ${this.#path}`, { path: this.#path }, { cause: error })
    })
    if (text === null) return null
    const value = parse(text)
    if (!Check(this.#schema, value)) throw new HoltError('MALFORMED', `${this.#path} is damaged`, { path: this.#path })
    return value as Static<Schema>
  }

  /** Writes of one file happen in the order of the calls. */
  write(value: Static<Schema>): Promise<void> {
    const text = JSON.stringify(value, null, 2)
    const written = this.#writing.then(() => this.#replace(text))
    this.#writing = written.catch(() => {})
    return written
  }

  /** After it there is no file; what was being written before is not there either. */
  remove(): Promise<void> {
    const removed = this.#writing.then(() => rm(this.#path, { force: true })).then(() => syncFolderOf(this.#path))
    this.#writing = removed.catch(() => {})
    return removed
  }

  async #replace(text: string): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
    const beside = `${this.#path}.new`
    const file = await open(beside, 'w', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, this.#path)
    await syncFolderOf(this.#path)
  }
}

async function syncFolderOf(path: string): Promise<void> {
  const folder = await open(dirname(path))
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
