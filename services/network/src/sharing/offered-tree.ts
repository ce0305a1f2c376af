import { HoltError } from '@holt/core/errors.ts'
import { joinPath, splitPath } from '@holt/tree/names.ts'
import type { DirectoryEntry } from '@holt/tree/types.ts'
import type { TakenFolder } from './folder-record.ts'
import { durableFolder, type SharingContext } from './sharing-context.ts'

/**
 * The owner's newest version with what is at or below one path as it is here. Other changes here are left out: the owner would refuse them.
 *
 * It is made in the hidden place of the tree, so that its blocks stay until the owner has fetched them.
 */
export async function offeredTree(
  context: SharingContext,
  folder: TakenFolder,
  { base, path, here }: { base: DirectoryEntry; path: string; here: DirectoryEntry },
): Promise<DirectoryEntry> {
  if (path === '/') return here
  const { volume, shelf } = context
  const place = shelf.placeOf(folder)
  const [inside, name] = [splitPath(path).slice(0, -1), splitPath(path).at(-1) as string]
  const offered = [...splitPath(place), 'offered']
  await volume.edit(
    async (edit) => {
      const wanted = await edit.stat(`${folder.path}${path}`).catch(() => null)
      const parent = joinPath([...offered, ...inside])
      await edit.mergeEntries(offered.slice(0, -1), [{ name: 'offered', entry: base }])
      const before = await edit.stat(`${parent}/${name}`)
      if (before === null && wanted === null) return
      await edit.mergeEntries([...offered, ...inside], [{ name, entry: wanted }])
    },
    { free: true },
  )
  const made = await durableFolder(context, joinPath(offered))
  if (made === null) throw new HoltError('NOT_FOUND', 'what was to be offered is gone')
  return made
}
