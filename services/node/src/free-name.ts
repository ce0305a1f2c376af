import { joinPath, nameProblem, splitPath } from '@holt/tree/names.ts'
import type { Edit } from '@holt/tree/types.ts'

/** What is there stays: another of the same name is put beside it. */
export async function freeName(edit: Pick<Edit, 'stat'>, folder: string, name: string): Promise<string> {
  const isFree = async (one: string): Promise<boolean> => (await edit.stat(joinPath([...splitPath(folder), one]))) === null
  if (await isFree(name)) return name
  for (let number = 2; ; number++) {
    const other = labelled(name, String(number))
    if (await isFree(other)) return other
  }
}

/** `letter (label).txt`; a name that is as long as can be loses the last letters before it. */
export function labelled(name: string, label: string): string {
  const { stem, ending } = partsOf(name)
  let kept = Array.from(stem)
  const whole = (): string => `${kept.join('')} (${label})${ending}`
  while (nameProblem(whole()) !== null && kept.length > 1) kept = kept.slice(0, -1)
  return whole()
}

/** `.gitignore` has no ending. */
export function partsOf(name: string): { stem: string; ending: string } {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? { stem: name.slice(0, dot), ending: name.slice(dot) } : { stem: name, ending: '' }
}
