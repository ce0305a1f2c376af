import type {
  AttributeChanges,
  DirectoryPlace,
  ListedName,
  LockPlace,
  MountOptions,
  NewNode,
  NodeAttributes,
  OpenedDirectory,
  OpenMount,
  TreeSpace,
} from '@holt/control/mounted-tree.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Snapshot, TreeEntry } from '@holt/tree/types.ts'
import { DirectoryHandles } from './directory-handles.ts'
import { type Numbers, TOP } from './inode-table.ts'
import { Mounted } from './mounted.ts'
import { PastFolder } from './past-folder.ts'
import { type MountedContext, readOnlyError } from './shown-part.ts'

/** At the top, for who asks for it: it is not listed, or backups would take every version of everything. */
export const PAST_NAME = '.holt'

/** What numbers belong to: something as it was, or, where that is null, the folder that leads to it. */
interface Part {
  shown: Mounted | null
}

type OpenContext = Omit<MountedContext, 'numbers'>

/** A part of the tree with `.holt`, which leads to how it was. What the tree itself has under that name comes first. */
export class MountedWithPast implements OpenMount {
  readonly #live: Mounted
  readonly #folder: PastFolder
  readonly #context: OpenContext
  readonly #options: MountOptions
  #lastNumber = 0
  /** Whose each number is that is not of the tree as it is. */
  readonly #parts = new Map<number, Part>()
  readonly #shown = new Map<string, Mounted>()
  readonly #directories = new DirectoryHandles()

  private constructor(context: OpenContext, options: MountOptions, what: { fixed: Snapshot | null; top: TreeEntry }) {
    this.#context = context
    this.#options = options
    this.#live = new Mounted({ ...context, numbers: { give: () => ++this.#lastNumber, takeBack: () => {} } }, options, what)
    const { volume, now } = context
    const numbers = this.#numbersOf({ shown: null }, () => {})
    this.#folder = new PastFolder({ volume, now, numbers, show: (...was) => this.#show(...was) }, options)
  }

  static async open(
    context: OpenContext,
    options: MountOptions,
    what: { fixed: Snapshot | null; top: TreeEntry },
  ): Promise<MountedWithPast> {
    const mounted = new MountedWithPast(context, options, what)
    await mounted.#live.lookupTop()
    return mounted
  }

  #numbersOf(part: Part, allAreBack: () => void): Numbers {
    let count = 0
    return {
      give: () => {
        count++
        this.#parts.set(++this.#lastNumber, part)
        return this.#lastNumber
      },
      takeBack: (number) => {
        this.#parts.delete(number)
        if (--count === 0) allAreBack()
      },
    }
  }

  /** As it was then, with all that is below it; known by the same number as long as the kernel knows it. */
  #show(snapshot: Snapshot, path: string, entry: TreeEntry): Promise<NodeAttributes> {
    const key = `${snapshot.sequence} ${path}`
    let shown = this.#shown.get(key)
    if (shown === undefined) {
      const part: Part = { shown: null }
      const numbers = this.#numbersOf(part, () => {
        this.#shown.delete(key)
        void part.shown?.end().catch(() => {})
      })
      const options = { ...this.#options, path, readOnly: true }
      shown = new Mounted({ ...this.#context, ended: () => {}, numbers }, options, { fixed: snapshot, top: entry })
      part.shown = shown
      this.#shown.set(key, shown)
    }
    return shown.lookupTop()
  }

  /** null: of the folder that leads to what was. */
  #mountOf(number: number): Mounted | null {
    const part = this.#parts.get(number)
    return part === undefined ? this.#live : part.shown
  }

  /** For what the folder has none of. */
  #mountedOf(number: number): Mounted {
    const mount = this.#mountOf(number)
    if (mount === null) throw new HoltError('IS_A_DIRECTORY', 'it is a directory')
    return mount
  }

  #writable(number: number): Mounted {
    if (this.#parts.has(number)) throw readOnlyError()
    return this.#live
  }

  async #writableAt(...places: readonly DirectoryPlace[]): Promise<Mounted> {
    for (const place of places) if (this.#parts.has(place.parent) || (await this.#isPast(place))) throw readOnlyError()
    return this.#live
  }

  async #isPast({ parent, name }: DirectoryPlace): Promise<boolean> {
    if (parent !== TOP || name !== PAST_NAME) return false
    const own = await this.#live.lookup({ parent, name })
    if (own !== null) this.#live.forget(own.number, 1)
    return own === null
  }

  // what is there

  async attributes(number: number): Promise<NodeAttributes> {
    return (this.#mountOf(number) ?? this.#folder).attributes(number)
  }

  async lookup(place: DirectoryPlace): Promise<NodeAttributes | null> {
    const found = await (this.#mountOf(place.parent) ?? this.#folder).lookup(place)
    return found === null && place.parent === TOP && place.name === PAST_NAME ? this.#folder.lookupTop() : found
  }

  /** What is mounted is known as long as it is. */
  forget(number: number, count: number): void {
    if (number === TOP) return
    ;(this.#mountOf(number) ?? this.#folder).forget(number, count)
  }

  async readSymlink(number: number): Promise<string> {
    return (this.#mountOf(number) ?? this.#folder).readSymlink(number)
  }

  async extendedAttributes(number: number): Promise<Readonly<Record<string, Uint8Array>>> {
    return this.#mountOf(number)?.extendedAttributes(number) ?? {}
  }

  async lockPlace(number: number): Promise<LockPlace> {
    return this.#mountOf(number)?.lockPlace(number) ?? { identity: `past ${number}`, path: null }
  }

  space(): Promise<TreeSpace> {
    return this.#context.space()
  }

  // directories

  async openDirectory(number: number): Promise<OpenedDirectory> {
    return this.#directories.add(await (this.#mountOf(number) ?? this.#folder).openDirectory(number))
  }

  list(handle: number, cookie: number, limit: number): Promise<readonly ListedName[]> {
    return this.#directories.list(handle, cookie, limit)
  }

  closeDirectory(handle: number): void {
    this.#directories.close(handle)
  }

  // files

  async open(number: number, options: { forWriting: boolean }): Promise<void> {
    await this.#mountedOf(number).open(number, options)
  }

  close(number: number): void {
    this.#mountedOf(number).close(number)
  }

  async read(number: number, offset: number, lengthBytes: number, options: { signal: AbortSignal }): Promise<Uint8Array> {
    return this.#mountedOf(number).read(number, offset, lengthBytes, options)
  }

  async write(number: number, offset: number, parts: readonly Uint8Array[]): Promise<void> {
    return this.#writable(number).write(number, offset, parts)
  }

  async clear(number: number, offset: number, lengthBytes: number): Promise<void> {
    return this.#writable(number).clear(number, offset, lengthBytes)
  }

  async sync(number: number | null): Promise<void> {
    if (number === null || !this.#parts.has(number)) await this.#live.sync(number)
  }

  // changes

  async setAttributes(number: number, changes: AttributeChanges): Promise<NodeAttributes> {
    return this.#writable(number).setAttributes(number, changes)
  }

  async setExtendedAttribute(number: number, name: string, value: Uint8Array | null): Promise<void> {
    return this.#writable(number).setExtendedAttribute(number, name, value)
  }

  async create(place: DirectoryPlace, node: NewNode): Promise<NodeAttributes> {
    return (await this.#writableAt(place)).create(place, node)
  }

  async makeDirectory(place: DirectoryPlace, node: NewNode): Promise<NodeAttributes> {
    return (await this.#writableAt(place)).makeDirectory(place, node)
  }

  async makeSymlink(place: DirectoryPlace, node: NewNode & { target: string }): Promise<NodeAttributes> {
    return (await this.#writableAt(place)).makeSymlink(place, node)
  }

  async remove(place: DirectoryPlace, type: 'directory' | 'other'): Promise<void> {
    return (await this.#writableAt(place)).remove(place, type)
  }

  async rename(from: DirectoryPlace, to: DirectoryPlace, how: 'replace' | 'keep' | 'exchange'): Promise<void> {
    return (await this.#writableAt(from, to)).rename(from, to, how)
  }

  async end(): Promise<void> {
    await Promise.allSettled([...this.#shown.values()].map((shown) => shown.end()))
    await this.#live.end()
  }
}
