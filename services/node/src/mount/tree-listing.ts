import type { ListedPage, Listing } from './directory-handles.ts'
import { type Inode, typeOf } from './inode.ts'
import type { ShownPart } from './shown-part.ts'

const PAGE_ENTRIES = 1024
const EMPTY: ListedPage = { names: [], more: false }

/** A directory of the tree as it is when somebody begins to list it; one that was removed is empty. */
export function treeListing(part: ShownPart, inode: Inode): Listing {
  return {
    isTold: true,
    begin: () => {
      if (inode.isGone) return async () => EMPTY
      const { snapshot } = part
      const path = part.table.pathOf(inode)
      const page = async (after: string | undefined): Promise<ListedPage> => {
        const { entries, more } = await snapshot.list(path, { after, limit: PAGE_ENTRIES })
        return { names: entries.map(({ name, entry }) => ({ name, type: typeOf[entry.t] })), more }
      }
      return (after) => part.failures.reporting(() => path, page(after))
    },
  }
}
