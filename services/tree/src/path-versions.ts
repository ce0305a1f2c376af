import { equalBytes } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import { isHoltError } from '@holt/core/errors.ts'
import type { Snapshot, Time, TreeEntry, Volume } from './types.ts'

export interface PathVersion {
  sequence: number
  time: Time
  /** null: it was not there. */
  entry: TreeEntry | null
}

/** The retained versions in which the entry at `path` changed, newest first. */
export async function pathVersions(
  volume: Volume,
  path: string,
  { limit = Number.POSITIVE_INFINITY }: { limit?: number } = {},
): Promise<PathVersion[]> {
  const found: PathVersion[] = []
  let newer: PathVersion | null = null
  for await (const version of volume.versions()) {
    const entry = await entryAt(await volume.at(version), path)
    if (newer !== null && !isSameEntry(newer.entry, entry)) found.push(newer)
    if (found.length >= limit) return found
    newer = { sequence: version.sequence, time: version.time, entry }
  }
  if (newer !== null && newer.entry !== null) found.push(newer)
  return found
}

/** Where a file stands in a middle name, the path was not there. */
async function entryAt(snapshot: Snapshot, path: string): Promise<TreeEntry | null> {
  try {
    return await snapshot.stat(path)
  } catch (error) {
    if (isHoltError(error, 'NOT_A_DIRECTORY')) return null
    throw error
  }
}

function isSameEntry(a: TreeEntry | null, b: TreeEntry | null): boolean {
  return a === b || (a !== null && b !== null && equalBytes(encode(a), encode(b)))
}
