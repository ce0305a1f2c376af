import { createDecipheriv } from 'node:crypto'
import { closeSync, constants, fchmodSync, futimesSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { blake3 } from '@holt/core/blake3.ts'
import { type Cid, cidDigest } from '@holt/core/cid.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import type { WorkEnvironment } from '@holt/core/work-pool.ts'
import type { BlockPlace } from '@holt/store/types.ts'

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

const PIECE_BYTES = 256 * 1024
let scratch = new Uint8Array(0)

function readSealed(fds: Map<string, number>, place: BlockPlace): Uint8Array | null {
  let fd = fds.get(place.path)
  if (fd === undefined) {
    fd = openSync(place.path, 'r')
    fds.set(place.path, fd)
  }
  if (scratch.length < place.length) scratch = new Uint8Array(Math.max(place.length, 2 ** 20 + 64))
  const sealed = scratch.subarray(0, place.length)
  return readSync(fd, sealed, 0, place.length, place.offset) === place.length ? sealed : null
}

function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, position + done)
}

/** @returns false when the sealed bytes are not there or not right; then nothing of the piece is written. */
function openPiece(fds: Map<string, number>, target: number, piece: OpenPiece, keys: readonly Uint8Array[]): boolean {
  let sealed: Uint8Array | null
  try {
    sealed = readSealed(fds, piece.place)
  } catch {
    return false
  }
  if (sealed === null || !equalBytes(blake3(sealed), cidDigest(piece.cid))) return false
  const key = keys[((sealed[1] as number) << 8) | (sealed[2] as number)]
  if (sealed[0] !== 1 || key === undefined) return false
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(3, 15))
  decipher.setAAD(sealed.subarray(0, 3))
  const end = Math.min(sealed.length - 16, 15 + piece.lengthBytes)
  for (let from = 15; from < end; from += PIECE_BYTES) {
    writeAll(target, decipher.update(sealed.subarray(from, Math.min(end, from + PIECE_BYTES))), piece.fileOffset + from - 15)
  }
  return true
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

function openWholeFile(fds: Map<string, number>, file: OpenFile): null | number[] {
  const fd = openSync(file.local, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW, 0o600)
  try {
    const failed: number[] = []
    for (const [index, piece] of file.pieces.entries()) if (!openPiece(fds, fd, piece, file.keys)) failed.push(index)
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
  const fds = new Map<string, number>()
  const results: OpenFilesOutput['results'] = []
  try {
    for (const file of input.files) {
      signal.throwIfAborted()
      try {
        results.push(openWholeFile(fds, file))
      } catch (error) {
        results.push((error as NodeJS.ErrnoException).code ?? String(error))
      }
    }
    return { results }
  } finally {
    for (const fd of fds.values()) closeSync(fd)
  }
}

export interface OpenRangeInput {
  /** Open for writing in this process. */
  fd: number
  keys: readonly Uint8Array[]
  pieces: readonly OpenPiece[]
}

/** Some chunks of one large file. @returns the indices of pieces that must be fetched in another way. */
export async function openRange(_environment: WorkEnvironment, input: OpenRangeInput): Promise<{ failed: number[] }> {
  const fds = new Map<string, number>()
  try {
    const failed: number[] = []
    for (const [index, piece] of input.pieces.entries()) if (!openPiece(fds, input.fd, piece, input.keys)) failed.push(index)
    return { failed }
  } finally {
    for (const fd of fds.values()) closeSync(fd)
  }
}
