import { TimeSlice } from '@holt/core/event-loop.ts'
import type { PackKeeper } from '../pack-keeper.ts'
import type { PackState } from '../pack-registry.ts'
import { tocOf } from '../pack-tocs.ts'
import type { Toc } from '../toc.ts'
import type { LiveSet } from './live-set.ts'

/** Some blocks of a pack. */
export interface Part {
  blocks: number
  bytes: number
  /** One bit per entry of the table of contents. */
  bits: Uint8Array
}

/** What of a pack is needed. */
export interface LookedAt {
  pack: PackState
  /** What may stay in a pack of this class. */
  live: Part
  /** What belongs in another class. */
  strays: ReadonlyMap<string, Part>
  hasCommits: boolean
}

export interface SweepPlan {
  /** Packs with too much in them that nothing needs, or that belongs elsewhere: those with nothing live in them first. */
  victims: LookedAt[]
  /** Packs with something in them that belongs in another class; victims may be among them. */
  straying: LookedAt[]
}

/** A pack with less than this part alive is worth copying the rest of it. */
const WORTH_KEEPING = 0.6

/** Packs below this part of the full size are put together when there are so many of one class. */
const SMALL_PACK = 0.25
const MANY_SMALL_PACKS = 4

/**
 * Which of the packs to give up, and what to move to another class. A block that lies in several packs counts as live in the newest.
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
): Promise<SweepPlan> {
  const claimed = new Uint8Array(Math.ceil(live.places / 8))
  const looked: LookedAt[] = []
  for (const [count, pack] of [...candidates].sort((a, b) => b.createdSeconds - a.createdSeconds).entries()) {
    const toc = await tocOf(keeper, pack)
    if (toc) looked.push(await lookAt(pack, toc, live, claimed))
    onLooked(count + 1)
  }
  const victims = looked.filter(({ pack, live: { bytes } }) => bytes < WORTH_KEEPING * pack.sizeBytes)
  victims.push(...manySmall(looked, packBytes).filter((small) => !victims.includes(small)))
  return {
    victims: victims.sort((a, b) => a.live.bytes - b.live.bytes),
    straying: looked.filter(({ strays }) => strays.size > 0),
  }
}

async function lookAt(pack: PackState, { blocks, commits }: Toc, live: LiveSet, claimed: Uint8Array): Promise<LookedAt> {
  const nothing = (): Part => ({ blocks: 0, bytes: 0, bits: new Uint8Array(Math.ceil(blocks.count / 8)) })
  const strays = new Map<string, Part>()
  const looked: LookedAt = { pack, live: nothing(), strays, hasCommits: commits.count > 0 }
  const partOf = (redundancyClass: string | null): Part => {
    if (redundancyClass === null || redundancyClass === pack.redundancyClass) return looked.live
    const part = strays.get(redundancyClass) ?? nothing()
    strays.set(redundancyClass, part)
    return part
  }
  const slice = new TimeSlice()
  for (let i = 0; i < blocks.count; i++) {
    const place = live.placeOf(blocks.digest(i))
    if (place !== null && claim(claimed, place)) {
      const part = partOf(live.classAt(place))
      claim(part.bits, i)
      part.blocks++
      part.bytes += blocks.length(i)
    }
    if (i % 1024 === 0 && slice.isOver) await slice.next()
  }
  return looked
}

/** Sets a bit. @returns false when it was set. */
function claim(bits: Uint8Array, at: number): boolean {
  const byte = bits[at >>> 3] as number
  bits[at >>> 3] = byte | (1 << (at & 7))
  return (byte & (1 << (at & 7))) === 0
}

export function isIn({ bits }: Part, i: number): boolean {
  return ((bits[i >>> 3] as number) & (1 << (i & 7))) !== 0
}

function manySmall(looked: readonly LookedAt[], packBytes: number): LookedAt[] {
  const byClass = new Map<string, LookedAt[]>()
  for (const one of looked) {
    const { redundancyClass, sizeBytes } = one.pack
    if (sizeBytes < SMALL_PACK * packBytes) byClass.set(redundancyClass, [...(byClass.get(redundancyClass) ?? []), one])
  }
  return [...byClass.values()].filter((small) => small.length >= MANY_SMALL_PACKS).flat()
}
