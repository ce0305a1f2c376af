import { parentPath } from '@holt/tree/names.ts'
import type { CommitEvent, FileEntry, TreeEntry } from '@holt/tree/types.ts'
import { identityOf } from './inode.ts'
import { isSameContent, type KnownEntries } from './known-entries.ts'
import type { ShownPart } from './shown-part.ts'
import type { TreeNames } from './tree-names.ts'

/** Tells the kernel what changed behind its back. */
export class OthersChanges {
  readonly #part: ShownPart
  readonly #entries: KnownEntries
  readonly #names: TreeNames
  readonly stop: () => void

  constructor(part: ShownPart, entries: KnownEntries, names: TreeNames) {
    this.#part = part
    this.#entries = entries
    this.#names = names
    this.stop = part.fixed === null ? part.context.volume.watch((event) => void this.#see(event)) : () => {}
  }

  async #see({ changes }: CommitEvent): Promise<void> {
    for (const { path } of changes) {
      if (this.#names.wasRemovedHere(path)) continue
      await this.#seeOne(path).catch(() => {})
    }
  }

  async #seeOne(path: string): Promise<void> {
    const { table, snapshot, options } = this.#part
    const { events } = options
    const inode = table.find(path)
    if (inode === null) {
      if (path === '/') return
      const above = table.find(parentPath(path))
      if (above === null) return
      events.changed(above.number)
      events.renamed(above.number, path.slice(path.lastIndexOf('/') + 1))
      return
    }
    if (inode.isChanged) return
    const entry = await snapshot.stat(path)
    if (inode.isChanged || entry === inode.known) return
    const { parent, name } = inode
    const isOther = entry === null || (parent !== null && identityOf(entry) !== inode.identity)
    if (!isOther && isSameFor(inode.known, entry)) return
    if (!isOther) {
      // the kernel keeps its own size of a file while it knows its number
      if (entry.t === 'f' && inode.opens === 0 && !isSameContent(inode.known as FileEntry, entry)) this.#names.lose(inode)
      else this.#entries.refresh(inode, entry)
    } else this.#names.lose(inode)
    events.changed(inode.number)
    if (parent === null) return
    events.changed(parent.number)
    if (inode.isGone) events.renamed(parent.number, name)
  }
}

/** What a directory holds is not of itself. */
function isSameFor(a: TreeEntry, b: TreeEntry): boolean {
  if (a.t !== b.t || a.m !== b.m || a.mt[0] !== b.mt[0] || a.mt[1] !== b.mt[1] || (a.x === undefined) !== (b.x === undefined)) return false
  return a.t !== 'f' || b.t !== 'f' || isSameContent(a, b)
}
