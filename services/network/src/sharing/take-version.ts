import { equalBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { nowSeconds } from '@holt/store/fragments/clock.ts'
import { acceptHead } from '@holt/tree/caps/accept-head.ts'
import { parseHead } from '@holt/tree/caps/head.ts'
import type { EditSession } from '@holt/tree/edit.ts'
import { mergeFolder } from '@holt/tree/merge/merge-folder.ts'
import { joinPath, splitPath } from '@holt/tree/names.ts'
import { type OpenedVersion, openSharedVersion, type SharedVersion } from '@holt/tree/shared/shared-version.ts'
import type { DirectoryEntry } from '@holt/tree/types.ts'
import { bringFolder } from './bring-folder.ts'
import type { TakenFolder } from './folder-record.ts'
import { blocksOf, readerOf, type SharingContext } from './sharing-context.ts'

/** The newest version that is here; null before the first. */
export function openTaken({ crypto, shelf }: SharingContext, folder: TakenFolder): Promise<OpenedVersion> | null {
  if (folder.version === null) return null
  return openSharedVersion(crypto, { name: shelf.nameOf(folder), keys: folder.keys }, folder.version)
}

/**
 * Brings all of a version here, then it takes its place in the tree, in one commit with what is known of it.
 *
 * @param options `wins`: whose stands where both changed one file.
 * @returns what is known of the folder then; the same when the version is the one that is here.
 * @throws HoltError NOT_AUTHORIZED for one that the owner did not sign; of `acceptHead`, of the blocks; NOT_FOUND when the folder here is gone.
 */
export async function takeVersion(
  context: SharingContext,
  folder: TakenFolder,
  { node, version, wins }: { node: Principal; version: SharedVersion; wins: 'ours' | 'theirs' },
): Promise<TakenFolder> {
  const { crypto, clock, shelf, volume, onConflicts } = context
  const head = parseHead(version.head)
  const before = await openTaken(context, folder)
  if (!equalBytes(head.writer, folder.owner)) throw new HoltError('NOT_AUTHORIZED', 'only what the owner signed counts')
  if (acceptHead(crypto, before?.head ?? null, head, { nowSeconds: nowSeconds(clock) }) === null) return folder
  const changed: TakenFolder = { ...folder, version }
  const { dir, epoch } = await (openTaken(context, changed) as Promise<OpenedVersion>)
  const brought = blocksOf(context, shelf.nameOf(folder).id, node)
  try {
    const reader = readerOf(context, brought.store)
    await bringFolder(reader, { known: before?.dir ?? null, dir, mostEpoch: epoch, onChunks: (cids) => brought.chunks(cids) })
    await brought.rest()
    const own = readerOf(context)
    const conflicts = await volume.edit(
      async (edit) => {
        const merge = before && { base: before.dir, theirs: dir, wins }
        const found = merge === null ? await mount(edit, folder.path, dir) : await mergeFolder(own, edit, folder.path, merge)
        await shelf.put(edit, changed, dir)
        return found
      },
      { free: true },
    )
    shelf.keep(changed)
    if (conflicts.length > 0) onConflicts(conflicts.map((one) => ({ ...one, path: `${folder.path}${one.path}` })))
    return changed
  } finally {
    brought.end()
  }
}

async function mount(edit: EditSession, path: string, dir: DirectoryEntry): Promise<[]> {
  const names = splitPath(path)
  await edit.makeDirectory(joinPath(names.slice(0, -1)), { parents: true })
  if ((await edit.stat(path)) !== null) throw new HoltError('ALREADY_EXISTS', `${path} is there already`, { path })
  await edit.mergeEntries(names.slice(0, -1), [{ name: names.at(-1) as string, entry: dir }])
  return []
}
