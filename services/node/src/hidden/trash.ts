import { toHex, utf8 } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Edit, FencingToken, TreeEntry, Volume } from '@holt/tree/types.ts'
import { nameOf, parentOf, timeOfSeconds } from '../entries.ts'
import { underLease } from '../under-lease.ts'
import { checkNotHidden, HIDDEN } from './hidden-area.ts'
import { MAX_TRASHED_PATH_BYTES, type TrashRecord, trashRecordOf, withoutTrashRecord, withTrashRecord } from './trash-record.ts'

const TRASH = `${HIDDEN}/trash`
/** Ids count down, so that the order of names is newest first. */
const LAST_MS = 9_999_999_999_999
const REMOVED_AT_ONCE = 10_000
const COPIES_TRIED = 10_000

export interface TrashedEntry extends TrashRecord {
  id: string
  entry: TreeEntry
}

export type OnConflict = 'refuse' | 'replace' | 'keep-both'

export interface TrashContext {
  /** Hidden area and all. */
  volume: Volume
  crypto: Crypto
  now(): number
}

/**
 * Where removed entries wait. Each lies in one directory of the hidden area under an id, with its keys and all below it as it was: removing a folder moves
 * one entry, however much is in it.
 */
export class Trash {
  readonly #context: TrashContext

  constructor(context: TrashContext) {
    this.#context = context
  }

  /** Moves all of them here in one commit, or none. @throws HoltError NOT_FOUND, NAME_INVALID, INPUT_INVALID for the top, TOO_LARGE; CONFLICT of leases. */
  put(paths: readonly string[], { token }: { token?: FencingToken } = {}): Promise<TrashedEntry[]> {
    return underLease(this.#context.volume, token).edit(async (edit) => {
      const nowMs = this.#context.now()
      const trashed: TrashedEntry[] = []
      await edit.makeDirectory(TRASH, { parents: true, mode: 0o700 })
      for (const path of paths) trashed.push(await this.#putOne(edit, path, nowMs))
      return trashed
    })
  }

  async #putOne(edit: Edit, path: string, nowMs: number): Promise<TrashedEntry> {
    checkNotHidden(path)
    if (path === '/') throw new HoltError('INPUT_INVALID', 'the top cannot be removed', { path })
    if (utf8(path).length > MAX_TRASHED_PATH_BYTES)
      throw new HoltError('TOO_LARGE', 'the trash cannot remember so long a path', { sizeBytes: utf8(path).length })
    const entry = await edit.stat(path)
    if (entry === null) throw new HoltError('NOT_FOUND', `${path} is not there`, { path })
    const id = `${String(LAST_MS - nowMs).padStart(13, '0')}-${toHex(this.#context.crypto.randomBytes(8))}`
    const time = timeOfSeconds(nowMs / 1000)
    await edit.move(path, `${TRASH}/${id}`)
    await edit.setAttributes(`${TRASH}/${id}`, { x: withTrashRecord(entry, { path, time }) })
    return { id, path, time, entry }
  }

  /** Newest first. @throws HoltError MALFORMED for an entry without a record. */
  async list({ after, limit }: { after?: string; limit: number }): Promise<{ items: TrashedEntry[]; more: boolean }> {
    const snapshot = this.#context.volume.current()
    if ((await snapshot.stat(TRASH)) === null) return { items: [], more: false }
    const { entries, more } = await snapshot.list(TRASH, { after, limit })
    return { items: entries.map(({ name, entry }) => ({ id: name, entry: withoutTrashRecord(entry), ...trashRecordOf(entry) })), more }
  }

  /**
   * Puts them back where they were, or into `into`, in one commit; directories that have gone are made again. What is in the way goes to the trash itself when
   * `onConflict` is 'replace'.
   *
   * @returns the paths where they are now.
   * @throws HoltError ALREADY_EXISTS with the paths that are taken, NOT_FOUND, NOT_A_DIRECTORY.
   */
  restore(ids: readonly string[], { onConflict = 'refuse', into }: { onConflict?: OnConflict; into?: string } = {}): Promise<string[]> {
    if (into !== undefined) checkNotHidden(into)
    return this.#context.volume.edit(async (edit) => {
      const found = await Promise.all(ids.map((id) => this.#find(edit, id)))
      // Above before below: what lay in a folder that comes back too goes into it.
      found.sort((a, b) => a.path.length - b.path.length)
      const taken: string[] = []
      const restored: string[] = []
      for (const item of found) {
        const wanted = into === undefined ? item.path : `${into === '/' ? '' : into}/${nameOf(item.path)}`
        await edit.makeDirectory(parentOf(wanted), { parents: true })
        const path = await this.#place(edit, wanted, onConflict)
        if (path === null) taken.push(wanted)
        else restored.push(await this.#putBack(edit, item, path))
      }
      if (taken.length > 0)
        throw new HoltError('ALREADY_EXISTS', `${taken[0]} is there already`, { paths: taken.slice(0, 100), count: taken.length })
      return restored
    })
  }

  async #find(edit: Edit, id: string): Promise<TrashedEntry> {
    checkId(id)
    const entry = await edit.stat(`${TRASH}/${id}`)
    if (entry === null) throw new HoltError('NOT_FOUND', 'this is not in the trash any more', { id })
    return { id, entry, ...trashRecordOf(entry) }
  }

  /** @returns null when it is taken and nothing may be done about it. */
  async #place(edit: Edit, path: string, onConflict: OnConflict): Promise<string | null> {
    if ((await edit.stat(path)) === null) return path
    if (onConflict === 'refuse') return null
    if (onConflict === 'replace') {
      await this.#putOne(edit, path, this.#context.now())
      return path
    }
    for (let number = 2; number < COPIES_TRIED; number++) {
      const copy = numberedPath(path, number)
      if ((await edit.stat(copy)) === null) return copy
    }
    return null
  }

  async #putBack(edit: Edit, { id, entry }: TrashedEntry, path: string): Promise<string> {
    await edit.remove(`${TRASH}/${id}`, { recursive: true })
    await edit.putEntries(parentOf(path), [{ name: nameOf(path), entry: withoutTrashRecord(entry) }])
    return path
  }

  /** Removes these for good; older versions keep them by the retention rules. One that has gone already is no error. @returns how many. */
  remove(ids: readonly string[]): Promise<number> {
    for (const id of ids) checkId(id)
    return this.#context.volume.edit(async (edit) => {
      let count = 0
      for (const id of ids) {
        if ((await edit.stat(`${TRASH}/${id}`)) === null) continue
        await edit.remove(`${TRASH}/${id}`, { recursive: true })
        count++
      }
      return count
    })
  }

  /** Removes for good what has been here for longer. @returns how many. */
  async empty(olderThanSeconds = 0): Promise<number> {
    const after =
      olderThanSeconds === 0 ? undefined : `${String(LAST_MS - this.#context.now() + 1000 * olderThanSeconds).padStart(13, '0')}.`
    let count = 0
    for (let more = true; more; ) {
      const snapshot = this.#context.volume.current()
      if ((await snapshot.stat(TRASH)) === null) break
      const page = await snapshot.list(TRASH, { after, limit: REMOVED_AT_ONCE })
      if (page.entries.length > 0) count += await this.remove(page.entries.map(({ name }) => name))
      ;({ more } = page)
    }
    return count
  }
}

function checkId(id: string): void {
  if (!/^\d{13}-[0-9a-f]{16}$/.test(id)) throw new HoltError('INPUT_INVALID', 'this is no id of the trash', { field: 'ids' })
}

/** '/a/photo.jpg' and 2 make '/a/photo (2).jpg'. */
function numberedPath(path: string, number: number): string {
  const name = nameOf(path)
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  const parent = parentOf(path)
  return `${parent === '/' ? '' : parent}/${stem} (${number})${ending}`
}
