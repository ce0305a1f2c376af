import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import type { Clock } from './fragments/clock.ts'
import type { HeadBook } from './head-book.ts'
import type { BlockIndex } from './index/block-index.ts'
import type { PackKeeper } from './pack-keeper.ts'
import type { PackRegistry } from './pack-registry.ts'
import type { StoreProblem } from './store-report.ts'
import type { WriteGuard } from './write-guard.ts'

/** What the parts of a pack store share. */
export interface StoreContext {
  disk: Disk
  keeper: PackKeeper
  crypto: Pick<Crypto, 'randomBytes'>
  clock: Clock
  guard: WriteGuard
  registry: PackRegistry
  index: BlockIndex
  /** Heads of acknowledged commits. */
  heads: HeadBook
  /** A pack is sealed when it is this long. */
  packBytes: number
  report(problem: StoreProblem): void
}
