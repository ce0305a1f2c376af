import { blake3 } from './blake3.ts'
import { concatBytes, equalBytes } from './bytes.ts'
import type { Disk } from './disk.ts'
import { HoltError, isHoltError } from './errors.ts'

/**
 * Small files that nothing else can replace, such as settings and keys: each is written twice, with its digest, so that a bad bit or sector
 * in one is noticed and the other is believed.
 */
export const KEPT_COPY_SUFFIX = '.copy'
const DIGEST_BYTES = 32

/** After a crash the old or the new content is there. */
export async function writeTwice(disk: Disk, path: string, content: Uint8Array): Promise<void> {
  const bytes = concatBytes([content, blake3(content)])
  await disk.replaceFile(path, bytes)
  await disk.replaceFile(path + KEPT_COPY_SUFFIX, bytes)
}

/** Gone for good when it resolves; after a crash before that it may still be there. */
export async function removeTwice(disk: Disk, path: string): Promise<void> {
  await disk.remove(path)
  await disk.remove(path + KEPT_COPY_SUFFIX)
  await disk.syncFolder(path.slice(0, Math.max(0, path.lastIndexOf('/'))))
}

export async function isKept(disk: Disk, path: string): Promise<boolean> {
  return (await disk.sizeOf(path)) !== null || (await disk.sizeOf(path + KEPT_COPY_SUFFIX)) !== null
}

/**
 * One that is not as it should be is written anew.
 *
 * @returns null when there is neither; `mended`: one was damaged.
 * @throws HoltError MALFORMED when neither is whole.
 */
export async function readTwice(disk: Disk, path: string): Promise<{ content: Uint8Array; mended: boolean } | null> {
  const [first, second] = [await disk.readFile(path), await disk.readFile(path + KEPT_COPY_SUFFIX)]
  const whole = [first, second].find(isWhole)
  if (!whole) {
    if (first === null && second === null) return null
    throw new HoltError('MALFORMED', `the file ${path} is damaged, and so is its copy`, { path })
  }
  // The first is the newer one when a crash came between the two.
  const others = [first, second].map((bytes) => bytes === null || !equalBytes(bytes, whole))
  if (others[0] === true) await rewrite(disk, path, whole)
  if (others[1] === true) await rewrite(disk, path + KEPT_COPY_SUFFIX, whole)
  return { content: whole.subarray(0, whole.length - DIGEST_BYTES), mended: ![first, second].every(isWhole) }
}

function isWhole(bytes: Uint8Array | null): bytes is Uint8Array {
  if (bytes === null || bytes.length < DIGEST_BYTES) return false
  const end = bytes.length - DIGEST_BYTES
  return equalBytes(blake3(bytes.subarray(0, end)), bytes.subarray(end))
}

/** A full disk is no reason not to start: the next try is at the next start. */
async function rewrite(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  await disk.replaceFile(path, bytes).catch((error: unknown) => {
    if (!isHoltError(error)) throw error
  })
}
