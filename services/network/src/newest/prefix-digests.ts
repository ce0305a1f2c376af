import { blake3 } from '@holt/core/blake3.ts'
import { digestOfGroups, GROUP_BYTES, groupCount, hashGroup } from '@holt/core/blake3-tree.ts'
import { concatBytes } from '@holt/core/bytes.ts'
import type { PackId } from '@holt/store/pack-keeper.ts'
import type { NewestSource } from './newest-source.ts'

/** BLAKE3 of the beginnings of packs that grow: only what is new is read. */
export class PrefixDigests {
  /** Of whole groups, which stay as they are. */
  readonly #groups = new Map<PackId, Uint8Array[]>()

  /** @returns null when it cannot be read. */
  async digest(source: NewestSource, pack: PackId, sizeBytes: number): Promise<Uint8Array | null> {
    if (sizeBytes <= GROUP_BYTES) {
      const bytes = await source.read(pack, 0, sizeBytes)
      return bytes?.length === sizeBytes ? blake3(bytes) : null
    }
    const count = groupCount(sizeBytes)
    const known = this.#groups.get(pack) ?? []
    const hashes = known.slice(0, Math.floor(sizeBytes / GROUP_BYTES))
    for (let index = hashes.length; index < count; index++) {
      const length = Math.min(GROUP_BYTES, sizeBytes - index * GROUP_BYTES)
      const bytes = await source.read(pack, index * GROUP_BYTES, length)
      if (bytes?.length !== length) return null
      hashes.push(hashGroup(bytes, index, count))
      if (length === GROUP_BYTES) known[index] = hashes[index] as Uint8Array
    }
    this.#groups.set(pack, known)
    return digestOfGroups(concatBytes(hashes))
  }

  /** Only these are asked for again. */
  keepOnly(packs: ReadonlySet<PackId>): void {
    for (const pack of this.#groups.keys()) if (!packs.has(pack)) this.#groups.delete(pack)
  }
}
