import { withContent } from './directory-node.ts'
import { updateDirectory } from './directory-update.ts'
import { checkEntry, KEY_BYTES } from './entry.ts'
import { sealingKey } from './sealed-block.ts'
import { openDirectory, type TreeSource } from './tree-walk.ts'
import type { DirectoryEntry, Time } from './types.ts'

interface NewDirectory {
  mode: number
  time: Time
  /** That its key counts as made in. */
  epoch: number
}

function emptyDirectory({ reader }: TreeSource, { mode, time, epoch }: NewDirectory): DirectoryEntry {
  const entry: DirectoryEntry = { k: [reader.crypto.randomBytes(KEY_BYTES)], m: mode, r: null, t: 'd', mt: time }
  return epoch === 0 ? entry : { ...entry, e: epoch }
}

/**
 * A directory with a chain of directories in it, the last one empty.
 *
 * @param below names of those in it.
 * @throws HoltError INPUT_INVALID for a bad mode or time.
 */
export async function newDirectory(source: TreeSource, below: readonly string[], options: NewDirectory): Promise<DirectoryEntry> {
  let entry = checkEntry(emptyDirectory(source, options)) as DirectoryEntry
  for (const name of [...below].reverse()) {
    const parent = emptyDirectory(source, options)
    const content = await updateDirectory(openDirectory(source, parent), [{ name, entry }], { key: sealingKey(parent.k) })
    entry = withContent(parent, content)
  }
  return entry
}
