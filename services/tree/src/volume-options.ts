import type { Crypto } from '@holt/core/crypto.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import type { BlockStore } from '@holt/store/types.ts'
import type { Writecap } from './caps/writecap.ts'
import type { TreeJobs } from './jobs.ts'
import type { NodeCache } from './node-cache.ts'
import type { KeySource } from './sealed-block.ts'
import type { CommitEvent } from './types.ts'

/** Who a volume is: its id follows from owner and salt. */
export interface VolumeName {
  id: Uint8Array
  owner: Uint8Array
  salt: Uint8Array
}

/** Who signs heads; the chain is empty for the owner. */
export interface Signer {
  seed: Uint8Array
  publicKey: Uint8Array
  chain: readonly Writecap[]
}

/** The newest head of a volume that is known here; null when there is none. */
export type ResolveVolume = (id: Uint8Array) => Promise<Uint8Array | null>

export interface VolumeOptions extends VolumeName {
  store: BlockStore
  crypto: Crypto
  /** Opens large chunks off this thread. */
  pool?: WorkPool<TreeJobs>
  /** Of the volume's top: those of the entry that grafts it, or derived from the root key. */
  keys: KeySource
  signer: Signer
  /** The newest head; null for a volume without any version. */
  head: Uint8Array | null
  /** Milliseconds since 1970. */
  clock?: () => number
  /** So long at most a commit waits for edits that are nearly there. */
  gatherMs?: number
  /** Told after each commit, before watchers. */
  onEvent?: (event: CommitEvent) => void
  /** Where paths cross into grafted volumes. */
  resolveVolume?: ResolveVolume
  /** How much memory opened nodes may take. */
  cacheBytes?: number
  /** Instead: one cache for several volumes. */
  cache?: NodeCache
}
