import { TimeSlice } from '@holt/core/event-loop.ts'
import type { PackKeeper } from '../pack-keeper.ts'
import type { PackState } from '../pack-registry.ts'
import { tocOf } from '../pack-tocs.ts'
import type { Toc } from '../toc.ts'
import type { LiveSet } from './live-set.ts'

/** A pack with too much in it that nothing needs. */
export interface Victim {
  pack: PackState
  liveBlocks: number
  liveBytes: number
  /** One bit per entry of the table of contents. */
  liveBits: Uint8Array
  hasCommits: boolean
}

/** A pack with less than this part alive is worth copying the rest of it. */
const WORTH_KEEPING = 0.6

/** Packs below this part of the full size are put together when there are so many of one class. */
const SMALL_PACK = 0.25
const MANY_SMALL_PACKS = 4

/**
 * Which of the packs to give up: those with nothing live in them first. A block that lies in several packs counts as live in the newest.
 *
 * @param candidates packs whose tables of contents may be read; those that cannot be are left alone.
 */
export async function planSweep(
  keeper: PackKeeper,
  {
    candidates,
    live,
    packBytes,
    onLooked,
  }: { candidates: readonly PackState[]; live: LiveSet; packBytes: number; onLooked(count: number): void },
): Promise<Victim[]> {
  const claimed = new Uint8Array(Math.ceil(live.places / 8))
  const looked: Victim[] = []
  for (const [count, pack] of [...candidates].sort((a, b) => b.createdSeconds - a.createdSeconds).entries()) {
    const toc = await tocOf(keeper, pack)
    if (toc) looked.push(await lookAt(pack, toc, live, claimed))
    onLooked(count + 1)
  }
  const victims = looked.filter(({ pack, liveBytes }) => liveBytes < WORTH_KEEPING * pack.sizeBytes)
  victims.push(...manySmall(looked, packBytes).filter((small) => !victims.includes(small)))
  return victims.sort((a, b) => a.liveBytes - b.liveBytes)
}

async function lookAt(pack: PackState, { blocks, commits }: Toc, live: LiveSet, claimed: Uint8Array): Promise<Victim> {
  const victim: Victim = {
    pack,
    liveBlocks: 0,
    liveBytes: 0,
    liveBits: new Uint8Array(Math.ceil(blocks.count / 8)),
    hasCommits: commits.count > 0,
  }
  const slice = new TimeSlice()
  for (let i = 0; i < blocks.count; i++) {
    const place = live.placeOf(blocks.digest(i))
    if (place !== null && claim(claimed, place)) {
      claim(victim.liveBits, i)
      victim.liveBlocks++
      victim.liveBytes += blocks.length(i)
    }
    if (i % 1024 === 0 && slice.isOver) await slice.next()
  }
  return victim
}

/** Sets a bit. @returns false when it was set. */
function claim(bits: Uint8Array, at: number): boolean {
  const byte = bits[at >>> 3] as number
  bits[at >>> 3] = byte | (1 << (at & 7))
  return (byte & (1 << (at & 7))) === 0
}

export function isLive({ liveBits }: Victim, i: number): boolean {
  return ((liveBits[i >>> 3] as number) & (1 << (i & 7))) !== 0
}

function manySmall(looked: readonly Victim[], packBytes: number): Victim[] {
  const byClass = new Map<string, Victim[]>()
  for (const victim of looked) {
    const { redundancyClass, sizeBytes } = victim.pack
    if (sizeBytes < SMALL_PACK * packBytes) byClass.set(redundancyClass, [...(byClass.get(redundancyClass) ?? []), victim])
  }
  return [...byClass.values()].filter((small) => small.length >= MANY_SMALL_PACKS).flat()
}
