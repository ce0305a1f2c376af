import { ChangeList } from '../changes.ts'
import { joinPath } from '../names.ts'
import type { NodeReader } from '../node-reader.ts'
import type { DirectoryEntry } from '../types.ts'
import { DirectoryMerge, type MergeTarget } from './merge-directories.ts'

/** What is new in a tree, path by path. @param tops both sealed. */
export async function listChanges(reader: NodeReader, before: DirectoryEntry, after: DirectoryEntry): Promise<ChangeList> {
  const changes = new ChangeList()
  const target: MergeTarget = {
    change: async (directory, changed) => {
      for (const { name, entry, old } of changed) {
        const kind = entry === null ? 'removed' : old === null ? 'created' : 'changed'
        changes.add(joinPath([...directory, name]), kind)
      }
    },
    setFields: async () => {},
    conflict: () => {},
  }
  await new DirectoryMerge(reader, { wins: 'theirs', target, opensAll: true }).run({ base: before, ours: before, theirs: after })
  return changes
}
