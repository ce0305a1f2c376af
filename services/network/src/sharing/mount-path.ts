import { nameProblem } from '@holt/tree/names.ts'
import type { Snapshot } from '@holt/tree/types.ts'

const TOP = 'shared'
const MOST_CHARACTERS = 48

/** A name that another chose, as one of a folder here: nothing in it stands for something else, or turns round what is beside it. */
export function safeName(wanted: string, otherwise: string): string {
  const plain = wanted
    // oxlint-disable-next-line no-control-regex -- they are what must go
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff/\\]/g, '')
    .replace(/^[\s.]+|[\s.]+$/g, '')
  const short = Array.from(plain).slice(0, MOST_CHARACTERS).join('').trim()
  return short === '' || nameProblem(short) !== null ? otherwise : short
}

/** Where a friend's folder comes to be in the own tree: `/shared/PERSON/FOLDER`, or beside it when something is there. */
export async function mountPath(
  tree: Snapshot,
  { person, label, taken }: { person: string; label: string; taken: readonly string[] },
): Promise<string> {
  const place = `/${TOP}/${safeName(person, 'friend')}`
  const name = safeName(label, 'folder')
  for (let number = 1; ; number++) {
    const path = `${place}/${number === 1 ? name : `${name} (${number})`}`
    if (!taken.includes(path) && (await tree.stat(path)) === null) return path
  }
}
