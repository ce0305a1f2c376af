import { encode } from '@holt/core/codec.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import type { Disk } from '@holt/core/disk.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { readTwice, writeTwice } from '@holt/core/kept-twice.ts'
import type { Principal } from '@holt/core/principal.ts'
import { arrayOf, bytesOf, literal, parse, record, text, uint, version } from '@holt/core/shape.ts'

/** A file that two nodes had changed apart: the content of one stands, that of the other is among its versions. */
export interface MergedFile {
  path: string
  /** When they were merged, in seconds since 1970. */
  at: number
  /** The node that merged them. */
  by: Principal
}

const FILE = 'cluster/merged'
/** What has a longer one is not told. */
export const MAX_PATH_BYTES = 4096
/** The newest of them. */
export const MOST_MERGED = 100
export const mergedFiles = arrayOf(record({ path: text({ maxBytes: MAX_PATH_BYTES }), at: uint(), by: bytesOf(32) }), { max: MOST_MERGED })
const bookShape = record({ v: version(1), kind: literal('merged'), files: mergedFiles })

export function encodeMerged(files: readonly MergedFile[]): Uint8Array {
  return encode({ v: 1, kind: 'merged', files: files.map(({ path, at, by }) => ({ path, at, by })) })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION, TOO_LARGE */
export function decodeMerged(content: Uint8Array): MergedFile[] {
  return parse(bookShape, content, { maxBytes: 1 << 20 }).files.map(({ path, at, by }) => ({ path, at, by: by.slice() }))
}

/** What the owner is to be told of merges, whichever node did them. */
export class MergedBook {
  readonly #disk: Disk
  #files: readonly MergedFile[]
  #writing: Promise<void> = Promise.resolve()

  private constructor(disk: Disk, files: readonly MergedFile[]) {
    this.#disk = disk
    this.#files = files
  }

  static async open(disk: Disk, warn: (text: string) => void): Promise<MergedBook> {
    await disk.makeFolder('cluster')
    try {
      const file = await readTwice(disk, FILE)
      if (file !== null) return new MergedBook(disk, decodeMerged(file.content))
    } catch (error) {
      if (!isHoltError(error) || !['MALFORMED', 'UNSUPPORTED_VERSION', 'TOO_LARGE'].includes(error.code)) throw error
      warn(`the list of files that were merged is damaged, and begun anew: ${error.message}`)
    }
    return new MergedBook(disk, [])
  }

  /** Oldest first. */
  list(): readonly MergedFile[] {
    return this.#files
  }

  /** @returns those that were not known; durable when it resolves. */
  async add(files: readonly MergedFile[]): Promise<MergedFile[]> {
    const isKnown = (file: MergedFile): boolean =>
      this.#files.some(({ path, at, by }) => path === file.path && at === file.at && equalBytes(by, file.by))
    const fresh = files.filter((file) => !isKnown(file))
    if (fresh.length === 0) return []
    this.#files = [...this.#files, ...fresh].sort((a, b) => a.at - b.at).slice(-MOST_MERGED)
    this.#writing = this.#writing.catch(() => {}).then(() => writeTwice(this.#disk, FILE, encodeMerged(this.#files)))
    await this.#writing
    return fresh.filter(isKnown)
  }
}
