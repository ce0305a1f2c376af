import { createDecipheriv } from 'node:crypto'
import { closeSync, constants, fchmodSync, futimesSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { blake3 } from '@holt/core/blake3.ts'
import { type Cid, cidDigest } from '@holt/core/cid.ts'
import { alignedSlots } from './aligned-memory.ts'
import { CIPHER_STEP_BYTES } from './cipher-step.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import type { WorkEnvironment } from '@holt/core/work-pool.ts'
import type { BlockPlace } from '@holt/store/types.ts'
import { SealedRuns } from './sealed-runs.ts'

/** Jobs that read sealed chunks where they lie, check and open them, and write local files. */

export interface OpenPiece {
  cid: Cid
  place: BlockPlace
  fileOffset: number
  lengthBytes: number
}

export interface OpenFile {
  local: string
  mode: number
  modified: readonly [number, number]
  sizeBytes: number
  keys: readonly Uint8Array[]
  pieces: readonly OpenPiece[]
}

/** Of one chunk at most; it begins at a page, so that it can be written past the page cache. */
let plain: Uint8Array<ArrayBuffer> | null = null
const MOST_CHUNK_BYTES = 2 ** 20

/**
 * Checks and opens a sealed chunk.
 *
 * @param sealed null, or of wrong length, when it could not be read.
 * @returns what was in it, valid until the next is opened; null when the sealed bytes are not right.
 */
export function openedOf(
  sealed: Uint8Array | null,
  { cid, lengthBytes }: Pick<OpenPiece, 'cid' | 'lengthBytes'>,
  keys: readonly Uint8Array[],
): Uint8Array | null {
  if (sealed === null || !equalBytes(blake3(sealed), cidDigest(cid))) return null
  const key = keys[((sealed[1] as number) << 8) | (sealed[2] as number)]
  if (sealed[0] !== 1 || key === undefined || lengthBytes > Math.min(MOST_CHUNK_BYTES, sealed.length - 31)) return null
  plain ??= alignedSlots(MOST_CHUNK_BYTES, 1)[0] as Uint8Array<ArrayBuffer>
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(3, 15))
  decipher.setAAD(sealed.subarray(0, 3))
  const content = sealed.subarray(15, 15 + lengthBytes)
  for (let from = 0; from < content.length; from += CIPHER_STEP_BYTES) {
    plain.set(decipher.update(content.subarray(from, from + CIPHER_STEP_BYTES)), from)
  }
  return plain.subarray(0, lengthBytes)
}

export function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, position + done)
}

/**
 * For Node's utimes, which cuts a double down to whole microseconds: the middle of the right one, because a double near
 * the present is up to a quarter of a microsecond off and could fall into the one before.
 */
export function secondsOf([seconds, nanoseconds]: readonly [number, number]): number {
  return seconds + (Math.floor(nanoseconds / 1000) + 0.5) / 1e6
}

export interface OpenFilesOutput {
  /** Per file: null when whole; the text of a local failure; or the indices of pieces that must be fetched in another way. */
  results: (null | string | number[])[]
}

/** @param sealed of its chunks, read when asked for. */
function openWholeFile(file: OpenFile, sealed: (piece: number) => Uint8Array | null): null | number[] {
  const fd = openSync(file.local, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW, 0o600)
  try {
    const failed: number[] = []
    for (const [index, piece] of file.pieces.entries()) {
      const opened = openedOf(sealed(index), piece, file.keys)
      if (opened === null) failed.push(index)
      else writeAll(fd, opened, piece.fileOffset)
    }
    const last = file.pieces.at(-1)
    if (last === undefined || last.fileOffset + last.lengthBytes < file.sizeBytes) ftruncateSync(fd, file.sizeBytes)
    if (failed.length > 0) return failed
    fchmodSync(fd, file.mode)
    futimesSync(fd, secondsOf(file.modified), secondsOf(file.modified))
    return null
  } finally {
    closeSync(fd)
  }
}

export async function openFiles(
  _environment: WorkEnvironment,
  input: { files: readonly OpenFile[] },
  signal: AbortSignal,
): Promise<OpenFilesOutput> {
  const sealed = new SealedRuns(input.files.flatMap(({ pieces }) => pieces.map(({ place }) => place)))
  const results: OpenFilesOutput['results'] = []
  let before = 0
  for (const file of input.files) {
    signal.throwIfAborted()
    const first = before
    before += file.pieces.length
    try {
      results.push(openWholeFile(file, (piece) => sealed.read(first + piece)))
    } catch (error) {
      results.push((error as NodeJS.ErrnoException).code ?? String(error))
    }
  }
  return { results }
}
