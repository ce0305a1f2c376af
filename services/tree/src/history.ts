import type { Cid } from '@holt/core/cid.ts'
import type { NodeReader, ReadNodeOptions } from './node-reader.ts'
import { decodeHistory, encodeHistory, HISTORY_ENTRIES, type HistoryEntry } from './nodes.ts'
import type { KeySource } from './sealed-block.ts'

/** Seals a node of the volume. */
export type WriteHistory = (content: Uint8Array) => Promise<Cid>

/** The retained versions older than the newest, newest first. */
export async function* readHistory(
  reader: NodeReader,
  keys: KeySource,
  tip: Cid | null,
  options?: ReadNodeOptions,
): AsyncGenerator<HistoryEntry> {
  for (let leaf = tip; leaf !== null; ) {
    const { entries, prev } = await reader.read(leaf, keys, decodeHistory, options)
    for (let i = entries.length - 1; i >= 0; i--) yield entries[i] as HistoryEntry
    leaf = prev
  }
}

/** Adds versions newer than all others, oldest first. @returns the new tip. */
export async function growHistory(
  { reader, keys, write }: { reader: NodeReader; keys: KeySource; write: WriteHistory },
  tip: Cid | null,
  added: readonly HistoryEntry[],
): Promise<Cid> {
  const newest = tip === null ? null : await reader.read(tip, keys, decodeHistory)
  const goesOn = newest !== null && newest.entries.length < HISTORY_ENTRIES
  const entries = goesOn ? [...newest.entries, ...added] : [...added]
  let prev = goesOn ? newest.prev : tip
  for (let from = 0; from < entries.length; from += HISTORY_ENTRIES)
    prev = await write(encodeHistory({ entries: entries.slice(from, from + HISTORY_ENTRIES), prev }))
  return prev as Cid
}

/** Writes a history of exactly these versions. @returns its tip; null when there are none. */
export async function writeHistory(write: WriteHistory, oldestFirst: readonly HistoryEntry[]): Promise<Cid | null> {
  let tip: Cid | null = null
  for (let from = 0; from < oldestFirst.length; from += HISTORY_ENTRIES) {
    tip = await write(encodeHistory({ entries: oldestFirst.slice(from, from + HISTORY_ENTRIES), prev: tip }))
  }
  return tip
}
