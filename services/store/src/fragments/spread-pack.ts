import type { Disk } from '@holt/core/disk.ts'
import { HoltError, type HoltErrorJson, isHoltError } from '@holt/core/errors.ts'
import type { PackId, SealedPack } from '../pack-keeper.ts'
import type { ClassCode } from './class-code.ts'
import type { DriveHolder } from './drive-holder.ts'
import { MAX_TAIL_BYTES, shardBytesOf, type SpreadPack } from './fragment-file.ts'
import type { StagedFragment } from './holder.ts'
import { type KeeperContext, lookAtRoom, placeableHolders } from './keeper-context.ts'
import { type KnownPack, presentIndices } from './pack-table.ts'

export interface PackSource {
  disk: Disk
  path: string
}

/** Each round goes on with what drives refused in the round before. */
const MOST_ROUNDS = 8

/** One fragment that is to be written, on its drive. */
export interface Placement {
  index: number
  holder: DriveHolder
  staged: StagedFragment
}

/**
 * Writes the fragments of a pack that no drive has yet, each on a drive of its own. The caller holds the pack's lock.
 *
 * A drive that fails or is full meanwhile is replaced by another one. A pack of which some fragments are there already (an
 * earlier try was cut short) keeps its k and n.
 *
 * @returns whether the source was renamed into place.
 * @throws HoltError NOT_ENOUGH_DRIVES when fewer than k fragments are there in the end; those stay for the next try.
 */
export async function spreadPack(
  context: KeeperContext,
  pack: SealedPack,
  source: PackSource,
  signal?: AbortSignal,
): Promise<{ consumed: boolean }> {
  if (isOtherPack(context, pack)) await clearRemains(context, pack.id)
  let mayRename = true
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const known = context.table.get(pack.id)
    const code = known?.main.spread ?? context.codeOf(pack.redundancyClass)
    const placements = await placeMissing(context, pack, { known, code })
    if (placements.length === 0) break
    const renamed = mayRename && code.dataFragments === 1 ? placements.find((placement) => canRename(source.disk, placement)) : undefined
    const consumed = await writeFragments(context, { pack, code, source, placements, renamed, signal })
    if (consumed) return { consumed }
    mayRename = false
  }
  mustBeEnough(context, pack, context.table.get(pack.id)?.main.spread ?? context.codeOf(pack.redundancyClass), 0)
  return { consumed: false }
}

function mustBeEnough(context: KeeperContext, pack: SealedPack, code: ClassCode, more: number): void {
  const known = context.table.get(pack.id)
  const present = (known === undefined ? 0 : presentIndices(known.main).size) + more
  if (present >= code.dataFragments) return
  throw new HoltError('NOT_ENOUGH_DRIVES', `${present} of the ${code.dataFragments} drives that a pack needs at least can take it`, {
    pack: pack.id,
    present,
    needed: code.dataFragments,
  })
}

/** Finds drives for the fragments that are nowhere, data before parity, and reserves room there. */
async function placeMissing(
  context: KeeperContext,
  pack: SealedPack,
  { known, code }: { known: KnownPack | undefined; code: ClassCode },
): Promise<Placement[]> {
  const present = known === undefined ? new Set<number>() : presentIndices(known.main)
  const missing = Array.from({ length: code.totalFragments }, (_, index) => index).filter((index) => !present.has(index))
  const without = known?.occupied() ?? new Set()
  const fileBytes = shardBytesOf(pack.sizeBytes, code.dataFragments) + MAX_TAIL_BYTES
  await lookAtRoom(context, fileBytes)
  const holders = placeableHolders(context, { fileBytes, without }).slice(0, missing.length)
  mustBeEnough(context, pack, code, holders.length)
  const placements = await stageAll(turned(holders, pack.id), { pack: pack.id, indices: missing, sizeBytes: fileBytes })
  try {
    mustBeEnough(context, pack, code, placements.length)
    return placements
  } catch (error) {
    await Promise.all(placements.map(({ holder, staged }) => holder.discard(staged)))
    throw error
  }
}

/** Begins with another drive for each pack, so that data fragments, which are read, and parity are on all drives alike. */
function turned<T>(items: readonly T[], packId: string): T[] {
  const start = items.length === 0 ? 0 : Number.parseInt(packId.slice(0, 4), 16) % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}

/** @returns without those drives that refused. */
export async function stageAll(
  holders: readonly DriveHolder[],
  { pack, indices, sizeBytes }: { pack: string; indices: readonly number[]; sizeBytes: number },
): Promise<Placement[]> {
  const placements: Placement[] = []
  for (const holder of holders) {
    const index = indices[placements.length]
    if (index === undefined) break
    try {
      placements.push({ index, holder, staged: await holder.stage({ pack, index }, sizeBytes) })
    } catch (error) {
      if (!isHoltError(error)) throw error
    }
  }
  return placements
}

interface Writing {
  pack: SealedPack
  code: ClassCode
  source: PackSource
  placements: Placement[]
  /** That one of the placements which the source file itself is to become. */
  renamed: Placement | undefined
  signal?: AbortSignal
}

/** @returns whether the source was renamed into place. */
async function writeFragments(context: KeeperContext, writing: Writing): Promise<boolean> {
  const { pack, code, source, placements, renamed, signal } = writing
  try {
    const input = {
      source: { disk: source.disk.id, path: source.path },
      pack,
      dataFragments: code.dataFragments,
      totalFragments: code.totalFragments,
      targets: placements.filter((placement) => placement !== renamed).map(({ index, staged }) => ({ index, ...staged.place })),
      completeSource: renamed !== undefined,
      storageSeed: context.owner.storageSeed,
    }
    const { spread, failures } = await context.pool.run('encodePack', input, { signal })
    if (differsFromKnown(context, spread)) {
      await Promise.all(placements.map(({ holder, staged }) => holder.discard(staged)))
      if (renamed !== undefined) await cutBack(source, spread.sizeBytes)
      await clearRemains(context, spread.id)
      return false
    }
    const failed = new Set(failures.map(({ index }) => index))
    const written = placements.filter((placement) => placement !== renamed && !failed.has(placement.index))
    await Promise.all(written.map((placement) => acceptFragment(context, spread, placement)))
    await Promise.all(failures.map(({ index, error }) => giveUpPlacement(placements, index, error)))
    return renamed !== undefined && (await renameSource(context, spread, { source, placement: renamed }))
  } catch (error) {
    await Promise.all(placements.map(({ holder, staged }) => holder.discard(staged)))
    throw error
  }
}

function differsFromKnown(context: KeeperContext, spread: SpreadPack): boolean {
  const known = context.table.get(spread.id)
  return known !== undefined && known.spreadingOf(spread) === undefined
}

/**
 * Removes the fragments of an earlier try, which was cut short and whose pack then lost its unsynced end: too few to rebuild anything.
 *
 * @throws HoltError MALFORMED when they are enough, and yet of other bytes.
 */
async function clearRemains(context: KeeperContext, id: PackId): Promise<void> {
  const spreadings = context.table.get(id)?.spreadings ?? []
  for (const { spread, homes } of spreadings) {
    if (new Set(homes.map(({ index }) => index)).size < spread.dataFragments) continue
    throw new HoltError('MALFORMED', 'the pack differs from the fragments that are there of it', { pack: id })
  }
  for (const { holder, index } of spreadings.flatMap(({ homes }) => homes)) await holder.remove([{ pack: id, index }])
  context.table.remove(id)
}

/** Tells by what needs no reading that the fragments known are of other bytes. */
function isOtherPack(context: KeeperContext, pack: SealedPack): boolean {
  const known = context.table.get(pack.id)?.main.spread
  return (
    known !== undefined &&
    (known.sizeBytes !== pack.sizeBytes || known.toc.offset !== pack.toc.offset || known.toc.length !== pack.toc.length)
  )
}

/** @returns whether the fragment is there now. */
export async function acceptFragment(context: KeeperContext, spread: SpreadPack, { index, holder, staged }: Placement): Promise<boolean> {
  try {
    await holder.accept(staged)
    context.table.addHome(spread, { index, holder, condition: 'trusted' })
    return true
  } catch (error) {
    if (!isHoltError(error)) throw error
    return false
  }
}

export async function giveUpPlacement(placements: readonly Placement[], index: number, error: HoltErrorJson): Promise<void> {
  const placement = placements.find((other) => other.index === index)
  if (placement === undefined) return
  await placement.holder.discard(placement.staged)
  if (error.code !== 'BLOCK_CORRUPT') await placement.holder.noteFailure(error) // else its sources are to blame
}

/** The drive's folder as a path on the source's disk, when it lies within: only then can the source be renamed into the drive. */
function folderWithin(disk: Disk, holder: DriveHolder): string | null {
  if (holder.disk.id === disk.id) return ''
  return holder.disk.id.startsWith(`${disk.id}/`) ? `${holder.disk.id.slice(disk.id.length + 1)}/` : null
}

function canRename(disk: Disk, { index, holder }: Placement): boolean {
  return index === 0 && folderWithin(disk, holder) !== null
}

/** @returns false when it cannot be renamed (another file system is mounted there); the source is then as it was. */
async function renameSource(
  context: KeeperContext,
  spread: SpreadPack,
  { source, placement: { index, holder, staged } }: { source: PackSource; placement: Placement },
): Promise<boolean> {
  const rename = (path: string): Promise<void> => source.disk.rename(source.path, folderWithin(source.disk, holder) + path)
  const isRenamed = await holder.acceptRenamed(staged, rename)
  if (isRenamed) context.table.addHome(spread, { index, holder, condition: 'trusted' })
  else await cutBack(source, spread.sizeBytes)
  return isRenamed
}

async function cutBack({ disk, path }: PackSource, sizeBytes: number): Promise<void> {
  const file = await disk.open(path)
  await file?.truncate(sizeBytes)
  await file?.close()
}
