import { HoltError } from '@holt/core/errors.ts'
import { TimeSlice } from '@holt/core/event-loop.ts'
import { ENTRY_WORDS } from './block-table.ts'
import type { IndexRun } from './index-run.ts'
import type { RunWriter } from './run-writer.ts'

/** The place in one run that a merge has come to. */
class Cursor {
  readonly run: IndexRun
  readonly #source: AsyncGenerator<Uint32Array | null>
  entries = new Uint32Array()
  at = 0

  constructor(run: IndexRun) {
    this.run = run
    this.#source = run.entries()
  }

  /** @returns 'more' when there is an entry at `at`. */
  async refill(): Promise<'more' | 'end' | 'damaged'> {
    const next = await this.#source.next()
    if (next.done) return 'end'
    if (!next.value) return 'damaged'
    this.entries = next.value as Uint32Array<ArrayBuffer>
    this.at = 0
    return 'more'
  }
}

export interface MergeOptions {
  /** Entries of packs that are gone are left out. */
  isPackThere(pack: number): boolean
  signal: AbortSignal
}

/**
 * Merges runs into one that is written by `writer`, letting others have their turn all the time.
 *
 * @returns the run that turned out to be damaged, if one did; what was written is of no use then.
 * @throws HoltError CANCELLED, DISK_FULL, IO_FAILED.
 */
export async function mergeRuns(
  runs: readonly IndexRun[],
  writer: RunWriter,
  { isPackThere, signal }: MergeOptions,
): Promise<IndexRun | null> {
  const cursors: Cursor[] = []
  for (const run of runs) {
    const cursor = new Cursor(run)
    const state = await cursor.refill()
    if (state === 'damaged') return run
    if (state === 'more') cursors.push(cursor)
  }
  const slice = new TimeSlice()
  const last = new Uint32Array(ENTRY_WORDS).fill(0xffffffff)
  for (let step = 0; cursors.length > 0; step++) {
    const cursor = leastOf(cursors)
    const { entries, at } = cursor
    if (isPackThere(entries[at + 4] as number) && compare(entries, at, last, 0) !== 0) {
      if (writer.isFull) await writer.flush()
      writer.add(entries, at)
      last.set(entries.subarray(at, at + ENTRY_WORDS))
    }
    cursor.at += ENTRY_WORDS
    if (cursor.at === entries.length) {
      const state = await cursor.refill()
      if (state === 'damaged') return cursor.run
      if (state === 'end') cursors.splice(cursors.indexOf(cursor), 1)
    }
    if (step % 1024 === 0) await pause(slice, signal)
  }
  return null
}

async function pause(slice: TimeSlice, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw new HoltError('CANCELLED', 'merging the index was cancelled')
  if (slice.isOver) await slice.next()
}

function leastOf(cursors: readonly Cursor[]): Cursor {
  let least = cursors[0] as Cursor
  for (let i = 1; i < cursors.length; i++) {
    const other = cursors[i] as Cursor
    if (compare(other.entries, other.at, least.entries, least.at) < 0) least = other
  }
  return least
}

/** By key, then by place. */
function compare(a: Uint32Array, aAt: number, b: Uint32Array, bAt: number): number {
  for (let word = 0; word < ENTRY_WORDS; word++) {
    const difference = (a[aAt + word] as number) - (b[bAt + word] as number)
    if (difference !== 0) return difference
  }
  return 0
}
