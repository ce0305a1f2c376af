import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { nowSeconds } from './clock.ts'
import type { DriveHolder } from './drive-holder.ts'
import { MARKER_PATH } from './drive-folder.ts'
import { MAX_TAIL_BYTES } from './fragment-file.ts'
import { removeHolder } from './join-drive.ts'
import { type KeeperContext, placeableHolders } from './keeper-context.ts'
import type { FragmentHome, KnownPack, Spreading } from './pack-table.ts'
import { recodePack } from './recode-pack.ts'
import type { RepairOptions } from './repair.ts'
import { acceptFragment, stageAll } from './spread-pack.ts'

/**
 * Moves everything away from a drive, to drives that have nothing of the same pack, or, where all others have, by spreading the pack
 * anew over fewer drives. What was moved stays moved when this is cut short.
 *
 * @throws HoltError NOT_ENOUGH_DRIVES, PACK_UNRECOVERABLE (nothing is lost by it, the drive stays), DRIVE_MISSING, DISK_FULL, CANCELLED.
 */
export async function vacateDrive(context: KeeperContext, holder: DriveHolder, { signal, onProgress }: RepairOptions): Promise<void> {
  const progress = { doneItems: 0, totalItems: 0, doneBytes: 0, totalBytes: 0 }
  let left = context.table.homesOn(holder)
  for (let before = Number.POSITIVE_INFINITY; left.length > 0 && left.length < before; left = context.table.homesOn(holder)) {
    before = left.length
    progress.totalItems = progress.doneItems + left.length
    progress.totalBytes = left.reduce((sum, { spreading }) => sum + spreading.spread.shardBytes, progress.doneBytes)
    for (const { pack, spreading } of left) {
      if (signal?.aborted) throw new HoltError('CANCELLED', 'removing the drive was cancelled')
      await context.locks.run(pack.id, () => vacatePack(context, context.table.get(pack.id), holder, signal))
      progress.doneItems++
      progress.doneBytes += spreading.spread.shardBytes
      onProgress?.({ ...progress })
    }
  }
  if (left.length === 0) return
  const facts = { drive: holder.id, fragments: left.length }
  throw new HoltError('NOT_ENOUGH_DRIVES', `${left.length} fragments could not be moved from ${holder.folder}`, facts)
}

async function vacatePack(
  context: KeeperContext,
  pack: KnownPack | undefined,
  holder: DriveHolder,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let home = pack?.homeOn(holder); pack !== undefined && home !== undefined; home = pack.homeOn(holder)) {
    const { main } = pack
    const isNeeded =
      main.homes.includes(home) &&
      !main.homes.some((other) => other !== home && other.index === home?.index && other.condition === 'trusted')
    if (isNeeded && !(await moveHome(context, pack, { spreading: main, home, signal }))) {
      const code = context.codeOf(main.spread.redundancyClass)
      if (!(await recodePack(context, pack, { code, without: holder, signal }))) return
      continue
    }
    await holder.remove([{ pack: pack.id, index: home.index }])
    context.table.removeHome(pack.id, home)
  }
}

interface Move {
  spreading: Spreading
  home: FragmentHome
  signal: AbortSignal | undefined
}

/** @returns whether the fragment is on another drive now. */
async function moveHome(context: KeeperContext, pack: KnownPack, { spreading: { spread, homes }, home, signal }: Move): Promise<boolean> {
  const sizeBytes = spread.shardBytes + MAX_TAIL_BYTES
  for (const candidate of placeableHolders(context, { fileBytes: sizeBytes, without: pack.occupied() })) {
    const [placement] = await stageAll([candidate], { pack: pack.id, indices: [home.index], sizeBytes })
    if (placement === undefined) continue
    try {
      const place = (other: FragmentHome): { index: number; disk: string; path: string } => ({
        index: other.index,
        ...other.holder.place({ pack: pack.id, index: other.index }),
      })
      const targets = [{ index: home.index, ...placement.staged.place }]
      const others = homes.filter(
        (other) => other.index !== home.index && other.condition !== 'corrupt' && other.holder.state !== 'missing',
      )
      const copied = await context.pool.run('rebuildFragments', { spread, sources: [place(home)], targets }, { signal })
      if (copied.written.length === 0)
        await context.pool.run('rebuildFragments', { spread, sources: others.map(place), targets }, { signal })
      if (await acceptFragment(context, spread, placement)) return true
    } catch (error) {
      await candidate.discard(placement.staged)
      if (!isHoltError(error) || error.code === 'CANCELLED') throw error
    }
  }
  return false
}

/** The drive is empty: takes the marker away, so that it can be used again for anything. */
export async function releaseDrive(context: KeeperContext, holder: DriveHolder): Promise<void> {
  context.drops.strike(holder.id, context.drops.pendingOn(holder.id))
  removeHolder(context, holder)
  await holder.disk.remove(MARKER_PATH)
  await holder.disk.syncFolder('')
}

/** Counts on the drive no more, whatever it holds; should it be added again, packs dropped meanwhile do not come back with it. */
export async function forgetDrive(context: KeeperContext, holder: DriveHolder): Promise<void> {
  await context.drops.forget(holder.id, nowSeconds(context.clock))
  removeHolder(context, holder)
}
