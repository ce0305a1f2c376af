import type { FolderGrant, GivenFolderInfo, TakenFolderInfo } from '@holt/control/folders.ts'
import type { MethodName, Params, Result } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'

type Handlers = { [Name in MethodName]?: (params: Params<Name>) => Promise<Result<Name>> }

/** Folders shared with friends, of a node in memory: friends do what a test says. */
export class MemoryFolders {
  given: GivenFolderInfo[] = []
  taken: TakenFolderInfo[] = []
  handedOn: { id: string; friend: string; path: string }[] = []
  #made = 0

  readonly handlers: Handlers = {
    'folders.list': async () => ({ running: true, given: this.given, taken: this.taken }),
    'folders.share': async ({ path, friend }) => {
      if (path === '/nowhere') throw new HoltError('NOT_FOUND', `${path} is not there`, { path })
      const known = this.given.find((one) => one.path === path) ?? this.#share(path)
      known.readers.push({ friend, name: 'Ben', since: seconds() })
      return known
    },
    'folders.unshare': async ({ id, friend }) => {
      const folder = this.#given(id)
      folder.readers = folder.readers.filter((one) => friend !== undefined && one.friend !== friend)
      folder.grants = folder.grants.filter((one) => friend !== undefined && one.friend !== friend)
      this.given = this.given.filter(({ readers }) => readers.length > 0)
      return {}
    },
    'folders.letWrite': async ({ id, friend, ...right }) => this.#grant(this.#given(id), { friend, ...right }),
    'folders.revoke': async ({ id, grant }) => {
      const folder = this.#given(id)
      folder.grants = folder.grants.filter((one) => one.id !== grant)
      return {}
    },
    'folders.approve': async ({ id, request, ...right }) => {
      const { friend } = this.#takeRequest(id, request)
      return this.#grant(this.#given(id), { friend, ...right })
    },
    'folders.refuse': async ({ id, request }) => {
      this.#takeRequest(id, request)
      return {}
    },
    'folders.takeOver': async ({ id }) => {
      this.#given(id).here = true
      return {}
    },
    'folders.accept': async ({ id }) => {
      Object.assign(this.#taken(id), { state: 'here', path: `/shared/Anna/${this.#taken(id).label}` })
      return {}
    },
    'folders.decline': async ({ id }) => {
      this.#taken(id).state = 'declined'
      return {}
    },
    'folders.leave': async ({ id }) => {
      this.#taken(id)
      this.taken = this.taken.filter((one) => one.id !== id)
      return {}
    },
    'folders.ask': async ({ id, path }) => {
      this.#taken(id).asked.push({ path, refused: false })
      return {}
    },
    'folders.handOn': async ({ id, friend, ...right }) => {
      if (this.#taken(id).handOn <= (right.depth ?? 0)) throw new HoltError('NOT_AUTHORIZED', 'you have no right to hand on')
      this.handedOn.push({ id, friend, path: right.path })
      return {}
    },
  }

  /** As if a friend shared a folder. */
  offer(label: string, change: Partial<TakenFolderInfo> = {}): TakenFolderInfo {
    const nothing = { path: null, writable: [], writeEnds: null, handOn: 0, lost: null, unsent: false, asked: [], problem: null }
    const folder: TakenFolderInfo = { id: this.#id(32), friend: FRIEND, name: 'Anna', label, state: 'offered', ...nothing, ...change }
    this.taken = [...this.taken, folder]
    return folder
  }

  /** As if a friend asked to be let write. */
  request(path: string, note: string): GivenFolderInfo {
    const folder = this.given[0] ?? this.#share('/photos')
    if (folder.readers.length === 0) folder.readers.push({ friend: FRIEND, name: 'Ben', since: seconds() })
    folder.requests.push({ id: this.#id(16), friend: FRIEND, name: 'Ben', path, note, made: seconds() })
    return folder
  }

  #share(path: string): GivenFolderInfo {
    const folder: GivenFolderInfo = { id: this.#id(32), path, here: true, missing: false, readers: [], grants: [], requests: [] }
    this.given = [...this.given, folder]
    return folder
  }

  #grant(folder: GivenFolderInfo, right: { friend: string; path: string; expires?: number | null; depth?: number }): GivenFolderInfo {
    const { friend, path, expires = null, depth = 0 } = right
    const grant: FolderGrant = { id: this.#id(32), friend, path, expires, depth }
    folder.grants.push(grant)
    return folder
  }

  #takeRequest(id: string, request: string): GivenFolderInfo['requests'][number] {
    const folder = this.#given(id)
    const found = folder.requests.find((one) => one.id === request)
    if (found === undefined) throw new HoltError('NOT_FOUND', 'no such request waits')
    folder.requests = folder.requests.filter((one) => one !== found)
    return found
  }

  #given(id: string): GivenFolderInfo {
    return found(this.given.find((one) => one.id === id))
  }

  #taken(id: string): TakenFolderInfo {
    return found(this.taken.find((one) => one.id === id))
  }

  #id(digits: number): string {
    return (++this.#made).toString(16).padStart(digits, '0')
  }
}

const FRIEND = '12D3KooWMemoryPeerMemoryPeerMemoryPeerMemoryPeerMemo'
const seconds = (): number => Math.floor(Date.now() / 1000)

function found<T>(folder: T | undefined): T {
  if (folder === undefined) throw new HoltError('NOT_FOUND', 'no such folder is shared')
  return folder
}
