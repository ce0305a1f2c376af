import { CID_BYTES } from '@holt/core/cid.ts'
import {
  checkHeight,
  childFor,
  type Directory,
  type DirectoryChild,
  type DirectoryInner,
  type DirectoryLeaf,
  type DirectoryNode,
  endOf,
  firstName,
  loadChild,
  loadNode,
  lowerBound,
  NodeRef,
} from './directory-node.ts'
import { encodedSlotBytes } from './entry.ts'
import { utf8Length } from './names.ts'
import { MAX_NODE_BYTES, MAX_NODE_ITEMS, type NamedEntry } from './nodes.ts'
import type { SealingKey } from './sealed-block.ts'
import type { TreeEntry } from './types.ts'

export interface NamedChange {
  readonly name: string
  /** null removes. */
  readonly entry: TreeEntry | null
}

/** What becomes of a name: the old entry itself when nothing changes, null when it goes. */
export type MergeEntries = (old: TreeEntry | null, change: NamedChange) => TreeEntry | null

/** What `{v, kind, entries}` around the items takes at most. */
const NODE_OVERHEAD_BYTES = 32
const ROOM_BYTES = MAX_NODE_BYTES - NODE_OVERHEAD_BYTES
/** Emptier nodes are joined with a neighbour. */
const LEAST_ITEMS = MAX_NODE_ITEMS / 4
const LEAST_BYTES = MAX_NODE_BYTES / 4
/** Two heads and a CID. */
const CHILD_OVERHEAD_BYTES = CID_BYTES + 6

interface Update {
  directory: Directory
  key: SealingKey
  merge: MergeEntries
}

/** Where the names of a node end, and how far below the root it is. */
interface Level {
  before: string | null
  height: number
}

/**
 * Applies many changes at once.
 *
 * @param changes in the order of names, each name once.
 * @param options `key`: what the new nodes are to be sealed with.
 * @returns the new root; the old one when nothing changed, null when nothing is left.
 */
export async function updateDirectory(
  directory: Directory,
  changes: readonly NamedChange[],
  { key, merge = (_old, change) => change.entry }: { key: SealingKey; merge?: MergeEntries },
): Promise<NodeRef | null> {
  let { root } = directory
  for (let from = 0; from < changes.length; from += CHANGES_AT_ONCE) {
    const update = { directory: { ...directory, root }, key, merge }
    root = await updateRoot(update, changes.slice(from, from + CHANGES_AT_ONCE))
  }
  return root
}

/** More would hold the thread for too long where they all fall into one leaf. */
const CHANGES_AT_ONCE = 1024

async function updateRoot(update: Update, changes: readonly NamedChange[]): Promise<NodeRef | null> {
  const { directory, key } = update
  const { slice } = directory.reader
  if (slice.isOver) await slice.next()
  const root = directory.root === null ? EMPTY_LEAF : await loadNode(directory, directory.root)
  let nodes = await updateNode(update, root, changes, { before: null, height: 0 })
  if (nodes === null) return directory.root
  while (nodes.length > 1) nodes = makeInner(nodes.map((node) => childOf(node, key)))
  return nodes[0] === undefined ? null : withoutSingleChildren(update, nodes[0])
}

const EMPTY_LEAF: DirectoryLeaf = { kind: 'leaf', entries: [], sizeBytes: NODE_OVERHEAD_BYTES }

function childOf(node: DirectoryNode, key: SealingKey): DirectoryChild {
  return { first: firstName(node), ref: NodeRef.inMemory(node, key) }
}

async function withoutSingleChildren({ directory, key }: Update, node: DirectoryNode): Promise<NodeRef> {
  let ref = NodeRef.inMemory(node, key)
  let root = node
  while (root.kind === 'inner' && root.children.length === 1) {
    ref = (root.children[0] as DirectoryChild).ref
    root = await loadNode(directory, ref)
  }
  return ref
}

/** @returns what takes the node's place, all of its height; null when nothing changed. */
async function updateNode(
  update: Update,
  node: DirectoryNode,
  changes: readonly NamedChange[],
  at: Level,
): Promise<DirectoryNode[] | null> {
  return node.kind === 'leaf' ? updateLeaf(update, node, changes) : await updateInner(update, node, changes, at)
}

function updateLeaf({ merge }: Update, leaf: DirectoryLeaf, changes: readonly NamedChange[]): DirectoryNode[] | null {
  const entries: NamedEntry[] = []
  let { sizeBytes } = leaf
  let from = 0
  let changed = false
  for (const change of changes) {
    const at = lowerBound(leaf.entries, change.name, from)
    for (let i = from; i < at; i++) entries.push(leaf.entries[i] as NamedEntry)
    const found = leaf.entries[at]
    const old = found?.name === change.name ? found.entry : null
    from = old === null ? at : at + 1
    const entry = merge(old, change)
    if (entry !== null) entries.push({ name: change.name, entry })
    if (entry === old) continue
    changed = true
    sizeBytes += (entry === null ? 0 : encodedSlotBytes(change.name, entry)) - (old === null ? 0 : encodedSlotBytes(change.name, old))
  }
  if (!changed) return null
  for (let i = from; i < leaf.entries.length; i++) entries.push(leaf.entries[i] as NamedEntry)
  if (entries.length <= MAX_NODE_ITEMS && sizeBytes <= MAX_NODE_BYTES && entries.length > 0) return [{ kind: 'leaf', entries, sizeBytes }]
  return makeLeaves(entries)
}

async function updateInner(
  update: Update,
  node: DirectoryInner,
  changes: readonly NamedChange[],
  { before, height }: Level,
): Promise<DirectoryNode[] | null> {
  checkHeight(height)
  const { slice } = update.directory.reader
  const children: DirectoryChild[] = []
  let from = 0
  let changed = false
  for (let done = 0; done < changes.length; ) {
    const number = childFor(node.children, (changes[done] as NamedChange).name)
    for (; from < number; from++) children.push(node.children[from] as DirectoryChild)
    const end = endOf(node, number, before)
    const next = number + 1 < node.children.length ? lowerBound(changes, end as string, done) : changes.length
    const child = await loadChild(update.directory, node, number, before)
    const nodes = await updateNode(update, child, changes.slice(done, next), { before: end, height: height + 1 })
    if (nodes === null) children.push(node.children[number] as DirectoryChild)
    else for (const made of nodes) children.push(childOf(made, update.key))
    changed ||= nodes !== null
    if (slice.isOver) await slice.next()
    from = number + 1
    done = next
  }
  if (!changed) return null
  for (; from < node.children.length; from++) children.push(node.children[from] as DirectoryChild)
  return makeInner(await joinEmptyOnes(update, children))
}

/** Joins each new node that is nearly empty with a neighbour. */
async function joinEmptyOnes({ directory, key }: Update, children: readonly DirectoryChild[]): Promise<DirectoryChild[]> {
  const joined: DirectoryChild[] = []
  for (let i = 0; i < children.length; i++) {
    const child = children[i] as DirectoryChild
    const previous = joined.at(-1)
    if (previous !== undefined && (isNearlyEmpty(child) || isNearlyEmpty(previous))) {
      const nodes = joinNodes(await loadNode(directory, previous.ref), await loadNode(directory, child.ref))
      joined.pop()
      for (const node of nodes) joined.push(childOf(node, key))
    } else joined.push(child)
  }
  return joined
}

/** Only of nodes made by this or a recent change: those in the store are left as they are. */
function isNearlyEmpty({ ref: { node } }: DirectoryChild): boolean {
  if (node === null || node.sizeBytes >= LEAST_BYTES) return false
  return (node.kind === 'leaf' ? node.entries.length : node.children.length) < LEAST_ITEMS
}

function joinNodes(left: DirectoryNode, right: DirectoryNode): DirectoryNode[] {
  if (left.kind === 'leaf' && right.kind === 'leaf') return makeLeaves([...left.entries, ...right.entries])
  if (left.kind === 'inner' && right.kind === 'inner') return makeInner([...left.children, ...right.children])
  return [left, right]
}

function makeLeaves(entries: readonly NamedEntry[]): DirectoryLeaf[] {
  const groups = partition(entries, ({ name, entry }) => encodedSlotBytes(name, entry))
  return groups.map(({ items, sizeBytes }) => ({ kind: 'leaf', entries: items, sizeBytes }))
}

function makeInner(children: readonly DirectoryChild[]): DirectoryInner[] {
  const groups = partition(children, ({ first }) => utf8Length(first) + CHILD_OVERHEAD_BYTES)
  return groups.map(({ items, sizeBytes }) => ({ kind: 'inner', children: items, sizeBytes }))
}

interface Group<T> {
  items: T[]
  sizeBytes: number
}

/** Cuts a run of items into as few nodes as there may be, of about equal size; an item that is too large stands alone. */
function partition<T>(items: readonly T[], sizeOf: (item: T) => number): Group<T>[] {
  const sizes = items.map(sizeOf)
  const totalBytes = sizes.reduce((sum, size) => sum + size, 0)
  const nodeCount = Math.max(Math.ceil(items.length / MAX_NODE_ITEMS), Math.ceil(totalBytes / ROOM_BYTES), 1)
  const wantedItems = Math.ceil(items.length / nodeCount)
  const wantedBytes = totalBytes / nodeCount
  const groups: Group<T>[] = []
  let group: Group<T> = { items: [], sizeBytes: NODE_OVERHEAD_BYTES }
  for (let i = 0; i < items.length; i++) {
    const size = sizes[i] as number
    const isFull = group.items.length >= MAX_NODE_ITEMS || group.sizeBytes + size > MAX_NODE_BYTES
    const isEnough = group.items.length >= wantedItems || (nodeCount > 1 && group.sizeBytes - NODE_OVERHEAD_BYTES >= wantedBytes)
    if (group.items.length > 0 && (isFull || isEnough)) {
      groups.push(group)
      group = { items: [], sizeBytes: NODE_OVERHEAD_BYTES }
    }
    group.items.push(items[i] as T)
    group.sizeBytes += size
  }
  if (group.items.length > 0) groups.push(group)
  return groups
}
