import { HoltError } from '@holt/core/errors.ts'
import type { EditSession } from '../edit.ts'
import { splitPath } from '../names.ts'
import type { NodeReader } from '../node-reader.ts'
import type { DirectoryEntry } from '../types.ts'
import { listChanges } from './list-changes.ts'
import { DirectoryMerge, type MergeConflict, type MergeTarget } from './merge-directories.ts'
import { isSameEntry, type MergeSide } from './merge-entry.ts'

export interface FolderMerge {
  /** What the folder and `theirs` both began with; null: nothing counts as taken away. */
  base: DirectoryEntry | null
  theirs: DirectoryEntry
  wins: MergeSide
}

/**
 * Brings into one folder what was made of it elsewhere, name by name.
 *
 * @returns paths within the folder that both had changed.
 * @throws HoltError NOT_FOUND when there is no such folder: that it is gone here says nothing of what others have.
 */
export async function mergeFolder(
  reader: NodeReader,
  edit: EditSession,
  path: string,
  { base, theirs, wins }: FolderMerge,
): Promise<MergeConflict[]> {
  const names = splitPath(path)
  const ours = await edit.stat(path)
  if (ours?.t !== 'd' || names.length === 0) throw new HoltError('NOT_FOUND', `there is no folder ${path}`, { path })
  if (isSameEntry(ours, theirs)) return []
  if (isSameEntry(ours, base)) {
    await edit.mergeEntries(names.slice(0, -1), [{ name: names.at(-1) as string, entry: theirs }])
    // who looks at the folder is to see what is new in it
    for (const { path: inside, kind } of (await listChanges(reader, ours, theirs)).list()) edit.changes.add(`${path}${inside}`, kind)
    return []
  }
  const conflicts: MergeConflict[] = []
  const target: MergeTarget = {
    change: (directory, changes) => edit.mergeEntries([...names, ...directory], changes),
    setFields: (directory, fields) => edit.mergeFields([...names, ...directory], fields),
    conflict: (one) => void (conflicts.length < MOST_TOLD && conflicts.push(one)),
  }
  await new DirectoryMerge(reader, { wins, target }).run({ base, ours, theirs })
  return conflicts
}

const MOST_TOLD = 1000
