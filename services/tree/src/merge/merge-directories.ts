import { withContent } from '../directory-node.ts'
import type { NamedChange } from '../directory-update.ts'
import { EntryCursor } from '../entry-cursor.ts'
import { compareNames, joinPath } from '../names.ts'
import type { NodeReader } from '../node-reader.ts'
import type { DirectoryEntry, TreeEntry } from '../types.ts'
import { isSameEntry, type MergedFields, type MergedName, mergeDirectoryFields, mergeEntry, type MergeSide } from './merge-entry.ts'

/** A path that both sides had changed, so that only one could stand. */
export interface MergeConflict {
  path: string
  /** Whose stands; what the other had is in the version that it came with. */
  stands: MergeSide
}

export interface MergedChange extends NamedChange {
  /** What ours has by this name. */
  readonly old: TreeEntry | null
}

/** Takes what must be done to ours to make it the merged one. Directories come before what is in them. */
export interface MergeTarget {
  /** Changes names of a directory that ours has, in their order. */
  change(directory: readonly string[], changes: readonly MergedChange[]): Promise<void>
  /** Changes what a directory of ours is besides its contents. */
  setFields(directory: readonly string[], fields: MergedFields): Promise<void>
  conflict(conflict: MergeConflict): void
}

export interface MergeTops {
  /** The version that both began with; null when none is known: then nothing counts as taken away. */
  base: DirectoryEntry | null
  ours: DirectoryEntry
  theirs: DirectoryEntry
}

const CHANGES_AT_ONCE = 512

/** Merges two trees name by name, opening only what differs. */
export class DirectoryMerge {
  readonly #reader: NodeReader
  readonly #wins: MergeSide
  readonly #target: MergeTarget
  readonly #opensAll: boolean

  /** @param options `opensAll`: also directories that could be taken as they are. */
  constructor(reader: NodeReader, { wins, target, opensAll = false }: { wins: MergeSide; target: MergeTarget; opensAll?: boolean }) {
    this.#reader = reader
    this.#opensAll = opensAll
    this.#wins = wins
    this.#target = target
  }

  async run({ base, ours, theirs }: MergeTops): Promise<void> {
    if (isSameEntry(ours, theirs) || isSameEntry(base, theirs)) return
    await this.#directory([], { base, ours, theirs })
  }

  /** @returns whether anything is left in it. */
  async #directory(names: readonly string[], { base, ours, theirs }: MergeTops): Promise<boolean> {
    await this.#target.setFields(names, mergeDirectoryFields(base, { ours, theirs }, this.#wins))
    let changes: MergedChange[] = []
    const inside: { name: string; merged: MergedName }[] = []
    let isLeft = false
    for await (const { name, ...merged } of this.#names({ base, ours, theirs })) {
      const decided = mergeEntry(merged, this.#wins)
      if (decided.kind === 'inside' || this.#opens(merged, decided.entry)) {
        inside.push({ name, merged })
        continue
      }
      isLeft ||= decided.entry !== null
      if (decided.conflict) this.#tell(names, { name, stands: decided.entry === merged.ours ? 'ours' : 'theirs' })
      if (decided.entry !== merged.ours) changes.push({ name, entry: decided.entry, old: merged.ours })
      if (changes.length < CHANGES_AT_ONCE) continue
      await this.#target.change(names, changes)
      changes = []
    }
    if (changes.length > 0) await this.#target.change(names, changes)
    for (const { name, merged } of inside) if (await this.#inside([...names, name], merged)) isLeft = true
    return isLeft
  }

  #opens({ ours, theirs }: MergedName, entry: TreeEntry | null): boolean {
    return this.#opensAll && ours?.t === 'd' && entry === theirs && entry !== ours && entry?.t === 'd'
  }

  /** What was taken away as a whole on one side, and changed inside on the other, keeps what was changed. */
  async #inside(names: readonly string[], { base, ours, theirs }: MergedName): Promise<boolean> {
    const [known, other] = [ours ?? theirs, theirs ?? ours] as [DirectoryEntry, DirectoryEntry]
    const [parent, name] = [names.slice(0, -1), names.at(-1) as string]
    if (ours === null) await this.#target.change(parent, [{ name, entry: empty(known), old: null }])
    const tops = {
      base: base?.t === 'd' ? base : null,
      ours: ours === null ? empty(known) : known,
      theirs: theirs === null ? empty(other) : other,
    }
    const isLeft = await this.#directory(names, tops)
    if (isLeft || (ours !== null && theirs !== null)) {
      if (ours === null || theirs === null) this.#tell(parent, { name, stands: ours === null ? 'theirs' : 'ours' })
      return true
    }
    await this.#target.change(parent, [{ name, entry: null, old: ours }])
    return false
  }

  #tell(directory: readonly string[], { name, stands }: { name: string; stands: MergeSide }): void {
    this.#target.conflict({ path: joinPath([...directory, name]), stands })
  }

  /** Every name that any of the three has, in order. */
  async *#names(tops: MergeTops): AsyncGenerator<MergedName & { name: string }> {
    const lists = [tops.base, tops.ours, tops.theirs].map((top) => new EntryCursor(this.#reader, top))
    for (const list of lists) await list.next()
    for (;;) {
      const name = lists.reduce<string | null>(
        (first, { at }) => (at && (first === null || isBefore(at.name, first)) ? at.name : first),
        null,
      )
      if (name === null) return
      const [base = null, ours = null, theirs = null] = lists.map(({ at }) => (at?.name === name ? at.entry : null))
      yield { name, base, ours, theirs }
      for (const list of lists) if (list.at?.name === name) await list.next()
    }
  }
}

function isBefore(a: string, b: string): boolean {
  return compareNames(a, b) < 0
}

function empty(directory: DirectoryEntry): DirectoryEntry {
  return withContent(directory, null)
}
