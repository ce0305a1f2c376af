import type { Disk, DiskFile } from '@holt/core/disk.ts'
import { readInto } from '@holt/core/read-into.ts'
import { concatBytes } from '@holt/core/bytes.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { folderOf } from '@holt/core/replace-file.ts'
import { CAR_HEADER } from '@holt/core/car.ts'
import type { SealedPack } from './pack-keeper.ts'
import { encodePackHeader, type PackHeader, type RecordSection, recordSection } from './pack-records.ts'
import { encodeToc, TOC_ENTRY_BYTES, type Toc, TocEntries } from './toc.ts'
import type { WriteGuard } from './write-guard.ts'

interface PackLogOptions {
  disk: Disk
  path: string
  header: PackHeader
  toc: Toc | null
  sizeBytes: number
  guard: WriteGuard
}

interface FoundPack extends PackLogOptions {
  sealed: { offset: number; length: number } | null
  damage: readonly { offset: number; length: number }[]
}

/** A pack that lies whole on the local disk: open for writing until it is sealed. */
export class PackLog {
  readonly header: PackHeader
  readonly disk: Disk
  readonly path: string
  /** Null when the pack was sealed before this start: it is in the file. */
  readonly toc: Toc | null
  /** The end of what was written whole. */
  sizeBytes: number
  /** So many bytes are known to be on the drive. */
  syncedBytes: number
  /** Up to the newest acknowledged commit; what a mirror needs. */
  committedBytes: number
  /** Ranges that hold no whole section though they once did. */
  damage: readonly { offset: number; length: number }[] = []
  readonly #file: DiskFile
  readonly #guard: WriteGuard
  #tocPlace: { offset: number; length: number } | null = null
  #users = 0
  #closing: (() => void) | null = null

  constructor(file: DiskFile, options: PackLogOptions) {
    this.#file = file
    this.#guard = options.guard
    this.disk = options.disk
    this.path = options.path
    this.header = options.header
    this.toc = options.toc
    this.sizeBytes = options.sizeBytes
    this.syncedBytes = 0
    this.committedBytes = 0
  }

  /**
   * Makes the file of a new pack; its name is durable when this resolves.
   *
   * @param options `commits`: records that it begins with.
   * @throws HoltError DISK_FULL, STORE_FAILED.
   */
  static async create(
    disk: Disk,
    path: string,
    { header, guard, commits }: { header: PackHeader; guard: WriteGuard; commits: readonly RecordSection[] },
  ): Promise<PackLog> {
    guard.check()
    const file = (await disk.open(path, { create: 'new', bulk: true })) as DiskFile
    const toc = { blocks: new TocEntries(), commits: new TocEntries() }
    const log = new PackLog(file, { disk, path, header, toc, sizeBytes: 0, guard })
    try {
      await log.write(concatBytes([CAR_HEADER, recordSection(encodePackHeader(header)).section]))
      if (commits.length > 0) await log.writeCommits(commits)
    } catch (error) {
      await file.close()
      await disk.remove(path).catch(() => {})
      throw error
    }
    await disk.syncFolder(folderOf(path)).catch((error: unknown) => {
      throw guard.fail(error)
    })
    return log
  }

  /** A pack that was found on the disk and read; all of it is durable. */
  static adopt(file: DiskFile, found: FoundPack): PackLog {
    const log = new PackLog(file, found)
    log.syncedBytes = found.sizeBytes
    log.committedBytes = found.sizeBytes
    log.damage = found.damage
    log.#tocPlace = found.sealed
    return log
  }

  /**
   * Writes at the end; one call at a time. After DISK_FULL the file is as it was before.
   *
   * @returns where the bytes lie.
   * @throws HoltError DISK_FULL, STORE_FAILED.
   */
  async write(sections: Uint8Array): Promise<number> {
    this.#guard.check()
    const offset = this.sizeBytes
    try {
      await this.#file.write(offset, sections)
    } catch (error) {
      if (!isHoltError(error, 'DISK_FULL')) throw this.#guard.fail(error)
      await this.#orFail(this.#file.truncate(offset))
      throw error
    }
    this.sizeBytes = offset + sections.length
    return offset
  }

  /** How long the pack would be if it were sealed now. */
  get sealedBytes(): number {
    return this.sizeBytes + TOC_ENTRY_BYTES * ((this.toc?.blocks.count ?? 0) + (this.toc?.commits.count ?? 0))
  }

  /** Writes commit records and lists them. */
  async writeCommits(records: readonly RecordSection[]): Promise<void> {
    let offset = await this.write(concatBytes(records.map(({ section }) => section)))
    for (const { cid, section, bodyOffset, bodyLength } of records) {
      this.toc?.commits.add(cid, offset + bodyOffset, bodyLength)
      offset += section.length
    }
  }

  /** All that was written before is durable when it resolves. @throws HoltError STORE_FAILED. */
  async sync(): Promise<void> {
    this.#guard.check()
    if (this.#closing) return // it was sealed, and so synced, before it was given up
    const { sizeBytes } = this
    await this.#using(() => this.#orFail(this.#file.sync()))
    this.syncedBytes = Math.max(this.syncedBytes, sizeBytes)
  }

  /** Writes the table of contents and syncs. May be tried again after DISK_FULL. */
  async seal(): Promise<SealedPack> {
    if (!this.#tocPlace) {
      if (!this.toc) throw new TypeError('an open pack knows its table of contents')
      const { section, bodyOffset, bodyLength } = recordSection(encodeToc(this.toc))
      const offset = await this.write(section)
      this.#tocPlace = { offset: offset + bodyOffset, length: bodyLength }
    }
    if (this.syncedBytes < this.sizeBytes) await this.sync()
    return this.sealed as SealedPack
  }

  /** Null while it is open. */
  get sealed(): SealedPack | null {
    const { id, redundancyClass, createdSeconds } = this.header
    return this.#tocPlace && { id, redundancyClass, sizeBytes: this.sizeBytes, toc: this.#tocPlace, createdSeconds }
  }

  /** @throws HoltError BLOCK_NOT_FOUND once the local file was given up: ask where the pack is now. */
  async read(offset: number, lengthBytes: number): Promise<Uint8Array> {
    if (this.#closing) throw new HoltError('BLOCK_NOT_FOUND', 'the pack is no longer on the local disk')
    return await this.#using(() => this.#file.read(offset, lengthBytes))
  }

  /** As `read`, into memory of the caller. @returns how much was read. */
  async readInto(offset: number, target: Uint8Array): Promise<number> {
    if (this.#closing) throw new HoltError('BLOCK_NOT_FOUND', 'the pack is no longer on the local disk')
    return await this.#using(() => readInto(this.#file, offset, target))
  }

  /** Overwrites damaged bytes with the right ones. */
  async mend(offset: number, bytes: Uint8Array): Promise<void> {
    this.#guard.check()
    if (this.#closing) return
    await this.#using(async () => {
      await this.#orFail(this.#file.write(offset, bytes))
      await this.#orFail(this.#file.sync())
    })
  }

  async #using<T>(action: () => Promise<T>): Promise<T> {
    this.#users++
    try {
      return await action()
    } finally {
      if (--this.#users === 0 && this.#closing) (this.#closing as () => void)()
    }
  }

  /** Closes the file once what is under way is done. */
  async close(): Promise<void> {
    if (this.#closing) return
    await new Promise<void>((resolve) => {
      this.#closing = resolve
      if (this.#users === 0) resolve()
    })
    await this.#file.close()
  }

  /** A failure here leaves the file in a state that is not known. */
  async #orFail(action: Promise<void>): Promise<void> {
    await action.catch((error: unknown) => {
      throw this.#guard.fail(error)
    })
  }
}
