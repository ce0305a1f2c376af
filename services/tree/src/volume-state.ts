import type { Version, VolumeTree } from './committer.ts'
import type { Time } from './types.ts'

/**
 * What a volume is at this moment.
 *
 * | | is |
 * |---|---|
 * | `durable` | the newest version in the store; null before the first commit |
 * | `tree` | what the next edit begins with: the durable tree, or what edits since have made of it |
 * | `usedSequence` | the highest number of a version that the store may have seen |
 * | `failures` | how often edits were taken back: one that began before is void |
 */
export class VolumeState {
  usedSequence: number
  failures = 0
  lastFailure: Error | null = null
  #durable: Version | null
  /** The durable tree as edits had made it. */
  #committed: VolumeTree
  #tree: VolumeTree
  #treeTime: Time

  constructor(tree: VolumeTree, durable: Version | null, time: Time) {
    this.#durable = durable
    this.#committed = tree
    this.#tree = tree
    this.#treeTime = time
    this.usedSequence = durable?.sequence ?? 0
  }

  get durable(): Version | null {
    return this.#durable
  }

  get tree(): VolumeTree {
    return this.#tree
  }

  get treeTime(): Time {
    return this.#treeTime
  }

  /** Of the version that `tree` is or will be. */
  get treeSequence(): number {
    const sequence = this.#durable?.sequence ?? 0
    return this.isDurable(this.#tree) ? sequence : sequence + 1
  }

  isDurable(tree: VolumeTree): boolean {
    return tree === this.#committed || tree === this.#durable
  }

  /** An edit has made `tree`. */
  edited(tree: VolumeTree, time: Time): void {
    if (tree !== this.#tree) this.#treeTime = time
    this.#tree = tree
  }

  /** The store has `tree` as this version. Edits may have gone on meanwhile. */
  committed(tree: VolumeTree, version: Version): void {
    this.#durable = version
    this.#committed = tree
    if (this.#tree === tree) {
      this.#tree = version
      this.#treeTime = version.time
    }
  }

  /** Another node's version took the place of ours; no edit is under way. */
  adopted(version: Version): void {
    this.#durable = version
    this.#committed = version
    this.#tree = version
    this.#treeTime = version.time
  }

  /** A commit failed: all that is not durable is void. */
  takeBack(failure: Error): void {
    this.failures++
    this.lastFailure = failure
    this.#tree = this.#durable ?? this.#committed
    this.#treeTime = this.#durable?.time ?? this.#treeTime
  }
}
