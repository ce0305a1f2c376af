import { fromHex, toHex } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Disk } from '@holt/core/disk.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { arrayOf, bytesOf, literal, parse, record, tuple, uint, version } from '@holt/core/shape.ts'
import type { PackId } from '../pack-keeper.ts'
import { unwrapChecked, wrapChecked } from './checked-file.ts'

/**
 * Which packs were dropped, and on which drives fragments of them may still be.
 *
 * A drop is written down here before the first fragment goes, and struck out for a drive only when that drive was listed and holds
 * nothing of the pack. Struck out everywhere, it stays until the table on disk lacks the pack too: without the drop, an older table
 * would make it a pack that lost all its fragments. So a drive that comes back brings no dropped pack back, and a drop that was cut short goes on at the
 * next start. A drive that was forgotten while it was away counts as well, for packs older than its being forgotten.
 */
const DROPS_PATH = 'keeper/drops'

const dropsShape = record({
  v: version(1),
  kind: literal('drops'),
  packs: arrayOf(tuple(bytesOf(16), arrayOf(bytesOf(16), { max: 4096 })), { max: 1 << 22 }),
  // drive and the second it was forgotten in
  forgotten: arrayOf(tuple(bytesOf(16), uint()), { max: 4096 }),
})

export class DropList {
  readonly #disk: Disk
  readonly #drops = new Map<PackId, Set<string>>()
  readonly #forgotten = new Map<string, number>()
  /** The file was there, but not whole. */
  isDamaged = false
  #isChanged = false
  #writing: Promise<void> = Promise.resolve()

  private constructor(disk: Disk) {
    this.#disk = disk
  }

  /** A damaged file counts as none (`isDamaged`): what then comes back with a drive is rubbish that nothing refers to. */
  static async open(disk: Disk): Promise<DropList> {
    const list = new DropList(disk)
    const file = await disk.readFile(DROPS_PATH)
    if (file !== null) list.#read(file)
    return list
  }

  #read(file: Uint8Array): void {
    try {
      const body = unwrapChecked(file)
      const { packs, forgotten } = parse(dropsShape, body, { maxBytes: body.length, maxItems: Number.MAX_SAFE_INTEGER })
      for (const [pack, drives] of packs) this.#drops.set(toHex(pack), new Set(drives.map(toHex)))
      for (const [drive, second] of forgotten) this.#forgotten.set(toHex(drive), second)
    } catch (error) {
      if (!isHoltError(error)) throw error
      this.isDamaged = true
    }
  }

  has(pack: PackId): boolean {
    return this.#drops.has(pack)
  }

  /** Durable when it resolves. @param driveIds the drives of this node. */
  async add(pack: PackId, { driveIds, createdSeconds }: { driveIds: readonly string[]; createdSeconds: number }): Promise<void> {
    const drives = new Set(driveIds)
    for (const [drive, second] of this.#forgotten) if (createdSeconds <= second) drives.add(drive)
    this.#drops.set(pack, drives)
    this.#isChanged = true
    await this.save()
  }

  /** The drive holds nothing of these packs any more. Not durable by itself: a drop that is carried out twice does no harm. */
  strike(driveId: string, packs: Iterable<PackId>): void {
    for (const pack of packs) {
      if (this.#drops.get(pack)?.delete(driveId) === true) this.#isChanged = true
    }
  }

  /** Packs of which no drive holds anything any more. */
  carriedOut(): PackId[] {
    return [...this.#drops].flatMap(([pack, drives]) => (drives.size === 0 ? [pack] : []))
  }

  /** @param packs as `carriedOut` gave them, before a table was made durable that lacks them. */
  forgetCarriedOut(packs: readonly PackId[]): void {
    for (const pack of packs) if (this.#drops.get(pack)?.size === 0 && this.#drops.delete(pack)) this.#isChanged = true
  }

  /** Packs that a drive may still hold fragments of. */
  pendingOn(driveId: string): PackId[] {
    return [...this.#drops].flatMap(([pack, drives]) => (drives.has(driveId) ? [pack] : []))
  }

  get size(): number {
    return this.#drops.size
  }

  /** The drive is no longer this node's, but may come back with what it holds. */
  async forget(driveId: string, second: number): Promise<void> {
    this.#forgotten.set(driveId, second)
    this.#isChanged = true
    await this.save()
  }

  /** The drive is this node's again, and was listed. */
  remember(driveId: string): void {
    if (this.#forgotten.delete(driveId)) this.#isChanged = true
  }

  /** Durable when it resolves; calls at the same time share a write. */
  async save(): Promise<void> {
    const turn = this.#writing.catch(() => {}).then(() => this.#write())
    this.#writing = turn
    await turn
  }

  async #write(): Promise<void> {
    if (!this.#isChanged) return
    this.#isChanged = false
    try {
      await this.#disk.replaceFile(DROPS_PATH, this.#encode())
    } catch (error) {
      this.#isChanged = true
      throw error
    }
  }

  #encode(): Uint8Array {
    const packs = [...this.#drops].map(([pack, drives]) => [fromHex(pack), [...drives].map(fromHex)])
    const forgotten = [...this.#forgotten].map(([drive, second]) => [fromHex(drive), second])
    return wrapChecked(encode({ v: 1, kind: 'drops', packs, forgotten }))
  }
}
