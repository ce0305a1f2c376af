import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { volumeId } from '@holt/core/root-key.ts'
import type { EditSession } from '@holt/tree/edit.ts'
import { splitPath } from '@holt/tree/names.ts'
import type { DirectoryEntry, Snapshot } from '@holt/tree/types.ts'
import type { VolumeName } from '@holt/tree/volume-options.ts'
import { InTurn } from '../in-turn.ts'
import { decodeFolder, encodeFolder, type FolderRecord, type GivenFolder, type TakenFolder } from './folder-record.ts'

const BASE = 'base'
const MOST_FOLDERS = 1000

/**
 * What is known of shared folders: a directory for each in a hidden place of the owner's tree. So a record changes in one commit with the folder that
 * it is about, all nodes of the owner have it, and who recovers the tree has it again. `base` in it is the newest version of the folder as all have
 * it: while it is named there its blocks stay.
 */
export class Shelf {
  readonly #owner: Principal
  readonly #place: string
  readonly #warn: (text: string) => void
  readonly #turns = new InTurn()
  #folders = new Map<string, FolderRecord>()
  /** Grows with each change that was made here. */
  #changes = 0

  constructor(options: { owner: Principal; place: string; warn: (text: string) => void }) {
    this.#owner = options.owner
    this.#place = options.place
    this.#warn = options.warn
  }

  given(): [id: string, folder: GivenFolder][] {
    return [...this.#folders].filter((one): one is [string, GivenFolder] => one[1].kind === 'given-folder')
  }

  taken(): [id: string, folder: TakenFolder][] {
    return [...this.#folders].filter((one): one is [string, TakenFolder] => one[1].kind === 'taken-folder')
  }

  get(id: string): FolderRecord | null {
    return this.#folders.get(id) ?? null
  }

  nameOf(folder: FolderRecord): VolumeName {
    const owner = folder.kind === 'given-folder' ? this.#owner : folder.owner
    return { id: volumeId(owner, folder.salt), owner, salt: folder.salt }
  }

  idOf(folder: FolderRecord): string {
    return toHex(this.nameOf(folder).id)
  }

  placeOf(folder: FolderRecord): string {
    return `${this.#place}/${this.idOf(folder)}`
  }

  /** Whether a change of this path may be one of what is known. */
  holds(path: string): boolean {
    return path === '/' || path === this.#place || path.startsWith(`${this.#place}/`) || this.#place.startsWith(`${path}/`)
  }

  /** Reads anew what the tree has. A record that is damaged keeps no other from being read. */
  load(current: () => Snapshot): Promise<void> {
    return this.#turns.run(async () => {
      for (;;) {
        const before = this.#changes
        const folders = await this.#readAll(current())
        // what was made known meanwhile is newer
        if (before !== this.#changes) continue
        this.#folders = folders
        return
      }
    })
  }

  async #readAll(snapshot: Snapshot): Promise<Map<string, FolderRecord>> {
    const folders = new Map<string, FolderRecord>()
    if ((await snapshot.stat(this.#place))?.t !== 'd') return folders
    const { entries } = await snapshot.list(this.#place, { limit: MOST_FOLDERS })
    for (const { name, entry } of entries) {
      const folder = this.#read(name, entry.x ?? {})
      if (folder !== null) folders.set(name, folder)
    }
    return folders
  }

  #read(name: string, parts: Readonly<Record<string, Uint8Array>>): FolderRecord | null {
    try {
      const folder = decodeFolder(parts)
      const isMine = folder.kind === 'given-folder' || !equalBytes(folder.owner, this.#owner)
      if (this.idOf(folder) === name && isMine) return folder
      this.#warn(`what is known of a shared folder is of another: ${name}`)
    } catch (error) {
      if (!isHoltError(error)) throw error
      this.#warn(`what is known of a shared folder is not readable: ${error.message} (${error.code})`)
    }
    return null
  }

  /** A part of an edit; when that is durable, `keep` makes it known here. @param base null: as it was. */
  async put(edit: EditSession, folder: FolderRecord, base: DirectoryEntry | null = null): Promise<void> {
    if (!this.#folders.has(this.idOf(folder)) && this.#folders.size >= MOST_FOLDERS)
      throw new HoltError('TOO_LARGE', 'too many folders are shared already')
    const place = this.placeOf(folder)
    await edit.makeDirectory(place, { parents: true, mode: 0o700 })
    await edit.setAttributes(place, { x: encodeFolder(folder) })
    if (base !== null) await edit.mergeEntries(splitPath(place), [{ name: BASE, entry: base }])
  }

  async remove(edit: EditSession, id: string): Promise<void> {
    await edit.remove(`${this.#place}/${id}`, { recursive: true })
  }

  keep(folder: FolderRecord): void {
    this.#changes++
    this.#folders.set(this.idOf(folder), folder)
  }

  forget(id: string): void {
    this.#changes++
    this.#folders.delete(id)
  }
}
