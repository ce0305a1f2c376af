import { isHoltError } from '@holt/core/errors.ts'
import type { PackId } from '../pack-keeper.ts'
import type { DriveHolder } from './drive-holder.ts'
import type { FragmentName } from './drive-folder.ts'
import { MAX_TAIL_BYTES, parseFragmentTail, type SpreadPack, verifySpread } from './fragment-file.ts'
import type { KeeperContext } from './keeper-context.ts'

const DESCRIPTORS_AT_ONCE = 16
/** Holds the tail of up to about 100 fragments; longer ones are read again. */
const USUAL_TAIL_BYTES = 4096

/**
 * Brings the table in line with what a holder has: reads names only, and the descriptors of fragments that the table does not know.
 * Carries out drops that the holder missed.
 *
 * @returns fragments whose descriptor could not be read and whose pack is not known (yet): to be tried again with
 * `placeUnreadable` when all holders were scanned.
 * @throws HoltError DRIVE_MISSING, IO_FAILED.
 */
export async function scanHolder(context: KeeperContext, holder: DriveHolder): Promise<FragmentName[]> {
  const listed = await holder.list()
  const dropped = listed.filter(({ pack }) => context.drops.has(pack))
  if (dropped.length > 0) await holder.remove(dropped)
  const names = dropped.length > 0 ? listed.filter(({ pack }) => !context.drops.has(pack)) : listed
  context.drops.strike(holder.id, context.drops.pendingOn(holder.id))
  context.drops.remember(holder.id)
  removeAbsent(context, holder, names)
  const unknown = names.filter(({ pack, index }) => context.table.get(pack)?.homeOn(holder, index) === undefined)
  const unreadable: FragmentName[] = []
  for (let at = 0; at < unknown.length; at += DESCRIPTORS_AT_ONCE) {
    const some = unknown.slice(at, at + DESCRIPTORS_AT_ONCE)
    const spreads = await Promise.all(some.map((name) => readSpread(context, holder, name)))
    for (const [i, name] of some.entries()) {
      const spread = spreads[i] ?? null
      if (spread === null) unreadable.push(name)
      else context.table.addHome(spread, { index: name.index, holder, condition: 'trusted' })
    }
  }
  return unreadable
}

/** Fragments with a damaged descriptor may still be of use when others of the pack say what it is: they are verified. */
export function placeUnreadable(context: KeeperContext, holder: DriveHolder, names: readonly FragmentName[]): FragmentName[] {
  return names.filter(({ pack, index }) => {
    const spread = context.table.get(pack)?.main.spread
    if (spread === undefined || index >= spread.totalFragments) return true
    context.table.addHome(spread, { index, holder, condition: 'unsure' })
    context.repairs.suspect(pack)
    return false
  })
}

function removeAbsent(context: KeeperContext, holder: DriveHolder, names: readonly FragmentName[]): void {
  const present = new Map<PackId, number[]>()
  for (const { pack, index } of names) {
    const indices = present.get(pack)
    if (indices === undefined) present.set(pack, [index])
    else indices.push(index)
  }
  for (const { pack, home } of [...context.table.homesOn(holder)]) {
    if (present.get(pack.id)?.includes(home.index) !== true) context.table.removeHome(pack.id, home)
  }
}

/** @returns null when it is no fragment of this owner with that name. */
async function readSpread(context: KeeperContext, holder: DriveHolder, name: FragmentName): Promise<SpreadPack | null> {
  try {
    const { spread, index } = (await readTail(holder, name, USUAL_TAIL_BYTES)) ?? (await readTail(holder, name, MAX_TAIL_BYTES)) ?? {}
    if (spread === undefined || spread.id !== name.pack || index !== name.index) return null
    if (context.table.get(spread.id)?.spreadingOf(spread) === undefined) verifySpread(context.owner.crypto, spread, context.ownerKey)
    return spread
  } catch (error) {
    if (isHoltError(error, 'DRIVE_MISSING') || !isHoltError(error)) throw error
    return null
  }
}

async function readTail(holder: DriveHolder, name: FragmentName, maxBytes: number): Promise<{ spread: SpreadPack; index: number } | null> {
  const read = await holder.readEnd(name, maxBytes)
  if (read === null) return null
  try {
    return parseFragmentTail(read.end, read.fileBytes)
  } catch (error) {
    if (maxBytes < MAX_TAIL_BYTES && isHoltError(error, 'MALFORMED')) return null
    throw error
  }
}
