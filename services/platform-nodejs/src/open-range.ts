import type { WorkEnvironment } from '@holt/core/work-pool.ts'
import { ALIGNMENT } from './aligned-memory.ts'
import { writeDirectSync } from './direct-sync.ts'
import { openedOf, type OpenPiece, writeAll } from './open-jobs.ts'
import { SealedRuns } from './sealed-runs.ts'

export interface OpenRangeInput {
  /** Open for writing in this process. */
  fd: number
  /** The same file past the page cache, where that is possible. */
  directFd: number | null
  keys: readonly Uint8Array[]
  pieces: readonly OpenPiece[]
}

/** Some chunks of one large file. @returns the indices of pieces that must be fetched in another way. */
export async function openRange(_environment: WorkEnvironment, input: OpenRangeInput): Promise<{ failed: number[] }> {
  const sealed = new SealedRuns(input.pieces.map(({ place }) => place))
  const failed: number[] = []
  for (const [index, piece] of input.pieces.entries()) {
    const opened = openedOf(sealed.read(index), piece, input.keys)
    if (opened === null) failed.push(index)
    else writeChunk(input, opened, piece.fileOffset)
  }
  return { failed }
}

function writeChunk({ fd, directFd }: OpenRangeInput, opened: Uint8Array, fileOffset: number): void {
  const done = directFd === null || fileOffset % ALIGNMENT !== 0 ? 0 : writeDirectSync(directFd, opened, opened.length, fileOffset)
  writeAll(fd, opened.subarray(done), fileOffset + done)
}
