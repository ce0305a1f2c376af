import { blake3 } from '@holt/core/blake3.ts'
import { concatBytes, equalBytes, toHex, utf8 } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { decodeArchive, encodeArchive, type ProgramPackage } from '@holt/core/package/archive.ts'
import type { KeptChanges } from '@holt/kernel/program-runner.ts'
import type { StoreChange, StoreEntry } from '@holt/sandbox/types.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { createFileWriter } from '@holt/tree/file-writer.ts'
import type { Edit, FileEntry, Snapshot, TreeEntry, Volume } from '@holt/tree/types.ts'
import { timeOfSeconds } from '../entries.ts'
import { HIDDEN } from '../hidden/hidden-area.ts'
import { decodeInstalled, encodeInstalled, type InstalledRecord } from './installed-record.ts'

const PROGRAMS = `${HIDDEN}/programs`
const RECORD = 'program'
const KEY = 'key'
const VALUE = 'value'
/** What is longer lies in blocks of its own, not in its directory's. */
const LONGEST_INLINE_BYTES = 16 << 10
const PAGE = 500

export interface ShelfContext {
  /** Hidden area and all. */
  volume: Volume
  store: BlockStore
  crypto: Crypto
  now(): number
}

/**
 * Installed programs in the tree: a directory each, `programs/ID` of the hidden area, with the package as one file and the program's store as a directory
 * of entries; another such, the desk, has what the node keeps for it: its alarms. So all of a program is kept, spread, versioned and given back after a fire as any file is.
 */
export class ProgramShelf {
  readonly #context: ShelfContext

  constructor(context: ShelfContext) {
    this.#context = context
  }

  /** Of what cannot be read the reason is told to `damaged`; it does not keep the others. */
  async list(damaged: (id: string, error: unknown) => void): Promise<{ id: string; record: InstalledRecord }[]> {
    const snapshot = this.#context.volume.current()
    if ((await snapshot.stat(PROGRAMS)) === null) return []
    const found: { id: string; record: InstalledRecord }[] = []
    for await (const { name, entry } of entriesOf(snapshot, PROGRAMS)) {
      try {
        found.push({ id: name, record: decodeInstalled(entry.x?.[RECORD] ?? new Uint8Array(0)) })
      } catch (error) {
        damaged(name, error)
      }
    }
    return found
  }

  /** @throws HoltError BLOCK_CORRUPT for a package that is not the recorded one any more. */
  async package(id: string, record: InstalledRecord): Promise<ProgramPackage> {
    const file = await this.#context.volume.current().openFile(`${PROGRAMS}/${id}/package`)
    const read = decodeArchive(await file.read(0, file.sizeBytes))
    if (!equalBytes(read.cid, record.package)) throw new HoltError('BLOCK_CORRUPT', 'this is another package than was installed')
    return read
  }

  /** The package and what was decided about it, in one commit; the store of an earlier version stays. */
  async install(id: string, { package: read, record }: { package: ProgramPackage; record: InstalledRecord }): Promise<void> {
    const { volume, store } = this.#context
    const session = store.beginWriting()
    try {
      const files = new Map(read.manifest.files.map(({ path }) => [path, read.file(path)]))
      const file = await this.#file(encodeArchive(read.manifest, { files, signature: read.signature }))
      await volume.edit(async (edit) => {
        await edit.makeDirectory(`${PROGRAMS}/${id}/store`, { parents: true, mode: 0o700 })
        await edit.putEntries(`${PROGRAMS}/${id}`, [{ name: 'package', entry: file }])
        await edit.setAttributes(`${PROGRAMS}/${id}`, { x: { [RECORD]: encodeInstalled(record) } })
      })
    } finally {
      session.end()
    }
  }

  async setRecord(id: string, record: InstalledRecord): Promise<void> {
    await this.#context.volume.edit((edit) => edit.setAttributes(`${PROGRAMS}/${id}`, { x: { [RECORD]: encodeInstalled(record) } }))
  }

  async remove(id: string): Promise<void> {
    await this.#context.volume.edit((edit) => edit.remove(`${PROGRAMS}/${id}`, { recursive: true }))
  }

  async load(id: string, part: 'store' | 'desk'): Promise<StoreEntry[]> {
    const snapshot = this.#context.volume.current()
    const entries: StoreEntry[] = []
    const place = `${PROGRAMS}/${id}/${part}`
    if ((await snapshot.stat(place)) === null) return []
    for await (const { entry } of entriesOf(snapshot, place)) {
      if (entry.t !== 'f' || entry.x?.[KEY] === undefined) throw new HoltError('MALFORMED', 'the store of a program is damaged')
      const inline = entry.x[VALUE]
      const value = inline ?? (await snapshot.openEntry(entry).read(0, entry.z))
      entries.push({ key: new TextDecoder().decode(entry.x[KEY]), value: value.slice() })
    }
    return entries
  }

  /** All of it or nothing; durable when it resolves. */
  async keep(id: string, changes: KeptChanges): Promise<void> {
    const { volume, store } = this.#context
    const session = store.beginWriting()
    try {
      const [ofStore, ofDesk] = [await this.#entries(changes.store), await this.#entries(changes.desk)]
      await volume.edit(async (edit) => {
        await putAll(edit, `${PROGRAMS}/${id}/store`, ofStore)
        if (ofDesk.length === 0) return
        await edit.makeDirectory(`${PROGRAMS}/${id}/desk`, { parents: true, mode: 0o700 })
        await putAll(edit, `${PROGRAMS}/${id}/desk`, ofDesk)
      })
    } finally {
      session.end()
    }
  }

  /** By name, with null for what is to be removed; what is long is written already. */
  async #entries(changes: readonly StoreChange[]): Promise<{ name: string; entry: FileEntry | null }[]> {
    const time = timeOfSeconds(this.#context.now() / 1000)
    const entries: { name: string; entry: FileEntry | null }[] = []
    for (const { key, value } of changes) {
      const file = value !== null && isLong(key, value) ? await this.#file(value) : null
      entries.push({ name: nameOfKey(key), entry: value === null ? null : this.#storeEntry(key, value, file, time) })
    }
    return entries
  }

  #storeEntry(key: string, value: Uint8Array, file: FileEntry | null, time: readonly [number, number]): FileEntry {
    if (file !== null) return { ...file, x: { [KEY]: utf8(key) } }
    const k = [this.#context.crypto.randomBytes(32)] // every file has one, also where nothing is sealed by it
    return { t: 'f', c: 16, h: 0, k, m: 0o600, mt: time, r: null, z: 0, x: { [KEY]: utf8(key), [VALUE]: value } }
  }

  async #file(content: Uint8Array): Promise<FileEntry> {
    const { store, crypto, now } = this.#context
    const writer = createFileWriter({ store, crypto, mode: 0o600, time: timeOfSeconds(now() / 1000), chunkLog2: 16 })
    await writer.write(content)
    return writer.close()
  }
}

function isLong(key: string, value: Uint8Array): boolean {
  return key.length + value.length > LONGEST_INLINE_BYTES
}

/** Keys are any text; names are not. */
function nameOfKey(key: string): string {
  return toHex(blake3(concatBytes([utf8('holt/store-key/1'), utf8(key)])).subarray(0, 16))
}

async function putAll(edit: Edit, place: string, entries: readonly { name: string; entry: FileEntry | null }[]): Promise<void> {
  const puts: { name: string; entry: TreeEntry }[] = []
  for (const { name, entry } of entries) {
    if (entry !== null) puts.push({ name, entry })
    else if ((await edit.stat(`${place}/${name}`)) !== null) await edit.remove(`${place}/${name}`)
  }
  await edit.putEntries(place, puts)
}

async function* entriesOf(snapshot: Snapshot, path: string): AsyncGenerator<{ name: string; entry: TreeEntry }> {
  let after: string | undefined
  for (let more = true; more; ) {
    const page: Awaited<ReturnType<Snapshot['list']>> = await snapshot.list(path, { after, limit: PAGE })
    yield* page.entries
    after = page.entries.at(-1)?.name
    more = page.more
  }
}
