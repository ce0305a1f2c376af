import { HoltError } from '@holt/core/errors.ts'
import { contentOf, isEmptyDirectory } from './directory-node.ts'
import { compactEntry } from './entry.ts'
import type { TreeEntry } from './types.ts'

/** What may take the place of what, and what an edit says when it may not. */

/** An empty directory put over one leaves what is in it. */
export function keepContents(old: TreeEntry | null, entry: TreeEntry): TreeEntry {
  if (old?.t !== 'd' || entry.t !== 'd' || !isEmptyDirectory(entry)) return entry
  return compactEntry({ ...old, m: entry.m, mt: entry.mt, x: entry.x ?? old.x, cl: entry.cl ?? old.cl })
}

/** Removing it would remove more than itself; the keys of a grafted volume may lie nowhere else. */
export function holdsMore(entry: TreeEntry): boolean {
  return entry.t === 'v' || (entry.t === 'd' && contentOf(entry) !== null)
}

/** @throws HoltError NOT_A_DIRECTORY, IS_A_DIRECTORY, NOT_EMPTY. */
export function checkReplaceable(moved: TreeEntry, replaced: TreeEntry, path: string): void {
  const isDirectory = replaced.t === 'd' || replaced.t === 'v'
  if (moved.t === 'd' && !isDirectory) throw notADirectory(path)
  if (moved.t !== 'd' && isDirectory) throw new HoltError('IS_A_DIRECTORY', `${path} is a directory`, { path })
  if (holdsMore(replaced)) throw notEmpty(path)
}

export function notADirectory(path: string): HoltError {
  return new HoltError('NOT_A_DIRECTORY', `${path} is no directory`, { path })
}

export function alreadyExists(path: string): HoltError {
  return new HoltError('ALREADY_EXISTS', `${path} is there already`, { path })
}

export function notEmpty(path: string): HoltError {
  return new HoltError('NOT_EMPTY', `${path} is not empty`, { path })
}

export function notOfThisVolume(path: string): HoltError {
  return new HoltError('NOT_AUTHORIZED', `${path} is in a grafted volume: edit that one`, { path })
}
