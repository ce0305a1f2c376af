import { constants } from 'node:fs'
import { chmod, type FileHandle, lstat, open, unlink, utimes } from 'node:fs/promises'
import { HoltError } from '@holt/core/errors.ts'
import type { FileEntry, TreeEntry, TreeFile } from '@holt/tree/types.ts'
import { secondsOf } from './open-jobs.ts'

/** Local files and folders as an export makes them. */

/** True when an earlier, broken-off export has written this file already. */
export async function isThere(local: string, entry: FileEntry): Promise<boolean> {
  const stats = await lstat(local).catch(() => null)
  if (stats === null) return false
  if (stats.isSymbolicLink()) await unlink(local)
  return (
    stats.isFile() &&
    stats.size === entry.z &&
    (stats.mode & 0o7777) === entry.m &&
    Math.abs(stats.mtimeMs / 1000 - secondsOf(entry.mt)) < 1e-5
  )
}

/** @throws HoltError DISK_FULL, IO_FAILED. */
export async function openLocal(local: string): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW
  return open(local, flags, 0o600).catch((error) => Promise.reject(localError(error, local)))
}

/** Size, mode and time, when all bytes are there. */
export async function finishLocal(target: FileHandle, entry: FileEntry): Promise<void> {
  await target.truncate(entry.z)
  await target.chmod(entry.m)
  await target.utimes(secondsOf(entry.mt), secondsOf(entry.mt))
}

/** A range through the store, which rebuilds what is missing. */
export async function fetchInto(source: TreeFile, target: FileHandle, range: { offset: number; lengthBytes: number }): Promise<void> {
  let position = range.offset
  for await (const bytes of source.stream(range)) {
    await target.write(bytes, 0, bytes.length, position)
    position += bytes.length
  }
}

export async function restoreDirectory(local: string, entry: TreeEntry): Promise<void> {
  await chmod(local, entry.m)
  await utimes(local, secondsOf(entry.mt), secondsOf(entry.mt))
}

export function localError(error: { code?: string }, local: string): HoltError {
  const code = error.code === 'ENOSPC' || error.code === 'EDQUOT' ? 'DISK_FULL' : 'IO_FAILED'
  return new HoltError(code, `${local} cannot be written (${error.code ?? 'unknown'})`, { path: local }, { cause: error })
}
