import { equalBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { DirectoryEntry, FileEntry, Snapshot, Time, TreeEntry, TreeFile } from '@holt/tree/types.ts'
import { HIDDEN_NAME, isHidden } from './hidden-area.ts'

interface ListOptions {
  after?: string
  limit?: number
}
interface Page {
  entries: { name: string; entry: TreeEntry }[]
  more: boolean
}

/** A version without its hidden area. */
export class VisibleSnapshot implements Snapshot {
  readonly sequence: number
  readonly time: Time
  readonly #whole: Snapshot

  constructor(whole: Snapshot) {
    this.#whole = whole
    this.sequence = whole.sequence
    this.time = whole.time
  }

  async stat(path: string): Promise<TreeEntry | null> {
    return isHidden(path) ? null : this.#whole.stat(path)
  }

  async list(path: string, options?: ListOptions): Promise<Page> {
    checkThere(path)
    return visiblePage(path === '/', (given) => this.#whole.list(path, given), options)
  }

  async redundancyClass(path: string): Promise<string> {
    checkThere(path)
    return this.#whole.redundancyClass(path)
  }

  async openFile(path: string): Promise<TreeFile> {
    checkThere(path)
    return this.#whole.openFile(path)
  }

  async listEntry(directory: DirectoryEntry, options?: ListOptions): Promise<Page> {
    return visiblePage(await this.#isTop(directory), (given) => this.#whole.listEntry(directory, given), options)
  }

  async #isTop(directory: DirectoryEntry): Promise<boolean> {
    const top = await this.#whole.stat('/')
    if (top === null || top.t !== 'd') return false
    return directory === top || (directory.r !== null && top.r !== null && equalBytes(directory.r, top.r))
  }

  openEntry(file: FileEntry): TreeFile {
    return this.#whole.openEntry(file)
  }
}

function checkThere(path: string): void {
  if (isHidden(path)) throw new HoltError('NOT_FOUND', `${path} is not there`, { path })
}

/** A page that held nothing else is followed by the next: who reads on from its last name must find one. */
export async function visiblePage(isTop: boolean, read: (options?: ListOptions) => Promise<Page>, options?: ListOptions): Promise<Page> {
  const page = await read(options)
  if (!isTop) return page
  const entries = page.entries.filter(({ name }) => name !== HIDDEN_NAME)
  if (entries.length === 0 && page.more) return read({ ...options, after: HIDDEN_NAME })
  return { entries, more: page.more }
}
