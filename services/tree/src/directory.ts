import {
  checkHeight,
  childFor,
  type Directory,
  type DirectoryInner,
  type DirectoryNode,
  endOf,
  loadChild,
  loadNode,
  lowerBound,
} from './directory-node.ts'
import { compareNames } from './names.ts'
import type { NamedEntry } from './nodes.ts'
import type { TreeEntry } from './types.ts'

/** Reading a directory: a B+tree in the order of names. */

/** @returns null when there is no such name. */
export async function findEntry(directory: Directory, name: string): Promise<TreeEntry | null> {
  if (directory.root === null) return null
  let node = await loadNode(directory, directory.root)
  let before: string | null = null
  for (let height = 0; node.kind === 'inner'; height++) {
    checkHeight(height)
    const number = childFor(node.children, name)
    const end: string | null = endOf(node, number, before)
    node = await loadChild(directory, node, number, before)
    before = end
  }
  const found = node.entries[lowerBound(node.entries, name)]
  return found?.name === name ? found.entry : null
}

interface Branch {
  node: DirectoryInner
  /** The child to be opened next. */
  next: number
  before: string | null
}

/** The entries in order, a leaf's at a time, beginning behind the name `after`. */
export async function* listEntries(directory: Directory, after?: string): AsyncGenerator<readonly NamedEntry[]> {
  if (directory.root === null) return
  const branches: Branch[] = []
  let node: DirectoryNode | null = await loadNode(directory, directory.root)
  let before: string | null = null
  let start = after
  while (node !== null) {
    if (node.kind === 'inner') {
      checkHeight(branches.length)
      branches.push({ node, next: start === undefined ? 0 : childFor(node.children, start), before })
    } else {
      const entries = start === undefined ? node.entries : entriesAfter(node.entries, start)
      start = undefined
      if (entries.length > 0) yield entries
    }
    const branch = nextBranch(branches)
    node = null
    if (branch !== null) {
      before = endOf(branch.node, branch.next, branch.before)
      node = await loadChild(directory, branch.node, branch.next++, branch.before)
    }
  }
}

function nextBranch(branches: Branch[]): Branch | null {
  for (let branch = branches.at(-1); branch !== undefined; branch = branches.at(-1)) {
    if (branch.next < branch.node.children.length) return branch
    branches.pop()
  }
  return null
}

function entriesAfter(entries: readonly NamedEntry[], after: string): readonly NamedEntry[] {
  const at = lowerBound(entries, after)
  const found = entries[at]
  return entries.slice(found !== undefined && compareNames(found.name, after) === 0 ? at + 1 : at)
}
