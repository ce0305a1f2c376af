import { HoltError, type HoltErrorCode } from '@holt/core/errors.ts'

interface ModelEntry {
  mode: number
  /** null: a directory. */
  text: string | null
}

/** The tree as a plain map of paths, slow and simple: what a volume is compared with. */
export class ModelTree {
  readonly #entries: Map<string, ModelEntry>

  constructor(entries: Iterable<[string, ModelEntry]> = [['/', { mode: 0o755, text: null }]]) {
    this.#entries = new Map(entries)
  }

  clone(): ModelTree {
    return new ModelTree([...this.#entries].map(([path, entry]) => [path, { ...entry }]))
  }

  /** Holes are written and read as NUL. */
  list(): Record<string, string> {
    const listed: Record<string, string> = {}
    for (const [path, { mode, text }] of this.#entries) if (path !== '/') listed[path] = `${mode.toString(8)} ${text ?? 'directory'}`
    return listed
  }

  put(path: string, text: string): void {
    if (path === '/') fail('NAME_INVALID')
    this.#directory(parentOf(path))
    this.#drop(path)
    this.#entries.set(path, { mode: 0o644, text })
  }

  makeDirectory(path: string, parents: boolean): void {
    const found = this.#find(path)
    if (found !== null) {
      if (!parents || found.text !== null) fail('ALREADY_EXISTS')
      return
    }
    if (parents) this.#makeParents(path)
    this.#directory(parentOf(path))
    this.#entries.set(path, { mode: 0o755, text: null })
  }

  #makeParents(path: string): void {
    const parent = parentOf(path)
    if (this.#find(parent) === null) this.makeDirectory(parent, true)
  }

  move(from: string, to: string, replace: boolean): void {
    const moved = this.#existing(from)
    if (from === '/' || to.startsWith(`${from}/`)) fail('INPUT_INVALID')
    if (from === to) return
    const replaced = to === '/' ? this.#existing('/') : this.#child(to)
    if (replaced !== null) {
      if (!replace) fail('ALREADY_EXISTS')
      if (moved.text === null && replaced.text !== null) fail('NOT_A_DIRECTORY')
      if (moved.text !== null && replaced.text === null) fail('IS_A_DIRECTORY')
      if (this.#below(to).length > 0) fail('NOT_EMPTY')
    }
    const tree = this.#below(from).map((path) => [path.slice(from.length), this.#existing(path)] as const)
    this.#drop(from)
    this.#drop(to)
    this.#entries.set(to, moved)
    for (const [rest, entry] of tree) this.#entries.set(to + rest, entry)
  }

  remove(path: string, recursive: boolean): void {
    if (path === '/') fail('INPUT_INVALID')
    this.#existing(path)
    if (!recursive && this.#below(path).length > 0) fail('NOT_EMPTY')
    this.#drop(path)
  }

  write(path: string, offset: number, text: string): void {
    const file = this.#file(path)
    file.text = (file.text as string).padEnd(offset, '\0').slice(0, offset) + text + (file.text as string).slice(offset + text.length)
  }

  truncate(path: string, size: number): void {
    const file = this.#file(path)
    file.text = (file.text as string).slice(0, size).padEnd(size, '\0')
  }

  setMode(path: string, mode: number): void {
    this.#existing(path).mode = mode
  }

  /** As an entry read and put elsewhere: an empty directory leaves the contents of one that it meets. */
  copy(from: string, to: string): void {
    const found = this.#find(from)
    if (found === null) return
    const tree = this.#below(from).map((path) => [path.slice(from === '/' ? 0 : from.length), { ...this.#existing(path) }] as const)
    if (to === '/') fail('NAME_INVALID')
    this.#directory(parentOf(to))
    const meets = this.#entries.get(to)
    if (found.text === null && tree.length === 0 && meets?.text === null) {
      meets.mode = found.mode
      return
    }
    this.#drop(to)
    this.#entries.set(to, { ...found })
    for (const [rest, entry] of tree) this.#entries.set(to + rest, entry)
  }

  #below(path: string): string[] {
    const prefix = path === '/' ? '/' : `${path}/`
    return [...this.#entries.keys()].filter((other) => other !== '/' && other.startsWith(prefix))
  }

  #drop(path: string): void {
    for (const below of this.#below(path)) this.#entries.delete(below)
    this.#entries.delete(path)
  }

  /** null when it, or something above it, is not there. */
  #find(path: string): ModelEntry | null {
    for (let parent = path; parent !== '/'; ) {
      parent = parentOf(parent)
      if (typeof this.#entries.get(parent)?.text === 'string') fail('NOT_A_DIRECTORY')
    }
    return this.#entries.get(path) ?? null
  }

  #existing(path: string): ModelEntry {
    return this.#find(path) ?? fail('NOT_FOUND')
  }

  #directory(path: string): void {
    if (this.#existing(path).text !== null) fail('NOT_A_DIRECTORY')
  }

  /** A name in a directory that is there. */
  #child(path: string): ModelEntry | null {
    this.#directory(parentOf(path))
    return this.#find(path)
  }

  #file(path: string): ModelEntry {
    const found = this.#existing(path)
    return found.text === null ? fail('IS_A_DIRECTORY') : found
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

function fail(code: HoltErrorCode): never {
  throw new HoltError(code, 'the model says so')
}
