import { equalBytes } from '@holt/core/bytes.ts'
import { createBlake3 } from '@holt/core/blake3.ts'
import { errorToJson, HoltError } from '@holt/core/errors.ts'
import type { WorkEnvironment } from '@holt/core/work-pool.ts'
import { decodeShards } from './decode-shards.ts'
import { encodeFragmentTail, rootOf, type SpreadPack } from './fragment-file.ts'
import { failuresOf, type FragmentPlace, FragmentWriter, type TargetFailure } from './fragment-writer.ts'
import { WINDOW_BYTES } from './pack-columns.ts'
import { ShardReader } from './shard-reader.ts'

export interface RebuildInput {
  spread: SpreadPack
  /** Fragments to work from: any k, or all the wanted ones themselves, which are then copied. */
  sources: FragmentPlace[]
  /** Unfinished files to write. */
  targets: FragmentPlace[]
}

export interface RebuildOutput {
  /** Targets that were written, hashed and found right. */
  written: number[]
  failures: TargetFailure[]
  /** Sources that could not be read or have not the hash that was signed: try again without them. */
  badSources: number[]
}

/**
 * Makes fragments of a pack anew from others. Only fragments with the signed hash are ever left behind.
 *
 * @throws HoltError PACK_UNRECOVERABLE when there are too few sources, CANCELLED.
 */
export async function rebuildFragments(environment: WorkEnvironment, input: RebuildInput, signal: AbortSignal): Promise<RebuildOutput> {
  const { spread, targets } = input
  const used = sourcesFor(input)
  const opened = await Promise.all(used.map((place) => ShardReader.open(environment, spread, place)))
  const readers = opened.filter((reader) => reader !== null)
  const writers = targets.map((target) => new FragmentWriter(environment, target))
  try {
    const absent = used.filter((_, i) => opened[i] === null).map(({ index }) => index)
    if (absent.length > 0) return { written: [], failures: [], badSources: absent }
    await Promise.all(writers.map((writer) => writer.open()))
    return await rebuild(environment, { spread, readers, writers, signal })
  } catch (error) {
    await Promise.all(writers.map((writer) => writer.discard()))
    throw error
  } finally {
    await Promise.all(readers.map((reader) => reader.close()))
  }
}

function sourcesFor({ spread, sources, targets }: RebuildInput): FragmentPlace[] {
  const isWanted = (index: number): boolean => targets.some((target) => target.index === index)
  const copied = sources.filter(({ index }) => isWanted(index))
  if (targets.every(({ index }) => copied.some((source) => source.index === index))) return copied
  if (sources.length < spread.dataFragments) {
    const present = sources.length
    throw new HoltError(
      'PACK_UNRECOVERABLE',
      `${present} of ${spread.totalFragments} fragments are left, ${spread.dataFragments} are needed`,
      {
        pack: spread.id,
        present,
        needed: spread.dataFragments,
      },
    )
  }
  return [...copied, ...sources.filter(({ index }) => !isWanted(index))].slice(0, Math.max(spread.dataFragments, copied.length))
}

interface Rebuilding {
  spread: SpreadPack
  readers: ShardReader[]
  writers: FragmentWriter[]
  signal: AbortSignal
}

async function rebuild(environment: WorkEnvironment, { spread, readers, writers, signal }: Rebuilding): Promise<RebuildOutput> {
  const { shardBytes } = spread
  const hashers = writers.map(() => createBlake3())
  const wanted = writers.map((writer) => writer.target.index)
  for (let column = 0; column < shardBytes; column += WINDOW_BYTES) {
    if (signal.aborted) throw new HoltError('CANCELLED', 'rebuilding was cancelled')
    const length = Math.min(WINDOW_BYTES, shardBytes - column)
    const read = await Promise.all(readers.map((reader) => reader.read(column, length)))
    const unreadable = readers.filter((_, i) => read[i] === null)
    if (unreadable.length > 0) return await giveUp(writers, unreadable)
    const present = readers.map(({ index }, i) => ({ index, bytes: read[i] as Uint8Array }))
    const shards = decodeShards(environment.erasure, spread, { present, wanted })
    const written = writers.map((writer, i) => writer.write(column, shards[i] as Uint8Array))
    for (const [i, hasher] of hashers.entries()) hasher.update(shards[i] as Uint8Array)
    await Promise.all(written)
  }
  await Promise.all(writers.map((writer, i) => finish(writer, spread, hashers[i]?.digest() as Uint8Array)))
  const written = writers.filter((writer) => writer.failure === null).map((writer) => writer.target.index)
  return { written, failures: failuresOf(writers), badSources: readers.filter((reader) => !reader.isRight()).map(({ index }) => index) }
}

async function giveUp(writers: readonly FragmentWriter[], unreadable: readonly ShardReader[]): Promise<RebuildOutput> {
  await Promise.all(writers.map((writer) => writer.discard()))
  return { written: [], failures: [], badSources: unreadable.map(({ index }) => index) }
}

async function finish(writer: FragmentWriter, spread: SpreadPack, root: Uint8Array): Promise<void> {
  const { index } = writer.target
  if (equalBytes(root, rootOf(spread, index))) return await writer.finish(spread.shardBytes, encodeFragmentTail(spread, index))
  writer.failure ??= errorToJson(new HoltError('BLOCK_CORRUPT', 'the sources of this fragment are damaged', { pack: spread.id, index }))
  await writer.discard()
}
