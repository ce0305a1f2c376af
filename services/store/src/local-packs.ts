import type { Disk, DiskFile } from '@holt/core/disk.ts'
import { fromHex } from '@holt/core/bytes.ts'
import { CAR_HEADER } from '@holt/core/car.ts'
import { DEFAULT_CLASS } from './class-names.ts'
import type { PackId, PackKeeper, SealedPack } from './pack-keeper.ts'
import { PackLog } from './pack-log.ts'
import { encodePackHeader, recordSection } from './pack-records.ts'
import { type PackScan, scanPack } from './pack-scan.ts'
import type { StoreProblem } from './store-report.ts'
import type { WriteGuard } from './write-guard.ts'

export const PACK_FOLDER = 'packs'

export function packPath(id: PackId): string {
  return `${PACK_FOLDER}/${id}.car`
}

/** A pack found on the local disk at start. */
export interface LocalPack {
  log: PackLog
  scan: PackScan
  /** A torn tail was cut off: what comes after it elsewhere may differ from what would be written now, so nothing more is. */
  wasTorn: boolean
}

export interface LocalContext {
  disk: Disk
  keeper: PackKeeper
  guard: WriteGuard
  report(problem: StoreProblem): void
}

const PIECE_BYTES = 4 << 20

/** Takes over a sealed pack that was read at an earlier start. @returns null when the file cannot be it. */
export async function adoptSealedPack({ disk, guard }: LocalContext, sealed: SealedPack): Promise<PackLog | null> {
  const path = packPath(sealed.id)
  const file = await disk.open(path)
  const sizeBytes = (await file?.size()) ?? 0
  if (!file || sizeBytes < sealed.sizeBytes) {
    await file?.close()
    return null
  }
  if (sizeBytes > sealed.sizeBytes) await file.truncate(sealed.sizeBytes)
  return PackLog.adopt(file, { disk, path, header: sealed, toc: null, guard, damage: [], sealed: sealed.toc, sizeBytes: sealed.sizeBytes })
}

/** The ids of the packs in the folder, in no order. */
export async function localPackIds(disk: Disk): Promise<PackId[]> {
  const names = (await disk.list(PACK_FOLDER)) ?? []
  return names
    .filter((name) => name.endsWith('.car'))
    .map((name) => name.slice(0, -4))
    .filter((id) => fromHex(id)?.length === 16)
}

/**
 * Brings a pack that only a mirror holds back to the local disk, as far as the copy goes.
 *
 * @param as the id it gets there.
 */
export async function restoreMirrored(
  { disk, keeper }: LocalContext,
  id: PackId,
  options: { sizeBytes: number; as: PackId },
): Promise<void> {
  const file = (await disk.open(packPath(options.as), { create: 'always' })) as DiskFile
  try {
    await copyFromMirror(keeper, file, { id, from: 0, to: options.sizeBytes })
    if (options.as !== id) await rename(file, options.as)
    await file.sync()
  } finally {
    await file.close()
  }
  await disk.syncFolder(PACK_FOLDER)
}

/** Another id takes as many bytes: everything else stays where it is. */
async function rename(file: DiskFile, id: PackId): Promise<void> {
  const { header } = await scanPack((offset, length) => file.read(offset, length), await file.size())
  if (header) await file.write(CAR_HEADER.length, recordSection(encodePackHeader({ ...header, id })).section)
}

/**
 * Reads a pack of the local disk as it is after a crash: damage is mended from the mirror where that is possible, a torn tail is
 * cut off, and all that is kept is durable when this resolves.
 *
 * @returns null when nothing of the file was ever written whole; it is removed then.
 */
export async function openLocalPack(context: LocalContext, id: PackId, mirroredBytes: number): Promise<LocalPack | null> {
  const path = packPath(id)
  const file = (await context.disk.open(path, { bulk: true })) as DiskFile
  const scan = await mendedScan(context.keeper, file, id, mirroredBytes)
  if (scan.toc.blocks.count + scan.toc.commits.count + scan.damage.length === 0) {
    await file.close()
    await context.disk.remove(path)
    return null
  }
  for (const { offset, length } of scan.damage) {
    context.report({ what: 'block-corrupt', where: `${path}, ${length} bytes at ${offset}`, repaired: false })
  }
  const wasTorn = scan.keptBytes < (await file.size())
  if (wasTorn) await file.truncate(scan.keptBytes)
  await file.sync()
  return { log: logOf(context, file, id, scan), scan, wasTorn }
}

function logOf({ disk, guard }: LocalContext, file: DiskFile, id: PackId, scan: PackScan): PackLog {
  const { redundancyClass, createdSeconds } = scan.header ?? { redundancyClass: DEFAULT_CLASS, createdSeconds: 0 }
  const header = { id, redundancyClass, createdSeconds }
  return PackLog.adopt(file, {
    disk,
    path: packPath(id),
    header,
    toc: scan.toc,
    guard,
    damage: scan.damage,
    sealed: scan.sealed,
    sizeBytes: scan.keptBytes,
  })
}

/** Where copies are damaged each in another place, what one has not is in another: so they are gone through twice. */
const ROUNDS = 2

/** Reads the pack, with damage and a lost tail brought back from one copy after the other until it is whole. */
async function mendedScan(keeper: PackKeeper, file: DiskFile, id: PackId, mirroredBytes: number): Promise<PackScan> {
  const scanned = async (): Promise<PackScan> => scanPack((offset, length) => file.read(offset, length), await file.size())
  let scan = await scanned()
  for (let round = 0; round < ROUNDS; round++) {
    for (let attempt = 0; isWanting(scan, mirroredBytes); attempt++) {
      if (!(await mend(keeper, file, { id, scan, mirroredBytes, attempt }))) break
      scan = await scanned()
    }
  }
  return scan
}

function isWanting({ sealed, damage, keptBytes }: PackScan, mirroredBytes: number): boolean {
  return damage.length > 0 || (!sealed && keptBytes < mirroredBytes)
}

/** @returns false when there is no such copy, or none that goes that far. */
async function mend(
  keeper: PackKeeper,
  file: DiskFile,
  { id, scan, mirroredBytes, attempt }: { id: PackId; scan: PackScan; mirroredBytes: number; attempt: number },
): Promise<boolean> {
  const ranges = scan.damage.map(({ offset, length }) => ({ from: offset, to: Math.min(offset + length, mirroredBytes) }))
  if (!scan.sealed) ranges.push({ from: scan.keptBytes, to: mirroredBytes })
  let mended = false
  for (const { from, to } of ranges) mended = (await copyFromMirror(keeper, file, { id, from, to, attempt })) || mended
  return mended
}

async function copyFromMirror(
  keeper: PackKeeper,
  file: DiskFile,
  { id, from, to, attempt = 0 }: { id: PackId; from: number; to: number; attempt?: number },
): Promise<boolean> {
  let offset = from
  while (offset < to) {
    const bytes = await keeper.readMirror(id, offset, Math.min(PIECE_BYTES, to - offset), { attempt })
    if (!bytes || bytes.length === 0) break
    await file.write(offset, bytes)
    offset += bytes.length
  }
  return offset > from
}
