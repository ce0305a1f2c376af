import type { DiskFile } from '@holt/core/disk.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { chooseCode, type ClassCode } from './class-code.ts'
import { encodeFragmentTail, type SpreadPack } from './fragment-file.ts'
import { failuresOf, FragmentWriter } from './fragment-writer.ts'
import type { KeeperContext } from './keeper-context.ts'
import type { KnownPack } from './pack-table.ts'
import { readElsewhere, readElsewhereBy } from './range-reader.ts'
import { giveUp, placeAnew, recodePack } from './recode-pack.ts'
import { acceptFragment } from './spread-pack.ts'
import { tidyPack } from './tidy-pack.ts'

export interface FetchOptions {
  signal?: AbortSignal
  /** Called before so many bytes are read; resolves when it may be done. */
  pace?: (bytes: number) => Promise<void>
}

type ReadPiece = (range: { offset: number; length: number }) => Promise<Uint8Array | null>

/** As much as friends give in one answer, so that none has to be put together; and long enough to be written past the page cache. */
const PIECE_BYTES = 512 << 10
/** Pieces of a pack that are asked for at once, or are being written: no more than a slow line brings before a friend seems to give nothing. */
const AT_ONCE = 6

/**
 * Brings a pack that only others have to the drives, spread as a pack of its class is here. The caller holds the pack's lock.
 *
 * @returns false when others do not give all of it, or there is no room for it: a later try may do.
 * @throws HoltError CANCELLED; of the data folder.
 */
export async function fetchPack(context: KeeperContext, pack: KnownPack, { signal, pace }: FetchOptions): Promise<boolean> {
  const { sizeBytes, redundancyClass } = pack.main.spread
  const [theirs] = context.elsewhere?.spreads(pack.id) ?? []
  if (theirs === undefined) return false
  const code = codeNow(context, redundancyClass)
  const over = context.fetchPace.begin()
  let isHere = false
  try {
    await pace?.(sizeBytes)
    isHere = isWholeInEach(theirs, code)
      ? await fetchWhole(context, pack, theirs, signal)
      : await recodePack(context, pack, { code, signal, fetch: (path) => fetchInto(context, pack, path, signal) })
    return isHere
  } catch (error) {
    if (isHoltError(error, 'PACK_UNRECOVERABLE') || isHoltError(error, 'NOT_ENOUGH_DRIVES')) return false
    throw error
  } finally {
    over(isHere ? sizeBytes : 0)
  }
}

/**
 * As packs of its class are spread; while drives are missing, and may never come back, as those that are there allow: what only others have must not wait
 * for them.
 */
function codeNow({ codeOf, holders }: KeeperContext, redundancyClass: string): ClassCode {
  const code = codeOf(redundancyClass)
  const there = holders.filter(({ state, isRemoving }) => state === 'ok' && !isRemoving).length
  return there === 0 || there >= code.totalFragments ? code : chooseCode(redundancyClass, there)
}

/** Others have it as it is to be here, and each fragment is the whole pack. */
function isWholeInEach({ dataFragments, totalFragments }: SpreadPack, code: ClassCode): boolean {
  return dataFragments === 1 && code.dataFragments === 1 && totalFragments === code.totalFragments
}

/** As a plain file, to be coded from there. @throws HoltError PACK_UNRECOVERABLE, CANCELLED; of the disk. */
async function fetchInto(context: KeeperContext, pack: KnownPack, path: string, signal?: AbortSignal): Promise<void> {
  const file = (await context.dataDisk.open(path, { create: 'always', bulk: true })) as DiskFile
  try {
    await file.truncate(0)
    const read: ReadPiece = (range) => readElsewhere(context, pack, range)
    await fetchPieces(pack, { read, write: (offset, bytes) => file.write(offset, bytes), signal })
  } finally {
    await file.close()
  }
}

/** Straight onto the drives: what comes is proven, so that nothing is read again, coded or hashed. @returns and @throws as `fetchPack`. */
async function fetchWhole(context: KeeperContext, pack: KnownPack, spread: SpreadPack, signal?: AbortSignal): Promise<boolean> {
  const placements = await placeAnew(context, pack, { code: spread })
  if (placements === null) return false
  const writers = placements.map(({ index, holder, staged }) => new FragmentWriter({ disk: () => holder.disk }, { index, ...staged.place }))
  const write = async (offset: number, bytes: Uint8Array): Promise<void> => {
    await Promise.all(writers.map((writer) => writer.write(offset, bytes)))
  }
  try {
    await Promise.all(writers.map((writer) => writer.open()))
    await fetchPieces(pack, { read: (range) => readElsewhereBy(context, spread, range), write, signal })
    await write(spread.sizeBytes, new Uint8Array(spread.shardBytes - spread.sizeBytes))
    await Promise.all(writers.map((writer) => writer.finish(spread.shardBytes, encodeFragmentTail(spread, writer.target.index))))
    const failures = failuresOf(writers)
    if (failures.length > 0) return await giveUp(placements, failures)
    const accepted = await Promise.all(placements.map((placement) => acceptFragment(context, spread, placement)))
    await tidyPack(context, pack, { keep: pack.spreadingOf(spread), signal })
    return accepted.every(Boolean)
  } catch (error) {
    await Promise.all(writers.map((writer) => writer.discard()))
    await giveUp(placements, [])
    throw error
  }
}

/** @throws HoltError PACK_UNRECOVERABLE, CANCELLED; of `write`. Then nothing is read or written any more. */
async function fetchPieces(
  { id, main }: KnownPack,
  {
    read,
    write,
    signal,
  }: { read: ReadPiece; write: (offset: number, bytes: Uint8Array) => Promise<void>; signal?: AbortSignal | undefined },
): Promise<void> {
  const { sizeBytes } = main.spread
  let next = 0
  const mustGoOn = (): void => {
    if (signal?.aborted) throw new HoltError('CANCELLED', 'bringing packs back was cancelled')
  }
  const fetchNext = async (): Promise<void> => {
    mustGoOn()
    const offset = next
    next += PIECE_BYTES
    const bytes = await read({ offset, length: Math.min(PIECE_BYTES, sizeBytes - offset) })
    if (bytes === null) throw new HoltError('PACK_UNRECOVERABLE', 'others do not give enough of the pack now', { pack: id })
    await write(offset, bytes)
  }
  const work = async (): Promise<void> => {
    try {
      while (next < sizeBytes) await fetchNext()
    } catch (error) {
      next = sizeBytes
      throw error
    }
  }
  const results = await Promise.allSettled(Array.from({ length: AT_ONCE }, work))
  for (const result of results) if (result.status === 'rejected') throw result.reason
  mustGoOn()
}
