import { api } from '../api/calls.ts'
import { toast, toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'
import { changedAt, selectAll } from './folder.ts'

const AT_ONCE = 1000

/** Moves to the trash, and offers to put it back. */
export async function remove(paths: readonly string[]): Promise<void> {
  const ids: string[] = []
  try {
    // As many as one call takes; each is one commit.
    for (let i = 0; i < paths.length; i += AT_ONCE) {
      const { items } = await api.putInTrash(paths.slice(i, i + AT_ONCE))
      ids.push(...items.map(({ id }) => id))
    }
    selectAll(false)
  } catch (error) {
    toastRefusal(error)
  }
  if (ids.length === 0) return
  changedAt(...paths)
  toast('done', texts.files.removed(ids.length), { text: texts.files.undo, run: () => void undo(ids) })
}

async function undo(ids: readonly string[]): Promise<void> {
  try {
    const paths: string[] = []
    for (let i = 0; i < ids.length; i += AT_ONCE) paths.push(...(await api.restoreFromTrash(ids.slice(i, i + AT_ONCE), 'keep-both')).paths)
    toast('done', texts.files.undone(paths.length))
    changedAt(...paths)
  } catch (error) {
    toastRefusal(error)
  }
}
