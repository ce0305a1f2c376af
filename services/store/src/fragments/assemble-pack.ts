import { HoltError } from '@holt/core/errors.ts'
import type { WorkEnvironment } from '@holt/core/work-pool.ts'
import { decodeShards } from './decode-shards.ts'
import type { SpreadPack } from './fragment-file.ts'
import type { FilePlace, FragmentPlace } from './fragment-writer.ts'
import { WINDOW_BYTES } from './pack-columns.ts'
import { ShardReader } from './shard-reader.ts'

export interface AssembleInput {
  spread: SpreadPack
  /** Any k fragments; more are not read. */
  sources: FragmentPlace[]
  /** The file to write the plain pack to. */
  target: FilePlace
}

/**
 * Writes a pack as one plain file, so that it can be spread in another way. Not synced: it is only an intermediate.
 *
 * @returns `badSources` not empty: the file is not right, try again without them.
 * @throws HoltError DISK_FULL, IO_FAILED of the target, CANCELLED.
 */
export async function assemblePack(
  environment: WorkEnvironment,
  { spread, sources, target }: AssembleInput,
  signal: AbortSignal,
): Promise<{ badSources: number[] }> {
  const places = sources.slice(0, spread.dataFragments)
  const opened = await Promise.all(places.map((place) => ShardReader.open(environment, spread, place)))
  const readers = opened.filter((reader) => reader !== null)
  try {
    if (readers.length < places.length) return { badSources: places.filter((_, i) => opened[i] === null).map(({ index }) => index) }
    return { badSources: await copyColumns(environment, { spread, readers, target, signal }) }
  } finally {
    await Promise.all(readers.map((reader) => reader.close()))
  }
}

interface Copying {
  spread: SpreadPack
  readers: readonly ShardReader[]
  target: FilePlace
  signal: AbortSignal
}

async function copyColumns(environment: WorkEnvironment, { spread, readers, target, signal }: Copying): Promise<number[]> {
  const { shardBytes, dataFragments, sizeBytes } = spread
  const wanted = Array.from({ length: dataFragments }, (_, index) => index)
  const file = await environment.disk(target.disk).open(target.path, { create: 'always', bulk: true })
  if (file === null) throw new TypeError('a disk must open what it was told to create')
  try {
    for (let column = 0; column < shardBytes; column += WINDOW_BYTES) {
      if (signal.aborted) throw new HoltError('CANCELLED', 'assembling a pack was cancelled')
      const length = Math.min(WINDOW_BYTES, shardBytes - column)
      const read = await Promise.all(readers.map((reader) => reader.read(column, length)))
      const unreadable = readers.filter((_, i) => read[i] === null)
      if (unreadable.length > 0) return unreadable.map(({ index }) => index)
      const present = readers.map(({ index }, i) => ({ index, bytes: read[i] as Uint8Array }))
      const data = decodeShards(environment.erasure, spread, { present, wanted })
      await Promise.all(data.map((bytes, i) => file.write(i * shardBytes + column, bytes)))
    }
    await file.truncate(sizeBytes)
    return readers.filter((reader) => !reader.isRight()).map(({ index }) => index)
  } finally {
    await file.close()
  }
}
