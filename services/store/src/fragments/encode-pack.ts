import { concatBytes } from '@holt/core/bytes.ts'
import { type Blake3Hasher, createBlake3 } from '@holt/core/blake3.ts'
import type { DiskFile } from '@holt/core/disk.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { WorkEnvironment } from '@holt/core/work-pool.ts'
import type { SealedPack } from '../pack-keeper.ts'
import { encodeFragmentTail, shardBytesOf, signSpread, type SpreadPack } from './fragment-file.ts'
import { failuresOf, type FilePlace, type FragmentPlace, FragmentWriter, type TargetFailure } from './fragment-writer.ts'

/** How much of each fragment is in memory at once: enough for long writes, and n of them are still a few MiB. */
export const WINDOW_BYTES = 256 * 1024

export interface EncodePackInput {
  source: FilePlace
  pack: SealedPack
  dataFragments: number
  totalFragments: number
  /** Unfinished files to write; indices that are not here are only hashed. */
  targets: FragmentPlace[]
  /** With k = 1: the source file itself becomes fragment 0 by getting padding and tail. */
  completeSource: boolean
  storageSeed: Uint8Array
}

export interface EncodePackOutput {
  spread: SpreadPack
  /** Targets that could not be written; nothing is left of them. */
  failures: TargetFailure[]
}

/**
 * Cuts a pack into fragments, computes parity and hashes, and writes all targets durably, in one pass over the pack.
 *
 * @throws HoltError IO_FAILED when the source cannot be read, CANCELLED; then no target is left.
 */
export async function encodePack(environment: WorkEnvironment, input: EncodePackInput, signal: AbortSignal): Promise<EncodePackOutput> {
  const source = await environment.disk(input.source.disk).open(input.source.path, { readOnly: !input.completeSource })
  if (source === null) throw new HoltError('IO_FAILED', 'the pack to be spread is not there', { path: input.source.path })
  const writers = input.targets.map((target) => new FragmentWriter(environment, target))
  try {
    await Promise.all(writers.map((writer) => writer.open()))
    const spread = await writeShards(environment, input, source, writers, signal)
    const finished = writers.map((writer) => writer.finish(spread.shardBytes, encodeFragmentTail(spread, writer.target.index)))
    await Promise.all(finished)
    if (input.completeSource) await completeSource(source, spread)
    return { spread, failures: failuresOf(writers) }
  } catch (error) {
    await Promise.all(writers.map((writer) => writer.discard()))
    throw error
  } finally {
    await source.close()
  }
}

async function writeShards(
  { crypto, erasure }: WorkEnvironment,
  input: EncodePackInput,
  source: DiskFile,
  writers: readonly FragmentWriter[],
  signal: AbortSignal,
): Promise<SpreadPack> {
  const { pack, dataFragments, totalFragments } = input
  const shardBytes = shardBytesOf(pack.sizeBytes, dataFragments)
  const hashers = Array.from({ length: totalFragments }, () => createBlake3())
  const readColumns = (column: number): Promise<Uint8Array[]> => readWindow(source, { pack, dataFragments, shardBytes, column })
  let ahead = readColumns(0)
  for (let column = 0; column < shardBytes; column += WINDOW_BYTES) {
    if (signal.aborted) throw new HoltError('CANCELLED', 'spreading was cancelled')
    const data = await ahead
    if (column + WINDOW_BYTES < shardBytes) ahead = readColumns(column + WINDOW_BYTES)
    ahead.catch(() => {}) // is awaited in the next turn, unless writing throws before
    const shards = [...data, ...erasure.encode(data, totalFragments - dataFragments)]
    const written = writers.map((writer) => writer.write(column, shards[writer.target.index] as Uint8Array))
    hashAll(hashers, shards)
    await Promise.all(written)
  }
  const roots = concatBytes(hashers.map((hasher) => hasher.digest()))
  return signSpread(crypto, input.storageSeed, { ...plainPack(pack), dataFragments, totalFragments, shardBytes, roots })
}

/** Only the fields of a SealedPack, whatever else came with it. */
function plainPack({ id, redundancyClass, sizeBytes, toc, createdSeconds }: SealedPack): SealedPack {
  return { id, redundancyClass, sizeBytes, toc: { offset: toc.offset, length: toc.length }, createdSeconds }
}

function hashAll(hashers: readonly Blake3Hasher[], shards: readonly Uint8Array[]): void {
  for (const [i, hasher] of hashers.entries()) hasher.update(shards[i] as Uint8Array)
}

interface WindowPlace {
  pack: SealedPack
  dataFragments: number
  shardBytes: number
  column: number
}

/** The same columns of each data shard; zeros past the end of the pack. */
function readWindow(source: DiskFile, { pack, dataFragments, shardBytes, column }: WindowPlace): Promise<Uint8Array[]> {
  const length = Math.min(WINDOW_BYTES, shardBytes - column)
  const reads = Array.from({ length: dataFragments }, async (_, shard) => {
    const offset = shard * shardBytes + column
    const wanted = Math.max(0, Math.min(length, pack.sizeBytes - offset))
    const bytes = wanted > 0 ? await source.read(offset, wanted) : new Uint8Array(0)
    if (bytes.length !== wanted) throw new HoltError('IO_FAILED', 'the pack to be spread ends early', { pack: pack.id, offset })
    return bytes.length === length ? bytes : zeroFilled(bytes, length)
  })
  return Promise.all(reads)
}

function zeroFilled(bytes: Uint8Array, length: number): Uint8Array {
  const filled = new Uint8Array(length)
  filled.set(bytes)
  return filled
}

async function completeSource(source: DiskFile, spread: SpreadPack): Promise<void> {
  const padding = new Uint8Array(spread.shardBytes - spread.sizeBytes)
  await source.truncate(spread.sizeBytes)
  await source.write(spread.sizeBytes, concatBytes([padding, encodeFragmentTail(spread, 0)]))
  await source.sync()
}
