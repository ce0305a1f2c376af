import { concatBytes } from '@holt/core/bytes.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { decodeShards, type ShardColumns } from './decode-shards.ts'
import type { SpreadPack } from './fragment-file.ts'
import type { KeeperContext } from './keeper-context.ts'
import { type FragmentHome, isUsable, type KnownPack, presentIndices, type Spreading } from './pack-table.ts'

/** The part of a range that lies in one data shard. */
export interface Segment {
  index: number
  column: number
  length: number
}

export function segmentsOf(offset: number, length: number, shardBytes: number): Segment[] {
  const segments: Segment[] = []
  for (let at = offset; at < offset + length; ) {
    const index = Math.floor(at / shardBytes)
    const column = at - index * shardBytes
    const part = Math.min(offset + length - at, shardBytes - column)
    segments.push({ index, column, length: part })
    at += part
  }
  return segments
}

/**
 * A range of a pack: plain from the data fragments, rebuilt from any k others where one is missing, in `distrusted` or fails.
 *
 * @returns null when some part of it can be had in no way.
 */
export async function readRange(
  context: KeeperContext,
  spreading: Spreading,
  { offset, length, distrusted }: { offset: number; length: number; distrusted: ReadonlySet<number> },
): Promise<Uint8Array | null> {
  const { shardBytes, sizeBytes } = spreading.spread
  if (offset < 0 || length < 0 || offset + length > sizeBytes) return null
  const segments = segmentsOf(offset, length, shardBytes)
  const parts = await Promise.all(segments.map((segment) => readSegment(context, spreading, segment, distrusted)))
  const whole = parts.filter((part) => part !== null)
  if (whole.length < parts.length) return null
  return whole.length === 1 ? (whole[0] as Uint8Array) : concatBytes(whole)
}

/** From the drives, else from others, who may have the pack spread in another way. @returns as `readRange`. */
export async function readAnyhow(
  context: KeeperContext,
  pack: KnownPack,
  range: { offset: number; length: number },
): Promise<Uint8Array | null> {
  return (await readRange(context, pack.main, { ...range, distrusted: new Set() })) ?? (await readElsewhere(context, pack, range))
}

/** From others alone. @returns as `readRange`. */
export async function readElsewhere(
  context: KeeperContext,
  { id }: KnownPack,
  range: { offset: number; length: number },
): Promise<Uint8Array | null> {
  for (const spread of context.elsewhere?.spreads(id) ?? []) {
    const read = await readElsewhereBy(context, spread, range)
    if (read !== null) return read
  }
  return null
}

/** From others alone, by one way in which they have it. @returns as `readRange`. */
export function readElsewhereBy(
  context: KeeperContext,
  spread: SpreadPack,
  range: { offset: number; length: number },
): Promise<Uint8Array | null> {
  return readRange(context, { spread, homes: [] }, { ...range, distrusted: new Set() })
}

async function readSegment(
  context: KeeperContext,
  spreading: Spreading,
  segment: Segment,
  distrusted: ReadonlySet<number>,
): Promise<Uint8Array | null> {
  if (!distrusted.has(segment.index)) {
    const plain = await readOwnColumns(context, spreading, segment)
    if (plain !== null) return plain
  }
  const own = orderedSources(spreading).filter((index) => !distrusted.has(index))
  const theirs = context.elsewhere?.indices(spreading.spread) ?? []
  return (
    (await rebuildSegment(context, spreading, segment, { own, theirs: [] })) ??
    (await readTheirs(context, spreading, segment)) ??
    (theirs.length === 0 ? null : await rebuildSegment(context, spreading, segment, { own, theirs }))
  )
}

/** From others: what comes is proven to be right. */
async function readTheirs({ elsewhere }: KeeperContext, { spread }: Spreading, segment: Segment): Promise<Uint8Array | null> {
  return (await elsewhere?.read(spread, segment.index, segment.column, segment.length)) ?? null
}

/** From the first copy of the fragment that can be read. */
export async function readOwnColumns(
  context: KeeperContext,
  { spread, homes }: Spreading,
  { index, column, length }: Segment,
): Promise<Uint8Array | null> {
  for (const home of homes.filter((other) => other.index === index && isUsable(other)).sort(trustedFirst)) {
    try {
      const bytes = await home.holder.read({ pack: spread.id, index }, column, length)
      if (bytes !== null) return bytes
      home.condition = 'corrupt' // not there, or shorter than it should be
    } catch (error) {
      if (!isHoltError(error)) throw error
      if (isUsable(home)) home.condition = 'unsure'
    }
    context.repairs.suspect(spread.id)
  }
  return null
}

function trustedFirst(a: FragmentHome, b: FragmentHome): number {
  return Number(a.condition === 'unsure') - Number(b.condition === 'unsure')
}

async function rebuildSegment(
  context: KeeperContext,
  spreading: Spreading,
  segment: Segment,
  { own, theirs }: { own: readonly number[]; theirs: readonly number[] },
): Promise<Uint8Array | null> {
  const { dataFragments } = spreading.spread
  const untried = [...new Set([...own, ...theirs])].filter((index) => index !== segment.index)
  const readOne = async (part: Segment): Promise<Uint8Array | null> =>
    (own.includes(part.index) ? await readOwnColumns(context, spreading, part) : null) ??
    (theirs.includes(part.index) ? await readTheirs(context, spreading, part) : null)
  const present: ShardColumns[] = []
  while (present.length < dataFragments) {
    const next = untried.splice(0, dataFragments - present.length)
    if (present.length + next.length < dataFragments) return null
    const read = await Promise.all(next.map((index) => readOne({ ...segment, index })))
    for (const [i, bytes] of read.entries()) if (bytes !== null) present.push({ index: next[i] as number, bytes })
  }
  return decodeShards(context.erasure, spreading.spread, { present, wanted: [segment.index] })[0] ?? null
}

/** Indices that can be read, those that nothing speaks against first, data before parity. */
function orderedSources(spreading: Spreading): number[] {
  const trusted = new Set(spreading.homes.filter((home) => isUsable(home) && home.condition !== 'unsure').map(({ index }) => index))
  return [...presentIndices(spreading)].sort((a, b) => Number(trusted.has(b)) - Number(trusted.has(a)) || a - b)
}

/** Which data fragments to distrust, one set after the other, when the plain bytes of a range turned out wrong. */
export function doubtfulSets(spreading: Spreading, offset: number, length: number): Set<number>[] {
  const { shardBytes, dataFragments } = spreading.spread
  const overlapped = segmentsOf(offset, length, shardBytes).map(({ index }) => index)
  const present = presentIndices(spreading)
  const isPossible = (set: ReadonlySet<number>): boolean => [...present].filter((index) => !set.has(index)).length >= dataFragments
  const sets = [new Set(overlapped), ...(overlapped.length > 1 ? overlapped.map((index) => new Set([index])) : [])]
  return sets.filter(isPossible)
}
