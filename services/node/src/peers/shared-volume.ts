import type { Cid } from '@holt/core/cid.ts'
import { isHoltError } from '@holt/core/errors.ts'
import type { VolumeToShare } from '@holt/network/cluster/cluster.ts'
import type { PeerNetwork } from '@holt/network/peers/peer-network.ts'
import { DEFAULT_CLASS } from '@holt/store/class-names.ts'
import { systemClock } from '@holt/store/fragments/clock.ts'
import type { PackStore } from '@holt/store/pack-store.ts'
import { isHidden } from '../hidden/hidden-area.ts'
import type { OpenTree } from '../open-tree.ts'
import { Mirror } from './mirror.ts'

const NOT_HERE = new Set(['BLOCK_NOT_FOUND', 'BLOCK_CORRUPT', 'PACK_UNRECOVERABLE'])

/** The parts of a tree that are shared. */
export type TreeToShare = Pick<OpenTree, 'store' | 'wholeVolume' | 'platform' | 'events'>

export interface VolumeSharing {
  mirror: Mirror
  end(): Promise<void>
}

/** Shares the volume of this node with its owner's other nodes. The network is stopped before it is ended. */
export async function shareVolume(network: PeerNetwork, tree: TreeToShare): Promise<VolumeSharing> {
  const { store, wholeVolume, platform } = tree
  const mirror = new Mirror({
    store,
    volume: wholeVolume,
    clock: platform.clock ?? systemClock,
    warn: (text) => platform.log('warn', text),
  })
  await network.shareVolume(sharedVolume(tree, mirror))
  store.askElsewhere(network.cluster?.source ?? null)
  if ((network.cluster?.nodes().length ?? 0) > 0) mirror.walk()
  return {
    mirror,
    end: async () => {
      store.askElsewhere(null)
      await mirror.stop()
    },
  }
}

/** The volume of this node, as it is shared with its owner's other nodes. */
function sharedVolume({ wholeVolume, store, events, platform }: TreeToShare, mirror: Mirror): VolumeToShare {
  return {
    volume: wholeVolume,
    blocks: { getHere: (cid, options) => blockHere(store, cid, options) },
    onChunks: (cids) => mirror.add(cids),
    isShown: (path) => !isHidden(path),
    onMerged: (files) => tellMerged({ events, platform }, files),
  }
}

/** Tells the owner of files of which one content stands. */
export function tellMerged({ events, platform }: Pick<OpenTree, 'events' | 'platform'>, files: readonly { path: string }[]): void {
  for (const { path } of files) {
    if (isHidden(path)) continue
    const text = `${path} was changed on two nodes apart: one content stands, the other is among its versions`
    events.add({ kind: 'conflict', path, text })
    platform.log('warn', text)
  }
}

async function blockHere(store: PackStore, cid: Cid, options: { signal?: AbortSignal }) {
  try {
    const sealed = await store.getHere(cid, options)
    const spot = await store.locate(cid)
    const redundancyClass = (spot && store.packFact(spot.pack)?.redundancyClass) ?? DEFAULT_CLASS
    return { sealed, redundancyClass }
  } catch (error) {
    if (isHoltError(error) && NOT_HERE.has(error.code)) return null
    throw error
  }
}
