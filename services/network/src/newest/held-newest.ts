import { fromHex, toHex } from '@holt/core/bytes.ts'
import type { Disk } from '@holt/core/disk.ts'
import { isHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { unwrapChecked, wrapChecked } from '@holt/store/fragments/checked-file.ts'
import type { PackId } from '@holt/store/pack-keeper.ts'
import { decodeNewest, encodeNewest, type NewestRecord } from './newest-record.ts'

/** What is kept of one node of a friend. */
export interface HeldNode {
  owner: Principal
  node: Principal
  record: NewestRecord | null
  /** How long the copies are, also beyond what the record names. */
  sizes: Map<PackId, number>
  /** Written to since they were synced. */
  unsynced: Set<PackId>
}

export const NEWEST_FOLDER = 'newest'
const RECORD = 'record'

/**
 * The newest state of friends' nodes, on a disk: for each a record and copies of packs. Knows nothing of who may do what: see `NewestHolder`. Not
 * to be called twice at once about one node, but for `read`.
 *
 * A copy is only ever appended to, so what the last record names stays whole while more is brought for the next one.
 */
export class HeldNewest {
  readonly #disk: Disk
  readonly #nodes = new Map<string, HeldNode>()

  private constructor(disk: Disk) {
    this.#disk = disk
  }

  /** What came after a record and was never named is cut off: nobody knows what a power cut left of it. */
  static async open(disk: Disk, warn: (text: string) => void): Promise<HeldNewest> {
    const held = new HeldNewest(disk)
    for (const owner of await held.#keysIn(NEWEST_FOLDER))
      for (const node of await held.#keysIn(`${NEWEST_FOLDER}/${owner}`)) await held.#openNode(owner, node, warn)
    return held
  }

  find(owner: Principal, node: Principal): HeldNode | null {
    return this.#nodes.get(folderOf(owner, node)) ?? null
  }

  /** Makes a place for it. */
  get(owner: Principal, node: Principal): HeldNode {
    const key = folderOf(owner, node)
    const known = this.#nodes.get(key)
    if (known) return known
    const held = { owner: owner.slice(), node: node.slice(), record: null, sizes: new Map<PackId, number>(), unsynced: new Set<PackId>() }
    this.#nodes.set(key, held)
    return held
  }

  all(): HeldNode[] {
    return [...this.#nodes.values()]
  }

  of(owner: Principal): HeldNode[] {
    const prefix = `${NEWEST_FOLDER}/${toHex(owner)}/`
    return [...this.#nodes].filter(([key]) => key.startsWith(prefix)).map(([, held]) => held)
  }

  bytesOf(owner: Principal): number {
    return this.of(owner).reduce((sum, { sizes }) => [...sizes.values()].reduce((a, b) => a + b, sum), 0)
  }

  /** @returns where the copy ends now. */
  async append(held: HeldNode, { pack, offset, bytes }: { pack: PackId; offset: number; bytes: Uint8Array }): Promise<number> {
    const have = held.sizes.get(pack) ?? 0
    if (offset !== have || bytes.length === 0) return have
    const folder = folderOf(held.owner, held.node)
    await this.#disk.makeFolder(folder)
    held.unsynced.add(pack)
    const file = await this.#disk.open(`${folder}/${pack}`, { create: 'always' })
    if (file === null) throw new TypeError('a disk must open what it was told to create')
    try {
      if (offset === 0) await file.truncate(0)
      await file.write(offset, bytes)
    } finally {
      await file.close()
    }
    held.sizes.set(pack, have + bytes.length)
    return have + bytes.length
  }

  /** Durable when it resolves. */
  async keep(held: HeldNode, record: NewestRecord): Promise<void> {
    const folder = folderOf(held.owner, held.node)
    await this.#disk.makeFolder(folder)
    for (const { pack } of record.copies) if (held.unsynced.has(pack)) await this.#sync(held, pack)
    await this.#disk.syncFolder(folder)
    await this.#disk.replaceFile(`${folder}/${RECORD}`, wrapChecked(encodeNewest(record)))
    held.record = record
    const named = new Set(record.copies.map(({ pack }) => pack))
    for (const pack of held.sizes.keys()) if (!named.has(pack)) await this.#removeCopy(held, pack)
  }

  /** @returns fewer bytes where the copy ends; null when there is none. */
  async read({ owner, node }: HeldNode, { pack, offset, length }: { pack: PackId; offset: number; length: number }) {
    const file = await this.#disk.open(`${folderOf(owner, node)}/${pack}`, { readOnly: true })
    try {
      return file === null ? null : await file.read(offset, length)
    } finally {
      await file?.close()
    }
  }

  /** As if it had never been there. */
  async forget(held: HeldNode): Promise<void> {
    const folder = folderOf(held.owner, held.node)
    await this.#disk.remove(`${folder}/${RECORD}`)
    for (const pack of held.sizes.keys()) await this.#removeCopy(held, pack)
    this.#nodes.delete(folder)
  }

  async #removeCopy(held: HeldNode, pack: PackId): Promise<void> {
    await this.#disk.remove(`${folderOf(held.owner, held.node)}/${pack}`)
    held.sizes.delete(pack)
    held.unsynced.delete(pack)
  }

  /** After a failed sync nobody knows what is there: it is brought again. */
  async #sync(held: HeldNode, pack: PackId): Promise<void> {
    const file = await this.#disk.open(`${folderOf(held.owner, held.node)}/${pack}`)
    try {
      await file?.sync()
      held.unsynced.delete(pack)
    } catch (error) {
      held.sizes.delete(pack)
      throw error
    } finally {
      await file?.close()
    }
  }

  async #keysIn(folder: string): Promise<string[]> {
    return ((await this.#disk.list(folder)) ?? []).filter((name) => /^[0-9a-f]{64}$/.test(name))
  }

  async #openNode(owner: string, node: string, warn: (text: string) => void): Promise<void> {
    const folder = `${NEWEST_FOLDER}/${owner}/${node}`
    const read = await this.#readRecord(folder, warn)
    const record = read !== null && toHex(read.giver) === owner && toHex(read.node) === node ? read : null
    const held = this.get(fromHex(owner) as Principal, fromHex(node) as Principal)
    held.record = record
    const named = new Map(record?.copies.map(({ pack, sizeBytes }) => [pack, sizeBytes]))
    for (const name of (await this.#disk.list(folder)) ?? []) {
      const most = named.get(name)
      // without a record nobody knows how much of a copy is right: it is brought again
      if (record === null && fromHex(name)?.length === 16) held.sizes.set(name, 0)
      else if (most !== undefined) held.sizes.set(name, await this.#cut(`${folder}/${name}`, most))
      else if (name !== RECORD) await this.#disk.remove(`${folder}/${name}`)
    }
  }

  async #cut(path: string, most: number): Promise<number> {
    const sizeBytes = (await this.#disk.sizeOf(path)) ?? 0
    if (sizeBytes <= most) return sizeBytes
    const file = await this.#disk.open(path)
    await file?.truncate(most)
    await file?.close()
    return most
  }

  async #readRecord(folder: string, warn: (text: string) => void): Promise<NewestRecord | null> {
    try {
      const file = await this.#disk.readFile(`${folder}/${RECORD}`)
      return file === null ? null : decodeNewest(unwrapChecked(file))
    } catch (error) {
      if (!isHoltError(error)) throw error
      warn(`the newest state of a friend is not readable, and will be given again: ${error.message} (${error.code})`)
      return null
    }
  }
}

function folderOf(owner: Principal, node: Principal): string {
  return `${NEWEST_FOLDER}/${toHex(owner)}/${toHex(node)}`
}
