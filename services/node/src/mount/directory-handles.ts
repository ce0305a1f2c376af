import type { ListedName, OpenedDirectory } from '@holt/control/mounted-tree.ts'
import { HoltError } from '@holt/core/errors.ts'

export interface ListedPage {
  names: readonly Omit<ListedName, 'cookie'>[]
  more: boolean
}

/** The names after one, or from the first on. */
export type ReadPage = (after: string | undefined) => Promise<ListedPage>

export interface Listing {
  /** What is there now, page by page. */
  begin(): ReadPage
  isTold: boolean
}

interface Handle {
  listing: Listing
  read: ReadPage
  names: Omit<ListedName, 'cookie'>[]
  isWhole: boolean
}

/** Directories that are being listed: each as it was when its listing began. */
export class DirectoryHandles {
  readonly #open = new Map<number, Handle>()
  #next = 1

  add(listing: Listing): OpenedDirectory {
    const handle = this.#next++
    this.#open.set(handle, beginning(listing))
    return { handle, isTold: listing.isTold }
  }

  async list(number: number, cookie: number, limit: number): Promise<ListedName[]> {
    const handle = this.#get(number)
    if (cookie === 0) Object.assign(handle, beginning(handle.listing))
    while (handle.names.length < cookie + limit && !handle.isWhole) {
      const { names, more } = await handle.read(handle.names.at(-1)?.name)
      for (const listed of names) handle.names.push(listed)
      handle.isWhole = !more
    }
    return handle.names.slice(cookie, cookie + limit).map((listed, i) => ({ ...listed, cookie: cookie + i + 1 }))
  }

  #get(number: number): Handle {
    const handle = this.#open.get(number)
    if (handle === undefined) throw new HoltError('NOT_FOUND', `no directory is open under ${number}`)
    return handle
  }

  close(number: number): void {
    this.#open.delete(number)
  }
}

function beginning(listing: Listing): Handle {
  return { listing, read: listing.begin(), names: [], isWhole: false }
}
