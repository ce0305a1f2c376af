import type { TrashItem } from '@holt/control/trash.ts'
import { nameOf, publicEntry, secondsOf } from './entries.ts'
import type { TrashedEntry } from './hidden/trash.ts'
import type { Methods } from './method-table.ts'
import type { OpenTree } from './open-tree.ts'

type TrashMethod = 'trash.put' | 'trash.list' | 'trash.restore' | 'trash.empty'

const DEFAULT_PAGE = 1000

/** Calls on what was removed and can be put back. */
export function trashMethods(tree: () => OpenTree): Methods<TrashMethod> {
  return {
    'trash.put': async ({ paths, token }) => ({ items: (await tree().trash.put(paths, { token })).map(publicItem) }),
    'trash.list': async ({ after, limit }) => {
      const { items, more } = await tree().trash.list({ after, limit: limit ?? DEFAULT_PAGE })
      return { items: items.map(publicItem), more }
    },
    'trash.restore': async ({ ids, ...options }) => ({ paths: await tree().trash.restore(ids, options) }),
    'trash.empty': async ({ ids }) => {
      if (ids === undefined) return { removed: await tree().trash.empty() }
      return { removed: await tree().trash.remove(ids) }
    },
  }
}

function publicItem({ id, path, time, entry }: TrashedEntry): TrashItem {
  return { id, path, removed: secondsOf(time), entry: publicEntry(nameOf(path), entry) }
}
