import { crc32 } from 'node:zlib'
import type { Control, Entry } from '@holt/control/schema.ts'
import type { FileStreams } from '@holt/control/streams.ts'
import { nameOf } from '../files/tree-path.ts'
import { centralHeader, dataDescriptor, endOfArchive, localHeader, type WrittenEntry, type ZipEntry } from './zip-format.ts'
import { NamesOfFolder } from './zip-names.ts'

export interface ZipSource {
  control: Control
  files: Pick<FileStreams, 'read'>
  /** Of one version of the tree, so that all of it fits together. */
  at: number | string | undefined
  signal: AbortSignal
}

const PAGE = 500
const FILE_TYPE = 0o100000
const FOLDER_TYPE = 0o040000
const LINK_TYPE = 0o120000

/**
 * An archive of these paths and all below them, made while it is read. What is held is where each entry began: about 100 bytes and its name.
 *
 * @throws HoltError of the tree while iterating: the archive then has no end, and every reader notices.
 */
export async function* zipOf(source: ZipSource, paths: readonly string[]): AsyncGenerator<Uint8Array> {
  const writer = new ZipWriter(source)
  const names = new NamesOfFolder()
  for (const path of paths) {
    const entry = await source.control.call('files.stat', { path, at: source.at }, { signal: source.signal })
    yield* writer.add(path, names.add(nameOf(path)), entry)
  }
  yield* writer.end()
}

class ZipWriter {
  readonly #source: ZipSource
  readonly #written: WrittenEntry[] = []
  #offset = 0

  constructor(source: ZipSource) {
    this.#source = source
  }

  async *add(path: string, name: string, entry: Entry): AsyncGenerator<Uint8Array> {
    this.#source.signal.throwIfAborted()
    const { mode, modified, sizeBytes } = entry
    if (entry.type === 'file') {
      yield* this.#write({ name, mode: FILE_TYPE | mode, modified, sizeBytes }, this.#bytesOf(path))
    } else if (entry.type === 'symlink') {
      const target = Buffer.from(entry.target ?? '')
      yield* this.#write({ name, mode: LINK_TYPE | mode, modified, sizeBytes: target.length }, [target])
    } else {
      yield* this.#write({ name: `${name}/`, mode: FOLDER_TYPE | mode, modified, sizeBytes: 0 }, [])
      yield* this.#addChildren(path, name)
    }
  }

  async *#addChildren(path: string, name: string): AsyncGenerator<Uint8Array> {
    const { control, at, signal } = this.#source
    const names = new NamesOfFolder()
    let after: string | undefined
    for (let more = true; more; ) {
      const page = await control.call('files.list', { path, at, limit: PAGE, ...(after === undefined ? {} : { after }) }, { signal })
      for (const entry of page.entries)
        yield* this.add(`${path === '/' ? '' : path}/${entry.name}`, `${name}/${names.add(entry.name)}`, entry)
      after = page.entries.at(-1)?.name
      more = page.more && after !== undefined
    }
  }

  async *#bytesOf(path: string): AsyncGenerator<Uint8Array> {
    const { files, at, signal } = this.#source
    yield* (await files.read(path, { ...(at === undefined ? {} : { at }), signal })).body
  }

  async *#write(entry: ZipEntry, body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const offset = this.#offset
    yield this.#counted(localHeader(entry))
    let crc = 0
    for await (const bytes of body) {
      crc = crc32(bytes, crc)
      yield this.#counted(bytes)
    }
    yield this.#counted(dataDescriptor(entry, crc))
    this.#written.push({ ...entry, crc, offset })
  }

  async *end(): AsyncGenerator<Uint8Array> {
    const offset = this.#offset
    for (const entry of this.#written) yield this.#counted(centralHeader(entry))
    yield endOfArchive({ count: this.#written.length, offset, sizeBytes: this.#offset - offset })
  }

  #counted(bytes: Uint8Array): Uint8Array {
    this.#offset += bytes.length
    return bytes
  }
}
