import type { DirectoryPlace, MountOptions, NodeAttributes } from '@holt/control/mounted-tree.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { joinPath, splitPath } from '@holt/tree/names.ts'
import { pathVersions } from '@holt/tree/path-versions.ts'
import { timeOfMs } from '@holt/tree/times.ts'
import type { Snapshot, TreeEntry, VersionName, Volume } from '@holt/tree/types.ts'
import type { ListedPage, Listing } from './directory-handles.ts'
import { typeOf } from './inode.ts'
import type { Numbers } from './inode-table.ts'
import { ownerRecordOf } from './owner-record.ts'
import { sequenceIn, versionNameOf, wantedIn } from './version-name.ts'

/** The top of it; `versions` has what the mounted part has, each file as a directory of its versions; `snapshots` has all versions whole. */
type Kind = 'top' | 'snapshots' | 'versions' | 'link'

interface PastNode {
  number: number
  lookups: number
  kind: Kind
  /** In the tree; of a link where it leads. */
  path: string
}

export interface PastFolderContext {
  volume: Volume
  numbers: Numbers
  now(): number
  /** Something as it was, as a part of its own. */
  show(snapshot: Snapshot, path: string, entry: TreeEntry): Promise<NodeAttributes>
}

type Listed = ListedPage['names'][number]

const PAGE_ENTRIES = 1024
const READ_AND_ENTER = 0o555

/** Directories that no tree has: they lead to what was. */
export class PastFolder {
  readonly #context: PastFolderContext
  readonly #options: Pick<MountOptions, 'path' | 'uid' | 'gid'>
  readonly #nodes = new Map<number, PastNode>()
  readonly #known = new Map<string, PastNode>()
  readonly #since: readonly [number, number]

  constructor(context: PastFolderContext, options: Pick<MountOptions, 'path' | 'uid' | 'gid'>) {
    this.#context = context
    this.#options = options
    this.#since = timeOfMs(context.now())
  }

  has(number: number): boolean {
    return this.#nodes.has(number)
  }

  lookupTop(): Promise<NodeAttributes> {
    return this.#found('top', this.#options.path)
  }

  #found(kind: Kind, path: string): Promise<NodeAttributes> {
    const key = `${kind} ${path}`
    let node = this.#known.get(key)
    if (node === undefined) {
      node = { number: this.#context.numbers.give(), lookups: 0, kind, path }
      this.#known.set(key, node)
      this.#nodes.set(node.number, node)
    }
    node.lookups++
    return this.attributes(node.number)
  }

  #get(number: number): PastNode {
    const node = this.#nodes.get(number)
    if (node === undefined) throw new HoltError('NOT_FOUND', `nothing has number ${number}`, { number })
    return node
  }

  forget(number: number, count: number): void {
    const node = this.#get(number)
    node.lookups -= count
    if (node.lookups > 0) return
    this.#nodes.delete(number)
    this.#known.delete(`${node.kind} ${node.path}`)
    this.#context.numbers.takeBack(number)
  }

  /** Who may look at a file, or into a directory, as it is now, may look at how it was. */
  async attributes(number: number): Promise<NodeAttributes> {
    const { kind, path } = this.#get(number)
    const common = { number, modified: this.#since, changed: this.#since, isUntold: true }
    if (kind === 'link') {
      const { uid, gid } = this.#options
      return { ...common, type: 'symlink', sizeBytes: path.length, mode: 0o777, uid, gid }
    }
    const entry = await this.#newest(kind === 'versions' ? path : this.#options.path)
    if (entry === null) throw new HoltError('NOT_FOUND', `${path} never was`, { path })
    const enters = entry.t === 'd' || entry.t === 'v' ? entry.m : entry.m | ((entry.m & 0o444) >> 2)
    const { uid, gid } = ownerRecordOf(entry) ?? this.#options
    return { ...common, type: 'directory', sizeBytes: 0, mode: enters & READ_AND_ENTER, uid, gid }
  }

  /** What is there, or was there last. */
  async #newest(path: string): Promise<TreeEntry | null> {
    const { volume } = this.#context
    const now = await statOrNothing(volume.current(), path)
    if (now !== null) return now
    const versions = await pathVersions(volume, path, { limit: 2 })
    return versions.find(({ entry }) => entry !== null)?.entry ?? null
  }

  readSymlink(number: number): string {
    const { kind, path } = this.#get(number)
    if (kind !== 'link') throw new HoltError('INPUT_INVALID', 'it is no symlink')
    return path
  }

  /** @throws HoltError NOT_FOUND: what is not there yet may be soon, which nobody is told. */
  async lookup({ parent, name }: DirectoryPlace): Promise<NodeAttributes> {
    const { kind, path } = this.#get(parent)
    const found = await this.#lookup(kind, path, name)
    if (found === null) throw new HoltError('NOT_FOUND', `${name} is not there`, { name })
    return found
  }

  async #lookup(kind: Kind, path: string, name: string): Promise<NodeAttributes | null> {
    if (kind === 'top') return name === 'versions' || name === 'snapshots' ? this.#found(name, this.#options.path) : null
    const shows = (entry: TreeEntry): boolean => isDirectory(entry) === (kind === 'snapshots')
    const version = await this.#version(name)
    const entry = version === null ? null : await statOrNothing(version, path)
    if (version !== null && entry !== null && shows(entry)) {
      const whole = versionNameOf(version)
      return name === whole ? this.#context.show(version, path, entry) : this.#found('link', whole)
    }
    if (kind === 'snapshots') return null
    const below = joinPath([...splitPath(path), name])
    return (await this.#newest(below)) === null ? null : this.#found('versions', below)
  }

  /** By its name, its number, or a date that is over. */
  async #version(name: string): Promise<Snapshot | null> {
    const sequence = sequenceIn(name)
    const wanted = sequence ?? wantedIn(name)
    if (wanted === null || (wanted instanceof Date && wanted.getTime() > this.#context.now())) return null
    try {
      const snapshot = await this.#context.volume.at(wanted)
      return sequence === null || versionNameOf(snapshot) === name ? snapshot : null
    } catch (error) {
      if (isHoltError(error, 'VERSION_NOT_FOUND')) return null
      throw error
    }
  }

  /** All at once: whoever lists it anew has what became of it. */
  async openDirectory(number: number): Promise<Listing> {
    this.#get(number)
    return { begin: () => async () => ({ names: await this.#list(number), more: false }), isTold: false }
  }

  async #list(number: number): Promise<Listed[]> {
    const { kind, path } = this.#get(number)
    if (kind === 'top') return ['snapshots', 'versions'].map((name) => ({ name, type: 'directory' }))
    return kind === 'snapshots' ? this.#snapshots(path) : this.#belowOrVersions(path)
  }

  async #snapshots(path: string): Promise<Listed[]> {
    const { volume } = this.#context
    const listed: Listed[] = []
    for await (const version of volume.versions())
      if (path === '/' || (await this.#isDirectoryIn(version, path))) listed.push({ name: versionNameOf(version), type: 'directory' })
    return listed.reverse()
  }

  async #isDirectoryIn(version: VersionName, path: string): Promise<boolean> {
    const entry = await statOrNothing(await this.#context.volume.at(version), path)
    return entry !== null && isDirectory(entry)
  }

  /** A directory's names as they are now; what was removed is found by its name. */
  async #belowOrVersions(path: string): Promise<Listed[]> {
    const snapshot = this.#context.volume.current()
    const now = await statOrNothing(snapshot, path)
    if (now !== null && isDirectory(now)) return namesIn(snapshot, path)
    const versions = await pathVersions(this.#context.volume, path)
    return versions.flatMap((version) => {
      const { entry } = version
      return entry === null || isDirectory(entry) ? [] : [{ name: versionNameOf(version), type: typeOf[entry.t] }]
    })
  }
}

async function namesIn(snapshot: Snapshot, path: string): Promise<Listed[]> {
  const listed: Listed[] = []
  for (let after: string | undefined; ; after = listed.at(-1)?.name) {
    const { entries, more } = await snapshot.list(path, { limit: PAGE_ENTRIES, ...(after === undefined ? {} : { after }) })
    for (const { name } of entries) listed.push({ name, type: 'directory' })
    if (!more) return listed
  }
}

function isDirectory({ t }: TreeEntry): boolean {
  return t === 'd' || t === 'v'
}

/** Where a file stands in a middle name, nothing is below. */
async function statOrNothing(snapshot: Snapshot, path: string): Promise<TreeEntry | null> {
  try {
    return await snapshot.stat(path)
  } catch (error) {
    if (isHoltError(error, 'NOT_A_DIRECTORY')) return null
    throw error
  }
}
