import type { Disk, DiskFile } from '@holt/core/disk.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { readInto } from '@holt/core/read-into.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import { adoptDrive, type DriveOwner, readFileEnd } from './adopt-drive.ts'
import {
  fragmentFolders,
  folderOfPack,
  type FragmentName,
  fragmentPath,
  MARKER_PATH,
  MIRRORS_FOLDER,
  parseFragmentFileName,
  parseMirrorFileName,
  UNFINISHED_SUFFIX,
} from './drive-folder.ts'
import { parseMarker } from './drive-marker.ts'
import { MAX_TAIL_BYTES, parseFragmentTail, type SpreadPack, verifySpread } from './fragment-file.ts'
import type { FragmentJobs } from './fragment-jobs.ts'

export interface CopyDriveOptions {
  owner: DriveOwner
  pool: WorkPool<FragmentJobs>
  createdSeconds: number
  signal?: AbortSignal | undefined
  onProgress?: ((progress: CopyProgress) => void) | undefined
}

export interface CopyProgress {
  doneBytes: number
  totalBytes: number
  doneItems: number
  totalItems: number
}

export interface CopyReport {
  copied: number
  /** Were at the target already, from a copy that was cut short. */
  present: number
  /** Not what their owner signed any more: left behind, to be rebuilt from others. */
  damaged: number
}

const WINDOW_BYTES = 4 * 1024 * 1024

interface Item {
  path: string
  sizeBytes: number
  /** null for the copy of an open pack. */
  fragment: FragmentName | null
}

/**
 * Copies what a drive of this owner holds to another folder, which becomes a drive of its own. The old drive is only read. Every
 * fragment is read back at its new place and compared with what the owner signed. A copy that was cut short goes on where it was.
 *
 * @throws HoltError DRIVE_MISSING, DRIVE_FOREIGN (of either), DRIVE_IN_USE (one is the other), DISK_FULL, CANCELLED, IO_FAILED.
 */
export async function copyDrive(from: Disk, to: Disk, options: CopyDriveOptions): Promise<CopyReport> {
  if (from.id === to.id || from.id.startsWith(`${to.id}/`) || to.id.startsWith(`${from.id}/`))
    throw new HoltError('DRIVE_IN_USE', 'a drive cannot be copied to itself', { folder: to.id })
  await mustBeOwn(from, options.owner)
  await adoptDrive(to, options.owner, options.createdSeconds)
  const all = await itemsOf(from)
  const missing: Item[] = []
  for (const item of all) if ((await to.sizeOf(item.path)) !== item.sizeBytes) missing.push(item)
  const totalBytes = sum(missing)
  const { freeBytes } = await to.space()
  if (freeBytes < totalBytes)
    throw new HoltError('DISK_FULL', `${totalBytes} bytes are to be copied, ${freeBytes} are free`, { drive: to.id })
  return await new DriveCopy(from, to, options).run(missing, { present: all.length - missing.length, totalBytes })
}

class DriveCopy {
  readonly #from: Disk
  readonly #to: Disk
  readonly #options: CopyDriveOptions
  readonly #buffer = new Uint8Array(WINDOW_BYTES)
  #doneBytes = 0

  constructor(from: Disk, to: Disk, options: CopyDriveOptions) {
    this.#from = from
    this.#to = to
    this.#options = options
  }

  async run(items: readonly Item[], { present, totalBytes }: { present: number; totalBytes: number }): Promise<CopyReport> {
    const report = { copied: 0, present, damaged: 0 }
    for (const [doneItems, item] of items.entries()) {
      this.#options.onProgress?.({ doneBytes: this.#doneBytes, totalBytes, doneItems, totalItems: items.length })
      if (await this.#copy(item)) report.copied++
      else report.damaged++
    }
    this.#options.onProgress?.({ doneBytes: totalBytes, totalBytes, doneItems: items.length, totalItems: items.length })
    return report
  }

  /** @returns false when the bytes are not what they should be; nothing is left of them then. */
  async #copy({ path, sizeBytes, fragment }: Item): Promise<boolean> {
    const spread = fragment === null ? null : await this.#spreadOf(fragment)
    const unfinished = path + UNFINISHED_SUFFIX
    const isRight = fragment === null || spread !== null
    if (isRight) await this.#copyBytes(path, unfinished, sizeBytes)
    else this.#doneBytes += sizeBytes
    if (!isRight || (fragment !== null && spread !== null && !(await this.#verified(spread, fragment, unfinished)))) {
      await this.#to.remove(unfinished)
      return false
    }
    await this.#to.rename(unfinished, path)
    await this.#to.syncFolder(fragment === null ? MIRRORS_FOLDER : folderOfPack(fragment.pack))
    return true
  }

  async #copyBytes(path: string, unfinished: string, sizeBytes: number): Promise<void> {
    const source = await this.#from.open(path, { readOnly: true, bulk: true })
    if (source === null) throw new HoltError('DRIVE_MISSING', 'the old drive went away', { drive: this.#from.id })
    let target: DiskFile | null = null
    try {
      target = await this.#to.open(unfinished, { create: 'always', bulk: true })
      await target?.truncate(0)
      for (let at = 0; at < sizeBytes; at += WINDOW_BYTES) {
        if (this.#options.signal?.aborted === true) throw new HoltError('CANCELLED', 'copying was cancelled')
        const window = this.#buffer.subarray(0, Math.min(WINDOW_BYTES, sizeBytes - at))
        const got = await readInto(source, at, window)
        await target?.write(at, window.subarray(0, got))
        this.#doneBytes += window.length
      }
      await target?.sync()
    } finally {
      await target?.close()
      await source.close()
    }
  }

  /** @returns null when the fragment does not say what it is, or is of somebody else. */
  async #spreadOf(name: FragmentName): Promise<SpreadPack | null> {
    const { crypto, storageSeed } = this.#options.owner
    const read = await readFileEnd(this.#from, fragmentPath(name), MAX_TAIL_BYTES)
    if (read === null) return null
    try {
      const { spread, index } = parseFragmentTail(read.end, read.fileBytes)
      verifySpread(crypto, spread, crypto.ed25519PublicKey(storageSeed))
      return spread.id === name.pack && index === name.index ? spread : null
    } catch (error) {
      if (!isHoltError(error)) throw error
      return null
    }
  }

  async #verified(spread: SpreadPack, { index }: FragmentName, path: string): Promise<boolean> {
    const place = { disk: this.#to.id, path, index }
    const { condition } = await this.#options.pool.run('verifyFragment', { spread, place }, { signal: this.#options.signal })
    return condition === 'good'
  }
}

async function mustBeOwn(disk: Disk, { crypto, storageSeed }: DriveOwner): Promise<void> {
  const bytes = await disk.readFile(MARKER_PATH)
  if (bytes === null) throw new HoltError('DRIVE_MISSING', 'there is no drive in this folder', { folder: disk.id })
  parseMarker(crypto, bytes, crypto.ed25519PublicKey(storageSeed))
}

async function itemsOf(disk: Disk): Promise<Item[]> {
  const items: Item[] = []
  const take = async (path: string, fragment: FragmentName | null): Promise<void> => {
    const sizeBytes = await disk.sizeOf(path)
    if (sizeBytes !== null) items.push({ path, sizeBytes, fragment })
  }
  for (const folder of fragmentFolders) {
    for (const file of (await disk.list(folder)) ?? []) {
      const name = parseFragmentFileName(file)
      if (name !== null && fragmentPath(name) === `${folder}/${file}`) await take(`${folder}/${file}`, name)
    }
  }
  for (const file of (await disk.list(MIRRORS_FOLDER)) ?? [])
    if (parseMirrorFileName(file) !== null) await take(`${MIRRORS_FOLDER}/${file}`, null)
  return items
}

function sum(items: readonly Item[]): number {
  return items.reduce((total, { sizeBytes }) => total + sizeBytes, 0)
}
