import type { KeptPack, PackId } from '../pack-keeper.ts'
import { isSameSpread, type SpreadPack } from './fragment-file.ts'
import type { FragmentHolder } from './holder.ts'

/**
 * What is known of one fragment on one holder. `trusted`: nothing speaks against it; `unsure`: only its name was seen, or a read
 * failed; `tail`: the shard is right, what follows it is not; `corrupt`: the shard is wrong or cannot be read.
 */
export type HomeCondition = 'trusted' | 'unsure' | 'tail' | 'corrupt'

export interface FragmentHome {
  index: number
  holder: FragmentHolder
  condition: HomeCondition
}

/** One way a pack was cut into fragments, and where those are, on missing holders too. */
export interface Spreading {
  spread: SpreadPack
  homes: FragmentHome[]
}

/** True when the fragment can be read right now, as far as is known. */
export function isUsable(home: FragmentHome): boolean {
  return home.condition !== 'corrupt' && home.holder.state !== 'missing'
}

/** Distinct fragments that can be read right now. */
export function presentIndices({ homes }: Spreading): Set<number> {
  return new Set(homes.filter(isUsable).map(({ index }) => index))
}

/** How many more fragments may be lost; negative when the pack cannot be rebuilt now. */
export function spareOf(spreading: Spreading): number {
  return presentIndices(spreading).size - spreading.spread.dataFragments
}

/**
 * A pack and its spreadings: one, but for the time in which it is spread in another way, or when a drive comes back that missed that.
 */
export class KnownPack {
  readonly id: PackId
  readonly spreadings: Spreading[] = []

  constructor(id: PackId) {
    this.id = id
  }

  /** The spreading to read from: a complete one, else the one that survives most. */
  get main(): Spreading {
    const [first, ...others] = this.spreadings as [Spreading, ...Spreading[]]
    return others.reduce((best, next) => (isBetter(next, best) ? next : best), first)
  }

  spreadingOf(spread: SpreadPack): Spreading | undefined {
    return this.spreadings.find((spreading) => isSameSpread(spreading.spread, spread))
  }

  /** Keeps the spread when it is new. */
  addSpreading(spread: SpreadPack): Spreading {
    const known = this.spreadingOf(spread)
    if (known !== undefined) return known
    const spreading = { spread, homes: [] }
    this.spreadings.push(spreading)
    return spreading
  }

  homeOn(holder: FragmentHolder, index?: number): FragmentHome | undefined {
    for (const { homes } of this.spreadings) {
      for (const home of homes) if (home.holder === holder && (index === undefined || home.index === index)) return home
    }
    return undefined
  }

  /** Holders that have something of the pack that is of use, and are to get nothing more of it. */
  occupied(): Set<FragmentHolder> {
    const homes = this.spreadings.flatMap((spreading) => spreading.homes)
    return new Set(homes.filter(({ condition }) => condition !== 'corrupt').map(({ holder }) => holder))
  }

  removeHome(home: FragmentHome): void {
    for (const spreading of this.spreadings) spreading.homes = spreading.homes.filter((other) => other !== home)
  }

  /** Forgets spreadings without any fragment, but never the last. */
  dropEmptySpreadings(): void {
    for (let i = this.spreadings.length - 1; i >= 0 && this.spreadings.length > 1; i--) {
      if (this.spreadings[i]?.homes.length === 0) this.spreadings.splice(i, 1)
    }
  }

  toKept(): KeptPack {
    const { spread, ...spreading } = this.main
    return {
      id: spread.id,
      redundancyClass: spread.redundancyClass,
      sizeBytes: spread.sizeBytes,
      toc: spread.toc,
      createdSeconds: spread.createdSeconds,
      dataFragments: spread.dataFragments,
      totalFragments: spread.totalFragments,
      presentFragments: presentIndices({ spread, ...spreading }).size,
    }
  }
}

function isBetter(a: Spreading, b: Spreading): boolean {
  const [spareA, spareB] = [spareOf(a), spareOf(b)]
  const isFull = (spreading: Spreading, spare: number): boolean =>
    spare === spreading.spread.totalFragments - spreading.spread.dataFragments
  const [fullA, fullB] = [isFull(a, spareA), isFull(b, spareB)]
  return fullA === fullB ? spareA > spareB : fullA
}

/** Every pack of which anything is known. */
export class PackTable {
  readonly #packs = new Map<PackId, KnownPack>()
  /** Counts changes, so that who saves the table knows whether to. */
  changes = 0

  get(id: PackId): KnownPack | undefined {
    return this.#packs.get(id)
  }

  all(): KnownPack[] {
    return [...this.#packs.values()]
  }

  get size(): number {
    return this.#packs.size
  }

  add(spread: SpreadPack): Spreading {
    let pack = this.#packs.get(spread.id)
    if (pack === undefined) {
      pack = new KnownPack(spread.id)
      this.#packs.set(spread.id, pack)
    }
    this.changes++
    return pack.addSpreading(spread)
  }

  /** @param home replaces one with the same index on the same holder. */
  addHome(spread: SpreadPack, home: FragmentHome): void {
    const spreading = this.add(spread)
    const older = this.#packs.get(spread.id)?.homeOn(home.holder, home.index)
    if (older !== undefined) this.#packs.get(spread.id)?.removeHome(older)
    spreading.homes.push(home)
    this.#packs.get(spread.id)?.dropEmptySpreadings()
  }

  removeHome(id: PackId, home: FragmentHome): void {
    this.#packs.get(id)?.removeHome(home)
    this.#packs.get(id)?.dropEmptySpreadings()
    this.changes++
  }

  remove(id: PackId): void {
    if (this.#packs.delete(id)) this.changes++
  }

  /** Everything on one holder. */
  homesOn(holder: FragmentHolder): { pack: KnownPack; spreading: Spreading; home: FragmentHome }[] {
    const found = []
    for (const pack of this.#packs.values()) {
      for (const spreading of pack.spreadings) {
        for (const home of spreading.homes) if (home.holder === holder) found.push({ pack, spreading, home })
      }
    }
    return found
  }
}
