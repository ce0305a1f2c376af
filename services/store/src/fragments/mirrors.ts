import type { DiskFile } from '@holt/core/disk.ts'
import { HoltError, isHoltError, toHoltError } from '@holt/core/errors.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import type { MirrorCheck, PackId } from '../pack-keeper.ts'
import type { DriveHolder } from './drive-holder.ts'
import { MIRRORS_FOLDER, mirrorPath, parseMirrorFileName } from './drive-folder.ts'
import { type KeeperContext, lookAtRoom, placeableHolders } from './keeper-context.ts'

const COPY_BYTES = 1 << 20

/** A copy of the beginning of a pack that is still open. */
interface MirrorCopy {
  holder: DriveHolder
  sizeBytes: number
  /** Open while it is appended to. */
  file: DiskFile | null
}

/** Copies of open packs on the drives (`open/`), as many as the pack will survive losses and one more. */
export class Mirrors {
  readonly #context: KeeperContext
  readonly #copies = new Map<PackId, MirrorCopy[]>()

  constructor(context: KeeperContext) {
    this.#context = context
  }

  /** Takes note of the copies on a drive; removes those of dropped packs. @throws HoltError of the drive. */
  async scan(holder: DriveHolder): Promise<void> {
    const { drops } = this.#context
    const names = (await holder.disk.list(MIRRORS_FOLDER)) ?? []
    const found = names.map(parseMirrorFileName).filter((id) => id !== null)
    await holder.removeMirrors(found.filter((id) => drops.has(id)))
    const ids = found.filter((id) => !drops.has(id))
    for (const [id, copies] of this.#copies)
      if (!ids.includes(id))
        this.#keepOnly(
          id,
          copies.filter((copy) => copy.holder !== holder),
        )
    for (const id of ids) {
      const sizeBytes = (await holder.disk.sizeOf(mirrorPath(id))) ?? 0
      const copies = this.#copies.get(id) ?? []
      const known = copies.find((copy) => copy.holder === holder)
      if (known !== undefined) known.sizeBytes = sizeBytes
      else this.#copies.set(id, [...copies, { holder, sizeBytes, file: null }])
    }
  }

  /** Removes the copies of packs for which `isNeeded` says no. */
  async removeUnneeded(isNeeded: (id: PackId) => boolean): Promise<void> {
    for (const id of this.#copies.keys()) if (!isNeeded(id)) await this.remove(id)
  }

  /** Every pack with a copy on a drive that is there, and how long the longest is. */
  list(): { id: PackId; sizeBytes: number }[] {
    return [...this.#copies].flatMap(([id, copies]) => {
      const sizes = copies.filter(isThere).map(({ sizeBytes }) => sizeBytes)
      return sizes.length === 0 ? [] : [{ id, sizeBytes: Math.max(...sizes) }]
    })
  }

  /**
   * Durable on `copyCount` drives when it resolves, on fewer where there are fewer. A drive that fails is replaced.
   *
   * @throws HoltError NOT_ENOUGH_DRIVES when no drive took it; DRIVE_MISSING when there are drives, but none has what comes
   * before `offset` (`data.sizeBytes`: how much the longest has).
   */
  async append(id: PackId, { offset, bytes, copyCount }: { offset: number; bytes: Uint8Array; copyCount: number }): Promise<void> {
    const copies = (this.#copies.get(id) ?? []).filter(isThere)
    const able = copies.filter((copy) => copy.sizeBytes >= offset).slice(0, copyCount)
    const written = (await Promise.all(able.map((copy) => this.#write(id, copy, offset, bytes)))).filter((copy) => copy !== null)
    const without = new Set(copies.map(({ holder }) => holder))
    if (written.length < copyCount) await lookAtRoom(this.#context, offset + bytes.length)
    for (const holder of placeableHolders(this.#context, { fileBytes: offset + bytes.length, without })) {
      if (written.length >= copyCount) break
      const copy = await this.#begin(id, { holder, offset, from: copies.filter(isThere) })
      const taken = copy && (await this.#write(id, copy, offset, bytes))
      if (taken !== null) written.push(taken)
    }
    this.#keepOnly(id, [...(this.#copies.get(id) ?? []).filter((copy) => !written.includes(copy)), ...written])
    if (written.length > 0) return
    const longest = Math.max(0, ...copies.filter(isThere).map(({ sizeBytes }) => sizeBytes))
    if (longest < offset && this.#context.holders.some(({ state }) => state === 'ok')) {
      throw new HoltError('DRIVE_MISSING', 'no drive has the beginning of the pack', { pack: id, sizeBytes: longest })
    }
    throw new HoltError('NOT_ENOUGH_DRIVES', 'no drive takes a copy of the open pack', { pack: id })
  }

  /** @param attempt 0 reads the longest copy, further ones the others. @returns null when there is no such copy. */
  async read(id: PackId, { offset, length, attempt }: { offset: number; length: number; attempt: number }): Promise<Uint8Array | null> {
    const copies = (this.#copies.get(id) ?? []).filter(isThere).sort((a, b) => b.sizeBytes - a.sizeBytes)
    for (const { holder } of copies.slice(attempt)) {
      const bytes = await readAt(holder, id, offset, length)
      if (bytes?.length === length) return bytes
    }
    return null
  }

  /** Compares a piece of the pack with all copies, also those that do not go that far. */
  async check(id: PackId, { offset, bytes, copyCount }: { offset: number; bytes: Uint8Array; copyCount: number }): Promise<MirrorCheck> {
    const copies = (this.#copies.get(id) ?? []).filter(isThere)
    const reaching = copies.filter(({ sizeBytes }) => sizeBytes >= offset + bytes.length)
    const read = await Promise.all(reaching.map(({ holder }) => readAt(holder, id, offset, bytes.length)))
    const wrong = reaching.filter((_, i) => !equalBytes(read[i] ?? new Uint8Array(), bytes))
    if (reaching.length < copyCount) await lookAtRoom(this.#context, offset + bytes.length)
    const able = new Set(placeableHolders(this.#context, { fileBytes: offset + bytes.length, without: new Set() }))
    for (const { holder } of reaching) able.add(holder)
    return {
      wrong: wrong.map(({ holder }) => `${holder.folder}: ${mirrorPath(id)}`),
      lacking: Math.max(0, Math.min(copyCount, able.size) - reaching.length),
    }
  }

  /** Removes all copies. @returns the drives on which that failed: there it is for the next scan. */
  async remove(id: PackId): Promise<Set<DriveHolder>> {
    const copies = this.#copies.get(id) ?? []
    this.#copies.delete(id)
    const removed = await Promise.all(copies.map((copy) => removeCopy(id, copy)))
    return new Set(copies.filter((_, i) => removed[i] === false).map(({ holder }) => holder))
  }

  /** Puts a copy elsewhere for each that a drive has, as long as there is a drive for it, and takes those away. */
  async leave(holder: DriveHolder): Promise<void> {
    for (const [id, copies] of this.#copies) {
      const leaving = copies.find((copy) => copy.holder === holder)
      if (leaving === undefined) continue
      const without = new Set(copies.map((copy) => copy.holder))
      const [candidate] = placeableHolders(this.#context, { fileBytes: leaving.sizeBytes, without })
      const moved = candidate && (await this.#begin(id, { holder: candidate, offset: leaving.sizeBytes, from: copies }))
      await moved?.file?.sync()
      this.#keepOnly(id, [...copies.filter((copy) => copy !== leaving), ...(moved ? [moved] : [])])
      await removeCopy(id, leaving)
    }
  }

  /** The drive is not this node's any more. */
  async forget(holder: DriveHolder): Promise<void> {
    for (const [id, copies] of this.#copies) {
      await Promise.all(copies.filter((copy) => copy.holder === holder).map(closeFile))
      this.#keepOnly(
        id,
        copies.filter((copy) => copy.holder !== holder),
      )
    }
  }

  async close(): Promise<void> {
    for (const copies of this.#copies.values()) await Promise.all(copies.map(closeFile))
  }

  #keepOnly(id: PackId, copies: MirrorCopy[]): void {
    if (copies.length > 0) this.#copies.set(id, copies)
    else this.#copies.delete(id)
  }

  /** @returns null when the drive failed. */
  async #write(id: PackId, copy: MirrorCopy, offset: number, bytes: Uint8Array): Promise<MirrorCopy | null> {
    try {
      await copy.holder.mustBeThere()
      copy.file ??= await copy.holder.disk.open(mirrorPath(id))
      if (copy.file === null) throw new HoltError('IO_FAILED', 'the copy of an open pack is gone', { pack: id })
      await copy.file.write(offset, bytes)
      await copy.file.sync()
      copy.sizeBytes = Math.max(copy.sizeBytes, offset + bytes.length)
      return copy
    } catch (error) {
      if (!isHoltError(error)) throw error
      await closeFile(copy)
      copy.sizeBytes = Math.min(copy.sizeBytes, offset)
      await copy.holder.noteFailure(toHoltError(error))
      return null
    }
  }

  /** A new copy on another drive, with what comes before `offset`. @returns null when that cannot be had or written. */
  async #begin(
    id: PackId,
    { holder, offset, from }: { holder: DriveHolder; offset: number; from: readonly MirrorCopy[] },
  ): Promise<MirrorCopy | null> {
    const source = from.find((copy) => copy.sizeBytes >= offset)
    if (offset > 0 && source === undefined) return null
    const copy: MirrorCopy = { holder, sizeBytes: 0, file: null }
    try {
      await holder.mustBeThere()
      copy.file = await holder.disk.open(mirrorPath(id), { create: 'always' })
      await copy.file?.truncate(0)
      for (let at = 0; at < offset; at += COPY_BYTES) {
        const bytes = await readAt((source as MirrorCopy).holder, id, at, Math.min(COPY_BYTES, offset - at))
        if (bytes === null) return await removeCopy(id, copy).then(() => null)
        await copy.file?.write(at, bytes)
      }
      await holder.disk.syncFolder(MIRRORS_FOLDER)
      copy.sizeBytes = offset
      return copy
    } catch (error) {
      if (!isHoltError(error)) throw error
      await removeCopy(id, copy)
      await holder.noteFailure(toHoltError(error))
      return null
    }
  }
}

function isThere({ holder }: MirrorCopy): boolean {
  return holder.state !== 'missing'
}

async function readAt(holder: DriveHolder, id: PackId, offset: number, length: number): Promise<Uint8Array | null> {
  try {
    const file = await holder.disk.open(mirrorPath(id), { readOnly: true })
    if (file === null) return null
    try {
      return await file.read(offset, length)
    } finally {
      await file.close()
    }
  } catch (error) {
    if (!isHoltError(error)) throw error
    return null
  }
}

async function removeCopy(id: PackId, copy: MirrorCopy): Promise<boolean> {
  await closeFile(copy)
  try {
    await copy.holder.removeMirrors([id])
    return true
  } catch (error) {
    if (!isHoltError(error)) throw error
    return false
  }
}

async function closeFile(copy: MirrorCopy): Promise<void> {
  const { file } = copy
  copy.file = null
  await file?.close().catch(() => {})
}
