import { concatBytes } from '@holt/core/bytes.ts'
import type { DiskFile } from '@holt/core/disk.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { WorkEnvironment } from '@holt/core/work-pool.ts'
import type { SealedPack } from '../pack-keeper.ts'
import { encodeFragmentTail, shardBytesOf, signSpread, type SpreadPack } from './fragment-file.ts'
import { failuresOf, type FilePlace, type FragmentPlace, FragmentWriter, type TargetFailure } from './fragment-writer.ts'
import { PackColumns, packWindowBytes } from './pack-columns.ts'
import { ShardCoder } from './shard-coder.ts'

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
  const source = await environment.disk(input.source.disk).open(input.source.path, { readOnly: !input.completeSource, bulk: true })
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
  { crypto }: WorkEnvironment,
  input: EncodePackInput,
  source: DiskFile,
  writers: readonly FragmentWriter[],
  signal: AbortSignal,
): Promise<SpreadPack> {
  const { pack, dataFragments, totalFragments } = input
  const shardBytes = shardBytesOf(pack.sizeBytes, dataFragments)
  const columns = new PackColumns(source, { pack, dataFragments, shardBytes })
  const coder = new ShardCoder(dataFragments, totalFragments)
  try {
    for (let column = 0; column < shardBytes; column += packWindowBytes(dataFragments)) {
      if (signal.aborted) throw new HoltError('CANCELLED', 'spreading was cancelled')
      const shards = coder.code(await columns.next())
      await Promise.all(writers.map((writer) => writer.write(column, shards[writer.target.index] as Uint8Array)))
    }
    return signSpread(crypto, input.storageSeed, { ...plainPack(pack), dataFragments, totalFragments, shardBytes, roots: coder.roots() })
  } finally {
    coder.close()
    await columns.close()
  }
}

/** Only the fields of a SealedPack, whatever else came with it. */
function plainPack({ id, redundancyClass, sizeBytes, toc, createdSeconds }: SealedPack): SealedPack {
  return { id, redundancyClass, sizeBytes, toc: { offset: toc.offset, length: toc.length }, createdSeconds }
}

async function completeSource(source: DiskFile, spread: SpreadPack): Promise<void> {
  const padding = new Uint8Array(spread.shardBytes - spread.sizeBytes)
  await source.truncate(spread.sizeBytes)
  await source.write(spread.sizeBytes, concatBytes([padding, encodeFragmentTail(spread, 0)]))
  await source.sync()
}
