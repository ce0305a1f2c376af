import type { ListedName } from '@holt/control/mounted-tree.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { TreeEntry } from '@holt/tree/types.ts'
import type { Inode } from './inode.ts'

type ReadPage = (after: string | undefined) => Promise<{ entries: { name: string; entry: TreeEntry }[]; more: boolean }>

interface Handle {
  inode: Inode
  read: ReadPage
  names: { name: string; entry: TreeEntry }[]
  isWhole: boolean
}

const typeOf = { f: 'file', d: 'directory', v: 'directory', l: 'symlink' } as const

/** Directories that are being listed: each as it was when its listing began. */
export class DirectoryHandles {
  readonly #open = new Map<number, Handle>()
  #next = 1

  add(inode: Inode, read: ReadPage): number {
    this.#open.set(this.#next, { inode, read, names: [], isWhole: false })
    return this.#next++
  }

  inodeOf(number: number): Inode {
    return this.#get(number).inode
  }

  #get(number: number): Handle {
    const handle = this.#open.get(number)
    if (handle === undefined) throw new HoltError('NOT_FOUND', `no directory is open under ${number}`)
    return handle
  }

  /** Begins anew, for one who goes back to the beginning. */
  renew(number: number, read: ReadPage): void {
    const { inode } = this.#get(number)
    this.#open.set(number, { inode, read, names: [], isWhole: false })
  }

  async list(number: number, cookie: number, limit: number): Promise<ListedName[]> {
    const handle = this.#get(number)
    while (handle.names.length < cookie + limit && !handle.isWhole) {
      const { entries, more } = await handle.read(handle.names.at(-1)?.name)
      handle.names.push(...entries)
      handle.isWhole = !more
    }
    return handle.names.slice(cookie, cookie + limit).map(({ name, entry }, i) => ({ name, type: typeOf[entry.t], cookie: cookie + i + 1 }))
  }

  close(number: number): void {
    this.#open.delete(number)
  }
}
