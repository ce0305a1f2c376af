import type { CallOptions, Params, Result } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import { foldText } from '@holt/core/fold-text.ts'
import { isAtOrUnder } from '@holt/tree/names.ts'
import { searchNames } from '@holt/tree/search-names.ts'
import { nameOf, publicEntry } from './entries.ts'
import type { OpenTree } from './open-tree.ts'
import { snapshotAt } from './versions.ts'

/** One call answers after so long with what it has: results come soon, and who asks no more has cancelled. */
const CALL_MS = 200
const DEFAULT_LIMIT = 200

/** Names that hold every word of a text. */
export async function search(
  { volume, platform }: Pick<OpenTree, 'volume' | 'platform'>,
  { path, at, text, after, limit = DEFAULT_LIMIT }: Params<'files.search'>,
  { signal }: CallOptions,
): Promise<Result<'files.search'>> {
  if (after !== undefined && !isAtOrUnder(after, path))
    throw new HoltError('INPUT_INVALID', 'a search goes on below its own path', { field: 'after' })
  const words = foldText(text)
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) throw new HoltError('INPUT_INVALID', 'there is nothing to search for', { field: 'text' })
  const matches = (name: string): boolean => {
    const folded = foldText(name)
    return words.every((word) => folded.includes(word))
  }
  const result: Result<'files.search'> = { found: [], after: null, scanned: 0 }
  const endMs = platform.now() + CALL_MS
  for await (const step of searchNames(await snapshotAt(volume, at), path, { matches, after, signal })) {
    result.scanned += step.scanned
    const room = limit - result.found.length
    for (const one of step.found.slice(0, room)) result.found.push({ path: one.path, entry: publicEntry(nameOf(one.path), one.entry) })
    if (step.found.length >= room) return { ...result, after: step.found[room - 1]?.path ?? step.last }
    if (platform.now() >= endMs) return { ...result, after: step.last }
  }
  return result
}
