import { equalBytes } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import { HoltError } from '@holt/core/errors.ts'
import { unsealedContentOf } from '../directory-node.ts'
import { compareNames, joinPath, splitPath } from '../names.ts'
import type { DirectoryEntry, Snapshot, TreeEntry } from '../types.ts'

const PAGE = 1000

/**
 * Checks, as a reader, that a delegated commit changed nothing but what lies at or under `path`: all entries beside
 * the way there are the same, and the directories on the way differ only in what a change below them entails.
 *
 * @throws HoltError NOT_AUTHORIZED, with `data.path` naming the first thing that must not have changed.
 */
export async function verifyChange(before: Snapshot, after: Snapshot, path: string): Promise<void> {
  const names = splitPath(path)
  for (let level = 0; level < names.length; level++) {
    const directory = joinPath(names.slice(0, level))
    const [old, changed] = await Promise.all([before.stat(directory), after.stat(directory)])
    if (sameEntry(old, changed)) return
    checkOnTheWay(old, changed, { path: directory, isParent: level === names.length - 1 })
    await compareSiblings(before, after, { directory, except: names[level] as string })
  }
}

/** A directory on the way gets new contents and may get a new key; its own time changes only if an entry came or went. */
function checkOnTheWay(old: TreeEntry | null, changed: TreeEntry | null, { path, isParent }: { path: string; isParent: boolean }): void {
  if (old?.t !== 'd' || changed?.t !== 'd') refuse(path)
  const kept = isParent ? { mt: changed.mt } : {}
  if (!sameEntry({ ...old, ...kept, r: changed.r, k: changed.k, e: changed.e }, changed) || !continues(old, changed)) refuse(path)
}

/** Keys are only added, and epochs only grow. */
function continues(old: DirectoryEntry, changed: DirectoryEntry): boolean {
  if ((changed.e ?? 0) < (old.e ?? 0) || changed.k.length < old.k.length) return false
  return old.k.every((key, i) => equalBytes(key, changed.k[i] as Uint8Array))
}

async function compareSiblings(
  before: Snapshot,
  after: Snapshot,
  { directory, except }: { directory: string; except: string },
): Promise<void> {
  const [old, changed] = [entriesOf(before, directory), entriesOf(after, directory)]
  for (;;) {
    const [one, other] = await Promise.all([nextBut(old, except), nextBut(changed, except)])
    if (one === null && other === null) return
    const name = firstOf(one?.name, other?.name)
    if (one?.name !== other?.name || !sameEntry(one?.entry ?? null, other?.entry ?? null)) refuse(joinPath([...splitPath(directory), name]))
  }
}

/** The one that comes first in a directory; at least one is given. */
function firstOf(one: string | undefined, other: string | undefined): string {
  if (one === undefined || other === undefined) return one ?? other ?? ''
  return compareNames(one, other) <= 0 ? one : other
}

async function nextBut(
  entries: AsyncIterator<{ name: string; entry: TreeEntry }>,
  except: string,
): Promise<{ name: string; entry: TreeEntry } | null> {
  for (;;) {
    const next = await entries.next()
    if (next.done === true) return null
    if (next.value.name !== except) return next.value
  }
}

async function* entriesOf(snapshot: Snapshot, directory: string): AsyncGenerator<{ name: string; entry: TreeEntry }> {
  let after: string | undefined
  for (;;) {
    const page = await snapshot.list(directory, { after, limit: PAGE })
    yield* page.entries
    if (!page.more) return
    after = page.entries[page.entries.length - 1]?.name
  }
}

/** What is not sealed yet was changed. */
function sameEntry(one: TreeEntry | null, other: TreeEntry | null): boolean {
  return !isUnsealed(one) && !isUnsealed(other) && equalBytes(encode(one), encode(other))
}

function isUnsealed(entry: TreeEntry | null): boolean {
  return entry?.t === 'd' && unsealedContentOf(entry) !== null
}

function refuse(path: string): never {
  throw new HoltError('NOT_AUTHORIZED', 'the commit changes what its writecap does not reach', { path })
}
