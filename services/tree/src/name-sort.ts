import type { TimeSlice } from '@holt/core/event-loop.ts'
import { compareNames } from './names.ts'

/** Sorted at once; longer lists are merged from runs of it, letting go of the thread between. */
const RUN_LENGTH = 2048

interface Named {
  readonly name: string
}

/** @returns a new array in the order of names. */
export async function sortByName<T extends Named>(items: readonly T[], slice: TimeSlice): Promise<T[]> {
  let runs: T[][] = []
  for (let from = 0; from < items.length; from += RUN_LENGTH) {
    runs.push(items.slice(from, from + RUN_LENGTH).sort((a, b) => compareNames(a.name, b.name)))
    if (slice.isOver) await slice.next()
  }
  while (runs.length > 1) {
    const merged: T[][] = []
    for (let i = 0; i < runs.length; i += 2) merged.push(await merge(runs[i] as T[], runs[i + 1] ?? [], slice))
    runs = merged
  }
  return runs[0] ?? []
}

async function merge<T extends Named>(left: readonly T[], right: readonly T[], slice: TimeSlice): Promise<T[]> {
  const merged: T[] = []
  for (let i = 0, j = 0; i < left.length || j < right.length; ) {
    const a = left[i]
    const b = right[j]
    const takesLeft = b === undefined || (a !== undefined && compareNames(a.name, b.name) <= 0)
    merged.push((takesLeft ? left[i++] : right[j++]) as T)
    if (merged.length % RUN_LENGTH === 0 && slice.isOver) await slice.next()
  }
  return merged
}
