import type { DiskFile } from '@holt/core/disk.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { KeeperContext } from './keeper-context.ts'
import type { KnownPack } from './pack-table.ts'
import { readElsewhere } from './range-reader.ts'
import { recodePack } from './recode-pack.ts'

export interface FetchOptions {
  signal?: AbortSignal
  /** Called before so many bytes are read; resolves when it may be done. */
  pace?: (bytes: number) => Promise<void>
}

const PIECE_BYTES = 1 << 20
/** Pieces that are asked for at once. */
const AT_ONCE = 6

/**
 * Brings a pack that only others have to the drives, spread as a pack of its class is here. The caller holds the pack's lock.
 *
 * @returns false when others do not give all of it, or there is no room for it: a later try may do.
 * @throws HoltError CANCELLED; of the data folder.
 */
export async function fetchPack(context: KeeperContext, pack: KnownPack, { signal, pace }: FetchOptions): Promise<boolean> {
  const { sizeBytes, redundancyClass } = pack.main.spread
  if ((context.elsewhere?.spreads(pack.id) ?? []).length === 0) return false
  const fetch = async (path: string): Promise<void> => {
    await pace?.(sizeBytes)
    const file = (await context.dataDisk.open(path, { create: 'always' })) as DiskFile
    try {
      await file.truncate(0)
      await fetchInto(context, pack, { file, sizeBytes, signal })
    } finally {
      await file.close()
    }
  }
  const came = context.fetchPace.begin()
  try {
    const isHere = await recodePack(context, pack, { code: context.codeOf(redundancyClass), signal, fetch })
    if (isHere) came(sizeBytes)
    return isHere
  } catch (error) {
    if (isHoltError(error, 'PACK_UNRECOVERABLE') || isHoltError(error, 'NOT_ENOUGH_DRIVES')) return false
    throw error
  }
}

/** @throws HoltError PACK_UNRECOVERABLE, CANCELLED */
async function fetchInto(
  context: KeeperContext,
  pack: KnownPack,
  { file, sizeBytes, signal }: { file: DiskFile; sizeBytes: number; signal?: AbortSignal },
): Promise<void> {
  let next = 0
  const work = async (): Promise<void> => {
    while (next < sizeBytes) {
      if (signal?.aborted) throw new HoltError('CANCELLED', 'bringing packs back was cancelled')
      const offset = next
      next += PIECE_BYTES
      const bytes = await readElsewhere(context, pack, { offset, length: Math.min(PIECE_BYTES, sizeBytes - offset) })
      if (bytes === null) throw new HoltError('PACK_UNRECOVERABLE', 'others do not give enough of the pack now', { pack: pack.id })
      await file.write(offset, bytes)
    }
  }
  const results = await Promise.allSettled(Array.from({ length: AT_ONCE }, work))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
