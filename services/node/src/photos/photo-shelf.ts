import { toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { isHoltError } from '@holt/core/errors.ts'
import type { BlockStore } from '@holt/store/types.ts'
import type { Edit, FileEntry, Snapshot, TreeEntry, Volume } from '@holt/tree/types.ts'
import { timeOfSeconds } from '../entries.ts'
import { HIDDEN } from '../hidden/hidden-area.ts'
import type { MediaItem, MediaPlace, MediaState, MediaVolume } from './phone-media.ts'
import { freeName } from '../free-name.ts'
import { fitName } from './photo-names.ts'
import { encodePhotoRecord, isSameRoot, type PhotoRecord, type PhotoRecordName, photoRecordOf } from './photo-records.ts'

const PHOTOS = `${HIDDEN}/photos`
const CONTENTS = `${PHOTOS}/contents`
const PAGE = 500

export interface PhotoShelfContext {
  /** Hidden area and all. */
  volume: Volume
  store: BlockStore
  crypto: Crypto
  now(): number
}

/** What became of an item. */
export type Taken =
  | { kind: 'file'; item: MediaItem; digest: Uint8Array; entry: FileEntry }
  /** What it holds is in the tree. */
  | { kind: 'known'; item: MediaItem; digest: Uint8Array }
  /** It was taken in before. */
  | { kind: 'same'; item: MediaItem }
  | { kind: 'failed'; item: MediaItem; tries: number }
  /** It was to be tried again, and is not on the phone any more. */
  | { kind: 'gone'; item: MediaItem }

export interface Scope {
  access: MediaState['access']
  videos: boolean
}

export type Cursor = PhotoRecord<'cursor'>

/**
 * What the tree knows of one phone's pictures. A picture and that it was taken in are one commit, so a kill between two
 * pictures, or within one, leaves nothing that is half known. Of the phone's own numbers none means anything beyond its list.
 */
export class PhotoShelf {
  readonly #context: PhotoShelfContext
  readonly #top: string

  constructor(context: PhotoShelfContext, phone: Uint8Array) {
    this.#context = context
    this.#top = `${PHOTOS}/phones/${toHex(phone)}`
  }

  /** Where to go on in the list of this volume: at its beginning when it is another list, or more of it can be seen than before. */
  async cursor({ name, database }: MediaVolume, { access, videos }: Scope): Promise<Cursor> {
    const fresh = { database, all: access === 'all' ? 1 : 0, videos: videos ? 1 : 0, change: 0, id: 0, done: 0 }
    const kept = photoRecordOf('cursor', await this.#now().stat(this.#of(name)))
    if (kept === null) return fresh
    if (kept.database !== database) {
      await this.#context.volume.edit((edit) => edit.remove(this.#of(name), { recursive: true }))
      return fresh
    }
    const seesNoMore = kept.all === 1 || fresh.all === 0
    const isGoneThrough = seesNoMore && fresh.all === 1 && kept.videos >= fresh.videos
    return isGoneThrough ? { ...kept, all: 1, videos: fresh.videos } : { ...fresh, done: kept.done }
  }

  /** Taken in as it is: by its number, or since nothing but the list's remarks on it changed. */
  async isSeen(volume: string, item: MediaItem): Promise<boolean> {
    const seen = photoRecordOf('seen', await this.#now().stat(`${this.#of(volume)}/seen/${item.id}`))
    if (seen === null) return false
    return seen.change === item.change || (seen.size === item.sizeBytes && seen.modified === item.modified)
  }

  /** This content was put somewhere, and is there still. */
  isThere(digest: Uint8Array): Promise<boolean> {
    return isThere(this.#now(), digest)
  }

  async later(volume: string): Promise<{ item: MediaItem; tries: number }[]> {
    const folder = `${this.#of(volume)}/later`
    const snapshot = this.#now()
    if ((await snapshot.stat(folder)) === null) return []
    const { entries } = await snapshot.list(folder, { limit: PAGE })
    return entries.map(({ name, entry }) => {
      const { size, video, tries, ...rest } = photoRecordOf('later', entry) as PhotoRecord<'later'>
      return { item: { ...rest, id: Number(name), sizeBytes: size, video: video === 1 }, tries }
    })
  }

  /** How many items of the lists that are known were taken in, and how many wait to be tried again. */
  async counts(): Promise<{ done: number; later: number }> {
    const snapshot = this.#now()
    const counts = { done: 0, later: 0 }
    if ((await snapshot.stat(this.#top)) === null) return counts
    for (const { name, entry } of (await snapshot.list(this.#top, { limit: PAGE })).entries) {
      if (entry.t !== 'd') continue
      counts.done += photoRecordOf('cursor', entry)?.done ?? 0
      counts.later += (await this.later(name)).length
    }
    return counts
  }

  /**
   * Puts files into the folders of their months, with all that is known now, in one commit.
   *
   * @param place of the last item; null: it stays where it is.
   * @returns the cursor that holds now.
   */
  async keep(
    volume: string,
    { cursor, place, folder, taken }: { cursor: Cursor; place: MediaPlace | null; folder: string; taken: readonly Taken[] },
  ): Promise<Cursor> {
    const next = { ...cursor, ...(place === null ? {} : { change: place.change, id: place.id }) }
    await this.#context.volume.edit(async (edit) => {
      next.done = cursor.done
      const base = this.#of(volume)
      for (const path of [CONTENTS, `${base}/seen`, `${base}/later`]) await edit.makeDirectory(path, { parents: true, mode: 0o700 })
      for (const one of taken) if (await this.#note(edit, base, one)) next.done++
      for (const one of taken) if (one.kind === 'file') await this.#place(edit, folder, one)
      await edit.setAttributes(base, { x: { cursor: encodePhotoRecord('cursor', next) } })
      if (taken.some(({ item, kind }) => kind !== 'failed' && item.video)) await this.#dropPartial(edit, volume, taken)
    })
    return next
  }

  /** What has come of a video so far; null when it is of another one, or of another state of this one. */
  async partial({ name, database }: MediaVolume, item: MediaItem): Promise<FileEntry | null> {
    const entry = await this.#now().stat(this.#partial)
    const record = photoRecordOf('partial', entry)
    const isOfItem = record?.volume === name && record.database === database && record.id === item.id && record.change === item.change
    return isOfItem && record?.size === item.sizeBytes ? (entry as FileEntry) : null
  }

  async keepPartial({ name, database }: MediaVolume, { id, change, sizeBytes }: MediaItem, entry: FileEntry): Promise<void> {
    const x = { partial: encodePhotoRecord('partial', { volume: name, database, id, change, size: sizeBytes }) }
    await this.#context.volume.edit(async (edit) => {
      await edit.makeDirectory(this.#top, { parents: true, mode: 0o700 })
      await edit.putEntries(this.#top, [{ name: 'partial', entry: { ...entry, m: 0o600, x } }])
    })
  }

  async dropPartial(): Promise<void> {
    if ((await this.#now().stat(this.#partial)) !== null) await this.#context.volume.edit((edit) => edit.remove(this.#partial))
  }

  get #partial(): string {
    return `${this.#top}/partial`
  }

  async #dropPartial(edit: Edit, volume: string, taken: readonly Taken[]): Promise<void> {
    const record = photoRecordOf('partial', await edit.stat(this.#partial))
    if (record !== null && record.volume === volume && taken.some(({ item }) => item.id === record.id)) await edit.remove(this.#partial)
  }

  /** @returns whether it was not taken in before. */
  async #note(edit: Edit, base: string, one: Taken): Promise<boolean> {
    const { id, change, name, sizeBytes, modified, month, video } = one.item
    const [seen, later] = [`${base}/seen`, `${base}/later`]
    if (one.kind === 'failed') {
      const fields = { change, name: fitName(name, video), size: sizeBytes, modified, month, video: video ? 1 : 0, tries: one.tries }
      await edit.putEntries(later, [{ name: String(id), entry: this.#record('later', fields) }])
      return false
    }
    if ((await edit.stat(`${later}/${id}`)) !== null) await edit.remove(`${later}/${id}`)
    if (one.kind === 'same' || one.kind === 'gone') return false
    const isNew = (await edit.stat(`${seen}/${id}`)) === null
    await edit.putEntries(seen, [
      { name: String(id), entry: this.#record('seen', { change, size: sizeBytes, modified, digest: one.digest }) },
    ])
    return isNew
  }

  /** Two of the same content may be in one commit. */
  async #place(edit: Edit, folder: string, { item, digest, entry }: Extract<Taken, { kind: 'file' }>): Promise<void> {
    if (await isThere(edit, digest)) return
    const [year, month] = item.month.split('-')
    const target = `${folder}/${year}/${month}`
    await edit.makeDirectory(target, { parents: true })
    const name = await freeName(edit, target, fitName(item.name, item.video))
    await edit.putEntries(target, [{ name, entry }])
    const record = this.#record('photo', { path: `${target}/${name}`, root: entry.r, size: entry.z })
    await edit.putEntries(CONTENTS, [{ name: toHex(digest), entry: record }])
  }

  #record<Name extends PhotoRecordName>(name: Name, fields: PhotoRecord<Name>): TreeEntry {
    const k = [this.#context.crypto.randomBytes(32)] // every file has one, also where nothing is sealed by it
    const mt = timeOfSeconds(Math.floor(this.#context.now() / 1000))
    return { t: 'f', c: 16, h: 0, k, m: 0o600, mt, r: null, z: 0, x: { [name]: encodePhotoRecord(name, fields) } }
  }

  #now(): Snapshot {
    return this.#context.volume.current()
  }

  #of(volume: string): string {
    return `${this.#top}/${volume}`
  }
}

async function isThere(tree: Pick<Edit | Snapshot, 'stat'>, digest: Uint8Array): Promise<boolean> {
  const record = photoRecordOf('photo', await tree.stat(`${CONTENTS}/${toHex(digest)}`))
  if (record === null) return false
  const file = await tree.stat(record.path).catch((error: unknown) => {
    // a file stands where a folder was; what else goes wrong says nothing of what is there
    if (isHoltError(error) && error.code === 'NOT_A_DIRECTORY') return null
    throw error
  })
  return file?.t === 'f' && file.z === record.size && isSameRoot(file.r, record.root)
}
