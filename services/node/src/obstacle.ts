import { HoltError } from '@holt/core/errors.ts'
import type { TreeEntry } from '@holt/tree/types.ts'

/** What stands in the way of a new file at `path`, as an error; null when nothing does. */
export function obstacle(existing: TreeEntry | null, path: string, replace: boolean): HoltError | null {
  if (existing === null) return null
  if (existing.t === 'd' || existing.t === 'v') return new HoltError('IS_A_DIRECTORY', `${path} is a directory`, { path })
  return replace ? null : new HoltError('ALREADY_EXISTS', `${path} is there already`, { path })
}
