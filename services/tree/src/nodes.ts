import { CID_BYTES, type Cid, checkCid } from '@holt/core/cid.ts'
import { encode } from '@holt/core/codec.ts'
import { HoltError } from '@holt/core/errors.ts'
import {
  arrayOf,
  bytes,
  cid,
  literal,
  nullable,
  oneOf,
  parsePadded,
  record,
  type Shape,
  text,
  time,
  tuple,
  uint,
  version,
} from '@holt/core/shape.ts'
import { directoryShape, entryShape } from './entry.ts'
import { compareNames, MAX_NAME_BYTES, nameProblem } from './names.ts'
import type { DirectoryEntry, Time, TreeEntry } from './types.ts'

/** The contents of sealed blocks that are no chunks, docs/formats.md §5; read strictly, zeros may follow. */

export const MAX_NODE_ITEMS = 128
export const MAX_NODE_BYTES = 32 << 10
export const INDEX_FANOUT = 512
export const HISTORY_ENTRIES = 64
const MAX_LIMITS = { maxBytes: 1 << 20, maxDepth: 8 }

export interface NamedEntry {
  readonly name: string
  readonly entry: TreeEntry
}

export interface RootNode {
  dir: DirectoryEntry
  history: Cid | null
  /** How often readers were revoked in this volume. */
  epoch: number
  time: Time
}

export interface HistoryEntry {
  sequence: number
  time: Time
  root: Cid
}

export interface HistoryNode {
  /** Oldest first. */
  entries: HistoryEntry[]
  prev: Cid | null
}

const name: Shape<string> = {
  check(value, where) {
    const checked = text({ maxBytes: MAX_NAME_BYTES }).check(value, where)
    const problem = nameProblem(checked)
    if (problem !== null) throw new HoltError('MALFORMED', `${where}: the name ${problem}`, { field: where })
    return checked
  },
}

const directoryNodeShape = oneOf('kind', {
  dir: record({ v: version(1), kind: literal('dir'), entries: arrayOf(tuple(name, entryShape), { min: 1, max: MAX_NODE_ITEMS }) }),
  dirs: record({ v: version(1), kind: literal('dirs'), children: arrayOf(tuple(name, cid), { min: 1, max: MAX_NODE_ITEMS }) }),
})
const rootShape = record({ v: version(1), kind: literal('root'), dir: directoryShape, history: nullable(cid), epoch: uint(), time })
const historyShape = record({
  v: version(1),
  kind: literal('history'),
  entries: arrayOf(tuple(uint({ min: 1 }), time, cid), { min: 1, max: HISTORY_ENTRIES }),
  prev: nullable(cid),
})
const indexShape = record({ v: version(1), kind: literal('index'), cids: bytes({ max: INDEX_FANOUT * CID_BYTES, multipleOf: CID_BYTES }) })

export type DecodedDirectoryNode = { kind: 'leaf'; entries: NamedEntry[] } | { kind: 'inner'; children: { first: string; cid: Cid }[] }

export function decodeDirectoryNode(content: Uint8Array): DecodedDirectoryNode {
  const node = parsePadded(directoryNodeShape, content, MAX_LIMITS)
  if (node.kind === 'dir') {
    checkOrder(node.entries)
    return { kind: 'leaf', entries: node.entries.map(([name, entry]) => ({ name, entry })) }
  }
  checkOrder(node.children)
  return { kind: 'inner', children: node.children.map(([first, cid]) => ({ first, cid })) }
}

function checkOrder(items: readonly (readonly [string, unknown])[]): void {
  for (let i = 1; i < items.length; i++) {
    const [before] = items[i - 1] as readonly [string, unknown]
    const [after] = items[i] as readonly [string, unknown]
    if (compareNames(before, after) >= 0) throw new HoltError('MALFORMED', 'names out of order or twice in a directory node')
  }
}

export function encodeDirectoryLeaf(entries: readonly NamedEntry[]): Uint8Array {
  return encode({ v: 1, kind: 'dir', entries: entries.map(({ name, entry }) => [name, entry]) })
}

export function encodeDirectoryInner(children: readonly { first: string; cid: Cid }[]): Uint8Array {
  return encode({ v: 1, kind: 'dirs', children: children.map(({ first, cid }) => [first, cid]) })
}

export function decodeRoot(content: Uint8Array): RootNode {
  const { dir, history, epoch, time } = parsePadded(rootShape, content, MAX_LIMITS)
  return { dir, history, epoch, time }
}

export function encodeRoot(root: RootNode): Uint8Array {
  return encode({ v: 1, kind: 'root', ...root })
}

export function decodeHistory(content: Uint8Array): HistoryNode {
  const { entries, prev } = parsePadded(historyShape, content, MAX_LIMITS)
  for (let i = 1; i < entries.length; i++) {
    if ((entries[i - 1]?.[0] ?? 0) >= (entries[i]?.[0] ?? 0)) throw new HoltError('MALFORMED', 'versions out of order in a history leaf')
  }
  return { entries: entries.map(([sequence, time, root]) => ({ sequence, time, root })), prev }
}

export function encodeHistory({ entries, prev }: HistoryNode): Uint8Array {
  return encode({ v: 1, kind: 'history', entries: entries.map(({ sequence, time, root }) => [sequence, time, root]), prev })
}

/** An index node as its run of CIDs, 36 bytes each; zeros are a hole. */
export function decodeIndex(content: Uint8Array): Uint8Array {
  const { cids } = parsePadded(indexShape, content, MAX_LIMITS)
  for (let place = 0; place < cids.length; place += CID_BYTES) {
    if (!isHole(cids, place)) checkCid(cids.subarray(place, place + CID_BYTES))
  }
  return cids
}

function isHole(cids: Uint8Array, place: number): boolean {
  for (let i = place; i < place + CID_BYTES; i++) if (cids[i] !== 0) return false
  return true
}

/** Child `number` of an index node; null for a hole, also past the last one. */
export function childOf(cids: Uint8Array, number: number): Cid | null {
  const place = number * CID_BYTES
  // A CID begins with 1.
  return place < cids.length && cids[place] !== 0 ? cids.subarray(place, place + CID_BYTES) : null
}

export function encodeIndex(cids: Uint8Array): Uint8Array {
  return encode({ v: 1, kind: 'index', cids })
}
