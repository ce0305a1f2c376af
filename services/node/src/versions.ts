import { HoltError } from '@holt/core/errors.ts'
import type { Snapshot, Volume } from '@holt/tree/types.ts'

/** The snapshot that `at` names: a sequence number, an ISO 8601 date, or the newest. */
export async function snapshotAt(volume: Volume, at: number | string | undefined): Promise<Snapshot> {
  if (at === undefined) return volume.current()
  if (typeof at === 'number') return volume.at(at)
  if (/^\d+$/.test(at)) return volume.at(Number(at))
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) throw new HoltError('INPUT_INVALID', `'${at}' is neither a version number nor a date`, { at })
  return volume.at(date)
}
