import { HoltError } from '@holt/core/errors.ts'
import { nameProblem, splitPath } from '@holt/tree/names.ts'
import type { Snapshot } from '@holt/tree/types.ts'
import { checkNotHidden } from '../hidden/hidden-area.ts'

const TOP = '/Photos'
const LONGEST_PATH = 4000

/** Two phones of one owner that were apart must not give different pictures the same path: each has a folder of its own. */
export async function folderForPhone(tree: Pick<Snapshot, 'stat'>, phone: string): Promise<string> {
  const name = nameProblem(phone) === null && phone.length <= 100 ? phone : 'Phone'
  const top = await tree.stat(TOP)
  if (top === null) return `${TOP}/${name}`
  if (top.t !== 'd') return `/${name}`
  for (let number = 1; ; number++) {
    const path = `${TOP}/${number === 1 ? name : `${name} ${number}`}`
    if ((await tree.stat(path)) === null) return path
  }
}

/** @throws HoltError NAME_INVALID, PATH_INVALID */
export function checkPhotoFolder(path: string): void {
  if (splitPath(path).length === 0) throw new HoltError('PATH_INVALID', 'pictures go into a folder, not to the top', { path })
  if (path.length > LONGEST_PATH) throw new HoltError('PATH_INVALID', 'this path is too long', { path: path.slice(0, 300) })
  checkNotHidden(path)
}
