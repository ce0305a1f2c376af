import type { PackId } from '../pack-keeper.ts'

/** Packs that something was noticed about, until repair looks at them. */
export class RepairQueue {
  /** To be verified, then mended. */
  readonly suspects = new Set<PackId>()
  /** Known to lack fragments, or to have some too many. */
  readonly endangered = new Set<PackId>()
  /** Any pack may lack something: drives came or went. */
  isAnyWanting = true
  /** Called when something was added. */
  onAdd: () => void = () => {}

  suspect(pack: PackId): void {
    this.suspects.add(pack)
    this.onAdd()
  }

  endanger(pack: PackId): void {
    this.endangered.add(pack)
    this.onAdd()
  }

  endangerAny(): void {
    this.isAnyWanting = true
    this.onAdd()
  }

  forget(pack: PackId): void {
    this.suspects.delete(pack)
    this.endangered.delete(pack)
  }
}
