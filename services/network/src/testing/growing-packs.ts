import { concatBytes } from '@holt/core/bytes.ts'
import type { PackId } from '@holt/store/pack-keeper.ts'
import type { NewestSource, OpenPackFacts } from '../newest/newest-source.ts'

/** Packs in memory that are written to, as copies of them are given to friends. The one named in `names` has the directories. */
export class GrowingPacks implements NewestSource {
  readonly packs = new Map<PackId, Uint8Array>()
  readonly sealed = new Set<PackId>()
  readonly #names: PackId
  #heads: Uint8Array[] = []

  constructor(names: PackId) {
    this.#names = names
  }

  openPacks(): OpenPackFacts[] {
    const open = [...this.packs].filter(([id]) => !this.sealed.has(id))
    return open.map(([id, bytes]) => ({ id, committedBytes: bytes.length, hasNames: id === this.#names }))
  }

  isSpreading(): boolean {
    return false
  }

  has(pack: PackId): boolean {
    return this.packs.has(pack)
  }

  async read(pack: PackId, offset: number, length: number): Promise<Uint8Array | null> {
    return this.packs.get(pack)?.slice(offset, offset + length) ?? null
  }

  heads(): Uint8Array[] {
    return this.#heads
  }

  /** As a commit does. */
  grow(pack: PackId, bytes: Uint8Array): void {
    this.packs.set(pack, concatBytes([this.packs.get(pack) ?? new Uint8Array(0), bytes]))
    this.#heads = [bytes.slice(0, 20)]
  }
}
