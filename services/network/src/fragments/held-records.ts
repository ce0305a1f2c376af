import { GroupTree } from '@holt/core/blake3-tree.ts'
import { toHex } from '@holt/core/bytes.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Agreement } from './agreement.ts'
import { decodeHeld, encodeHeld, type HeldRecord } from './held-record.ts'

export const HELD_FOLDER = 'held'
/** Those of a few hundred KiB each that are being brought or read now. */
const MOST_KNOWN = 16

export interface KnownRecord extends HeldRecord {
  /** Of its groups. */
  tree: GroupTree
}

/** Records of what is kept for others, on a disk. Those used last are in memory: while a fragment comes or goes each piece needs its record. */
export class HeldRecords {
  readonly #disk: Disk
  readonly #known = new Map<string, KnownRecord>()
  /** So that what is read while another is written is not taken for the newest. */
  #changes = 0

  constructor(disk: Disk) {
    this.#disk = disk
  }

  /** @throws HoltError IO_FAILED when it is gone; of the decoder. */
  async read({ giver, fragment }: Pick<Agreement, 'giver' | 'fragment'>): Promise<KnownRecord> {
    const path = recordPath({ giver, fragment })
    const known = this.#known.get(path)
    if (known !== undefined) return this.#remember(path, known)
    const before = this.#changes
    const file = await this.#disk.readFile(path)
    if (file === null) throw new HoltError('IO_FAILED', 'the record of a fragment is gone', { path })
    const record = withTree(decodeHeld(file))
    return before === this.#changes ? this.#remember(path, record) : record
  }

  /** Durable when it resolves. */
  async write(record: HeldRecord): Promise<void> {
    const path = recordPath(record.agreement)
    this.#forget(path)
    await this.#disk.replaceFile(path, encodeHeld(record))
    this.#forget(path)
  }

  /** The folder is yet to be synced. */
  async remove(agreement: Pick<Agreement, 'giver' | 'fragment'>): Promise<void> {
    const path = recordPath(agreement)
    this.#forget(path)
    await this.#disk.remove(path)
    this.#forget(path)
  }

  #remember(path: string, record: KnownRecord): KnownRecord {
    this.#known.delete(path)
    this.#known.set(path, record)
    for (const oldest of [...this.#known.keys()].slice(0, -MOST_KNOWN)) this.#known.delete(oldest)
    return record
  }

  #forget(path: string): void {
    this.#changes++
    this.#known.delete(path)
  }
}

export function folderOf(giver: Principal): string {
  return `${HELD_FOLDER}/${toHex(giver)}`
}

export function recordPath({ giver, fragment }: Pick<Agreement, 'giver' | 'fragment'>): string {
  return `${folderOf(giver)}/${toHex(fragment)}`
}

function withTree(record: HeldRecord): KnownRecord {
  return { ...record, tree: new GroupTree(record.groups) }
}
