import type { CallOptions, Params, Result } from '@holt/control/schema.ts'
import { isHoltError } from '@holt/core/errors.ts'
import type { RepairReport } from '@holt/store/fragments/repair.ts'
import type { ScrubFinding } from '@holt/store/fragments/scrub.ts'
import { findLostFiles } from './lost-files.ts'
import type { OpenTree } from './open-tree.ts'

type Report = Result<'doctor.run'>
type Problem = Report['problems'][number]

/** Reads and verifies everything that is kept, mends what can be mended, and names by path what cannot be read. */
export async function runDoctor(tree: OpenTree, { repair }: Params<'doctor.run'>, options: CallOptions): Promise<Report> {
  const { keeper, store } = tree
  const { signal, onProgress } = options
  await keeper.lookAtDrives()
  const scrubbed = await keeper.scrub({ signal, onProgress: (progress) => onProgress?.({ phase: 'verify', ...progress }) })
  const local = await store.verifyLocal({ repair: repair === true, signal })
  const repaired = repair === true ? await mend(tree, options) : null
  const lost = await findLostFiles({ volume: tree.wholeVolume, store }, signal)

  const problems: Problem[] = [
    ...scrubbed.findings.map((finding) => problemOf(finding, repaired)),
    ...local.problems,
    ...lost.paths.map((path): Problem => ({ what: 'file-lost', where: path, repaired: false })),
  ]
  return {
    blocksChecked: lost.blocksChecked + local.blocksChecked,
    fragmentsChecked: scrubbed.fragmentsChecked,
    bytesChecked: scrubbed.bytesChecked + local.bytesChecked,
    problems,
    repairedFragments: repaired?.rebuiltFragments ?? 0,
    healthy: problems.every((problem) => problem.repaired),
  }
}

/** Makes fragments anew, then spreads packs anew for which there are not enough drives: what still lacks something after both is wrong. */
async function mend({ keeper, store }: OpenTree, { signal, onProgress }: CallOptions): Promise<RepairReport> {
  store.retry()
  const repair = () => keeper.repair({ signal, onProgress: (progress) => onProgress?.({ phase: 'repair', ...progress }) })
  const report = await repair()
  try {
    await keeper.rebalance({ signal, onProgress: (progress) => onProgress?.({ phase: 'spread', ...progress }) })
  } catch (error) {
    if (isHoltError(error, 'CANCELLED')) throw error // else what could not be spread anew is as it was
  }
  if (report.degraded.length === 0) return report
  const after = await repair()
  return {
    ...after,
    rebuiltFragments: report.rebuiltFragments + after.rebuiltFragments,
    mendedMarkers: [...report.mendedMarkers, ...after.mendedMarkers],
  }
}

/** @param report of the repair that followed; null when none was tried. */
function problemOf({ what, where, pack, drive }: ScrubFinding, report: RepairReport | null): Problem {
  return { what, where, repaired: report !== null && isMended({ what, pack, drive }, report) }
}

function isMended({ what, pack, drive }: Pick<ScrubFinding, 'what' | 'pack' | 'drive'>, report: RepairReport): boolean {
  if (what === 'marker-corrupt') return drive !== null && report.mendedMarkers.includes(drive)
  return what !== 'pack-lost' && pack !== null && !report.degraded.includes(pack) && !report.lost.includes(pack)
}
