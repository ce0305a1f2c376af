import { HoltError, toHoltError } from '@holt/core/errors.ts'
import { joinPath, parentPath, splitPath } from '@holt/tree/names.ts'
import { freeName, labelled } from '../free-name.ts'
import { type FileSaver, isRefusal } from './file-saver.ts'
import type { Inode } from './inode.ts'
import type { ShownPart } from './shown-part.ts'

/** As long as a lease of another node lasts that nobody makes longer. */
const LEASES_END_WITHIN_MS = 13_000
const AGAIN_MS = 250

/**
 * A folder that is unmounted has no later: what may not be saved now, as another node has it locked, is tried until a lease would be over, and then kept beside the
 * file under a name that says so. Nothing that was written goes without a word.
 *
 * @throws HoltError of the store; of a file for which there was no place.
 */
export async function saveAtLast(part: ShownPart, saver: FileSaver): Promise<void> {
  const refusal = await refusalAfterAll(saver)
  if (refusal === null) return
  for (const inode of saver.waiting()) await keepBeside({ part, saver, refusal }, inode)
}

/** null: all is saved. */
async function refusalAfterAll(saver: FileSaver): Promise<HoltError | null> {
  for (let waitedMs = 0; ; waitedMs += AGAIN_MS) {
    try {
      await saver.saveAll({ isDurable: true })
      return null
    } catch (error) {
      if (!isRefusal(error)) throw error
      // a right that was taken back does not come again by itself
      if (error.code !== 'CONFLICT' || waitedMs >= LEASES_END_WITHIN_MS) return error
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
  }
}

interface Keeping {
  part: ShownPart
  saver: FileSaver
  refusal: HoltError
}

/** In its directory, or, where that may not be changed either, in the next above that may. */
async function keepBeside({ part, saver, refusal }: Keeping, inode: Inode): Promise<void> {
  const path = part.table.pathOf(inode)
  const { context, failures } = part
  const day = new Date(context.now()).toISOString().slice(0, 10)
  const name = labelled(inode.name, `kept from a locked file ${day}`)
  for (let folder = parentPath(path); ; folder = parentPath(folder)) {
    try {
      const kept = await saver.saveBeside(inode, async (edit) => joinPath([...splitPath(folder), await freeName(edit, folder, name)]))
      return context.log(`${path} could not be saved before it was unmounted (${refusal.message}): what was written to it is in ${kept}`)
    } catch (error) {
      if (isRefusal(error) && folder !== '/') continue
      const { code, message } = toHoltError(error)
      return failures.lost(new HoltError(code, `${path}: ${message}`))
    }
  }
}
