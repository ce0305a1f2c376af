import type { Status } from '@holt/control/schema.ts'
import { principalToText } from '@holt/core/principal.ts'
import type { OpenTree } from './open-tree.ts'
import type { NodePlatform } from './platform.ts'

/** Kept equal to the version in package.json by a test. */
export const HOLT_VERSION = '0.1.0'

interface StatusFacts {
  state: Status['state']
  tree: OpenTree | null
  problem: string | null
  pageUrl: string | null
}

const nothingStored = { blocks: 0, packs: 0, packBytes: 0, unspreadBytes: 0, degradedPacks: 0, lostPacks: 0 }

function restoringOf(tree: OpenTree | null): Pick<Status, 'restoring'> {
  const awaited = tree?.keeper.awaited()
  return awaited === undefined || awaited.packs === 0 ? {} : { restoring: awaited }
}

export function statusOf(platform: NodePlatform, { state, tree, problem, pageUrl }: StatusFacts): Status {
  const { pid, uptimeSeconds, memory, eventLoopDelayMs } = platform.process()
  return {
    state,
    version: HOLT_VERSION,
    pid,
    dataFolder: platform.dataFolder,
    pageUrl,
    principal: tree === null ? null : principalToText(tree.keys.principal.publicKey),
    sequence: tree?.volume.current().sequence ?? 0,
    ...(problem === null ? {} : { problem }),
    uptimeSeconds,
    memory,
    eventLoopDelayMs,
    store: tree?.store.stats() ?? nothingStored,
    ...restoringOf(tree),
    keyBackedUp: tree?.settings.keyBackedUp ?? false,
    ...(platform.box ? { box: true } : {}),
    ...(platform.media ? { phone: true } : {}),
  }
}
