import { listEntries } from './directory.ts'
import { contentOf } from './directory-node.ts'
import type { NodeReader } from './node-reader.ts'
import type { NamedEntry } from './nodes.ts'
import type { DirectoryEntry, TreeEntry } from './types.ts'

/** Stands at one entry of a directory after the other; `at` is null behind the last. */
export class EntryCursor {
  at: { name: string; entry: TreeEntry } | null = null
  readonly #leaves: AsyncIterator<readonly NamedEntry[]> | null
  #leaf: readonly NamedEntry[] = []
  #place = 0

  constructor(reader: NodeReader, top: DirectoryEntry | null) {
    const root = top === null ? null : contentOf(top)
    this.#leaves = top === null || root === null ? null : listEntries({ reader, keys: top.k, root })
  }

  async next(): Promise<void> {
    if (this.#place >= this.#leaf.length) {
      const leaf = await this.#leaves?.next()
      this.#leaf = leaf === undefined || leaf.done === true ? [] : leaf.value
      this.#place = 0
    }
    this.at = this.#leaf[this.#place++] ?? null
  }
}
