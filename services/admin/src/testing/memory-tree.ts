import type { Entry, Params } from '@holt/control/schema.ts'
import type { OnConflict, TrashItem } from '@holt/control/trash.ts'
import { compareBytes, concatBytes, utf8 } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { foldText } from '@holt/core/fold-text.ts'

interface Stored {
  entry: Entry
  bytes: Uint8Array
}
type Version = { sequence: number; time: number; nodes: ReadonlyMap<string, Stored> }

/** A tree of files in memory that keeps every version: as much of the real one as the page can see. */
export class MemoryTree {
  #versions: Version[] = [
    { sequence: 1, time: Date.now() / 1000, nodes: new Map([['/', { entry: directory(''), bytes: new Uint8Array() }]]) },
  ]
  #contents = 0

  get sequence(): number {
    return this.#newest.sequence
  }

  stat(path: string, at?: number | string): Entry {
    return this.#find(path, at).entry
  }

  find(path: string): Entry | null {
    return this.#newest.nodes.get(path)?.entry ?? null
  }

  bytes(path: string, at?: number | string): Uint8Array {
    return this.#find(path, at).bytes
  }

  list(
    path: string,
    { at, after, limit = 1000 }: { at?: number | string; after?: string; limit?: number },
  ): { entries: Entry[]; more: boolean } {
    if (this.#find(path, at).entry.type !== 'directory') throw new HoltError('NOT_A_DIRECTORY', `${path} is no directory`)
    const names = this.#children(path, at)
    const from = after === undefined ? names : names.filter((name) => compareBytes(utf8(name), utf8(after)) > 0)
    const entries = from.slice(0, limit).map((name) => this.#find(join(path, name), at).entry)
    return { entries, more: from.length > limit }
  }

  search({
    path,
    at,
    text,
    after = '',
    limit = 200,
  }: {
    path: string
    at?: number | string
    text: string
    after?: string
    limit?: number
  }) {
    this.#find(path, at)
    const words = foldText(text).split(/\s+/)
    const below = [...this.#at(at).nodes.keys()].filter((one) => one !== '/' && (path === '/' || one.startsWith(`${path}/`))).sort()
    const found = below.filter((one) => one > after && words.every((word) => foldText(nameOf(one)).includes(word)))
    const entries = found.slice(0, limit).map((one) => ({ path: one, entry: this.#find(one, at).entry }))
    return { found: entries, after: found.length > limit ? (found[limit - 1] as string) : null, scanned: below.length }
  }

  makeDirectory(path: string, parents = false): void {
    const there = this.#newest.nodes.get(path)
    if (there && (!parents || there.entry.type !== 'directory')) throw new HoltError('ALREADY_EXISTS', `${path} is there already`)
    if (there) return
    if (parents && path !== '/') this.makeDirectory(parentOf(path), true)
    this.#commit((nodes) => nodes.set(path, { entry: directory(nameOf(path)), bytes: new Uint8Array() }), parentOf(path))
  }

  checkWrite(path: string, replace: boolean): void {
    const there = this.#newest.nodes.get(path)
    if (there && there.entry.type !== 'file') throw new HoltError('IS_A_DIRECTORY', `${path} is a directory`)
    if (there && !replace) throw new HoltError('ALREADY_EXISTS', `${path} is there already`)
    if (this.stat(parentOf(path)).type !== 'directory') throw new HoltError('NOT_A_DIRECTORY', `${parentOf(path)} is no directory`)
  }

  write(path: string, bytes: Uint8Array, { modified = Date.now() / 1000, mode = 0o644, replace = false } = {}): Entry {
    this.checkWrite(path, replace)
    const entry: Entry = {
      name: nameOf(path),
      type: 'file',
      sizeBytes: bytes.length,
      mode,
      modified,
      content: `memory-${++this.#contents}`,
    }
    this.#commit((nodes) => nodes.set(path, { entry, bytes }), parentOf(path))
    return entry
  }

  link(path: string, target: string): void {
    this.#commit(
      (nodes) => nodes.set(path, { entry: { ...directory(nameOf(path)), type: 'symlink', target }, bytes: new Uint8Array() }),
      parentOf(path),
    )
  }

  move(from: string, to: string, replace = false, recursive = false): void {
    this.#find(from)
    if (to === from || to.startsWith(`${from}/`)) throw new HoltError('INPUT_INVALID', 'a directory cannot be moved into itself')
    const there = this.#newest.nodes.get(to)
    if (there && !replace) throw new HoltError('ALREADY_EXISTS', `${to} is there already`)
    if (there && recursive) this.remove([to], true)
    else if (there?.entry.type === 'directory' && this.#children(to).length > 0) throw new HoltError('NOT_EMPTY', `${to} is not empty`)
    this.#commit((nodes) => {
      for (const [path, stored] of this.#below(from)) {
        nodes.delete(path)
        const moved = to + path.slice(from.length)
        nodes.set(moved, { ...stored, entry: { ...stored.entry, name: nameOf(moved) } })
      }
    }, parentOf(to))
  }

  copy(from: string, to: string, { replace = false, shallow = false } = {}): void {
    this.#find(from)
    if (to === from || to.startsWith(`${from}/`)) throw new HoltError('INPUT_INVALID', 'a directory cannot be copied into itself')
    if (this.#newest.nodes.has(to) && !replace) throw new HoltError('ALREADY_EXISTS', `${to} is there already`)
    const copied = shallow ? this.#below(from).slice(0, 1) : this.#below(from)
    this.#commit((nodes) => {
      for (const [path] of this.#below(to)) nodes.delete(path)
      for (const [path, stored] of copied) {
        const place = to + path.slice(from.length)
        nodes.set(place, { ...stored, entry: { ...stored.entry, name: nameOf(place) } })
      }
    }, parentOf(to))
  }

  setAttributes(
    path: string,
    { attributes = {}, mode, modified }: Pick<Params<'files.setAttributes'>, 'attributes' | 'mode' | 'modified'>,
  ): void {
    const { entry, bytes } = this.#find(path)
    const kept = Object.entries({ ...entry.attributes, ...attributes }).filter((one): one is [string, string] => one[1] !== null)
    const changed = { ...entry, mode: mode ?? entry.mode, modified: modified ?? entry.modified, attributes: Object.fromEntries(kept) }
    this.#commit((nodes) => nodes.set(path, { entry: changed, bytes }), parentOf(path))
  }

  remove(paths: readonly string[], recursive = false): void {
    for (const path of paths) {
      this.#find(path)
      if (!recursive && this.#children(path).length > 0) throw new HoltError('NOT_EMPTY', `${path} is not empty`)
    }
    this.#commit((nodes) => {
      for (const path of paths) for (const [below] of this.#below(path)) nodes.delete(below)
    }, '/')
  }

  trash: { item: TrashItem; nodes: [string, Stored][] }[] = []
  #trashed = 0

  putInTrash(paths: readonly string[]): TrashItem[] {
    const items = paths.map((path) => {
      const { entry } = this.#find(path)
      const item = { id: `${(10 ** 12 - ++this.#trashed).toString()}-0`, path, removed: Date.now() / 1000, entry }
      this.trash.unshift({ item, nodes: this.#below(path) })
      return item
    })
    this.remove(paths, true)
    return items
  }

  takeFromTrash(ids: readonly string[], onConflict: OnConflict = 'refuse', into?: string): string[] {
    const found = this.trash.filter(({ item }) => ids.includes(item.id))
    if (found.length < ids.length) throw new HoltError('NOT_FOUND', 'this is not in the trash any more')
    const place = ({ item }: (typeof found)[number]): string => (into === undefined ? item.path : join(into, nameOf(item.path)))
    const taken = found.map(place).filter((path) => this.#newest.nodes.has(path))
    if (taken.length > 0 && onConflict === 'refuse')
      throw new HoltError('ALREADY_EXISTS', 'it is there already', { paths: taken, count: taken.length })
    if (taken.length > 0 && onConflict === 'replace') this.putInTrash(taken)
    this.trash = this.trash.filter(({ item }) => !ids.includes(item.id))
    return found.map((one) => {
      let path = place(one)
      for (let number = 2; this.#newest.nodes.has(path); number++) path = `${place(one)} (${number})`
      this.makeDirectory(parentOf(path), true)
      this.#commit((nodes) => {
        for (const [old, stored] of one.nodes) {
          const moved = path + old.slice(one.item.path.length)
          nodes.set(moved, { ...stored, entry: { ...stored.entry, name: nameOf(moved) } })
        }
      }, parentOf(path))
      return path
    })
  }

  emptyTrash(ids?: readonly string[]): number {
    const kept = ids === undefined ? [] : this.trash.filter(({ item }) => !ids.includes(item.id))
    const removed = this.trash.length - kept.length
    this.trash = kept
    return removed
  }

  versions(path: string, limit = 1000): { sequence: number; time: number; entry: Entry | null }[] {
    const changes: { sequence: number; time: number; entry: Entry | null }[] = []
    let before = ''
    for (const { sequence, time, nodes } of this.#versions) {
      const entry = nodes.get(path)?.entry ?? null
      // a directory is another one when anything below it is
      const now = JSON.stringify(
        [...nodes]
          .filter(([one]) => path === '/' || one === path || one.startsWith(`${path}/`))
          .map(([one, stored]) => [one, stored.entry]),
      )
      if (now !== before && (entry !== null || changes.length > 0)) changes.push({ sequence, time, entry })
      before = now
    }
    return changes.reverse().slice(0, limit)
  }

  restore(path: string, at: number | string | undefined, to = path): void {
    const old = this.#find(path, at)
    this.#commit((nodes) => nodes.set(to, { ...old, entry: { ...old.entry, name: nameOf(to) } }), parentOf(to))
  }

  get files(): number {
    return [...this.#newest.nodes.values()].filter(({ entry }) => entry.type === 'file').length
  }

  get sizeBytes(): number {
    return [...this.#newest.nodes.values()].reduce((sum, { entry }) => sum + entry.sizeBytes, 0)
  }

  get #newest(): Version {
    return this.#versions.at(-1) as Version
  }

  #at(at: number | string | undefined): Version {
    if (at === undefined) return this.#newest
    const time = typeof at === 'string' ? Date.parse(at) / 1000 : 0
    const version =
      typeof at === 'number'
        ? this.#versions.find(({ sequence }) => sequence === at)
        : this.#versions.filter((one) => one.time <= time).at(-1)
    if (!version) throw new HoltError('VERSION_NOT_FOUND', 'this version is not kept')
    return version
  }

  #find(path: string, at?: number | string): Stored {
    const stored = this.#at(at).nodes.get(path)
    if (!stored) throw new HoltError('NOT_FOUND', `${path} is not there`, { path })
    return stored
  }

  #children(path: string, at?: number | string): string[] {
    const names = [...this.#at(at).nodes.keys()].filter((other) => other !== '/' && parentOf(other) === path).map(nameOf)
    return names.sort((a, b) => compareBytes(utf8(a), utf8(b)))
  }

  #below(path: string): [string, Stored][] {
    return [...this.#newest.nodes].filter(([other]) => other === path || other.startsWith(`${path}/`))
  }

  #commit(change: (nodes: Map<string, Stored>) => void, parent: string): void {
    if (this.stat(parent).type !== 'directory') throw new HoltError('NOT_A_DIRECTORY', `${parent} is no directory`)
    const nodes = new Map(this.#newest.nodes)
    change(nodes)
    this.#versions.push({ sequence: this.#newest.sequence + 1, time: Date.now() / 1000, nodes })
  }
}

export async function allBytes(body: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of body) {
    if (signal?.aborted) throw new HoltError('CANCELLED', 'cancelled')
    parts.push(part.slice())
  }
  return concatBytes(parts)
}

function directory(name: string): Entry {
  return { name, type: 'directory', sizeBytes: 0, mode: 0o755, modified: Date.now() / 1000 }
}

function join(path: string, name: string): string {
  return path === '/' ? `/${name}` : `${path}/${name}`
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
