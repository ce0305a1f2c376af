import { isHoltError } from '@holt/core/errors.ts'
import type { Clock } from './fragments/clock.ts'
import type { PackId, PackKeeper } from './pack-keeper.ts'
import type { PackLog } from './pack-log.ts'

/** So much is written to a copy, and synced, at a time. */
export const PIECE_BYTES = 4 << 20

/** So much since the last look means that the pack will be full, and spread, soon. */
const BULK_BYTES = 8 << 20

interface MirrorOptions {
  keeper: PackKeeper
  /** The open packs; commit records are in the last one. */
  logs(): PackLog[]
  /** Sealed packs are on their way: what commits refer to lies in them too, so the mirror waits. */
  isSpreading(): boolean
  delayMs: number
  retryMs: number
  clock: Clock
}

/** Copies what was committed to packs that are still open to the keeper, shortly after a commit, so that it outlives the local disk. */
export class OpenPackMirror {
  readonly #options: MirrorOptions
  readonly #mirroredBytes: Map<PackId, number>
  #seenBytes = 0
  #callOff: (() => void) | null = null
  #running: Promise<void> | null = null
  #closed = false

  constructor(options: MirrorOptions, mirrored: readonly { id: PackId; sizeBytes: number }[]) {
    this.#options = options
    this.#mirroredBytes = new Map(mirrored.map(({ id, sizeBytes }) => [id, sizeBytes]))
  }

  /** To be called after each commit. */
  committed(): void {
    this.#lookAfter(this.#options.delayMs)
  }

  /** Resolves when all that was committed before is mirrored. @throws what `PackKeeper.mirror` throws. */
  async flush(): Promise<void> {
    while (this.#running) await this.#running.catch(() => {})
    this.#running = this.#copyAll()
    try {
      await this.#running
    } finally {
      this.#running = null
    }
  }

  /** How much of a pack is mirrored, for all that is known. */
  mirroredBytes(id: PackId): number {
    return this.#mirroredBytes.get(id) ?? 0
  }

  /** The pack is sealed or gone. */
  forget(id: PackId): void {
    this.#mirroredBytes.delete(id)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#callOff?.()
    await this.#running?.catch(() => {})
  }

  #lookAfter(delayMs: number): void {
    if (!this.#closed) this.#callOff ??= this.#options.clock.after(delayMs, () => void this.#look())
  }

  async #look(): Promise<void> {
    this.#callOff = null
    const committed = this.#options.logs().reduce((sum, log) => sum + log.committedBytes, 0)
    const isBulk = committed - this.#seenBytes > BULK_BYTES
    this.#seenBytes = committed
    if (isBulk || this.#options.isSpreading()) this.#lookAfter(this.#options.delayMs)
    else await this.flush().catch(() => this.#lookAfter(this.#options.retryMs))
  }

  async #copyAll(): Promise<void> {
    for (const log of this.#options.logs()) await this.#copy(log)
  }

  async #copy(log: PackLog): Promise<void> {
    const { id, redundancyClass } = log.header
    let buffer = new Uint8Array(0) // one for all pieces: a fast drive makes garbage faster than it is collected
    for (let offset = await this.#firstToCopy(log); offset < log.committedBytes; ) {
      const length = Math.min(PIECE_BYTES, log.committedBytes - offset)
      if (buffer.length < length) buffer = new Uint8Array(length)
      const bytes = buffer.subarray(0, await log.readInto(offset, buffer.subarray(0, length)))
      if (!this.#options.logs().includes(log)) return // sealed meanwhile: it will be spread whole
      offset = await this.#copyPiece(id, offset, bytes, redundancyClass)
      this.#mirroredBytes.set(id, offset)
    }
  }

  /** Where copies end, or one piece before that when drives went that had some: the keeper then makes others whole. */
  async #firstToCopy({ header: { id, redundancyClass } }: PackLog): Promise<number> {
    const mirrored = this.#mirroredBytes.get(id) ?? 0
    if (mirrored === 0) return 0
    const { lacking } = await this.#options.keeper.checkMirror(id, mirrored, new Uint8Array(), { redundancyClass })
    return lacking > 0 ? Math.max(0, mirrored - PIECE_BYTES) : mirrored
  }

  /** @returns where to go on: further back when the drives that had the beginning are gone. */
  async #copyPiece(id: PackId, offset: number, bytes: Uint8Array, redundancyClass: string): Promise<number> {
    try {
      await this.#options.keeper.mirror(id, offset, bytes, { redundancyClass })
      return offset + bytes.length
    } catch (error) {
      const has = isHoltError(error, 'DRIVE_MISSING') ? error.data.sizeBytes : null
      if (typeof has !== 'number' || has >= offset) throw error
      return has
    }
  }
}
