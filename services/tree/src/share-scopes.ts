import { type Cid, cidKey } from '@holt/core/cid.ts'
import { HoltError } from '@holt/core/errors.ts'
import { CidSet } from './cid-set.ts'
import { blocksBelow, type ReadTreeOptions } from './read-tree.ts'
import type { DirectoryEntry, FileEntry } from './types.ts'

/** What can be given to read. */
export type SharedEntry = FileEntry | DirectoryEntry

interface Scope {
  share: string
  root: string
  blocks: Promise<CidSet>
  size: number
}

/** 48 bytes each at most. A link to more than this, a terabyte of large files, is refused. */
const MOST_BLOCKS = 1 << 20
/** Who opened a link goes on reading what was there then, though it changed meanwhile. */
const KEPT_PER_SHARE = 3

/**
 * Which blocks belong to a share, found by walking it once for each of its versions: a link is good for what it shares
 * and for nothing else, also for who knows the names of other blocks.
 */
export class ShareScopes {
  readonly #options: ReadTreeOptions
  readonly #signal: AbortSignal
  /** The one used last is the last. */
  #scopes: Scope[] = []

  constructor(options: ReadTreeOptions, signal: AbortSignal) {
    this.#options = options
    this.#signal = signal
  }

  /** Begins to look what belongs to it as it is now. */
  remember(share: string, entry: SharedEntry): void {
    const root = entry.r === null ? '' : cidKey(entry.r)
    const known = this.#scopes.find((scope) => scope.share === share && scope.root === root)
    if (known) this.#touch(known)
    else this.#add({ share, root, blocks: this.#walk(entry), size: 0 })
  }

  knows(share: string): boolean {
    return this.#scopes.some((scope) => scope.share === share)
  }

  /** @throws HoltError TOO_LARGE when the share is; of the store when it cannot be read. */
  async has(share: string, cid: Cid): Promise<boolean> {
    for (const scope of this.#scopes.filter((one) => one.share === share).reverse()) {
      if (!(await scope.blocks).has(cid)) continue
      this.#touch(scope)
      return true
    }
    return false
  }

  forget(share: string): void {
    this.#scopes = this.#scopes.filter((scope) => scope.share !== share)
  }

  #add(scope: Scope): void {
    this.#scopes.push(scope)
    const drop = (): void => {
      this.#scopes = this.#scopes.filter((one) => one !== scope)
    }
    scope.blocks.then(({ size }) => {
      scope.size = size
      this.#makeRoom()
    }, drop)
    const same = this.#scopes.filter(({ share }) => share === scope.share)
    for (const old of same.slice(0, -KEPT_PER_SHARE)) this.#scopes.splice(this.#scopes.indexOf(old), 1)
  }

  #touch(scope: Scope): void {
    const at = this.#scopes.indexOf(scope)
    if (at < 0) return
    this.#scopes.splice(at, 1)
    this.#scopes.push(scope)
  }

  #makeRoom(): void {
    const total = (): number => this.#scopes.reduce((sum, { size }) => sum + size, 0)
    while (this.#scopes.length > 1 && total() > MOST_BLOCKS) this.#scopes.shift()
  }

  async #walk(entry: SharedEntry): Promise<CidSet> {
    const blocks = new CidSet()
    for await (const { cids } of blocksBelow(this.#options, entry, { signal: this.#signal })) {
      if (this.#signal.aborted) throw new HoltError('NODE_STOPPING', 'the node is stopping')
      for (const cid of cids) blocks.add(cid)
      if (blocks.size > MOST_BLOCKS) throw new HoltError('TOO_LARGE', 'this is too much to be shared at once', { blocks: blocks.size })
    }
    return blocks
  }
}
