import { equalBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { WorkEnvironment } from '@holt/core/work-pool.ts'
import { encodeFragmentTail, type SpreadPack } from './fragment-file.ts'
import type { FragmentPlace } from './fragment-writer.ts'
import { WINDOW_BYTES } from './pack-columns.ts'
import { ShardReader } from './shard-reader.ts'

export interface VerifyInput {
  spread: SpreadPack
  place: FragmentPlace
}

/** `tail`: the shard is right, what follows it is not. `unreadable`: there, but the drive does not give it back. */
export type FragmentCondition = 'good' | 'tail' | 'corrupt' | 'missing' | 'unreadable'

/** Reads a whole fragment file and compares each byte with what the owner signed. @throws HoltError CANCELLED. */
export async function verifyFragment(
  environment: WorkEnvironment,
  { spread, place }: VerifyInput,
  signal: AbortSignal,
): Promise<{ condition: FragmentCondition }> {
  const reader = await ShardReader.open(environment, spread, place)
  if (reader === null) return { condition: 'missing' }
  try {
    for (let column = 0; column < spread.shardBytes; column += WINDOW_BYTES) {
      if (signal.aborted) throw new HoltError('CANCELLED', 'verifying was cancelled')
      const length = Math.min(WINDOW_BYTES, spread.shardBytes - column)
      if ((await reader.read(column, length)) === null) return { condition: await shortOrUnreadable(environment, spread, place) }
    }
    if (!reader.isRight()) return { condition: 'corrupt' }
    const tail = encodeFragmentTail(spread, place.index)
    const found = await reader.readTail(tail.length)
    return { condition: found !== null && equalBytes(found, tail) ? 'good' : 'tail' }
  } finally {
    await reader.close()
  }
}

async function shortOrUnreadable(environment: WorkEnvironment, spread: SpreadPack, place: FragmentPlace): Promise<FragmentCondition> {
  const size = await environment
    .disk(place.disk)
    .sizeOf(place.path)
    .catch(() => null)
  return size !== null && size < spread.shardBytes ? 'corrupt' : 'unreadable'
}
