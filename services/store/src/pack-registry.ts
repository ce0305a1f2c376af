import type { PackId, SealedPack } from './pack-keeper.ts'
import type { PackLog } from './pack-log.ts'

/** All that the store knows of one pack. */
export interface PackState {
  /** Stands for the pack in the index; never used again for another. */
  number: number
  id: PackId
  redundancyClass: string
  createdSeconds: number
  sizeBytes: number
  blockCount: number
  /** Null while it is open. */
  sealed: SealedPack | null
  /** The local file while there is one; until the pack is spread it is the only one. */
  log: PackLog | null
  /** The keeper has it. */
  isSpread: boolean
  /** When it was sealed, on the scale of `PackRegistry.tick`: what garbage collection goes by. */
  sealedTick: number
  /** All its blocks are in index tables up to this one; infinite when they are not, or while it is open. */
  indexedBy: number
}

/** The packs of the store, by the number the index uses and by id. */
export class PackRegistry {
  readonly #byNumber = new Map<number, PackState>()
  readonly #byId = new Map<PackId, PackState>()
  readonly #gone = new Set<PackId>()
  #nextNumber = 0
  #newestSeconds = 0
  #ticks = 0
  /** How many packs of the keeper could not be read when they were last looked at: their blocks are not in the index. */
  unread = 0

  get nextNumber(): number {
    return this.#nextNumber
  }

  /** A place in time: greater than each before. */
  tick(): number {
    return ++this.#ticks
  }

  /** Numbers below this one were given once, though their packs may be gone. */
  reserveNumbers(below: number): void {
    this.#nextNumber = Math.max(this.#nextNumber, below)
  }

  add(known: Pick<PackState, 'id' | 'redundancyClass' | 'createdSeconds'> & Partial<PackState>): PackState {
    const state: PackState = {
      number: this.#nextNumber,
      sizeBytes: 0,
      blockCount: 0,
      sealed: null,
      log: null,
      isSpread: false,
      sealedTick: 0,
      indexedBy: Number.POSITIVE_INFINITY,
      ...known,
    }
    this.reserveNumbers(state.number + 1)
    this.#newestSeconds = Math.max(this.#newestSeconds, state.createdSeconds)
    this.#byNumber.set(state.number, state)
    this.#byId.set(state.id, state)
    return state
  }

  remove(pack: PackState): void {
    this.#byNumber.delete(pack.number)
    this.#byId.delete(pack.id)
    this.#gone.add(pack.id)
  }

  /** Takes `remove` back. */
  restore(pack: PackState): void {
    this.#byNumber.set(pack.number, pack)
    this.#byId.set(pack.id, pack)
    this.#gone.delete(pack.id)
  }

  /** It was removed since the start, though the keeper may still be at it. */
  isGone(id: PackId): boolean {
    return this.#gone.has(id)
  }

  byNumber(number: number): PackState | null {
    return this.#byNumber.get(number) ?? null
  }

  byId(id: PackId): PackState | null {
    return this.#byId.get(id) ?? null
  }

  all(): PackState[] {
    return [...this.#byNumber.values()]
  }

  /** For a new pack: later than any other's, whatever the clock says, so that the newest can be told. */
  createdNow(nowSeconds: number): number {
    return Math.max(nowSeconds, this.#newestSeconds + 1)
  }
}
