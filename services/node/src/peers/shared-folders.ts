import type { FoldersTree } from '@holt/network/sharing/sharing.ts'
import { HIDDEN } from '../hidden/hidden-area.ts'
import type { TreeToShare } from './shared-volume.ts'

/** The tree of this node, as folders of it are shared with friends. */
export function sharedFolders({ wholeVolume, store, events, platform }: TreeToShare): FoldersTree {
  return {
    volume: wholeVolume,
    blocks: { store, has: async (cid) => (await store.locate(cid)) !== null },
    place: `${HIDDEN}/folders`,
    onConflicts: (conflicts) => {
      for (const { path } of conflicts) {
        const text = `${path} was changed here and by a friend: the rest of it is among the versions of who made it`
        events.add({ kind: 'conflict', path, text })
        platform.log('warn', text)
      }
    },
  }
}
