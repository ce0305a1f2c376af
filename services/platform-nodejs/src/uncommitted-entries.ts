import { randomBytes } from 'node:crypto'
import type { TreeEntry, Volume } from '@holt/tree/types.ts'
import type { LocalEntry } from './scan-folder.ts'

/** Entries wait in memory until so many, or so many bytes, are there; then they are committed. So a broken-off import resumes. */
const COMMIT_ENTRIES = 20_000
const COMMIT_BYTES = 2 ** 30

/** Entries of an import whose contents are in the store, and which no directory has yet. */
export class UncommittedEntries {
  readonly #entries = new Map<string, { name: string; entry: TreeEntry }[]>()
  readonly #directories: { path: string; entry: LocalEntry }[] = []
  #count = 0
  #bytes = 0

  add(directory: string, name: string, entry: TreeEntry): void {
    const list = this.#entries.get(directory)
    if (list === undefined) this.#entries.set(directory, [{ name, entry }])
    else list.push({ name, entry })
    this.#count++
    if (entry.t === 'f') this.#bytes += entry.z
  }

  /** A directory gets its mode and time once all that lies in it now is in place. */
  addDirectory(path: string, entry: LocalEntry): void {
    this.#directories.push({ path, entry })
  }

  get areMany(): boolean {
    return this.#count >= COMMIT_ENTRIES || this.#bytes >= COMMIT_BYTES
  }

  async commit(volume: Volume): Promise<void> {
    const entries = [...this.#entries]
    const directories = this.#directories.splice(0)
    this.#entries.clear()
    this.#count = 0
    this.#bytes = 0
    if (entries.length === 0 && directories.length === 0) return
    await volume.edit(async (edit) => {
      for (const [directory, list] of entries) {
        await edit.makeDirectory(directory, { parents: true })
        await edit.putEntries(directory, list)
      }
      // last, since putting an entry into a directory sets its time
      for (const { path, entry } of directories.reverse())
        if (path !== '/') await edit.setAttributes(path, { m: entry.mode, mt: entry.modified })
    })
  }
}

export function emptyDirectory({ mode, modified }: LocalEntry): TreeEntry {
  return { t: 'd', m: mode, mt: modified, k: [new Uint8Array(randomBytes(32))], r: null }
}
