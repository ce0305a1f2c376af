import { equalBytes } from '@holt/core/bytes.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError, type HoltErrorJson, isHoltError, toHoltError } from '@holt/core/errors.ts'
import { REPLACEMENT_SUFFIX } from '@holt/core/replace-file.ts'
import { type DriveOwner, holdsOwnFragment, makeFolders, readFileEnd, writeMarker } from './adopt-drive.ts'
import type { PackId } from '../pack-keeper.ts'
import { type Clock, nowSeconds } from './clock.ts'
import {
  folderOfPack,
  type FragmentName,
  fragmentFolders,
  fragmentPath,
  MARKER_PATH,
  MIRRORS_FOLDER,
  mirrorPath,
  parseFragmentFileName,
  UNFINISHED_SUFFIX,
} from './drive-folder.ts'
import { parseMarker } from './drive-marker.ts'
import type { FilePlace } from './fragment-writer.ts'
import type { FragmentHolder, HolderState, StagedFragment } from './holder.ts'

/** After a failed write a drive gets no more fragments for this long; a cable that was loose may be in again then. */
export const FAILING_PERIOD_MS = 10 * 60_000
const LISTS_AT_ONCE = 16
/** Left free on a drive, which may be the system's own. */
const MOST_HEADROOM_BYTES = 256 * 1024 * 1024

export interface DriveHolderOptions {
  disk: Disk
  /** As found in its marker when it was adopted. */
  id: string
  /** As the owner knows it. */
  folder: string
  owner: DriveOwner
  clock: Clock
}

/**
 * A drive as a holder. It counts as missing while its marker is not there; nothing is ever written to it then, and no folder
 * made: what answers may be the bare mount point.
 */
export class DriveHolder implements FragmentHolder {
  readonly id: string
  readonly folder: string
  readonly disk: Disk
  isRemoving = false
  totalBytes = 0
  /** Counts how often it came (back): what it holds must be looked at anew then. */
  arrivals = 0
  /** When it was last seen, or when this object was made; never later than now, whatever the clock was before. */
  lastSeenMs: number
  /** Set when the marker is there, but not as it was written. */
  isMarkerDamaged = false
  readonly #owner: DriveOwner
  readonly #clock: Clock
  #marker: Uint8Array | null = null
  #absence: string | null = 'it was not looked for yet'
  #failure: { untilMs: number; text: string } | null = null
  #diskFreeBytes = 0
  /** A file of this size did not fit. */
  #refusedBytes = 0
  readonly #staged = new Map<string, StagedFragment>()

  constructor({ disk, id, folder, owner, clock }: DriveHolderOptions) {
    this.disk = disk
    this.id = id
    this.folder = folder
    this.#owner = owner
    this.#clock = clock
    this.lastSeenMs = clock.nowMs()
  }

  get state(): HolderState {
    if (this.#absence !== null) return 'missing'
    if (this.#failure !== null && this.#clock.nowMs() < this.#failure.untilMs) return 'failing'
    if (this.isRemoving) return 'removing'
    return this.#refusedBytes > 0 && this.freeBytes < this.#refusedBytes ? 'full' : 'ok'
  }

  get problem(): string | null {
    const state = this.state
    if (state === 'missing') return this.#absence
    if (state === 'failing') return this.#failure?.text ?? null
    if (state === 'full') return 'there is no room left'
    return this.isMarkerDamaged ? `the file ${MARKER_PATH} is damaged` : null
  }

  get freeBytes(): number {
    let reserved = 0
    for (const { sizeBytes } of this.#staged.values()) reserved += sizeBytes
    const headroom = Math.min(MOST_HEADROOM_BYTES, this.totalBytes / 100)
    return Math.max(0, Math.floor(this.#diskFreeBytes - reserved - headroom))
  }

  async check(): Promise<void> {
    const wasMissing = this.#absence !== null
    // a clock that was set back must not make it wait for as long as that
    this.lastSeenMs = Math.min(this.lastSeenMs, this.#clock.nowMs())
    try {
      this.#absence = await this.#lookForMarker()
      if (this.#absence !== null) return
      if (wasMissing) this.arrivals++
      const { totalBytes, freeBytes } = await this.disk.space()
      this.totalBytes = totalBytes
      this.#diskFreeBytes = freeBytes
      this.lastSeenMs = this.#clock.nowMs()
      if (this.freeBytes >= this.#refusedBytes) this.#refusedBytes = 0
    } catch (error) {
      this.#absence = `it cannot be read: ${toHoltError(error).message}`
    }
  }

  /** @returns why the drive counts as missing; null when it is there. */
  async #lookForMarker(): Promise<string | null> {
    const bytes = await this.disk.readFile(MARKER_PATH)
    if (bytes === null) return 'the folder is not there, or is not the drive'
    if (this.#marker !== null && equalBytes(bytes, this.#marker)) {
      this.isMarkerDamaged = false
      return null
    }
    try {
      const { id } = parseMarker(this.#owner.crypto, bytes, this.#owner.crypto.ed25519PublicKey(this.#owner.storageSeed))
      if (id !== this.id) return 'another drive is in its place'
      this.#marker = bytes
      this.isMarkerDamaged = false
      return null
    } catch (error) {
      if (isHoltError(error, 'DRIVE_FOREIGN')) return 'the drive of another owner is in its place'
      if (this.#marker === null && !(await holdsOwnFragment(this.disk, this.#owner))) return `the file ${MARKER_PATH} is damaged`
      this.isMarkerDamaged = true
      return null
    }
  }

  /** Writes the marker anew when it is damaged. @returns whether it was. */
  async mendMarker(): Promise<boolean> {
    if (this.state === 'missing' || !this.isMarkerDamaged) return false
    if (this.#marker !== null) await this.disk.replaceFile(MARKER_PATH, this.#marker)
    else await writeMarker(this.disk, this.#owner, { id: this.id, createdSeconds: nowSeconds(this.#clock) })
    await this.check()
    return true
  }

  /** The cheap look before each write. @throws HoltError DRIVE_MISSING */
  async mustBeThere(): Promise<void> {
    const isThere = this.#absence === null && (await this.disk.sizeOf(MARKER_PATH).catch(() => null)) !== null
    if (isThere) return
    await this.check()
    if (this.#absence !== null) throw new HoltError('DRIVE_MISSING', `the drive ${this.folder} is missing`, { drive: this.id })
  }

  async stage(name: FragmentName, sizeBytes: number): Promise<StagedFragment> {
    await this.mustBeThere()
    if (this.freeBytes < sizeBytes) {
      this.noteNoRoom(sizeBytes)
      throw new HoltError('DISK_FULL', `the drive ${this.folder} is full`, { drive: this.id })
    }
    const place = { disk: this.disk.id, path: fragmentPath(name) + UNFINISHED_SUFFIX }
    const staged = { name, place, sizeBytes }
    this.#staged.set(place.path, staged)
    return staged
  }

  /** A file of this size does not fit, for all that is known: the drive counts as full until it would. */
  noteNoRoom(sizeBytes: number): void {
    if (this.freeBytes < sizeBytes) this.#refusedBytes = sizeBytes
  }

  async accept(staged: StagedFragment): Promise<void> {
    try {
      await this.mustBeThere()
      await this.disk.rename(staged.place.path, fragmentPath(staged.name))
      await this.disk.syncFolder(folderOfPack(staged.name.pack))
      this.#diskFreeBytes -= staged.sizeBytes
      this.#staged.delete(staged.place.path)
    } catch (error) {
      await this.noteFailure(toHoltError(error))
      await this.discard(staged)
      throw error
    }
  }

  /**
   * Accepts a file that lies elsewhere on the same file system; it must be synced.
   *
   * @param rename renames it to a path on this drive.
   * @returns false when it could not be renamed; nothing is staged any more either way.
   */
  async acceptRenamed(staged: StagedFragment, rename: (path: string) => Promise<void>): Promise<boolean> {
    this.#staged.delete(staged.place.path)
    try {
      await this.mustBeThere()
      await rename(fragmentPath(staged.name))
    } catch (error) {
      if (!isHoltError(error)) throw error
      return false
    }
    // A power cut before this is durable leaves the file at its old place.
    await this.disk.syncFolder(folderOfPack(staged.name.pack)).catch((error: unknown) => this.noteFailure(toHoltError(error)))
    return true
  }

  async discard(staged: StagedFragment): Promise<void> {
    this.#staged.delete(staged.place.path)
    await this.disk.remove(staged.place.path).catch(() => {}) // else it is removed when the drive is listed next
  }

  async noteFailure(error: HoltErrorJson): Promise<void> {
    await this.check()
    if (this.#absence !== null) return
    if (error.code === 'DISK_FULL') this.#refusedBytes = Math.max(this.#refusedBytes, this.freeBytes + 1)
    else this.#failure = { untilMs: this.#clock.nowMs() + FAILING_PERIOD_MS, text: `a write failed: ${error.message}` }
  }

  place(name: FragmentName): FilePlace {
    return { disk: this.disk.id, path: fragmentPath(name) }
  }

  localPath(name: FragmentName): string | null {
    return this.disk.localPath(fragmentPath(name))
  }

  async read(name: FragmentName, offset: number, lengthBytes: number): Promise<Uint8Array | null> {
    const file = await this.disk.open(fragmentPath(name), { readOnly: true })
    if (file === null) {
      await this.mustBeThere()
      return null
    }
    try {
      const bytes = await file.read(offset, lengthBytes)
      return bytes.length === lengthBytes ? bytes : null
    } finally {
      await file.close()
    }
  }

  async readEnd(name: FragmentName, maxBytes: number): Promise<{ end: Uint8Array; fileBytes: number } | null> {
    const read = await readFileEnd(this.disk, fragmentPath(name), maxBytes)
    if (read === null) await this.mustBeThere()
    return read
  }

  async remove(names: readonly FragmentName[]): Promise<void> {
    await this.mustBeThere()
    await Promise.all(names.map((name) => this.disk.remove(fragmentPath(name))))
    // Fails when the drive went away in between: then its folders are not there.
    await Promise.all([...new Set(names.map(({ pack }) => folderOfPack(pack)))].map((folder) => this.disk.syncFolder(folder)))
  }

  async removePacks(packs: readonly PackId[]): Promise<void> {
    const folders = [...new Set(packs.map(folderOfPack))]
    const files = (await Promise.all(folders.map((folder) => this.disk.list(folder)))).flatMap((names) => names ?? [])
    const names = files.map(parseFragmentFileName).filter((name) => name !== null)
    await this.remove(names.filter(({ pack }) => packs.includes(pack)))
  }

  /** Durably gone when it resolves. @throws HoltError DRIVE_MISSING, IO_FAILED. */
  async removeMirrors(packs: readonly PackId[]): Promise<void> {
    if (packs.length === 0) return
    await this.mustBeThere()
    await Promise.all(packs.map((pack) => this.disk.remove(mirrorPath(pack))))
    await this.disk.syncFolder(MIRRORS_FOLDER)
  }

  /** Also removes unfinished files that nobody is writing, and makes folders anew that someone removed. */
  async list(): Promise<FragmentName[]> {
    await this.mustBeThere()
    const names: FragmentName[] = []
    const leftovers: string[] = []
    let absent = 0
    for (let at = 0; at < fragmentFolders.length; at += LISTS_AT_ONCE) {
      const folders = fragmentFolders.slice(at, at + LISTS_AT_ONCE)
      for (const [i, files] of (await Promise.all(folders.map((folder) => this.disk.list(folder)))).entries()) {
        if (files === null) absent++
        for (const file of files ?? []) this.#sort(`${folders[i]}`, file, names, leftovers)
      }
    }
    await this.mustBeThere()
    if (absent > 0) await makeFolders(this.disk)
    await Promise.all(leftovers.map((path) => this.disk.remove(path)))
    return names
  }

  #sort(folder: string, file: string, names: FragmentName[], leftovers: string[]): void {
    const path = `${folder}/${file}`
    const name = parseFragmentFileName(file)
    if (name !== null && fragmentPath(name) === path) names.push(name)
    else if ((file.endsWith(UNFINISHED_SUFFIX) || file.endsWith(REPLACEMENT_SUFFIX)) && !this.#staged.has(path)) leftovers.push(path)
  }
}
