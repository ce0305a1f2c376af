import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { PackId } from '../pack-keeper.ts'
import type { DriveHolder } from './drive-holder.ts'
import { type FragmentName, fragmentPath, MARKER_PATH } from './drive-folder.ts'
import type { KeeperContext } from './keeper-context.ts'
import { type FragmentHome, type KnownPack, presentIndices } from './pack-table.ts'
import { placeUnreadable, scanHolder } from './scan-holder.ts'
import { verifyPack } from './verify-pack.ts'

export interface ScrubFinding {
  what: 'fragment-missing' | 'fragment-corrupt' | 'marker-corrupt' | 'drive-missing' | 'pack-lost'
  /** Null for a fragment that no drive has. */
  drive: string | null
  folder: string | null
  pack: PackId | null
  index: number | null
  /** For people: drive and file. */
  where: string
}

export interface ScrubProgress {
  doneItems: number
  totalItems: number
  doneBytes: number
  totalBytes: number
}

export interface ScrubReport {
  fragmentsChecked: number
  bytesChecked: number
  findings: ScrubFinding[]
}

export interface ScrubOptions {
  signal?: AbortSignal
  onProgress?: (progress: ScrubProgress) => void
  pace?: (bytes: number) => Promise<void>
}

/**
 * Reads every fragment on every drive that is there and compares it with what was signed. What is found wrong is left out of reads
 * from then on, and waits for repair.
 *
 * @throws HoltError CANCELLED.
 */
export async function scrub(context: KeeperContext, options: ScrubOptions = {}): Promise<ScrubReport> {
  const report: ScrubReport = { fragmentsChecked: 0, bytesChecked: 0, findings: [] }
  const unreadable = await lookAtDrives(context, report)
  const packs = context.table.all()
  const progress = { doneItems: 0, totalItems: packs.length, doneBytes: 0, totalBytes: packs.reduce((sum, pack) => sum + bytesOf(pack), 0) }
  for (const { id } of packs) {
    if (options.signal?.aborted) throw new HoltError('CANCELLED', 'verifying was cancelled')
    const checked = await scrubPack(context, id, { ...options, report })
    progress.doneItems++
    progress.doneBytes += checked
    options.onProgress?.({ ...progress })
  }
  // No fragment of these packs is readable: nothing says how they are to be put together.
  for (const { holder, names } of unreadable) for (const name of names) report.findings.push(fragmentFinding('pack-lost', holder, name))
  return report
}

interface Unreadable {
  holder: DriveHolder
  names: FragmentName[]
}

/** Brings the table up to date first, so that files that went away are noticed. */
async function lookAtDrives(context: KeeperContext, { findings }: ScrubReport): Promise<Unreadable[]> {
  const unreadable: Unreadable[] = []
  for (const holder of context.holders) {
    await holder.check()
    try {
      if (holder.state !== 'missing') unreadable.push({ holder, names: await scanHolder(context, holder) })
    } catch (error) {
      if (!isHoltError(error)) throw error
    }
    if (holder.state === 'missing') findings.push(driveFinding('drive-missing', holder, holder.folder))
    else if (holder.isMarkerDamaged) findings.push(driveFinding('marker-corrupt', holder, `${holder.folder}: ${MARKER_PATH}`))
  }
  return unreadable.map(({ holder, names }) => ({ holder, names: placeUnreadable(context, holder, names) }))
}

/** @returns how many bytes were read. */
async function scrubPack(context: KeeperContext, id: PackId, options: ScrubOptions & { report: ScrubReport }): Promise<number> {
  const { report, pace, signal } = options
  return await context.locks.run(id, async () => {
    const pack = context.table.get(id)
    if (pack === undefined) return 0
    const bytes = bytesOf(pack)
    await pace?.(bytes)
    const found = await verifyPack(context, pack, { signal })
    if (found.length > 0) context.repairs.suspect(id)
    report.fragmentsChecked += homesThere(pack).length
    report.bytesChecked += bytes
    for (const { home, condition } of found) {
      const what = condition === 'missing' ? 'fragment-missing' : 'fragment-corrupt'
      report.findings.push(fragmentFinding(what, home.holder as DriveHolder, { pack: id, index: home.index }))
    }
    report.findings.push(...absentFragments(pack))
    return bytes
  })
}

function absentFragments({ id, main }: KnownPack): ScrubFinding[] {
  const { spread, homes } = main
  const findings: ScrubFinding[] = []
  for (let index = 0; index < spread.totalFragments; index++) {
    if (homes.some((home) => home.index === index)) continue
    const where = `${fragmentPath({ pack: id, index })} on no drive`
    findings.push({ what: 'fragment-missing', drive: null, folder: null, pack: id, index, where })
  }
  const present = presentIndices(main).size
  if (present >= spread.dataFragments) return findings
  const where = `${present} of the ${spread.dataFragments} fragments that pack ${id} needs are left`
  return [...findings, { what: 'pack-lost', drive: null, folder: null, pack: id, index: null, where }]
}

function homesThere(pack: KnownPack): FragmentHome[] {
  return pack.spreadings.flatMap(({ homes }) => homes.filter(({ holder }) => holder.state !== 'missing'))
}

function bytesOf(pack: KnownPack): number {
  return homesThere(pack).length * pack.main.spread.shardBytes
}

function fragmentFinding(what: ScrubFinding['what'], { id, folder }: DriveHolder, name: FragmentName): ScrubFinding {
  return { what, drive: id, folder, pack: name.pack, index: name.index, where: `${folder}: ${fragmentPath(name)}` }
}

function driveFinding(what: ScrubFinding['what'], { id, folder }: DriveHolder, where: string): ScrubFinding {
  return { what, drive: id, folder, pack: null, index: null, where }
}
