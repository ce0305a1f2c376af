import { joinPath } from './names.ts'
import type { Change } from './types.ts'

/** More changes than this below one commit are told as changes of their directories. */
const MOST_CHANGES = 10_000

type Kind = Change['kind']

/** What edits changed, one kind for each path. */
export class ChangeList {
  readonly #kinds = new Map<string, Kind>()

  get isEmpty(): boolean {
    return this.#kinds.size === 0
  }

  add(path: string, kind: Kind): void {
    const before = this.#kinds.get(path)
    const after = before === undefined ? kind : combined(before, kind)
    if (after === null) this.#kinds.delete(path)
    else this.#kinds.set(path, after)
    if (this.#kinds.size > MOST_CHANGES) this.#condense()
  }

  addAll(other: ChangeList): void {
    for (const [path, kind] of other.#kinds) this.add(path, kind)
  }

  /** Keeps the directories of what changed, and when those are too many, their directories. */
  #condense(): void {
    while (this.#kinds.size > MOST_CHANGES / 2) {
      const directories = new Set([...this.#kinds.keys()].map(parentOf))
      this.#kinds.clear()
      for (const directory of directories) this.#kinds.set(directory, 'changed')
    }
  }

  list(): Change[] {
    return [...this.#kinds].map(([path, kind]) => ({ path, kind }))
  }
}

function combined(before: Kind, after: Kind): Kind | null {
  if (before === 'created') return after === 'removed' ? null : 'created'
  if (before === 'removed') return after === 'removed' ? 'removed' : 'changed'
  return after === 'created' ? 'changed' : after
}

function parentOf(path: string): string {
  return joinPath(path.slice(1).split('/').slice(0, -1))
}
