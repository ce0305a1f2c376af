import { HoltError } from '@holt/core/errors.ts'
import type { KeeperContext } from './keeper-context.ts'
import { type KnownPack, spareOf } from './pack-table.ts'
import { recodePack } from './recode-pack.ts'
import type { RepairOptions } from './repair.ts'

/** Spreads all packs anew that would be spread in another way today. @returns how many were. */
export async function rebalance(context: KeeperContext, { signal, onProgress }: RepairOptions): Promise<number> {
  const packs = context.table.all().filter((pack) => isOutdated(context, pack))
  const progress = {
    doneItems: 0,
    totalItems: packs.length,
    doneBytes: 0,
    totalBytes: packs.reduce((sum, { main }) => sum + main.spread.sizeBytes, 0),
  }
  let recoded = 0
  for (const { id } of packs) {
    if (signal?.aborted) throw new HoltError('CANCELLED', 'spreading anew was cancelled')
    await context.locks.run(id, async () => {
      const pack = context.table.get(id)
      if (pack === undefined || !isOutdated(context, pack)) return
      if (await recodePack(context, pack, { code: context.codeOf(pack.main.spread.redundancyClass), signal })) recoded++
      progress.doneBytes += pack.main.spread.sizeBytes
    })
    progress.doneItems++
    onProgress?.({ ...progress })
  }
  return recoded
}

/** A pack that cannot be rebuilt now is left as it is. */
function isOutdated(context: KeeperContext, { main }: KnownPack): boolean {
  const { dataFragments, totalFragments } = context.codeOf(main.spread.redundancyClass)
  const isSame = main.spread.dataFragments === dataFragments && main.spread.totalFragments === totalFragments
  return !isSame && spareOf(main) >= 0
}
