import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { MirrorCheck, PackKeeper } from './pack-keeper.ts'
import { PIECE_BYTES } from './open-pack-mirror.ts'
import type { PackLog } from './pack-log.ts'
import type { StoreProblem } from './store-report.ts'

interface VerifyCopiesOptions {
  /** So much of the pack was mirrored; what came since may be on its way. */
  mirroredBytes: number
  repair: boolean
  signal?: AbortSignal
}

/** What is wrong with the keeper's copies of a pack that was not spread yet, by the local pack, which must be right; with `repair` also made good. */
export async function verifyCopies(keeper: PackKeeper, log: PackLog, options: VerifyCopiesOptions): Promise<StoreProblem[]> {
  const { id, redundancyClass } = log.header
  const mended = new Map<string, boolean>()
  const end = Math.min(options.mirroredBytes, log.committedBytes)
  for (let offset = 0; offset < end; offset += PIECE_BYTES) {
    if (options.signal?.aborted) throw new HoltError('CANCELLED', 'verifying was cancelled')
    const bytes = await log.read(offset, Math.min(PIECE_BYTES, end - offset))
    const found = await keeper.checkMirror(id, offset, bytes, { redundancyClass })
    if (isRight(found)) continue
    const left = options.repair ? await mirrorAgain(keeper, log, offset, bytes) : found
    for (const copy of found.wrong) note(mended, copy, !left.wrong.includes(copy))
    if (found.lacking > 0) note(mended, LACKING, left.lacking === 0)
  }
  return [...mended].map(([copy, repaired]) => problemOf(id, copy, repaired))
}

/**
 * How far the copies of a pack can be relied on after a start: a power cut may have spoilt the last piece of all of them alike.
 *
 * @param log as it was just read and found right.
 */
export async function mirroredAfterCut(keeper: PackKeeper, log: PackLog, sizeBytes: number): Promise<number> {
  const end = Math.min(sizeBytes, log.sizeBytes)
  const offset = Math.max(0, end - PIECE_BYTES)
  if (log.damage.length > 0 || end === 0) return sizeBytes
  const { wrong } = await keeper.checkMirror(log.header.id, offset, await log.read(offset, end - offset))
  return wrong.length > 0 ? offset : sizeBytes
}

const LACKING = ''

function isRight({ wrong, lacking }: MirrorCheck): boolean {
  return wrong.length === 0 && lacking === 0
}

function note(mended: Map<string, boolean>, copy: string, isMended: boolean): void {
  mended.set(copy, isMended && (mended.get(copy) ?? true))
}

async function mirrorAgain(
  keeper: PackKeeper,
  { header: { id, redundancyClass } }: PackLog,
  offset: number,
  bytes: Uint8Array,
): Promise<MirrorCheck> {
  try {
    await keeper.mirror(id, offset, bytes, { redundancyClass })
  } catch (error) {
    if (!isHoltError(error)) throw error // else what could not be written is found again
  }
  return await keeper.checkMirror(id, offset, bytes, { redundancyClass })
}

function problemOf(id: string, copy: string, repaired: boolean): StoreProblem {
  if (copy === LACKING) return { what: 'copy-missing', where: `copies of the open pack ${id} on too few drives`, repaired }
  return { what: 'copy-corrupt', where: copy, repaired }
}
