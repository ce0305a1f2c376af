import { DEFAULT_CLASS, NAMES_CLASS } from '../class-names.ts'
import type { HolderState } from './holder.ts'
import type { KeeperContext } from './keeper-context.ts'
import { isUsable, type KnownPack } from './pack-table.ts'

/** One drive as its owner sees it. */
export interface DriveFacts {
  id: string
  folder: string
  state: HolderState
  totalBytes: number
  freeBytes: number
  fragmentBytes: number
  fragmentCount: number
  problem?: string
}

/** One redundancy class as its owner sees it. */
export interface ClassFacts {
  name: string
  dataFragments: number
  totalFragments: number
  setByOwner: boolean
  packs: number
  packBytes: number
  /** How many more drives may be lost, by the worst pack, right now; -1 when a pack is lost already. */
  lossesSurvived: number
}

/** What a path may be kept as, and what that survives with the drives that are there now. */
export type ClassChoice = Pick<ClassFacts, 'name' | 'dataFragments' | 'totalFragments' | 'setByOwner' | 'lossesSurvived'>

export function driveFacts(context: KeeperContext): DriveFacts[] {
  const fragments = countFragments(context)
  return context.holders.map((holder) => ({
    id: holder.id,
    folder: holder.folder,
    state: holder.state,
    totalBytes: holder.totalBytes,
    freeBytes: holder.state === 'missing' ? 0 : holder.freeBytes,
    ...(fragments.get(holder) ?? { fragmentBytes: 0, fragmentCount: 0 }),
    ...(holder.problem === null ? {} : { problem: holder.problem }),
  }))
}

function countFragments({ table }: KeeperContext): Map<unknown, { fragmentBytes: number; fragmentCount: number }> {
  const counts = new Map<unknown, { fragmentBytes: number; fragmentCount: number }>()
  for (const pack of table.all()) {
    for (const { spread, homes } of pack.spreadings) {
      for (const { holder } of homes) {
        const count = counts.get(holder) ?? { fragmentBytes: 0, fragmentCount: 0 }
        count.fragmentBytes += spread.shardBytes
        count.fragmentCount++
        counts.set(holder, count)
      }
    }
  }
  return counts
}

/** The classes that have packs, those the owner fixed, and the usual one. */
export function classFacts(context: KeeperContext): ClassFacts[] {
  const byClass = new Map<string, KnownPack[]>([[DEFAULT_CLASS, []]])
  for (const name of context.classes.keys()) byClass.set(name, [])
  for (const pack of context.table.all()) {
    const name = pack.main.spread.redundancyClass
    const packs = byClass.get(name)
    if (packs === undefined) byClass.set(name, [pack])
    else packs.push(pack)
  }
  return [...byClass].map(([name, packs]) => ({
    name,
    ...context.codeOf(name),
    setByOwner: context.classes.has(name),
    packs: packs.length,
    packBytes: packs.reduce((sum, { main }) => sum + main.spread.sizeBytes, 0),
    lossesSurvived:
      packs.length > 0 ? packs.reduce((least, pack) => Math.min(least, lossesSurvived(pack)), 255) : lossesOfNext(context, name),
  }))
}

/** Loses the fullest drives first: never says too much. */
function lossesSurvived({ main: { spread, homes } }: KnownPack): number {
  const usable = homes.filter(isUsable)
  const fragments = new Set(usable.map(({ index }) => index))
  const isPlain = fragments.size === usable.length && new Set(usable.map(({ holder }) => holder)).size === usable.length
  if (isPlain) return Math.max(-1, usable.length - spread.dataFragments)
  const drives = new Map<unknown, Set<number>>()
  for (const { index, holder } of usable) drives.set(holder, (drives.get(holder) ?? new Set()).add(index))
  const fullestFirst = [...drives.values()].sort((a, b) => b.size - a.size)
  for (let losses = 0; losses <= fullestFirst.length; losses++) {
    const left = new Set(fullestFirst.slice(losses).flatMap((indices) => [...indices]))
    if (left.size < spread.dataFragments) return losses - 1
  }
  return fullestFirst.length
}

/** What a pack would survive that was spread now. */
function lossesOfNext(context: KeeperContext, name: string): number {
  const { dataFragments, totalFragments } = context.codeOf(name)
  const drives = context.holders.filter(({ state }) => state === 'ok').length
  return Math.max(0, Math.min(totalFragments, drives) - dataFragments)
}

/** The three that everybody has, least safe first, and those the owner made. What names are kept as is nobody's choice. */
export function classChoices(context: KeeperContext): ClassChoice[] {
  const usual = ['light', DEFAULT_CLASS, 'precious']
  const own = [...context.classes.keys()].filter((name) => !usual.includes(name) && name !== NAMES_CLASS)
  return [...usual, ...own].map((name) => ({
    name,
    ...context.codeOf(name),
    setByOwner: context.classes.has(name),
    lossesSurvived: lossesOfNext(context, name),
  }))
}
