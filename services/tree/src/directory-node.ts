import type { Cid } from '@holt/core/cid.ts'
import type { Awaitable } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { compareNames } from './names.ts'
import type { NodeReader, ReadNodeOptions } from './node-reader.ts'
import { decodeDirectoryNode, type NamedEntry } from './nodes.ts'
import type { SealingKey } from './sealed-block.ts'
import type { DirectoryEntry, Keys } from './types.ts'

/** Nodes of directories in memory. They never change: a change makes new ones that share the rest. */

export interface DirectoryLeaf {
  readonly kind: 'leaf'
  /** In the order of names. */
  readonly entries: readonly NamedEntry[]
  /** What it takes encoded, or a little more. */
  readonly sizeBytes: number
}

export interface DirectoryInner {
  readonly kind: 'inner'
  readonly children: readonly DirectoryChild[]
  readonly sizeBytes: number
}

export interface DirectoryChild {
  /** The first name below. */
  readonly first: string
  readonly ref: NodeRef
}

export type DirectoryNode = DirectoryLeaf | DirectoryInner

/**
 * Where a node is: in memory (`node`, sealed with `key` when its turn comes), then in the store (`cid`). Trees that
 * share the node share the ref, so sealing it for one seals it for all and gives its memory back.
 */
export class NodeRef {
  cid: Cid | null
  node: DirectoryNode | null
  readonly key: SealingKey | null

  private constructor(cid: Cid | null, node: DirectoryNode | null, key: SealingKey | null) {
    this.cid = cid
    this.node = node
    this.key = key
  }

  static inStore(cid: Cid): NodeRef {
    return new NodeRef(cid, null, null)
  }

  static inMemory(node: DirectoryNode, key: SealingKey): NodeRef {
    return new NodeRef(null, node, key)
  }

  settle(cid: Cid): void {
    this.cid = cid
    this.node = null
  }
}

/** A directory to read: its nodes and the keys that open them. */
export interface Directory {
  reader: NodeReader
  keys: Keys
  root: NodeRef | null
  options?: ReadNodeOptions
}

const UNSEALED = Symbol('contents that are not sealed yet')

/** A symbol, because copies and spreads of the entry must keep the contents, and encoders must not see them. */
interface UnsealedEntry extends DirectoryEntry {
  [UNSEALED]?: NodeRef
}

/** The root of a directory's nodes; null when it is empty. */
export function contentOf(entry: DirectoryEntry): NodeRef | null {
  const { [UNSEALED]: ref, r } = entry as UnsealedEntry
  return ref ?? (r === null ? null : NodeRef.inStore(r))
}

/** The ref that must be sealed before the entry can be encoded. */
export function unsealedContentOf(entry: DirectoryEntry): NodeRef | null {
  return (entry as UnsealedEntry)[UNSEALED] ?? null
}

/** A copy of the entry with other contents. */
export function withContent(entry: DirectoryEntry, content: NodeRef | null): DirectoryEntry {
  const changed: UnsealedEntry = { ...entry, r: content?.cid ?? null }
  if (content !== null && content.cid === null) changed[UNSEALED] = content
  else if (UNSEALED in changed) delete changed[UNSEALED]
  return changed
}

export function isEmptyDirectory(entry: DirectoryEntry): boolean {
  return contentOf(entry) === null
}

/** For the reader's cache and its own use. */
export function openDirectoryNode(content: Uint8Array): DirectoryNode {
  const node = decodeDirectoryNode(content)
  if (node.kind === 'leaf') return { kind: 'leaf', entries: node.entries, sizeBytes: content.length }
  const children = node.children.map(({ first, cid }) => ({ first, ref: NodeRef.inStore(cid) }))
  return { kind: 'inner', children, sizeBytes: content.length }
}

export function loadNode({ reader, keys, options }: Directory, ref: NodeRef): Awaitable<DirectoryNode> {
  return ref.node ?? reader.read(ref.cid as Cid, keys, openDirectoryNode, options)
}

export function firstName(node: DirectoryNode): string {
  const first = node.kind === 'leaf' ? node.entries[0]?.name : node.children[0]?.first
  return first as string
}

/** No writer makes higher ones. */
const MAX_DIRECTORY_HEIGHT = 16

/** @throws HoltError MALFORMED */
export function checkHeight(height: number): void {
  if (height > MAX_DIRECTORY_HEIGHT) throw new HoltError('MALFORMED', 'a directory tree that is too high')
}

/**
 * Opens child `number` of an inner node.
 *
 * @param before where names of the parent's next sibling begin.
 * @throws HoltError MALFORMED when the child's names do not lie where the parent says.
 */
export async function loadChild(
  directory: Directory,
  parent: DirectoryInner,
  number: number,
  before: string | null,
): Promise<DirectoryNode> {
  const child = parent.children[number] as DirectoryChild
  const loaded = loadNode(directory, child.ref)
  const node = loaded instanceof Promise ? await loaded : loaded
  const last = node.kind === 'leaf' ? node.entries[node.entries.length - 1]?.name : node.children[node.children.length - 1]?.first
  const end = endOf(parent, number, before)
  if (firstName(node) !== child.first || (end !== null && compareNames(last as string, end) >= 0)) {
    throw new HoltError('MALFORMED', 'a directory node holds names that do not belong to it')
  }
  return node
}

/** The name before which child `number` ends. */
export function endOf(parent: DirectoryInner, number: number, before: string | null): string | null {
  return parent.children[number + 1]?.first ?? before
}

/** The last child that begins at or before `name`; the first one when none does. */
export function childFor(children: readonly DirectoryChild[], name: string): number {
  let low = 0
  let high = children.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (compareNames((children[middle] as DirectoryChild).first, name) <= 0) low = middle
    else high = middle
  }
  return low
}

/** Where `name` is among sorted items, or would be put. */
export function lowerBound(items: readonly { readonly name: string }[], name: string, from = 0): number {
  let low = from
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareNames((items[middle] as { name: string }).name, name) < 0) low = middle + 1
    else high = middle
  }
  return low
}
