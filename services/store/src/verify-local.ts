import { cidCodec, cidOf } from '@holt/core/cid.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { CAR_HEADER, splitSections } from '@holt/core/car.ts'
import { INDEX_FOLDER } from './index/block-index.ts'
import { readMirrored } from './kept-packs.ts'
import type { PackId, PackKeeper } from './pack-keeper.ts'
import type { PackLog } from './pack-log.ts'
import { walkPack } from './pack-scan.ts'
import type { StoreContext } from './store-context.ts'
import type { LocalReport } from './store-report.ts'
import { verifyCopies } from './verify-copies.ts'

interface VerifyOptions {
  repair?: boolean
  signal?: AbortSignal
  mirroredBytes(id: PackId): number
}

/** Reads every pack on the local disk, its copies, and the whole index. See `PackStore.verifyLocal`. */
export async function verifyLocal(context: StoreContext, options: VerifyOptions): Promise<LocalReport> {
  const report: LocalReport = { blocksChecked: 0, bytesChecked: 0, problems: [] }
  for (const { log } of context.registry.all()) {
    if (options.signal?.aborted) throw new HoltError('CANCELLED', 'verifying was cancelled')
    if (log) await verifyLog(context.keeper, log, options, report)
  }
  const damagedRuns = await context.index.verify({ signal: options.signal })
  if (damagedRuns > 0) report.problems.push({ what: 'index-wrong', where: `${INDEX_FOLDER}, ${damagedRuns} runs`, repaired: true })
  return report
}

async function verifyLog(
  keeper: PackKeeper,
  log: PackLog,
  { repair = false, mirroredBytes, signal }: VerifyOptions,
  report: LocalReport,
): Promise<void> {
  const { sizeBytes } = log
  const damaged: { start: number; end: number }[] = []
  const section = (_: unknown, record: unknown): void => {
    if (record === 'block') report.blocksChecked++
  }
  try {
    await walkPack((offset, length) => log.read(offset, length), sizeBytes, { section, bad: (start, end) => damaged.push({ start, end }) })
    report.bytesChecked += sizeBytes
    let isRight = true
    for (const { start, end } of damaged) {
      const repaired = repair && (await mendRange(keeper, log, start, end))
      report.problems.push({ what: 'block-corrupt', where: `${log.path}, ${end - start} bytes at ${start}`, repaired })
      isRight &&= repaired
    }
    const options = { mirroredBytes: mirroredBytes(log.header.id), repair, signal }
    if (isRight) report.problems.push(...(await verifyCopies(keeper, log, options)))
  } catch (error) {
    if (!isHoltError(error, 'BLOCK_NOT_FOUND')) throw error // else the pack left the local disk meanwhile
  }
}

/** @returns true when a mirror had the range whole, and the local file has it now. */
async function mendRange(keeper: PackKeeper, log: PackLog, start: number, end: number): Promise<boolean> {
  const range = { id: log.header.id, offset: start, length: end - start }
  const bytes = await readMirrored(keeper, range, (mirrored) => isWhole(mirrored, start))
  if (bytes) await log.mend(start, bytes)
  return bytes !== null
}

function isWhole(bytes: Uint8Array, start: number): boolean {
  if (start === 0) return equalBytes(bytes, CAR_HEADER)
  try {
    return splitSections(bytes).every(({ cidOffset, bodyOffset, end }) => {
      const cid = bytes.subarray(cidOffset, bodyOffset)
      return equalBytes(cidOf(bytes.subarray(bodyOffset, end), cidCodec(cid)), cid)
    })
  } catch (error) {
    if (isHoltError(error, 'MALFORMED')) return false
    throw error
  }
}
