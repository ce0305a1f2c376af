import { HoltError } from '@holt/core/errors.ts'
import { compareNames, splitPath } from '../names.ts'
import type { Snapshot, Time, TreeEntry, TreeFile } from '../types.ts'

/** Entries by path, held in memory: a snapshot for tests of what reads entries and opens no file. */
export class MemorySnapshot implements Snapshot {
  readonly sequence = 1
  readonly time: Time = [0, 0]
  readonly #entries: Map<string, TreeEntry>

  /** @param entries must hold '/' and each directory above an entry. */
  constructor(entries: Record<string, TreeEntry>) {
    this.#entries = new Map(Object.entries(entries))
  }

  async stat(path: string): Promise<TreeEntry | null> {
    return this.#entries.get(path) ?? null
  }

  async list(path: string, { after = '', limit = 100 }: { after?: string; limit?: number } = {}) {
    if (!this.#entries.has(path)) throw new HoltError('NOT_FOUND', `there is no ${path}`)
    const depth = splitPath(path).length
    const below = [...this.#entries].map(([name, entry]) => ({ names: splitPath(name), path: name, entry }))
    const children = below.filter(({ names, path: child }) => names.length === depth + 1 && (path === '/' || child.startsWith(`${path}/`)))
    const sorted = children
      .map(({ names, entry }) => ({ name: names[depth] as string, entry }))
      .sort((a, b) => compareNames(a.name, b.name))
    const rest = sorted.filter(({ name }) => after === '' || compareNames(name, after) > 0)
    return { entries: rest.slice(0, limit), more: rest.length > limit }
  }

  async listEntry(directory: TreeEntry, options?: { after?: string; limit?: number }) {
    for (const [path, entry] of this.#entries) if (entry === directory) return await this.list(path, options)
    throw new HoltError('NOT_FOUND', 'there is no such directory')
  }

  async redundancyClass(): Promise<string> {
    return 'standard'
  }

  async openFile(): Promise<TreeFile> {
    return this.openEntry()
  }

  openEntry(): TreeFile {
    throw new HoltError('NOT_FOUND', 'a MemorySnapshot has no contents')
  }
}
