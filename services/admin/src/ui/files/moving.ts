import { api } from '../api/calls.ts'
import { joinPath, nameOf } from '../paths.ts'
import { toast, toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'
import { changedAt, selectAll } from './folder.ts'

/** Moves into a folder, and offers to undo it. Nothing is replaced: where a name is taken it ends and says so. */
export async function moveTo(folder: string, paths: readonly string[]): Promise<void> {
  const done = await moveAll(paths.map((path) => [path, joinPath(folder, nameOf(path))]))
  if (done.length === 0) return
  selectAll(false)
  const back = done.map(([from, to]) => [to, from] as const)
  toast('done', texts.files.moved(done.length), { text: texts.files.undo, run: () => void moveAll(back) })
}

/** @returns those that were moved. */
async function moveAll(moves: readonly (readonly [from: string, to: string])[]): Promise<(readonly [from: string, to: string])[]> {
  const done: (readonly [from: string, to: string])[] = []
  try {
    for (const move of moves) {
      await api.move(...move)
      done.push(move)
    }
  } catch (error) {
    toastRefusal(error)
  }
  if (done.length > 0) changedAt(...done.flat())
  return done
}
