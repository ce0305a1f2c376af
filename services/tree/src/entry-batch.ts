import { HoltError } from '@holt/core/errors.ts'
import type { TimeSlice } from '@holt/core/event-loop.ts'
import { checkEntry, encodedSlotBytes } from './entry.ts'
import { sortByName } from './name-sort.ts'
import { checkName } from './names.ts'
import type { NamedEntry } from './nodes.ts'

/** Between two looks at the clock. */
const CHECKS_AT_ONCE = 64

/**
 * Entries as a caller gives them, checked and in the order of names.
 *
 * @throws HoltError NAME_INVALID; INPUT_INVALID for a bad entry or a name that comes twice; TOO_LARGE.
 */
export async function checkedInOrder(
  entries: readonly NamedEntry[],
  slice: TimeSlice,
): Promise<{ sorted: NamedEntry[]; sizeBytes: number }> {
  const checked: NamedEntry[] = []
  let sizeBytes = 0
  for (const { name, entry } of entries) {
    checked.push({ name: checkName(name), entry: checkEntry(entry) })
    sizeBytes += encodedSlotBytes(name, entry)
    if (checked.length % CHECKS_AT_ONCE === 0 && slice.isOver) await slice.next()
  }
  const sorted = await sortByName(checked, slice)
  for (let i = 1; i < sorted.length; i++) {
    const { name } = sorted[i] as NamedEntry
    if (name === sorted[i - 1]?.name) throw new HoltError('INPUT_INVALID', 'a name comes twice', { name })
  }
  return { sorted, sizeBytes }
}
