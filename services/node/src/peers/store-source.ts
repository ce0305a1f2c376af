import type { NewestSource } from '@holt/network/newest/newest-source.ts'
import { NAMES_CLASS } from '@holt/store/class-names.ts'
import type { PackStore } from '@holt/store/pack-store.ts'

/** What the store has acknowledged, as friends keep copies of it. */
export function storeSource(store: PackStore): NewestSource {
  return {
    openPacks: () =>
      store
        .openPacks()
        .map(({ id, redundancyClass, committedBytes }) => ({ id, committedBytes, hasNames: redundancyClass === NAMES_CLASS })),
    isSpreading: () => store.isSpreading,
    has: (pack) => store.packFact(pack) !== null,
    read: (pack, offset, length) => store.readPack(pack, offset, length),
    heads: () => store.heads(),
  }
}
