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
 * Carries out drops that the holder missed. Packs may be spread, mended and dropped meanwhile.
 *
 * @returns fragments whose descriptor could not be read and whose pack is not known (yet): to be tried again with
 * `placeUnreadable` when all holders were scanned.
 * @throws HoltError DRIVE_MISSING, IO_FAILED.
 */
export async function scanHolder(context: KeeperContext, holder: DriveHolder): Promise<FragmentName[]> {
  const { drops, table, locks } = context
  const pending = drops.pendingOn(holder.id)
  const listed = await holder.list()
  const dropped = listed.filter(({ pack }) => drops.has(pack))
  const names = listed.filter(({ pack }) => !drops.has(pack))
  await holder.remove(dropped)
  drops.strike(holder.id, pending)
  drops.remember(holder.id)
  await removeAbsent(context, holder, names)
  const unknown = names.filter(({ pack, index }) => !drops.has(pack) && table.get(pack)?.homeOn(holder, index) === undefined)
  const unreadable: FragmentName[] = []
  for (let at = 0; at < unknown.length; at += DESCRIPTORS_AT_ONCE) {
    const some = unknown.slice(at, at + DESCRIPTORS_AT_ONCE)
    const answers = await Promise.all(some.map((name) => locks.run(name.pack, () => takeFragment(context, holder, name))))
    unreadable.push(...some.filter((_, i) => answers[i] === 'unreadable'))
  }
  return unreadable
}

async function takeFragment(context: KeeperContext, holder: DriveHolder, name: FragmentName): Promise<'taken' | 'gone' | 'unreadable'> {
  if (context.table.get(name.pack)?.homeOn(holder, name.index) !== undefined) return 'taken'
  const spread = await readSpread(context, holder, name)
  if (spread === 'gone' || spread === 'unreadable') return spread
  context.table.addHome(spread, { index: name.index, holder, condition: 'trusted' })
  return 'taken'
}

/** Fragments with a damaged descriptor may still be of use when others of the pack say what it is: they are verified. */
export function placeUnreadable(context: KeeperContext, holder: DriveHolder, names: readonly FragmentName[]): FragmentName[] {
  return names.filter(({ pack, index }) => {
    const spread = context.table.get(pack)?.main.spread
    if (spread === undefined) return true
    context.table.addHome(spread, { index, holder, condition: index < spread.totalFragments ? 'unsure' : 'corrupt' })
    context.repairs.suspect(pack)
    return false
  })
}

/** What was written since the listing is not in it, but there. */
async function removeAbsent(context: KeeperContext, holder: DriveHolder, names: readonly FragmentName[]): Promise<void> {
  const present = new Map<PackId, number[]>()
  for (const { pack, index } of names) {
    const indices = present.get(pack)
    if (indices === undefined) present.set(pack, [index])
    else indices.push(index)
  }
  for (const { pack, home } of context.table.homesOn(holder)) {
    if (present.get(pack.id)?.includes(home.index) === true) continue
    await context.locks.run(pack.id, async () => {
      if ((await holder.readEnd({ pack: pack.id, index: home.index }, 1)) !== null) return
      context.table.removeHome(pack.id, home)
      context.repairs.endanger(pack.id)
    })
  }
}

/** `unreadable`: it is there, but is no fragment of this owner with that name. */
async function readSpread(context: KeeperContext, holder: DriveHolder, name: FragmentName): Promise<SpreadPack | 'gone' | 'unreadable'> {
  try {
    const tail = (await readTail(holder, name, USUAL_TAIL_BYTES)) ?? (await readTail(holder, name, MAX_TAIL_BYTES))
    if (tail === null) return 'gone'
    const { spread, index } = tail
    if (spread.id !== name.pack || index !== name.index) return 'unreadable'
    if (context.table.get(spread.id)?.spreadingOf(spread) === undefined) verifySpread(context.owner.crypto, spread, context.ownerKey)
    return spread
  } catch (error) {
    if (isHoltError(error, 'DRIVE_MISSING') || !isHoltError(error)) throw error
    return 'unreadable'
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
