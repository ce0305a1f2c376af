import { isHoltError } from '@holt/core/errors.ts'
import { isAtOrUnder, joinPath, splitPath } from './names.ts'
import type { Snapshot, TreeEntry } from './types.ts'

export interface Found {
  path: string
  entry: TreeEntry
}

export interface SearchOptions {
  matches(name: string): boolean
  /** Goes on behind this path, the last of a search before; it need not be there any more. */
  after?: string
  signal?: AbortSignal
}

/** What one step looked at. */
export interface SearchStep {
  found: Found[]
  scanned: number
  /** The last path that was looked at. */
  last: string
}

type Page = Awaited<ReturnType<Snapshot['list']>>

interface Level {
  names: readonly string[]
  directory: TreeEntry
  after?: string
  page?: Page
  /** Of the page's entries, the one to be looked at next. */
  next: number
}

const PAGE = 512

/**
 * Looks at every name below a directory, each directory before what is in it. It holds one page of each level, and can go on in another call: a path is
 * all there is to remember.
 *
 * @throws HoltError NOT_FOUND, NOT_A_DIRECTORY for `path`; CANCELLED.
 */
export async function* searchNames(
  snapshot: Snapshot,
  path: string,
  { matches, after, signal }: SearchOptions,
): AsyncGenerator<SearchStep> {
  const levels = await levelsFrom(snapshot, path, after)
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    signal?.throwIfAborted()
    const page = (level.page ??= await pageOf(snapshot, level))
    const step: SearchStep = { found: [], scanned: 0, last: joinPath(level.names) }
    let below: Level | null = null
    while (below === null && level.next < page.entries.length) {
      const { name, entry } = page.entries[level.next++] as Page['entries'][number]
      step.scanned++
      step.last = joinPath([...level.names, name])
      if (matches(name)) step.found.push({ path: step.last, entry })
      if (entry.t === 'd' || entry.t === 'v') below = { names: [...level.names, name], directory: entry, next: 0 }
    }
    if (below !== null) levels.push(below)
    else if (page.more) Object.assign(level, { after: page.entries.at(-1)?.name, page: undefined, next: 0 })
    else levels.pop()
    if (step.scanned > 0) yield step
  }
}

/** A directory that cannot be opened any more hides what is in it and nothing else. */
async function pageOf(snapshot: Snapshot, { names, directory, after }: Level): Promise<Page> {
  try {
    if (directory.t === 'd') return await snapshot.listEntry(directory, { after, limit: PAGE })
    return await snapshot.list(joinPath(names), { after, limit: PAGE })
  } catch (error) {
    if (isHoltError(error, 'NOT_FOUND') || isHoltError(error, 'BLOCK_NOT_FOUND') || isHoltError(error, 'PACK_UNRECOVERABLE'))
      return { entries: [], more: false }
    throw error
  }
}

/** From the top of the search down to where it was: each level goes on behind the one below it. */
async function levelsFrom(snapshot: Snapshot, path: string, after: string | undefined): Promise<Level[]> {
  const names = splitPath(path)
  const top = await snapshot.stat(path)
  if (top === null || (top.t !== 'd' && top.t !== 'v')) {
    await snapshot.list(path, { limit: 1 }) // says what is wrong with it
    return []
  }
  if (after === undefined || after === path || !isAtOrUnder(after, path)) return [{ names, directory: top, next: 0 }]
  const passed = splitPath(after)
  const levels: Level[] = []
  let directory: TreeEntry | null = top
  for (let depth = names.length; depth <= passed.length && directory !== null; depth++) {
    if (directory.t !== 'd' && directory.t !== 'v') break
    const level: Level = { names: passed.slice(0, depth), directory, next: 0 }
    if (depth < passed.length) level.after = passed[depth]
    levels.push(level)
    directory = depth < passed.length ? await snapshot.stat(joinPath(passed.slice(0, depth + 1))) : null
  }
  return levels
}
