import { nameProblem } from '@holt/tree/names.ts'
import type { Edit } from '@holt/tree/types.ts'

const MOST_OF_A_NAME = 60

/** A name that a directory takes, as like the phone's as can be. */
export function fitName(name: string, video: boolean): string {
  if (nameProblem(name) === null) return name
  const letters = Array.from(name).filter((letter) => letter !== '/' && letter !== '\0' && !isLoneSurrogate(letter))
  const { stem, ending } = partsOf(letters.join(''))
  const short = `${Array.from(stem).slice(0, MOST_OF_A_NAME).join('')}${Array.from(ending).slice(0, 10).join('')}`
  return nameProblem(short) === null ? short : video ? 'video' : 'picture'
}

/** What is there stays: another picture of the same name is put beside it. */
export async function freeName(edit: Pick<Edit, 'stat'>, folder: string, name: string): Promise<string> {
  if ((await edit.stat(`${folder}/${name}`)) === null) return name
  const { stem, ending } = partsOf(name)
  for (let number = 2; ; number++) {
    let kept = Array.from(stem)
    // a name that is as long as can be loses its last letters
    while (nameProblem(`${kept.join('')} (${number})${ending}`) !== null && kept.length > 1) kept = kept.slice(0, -1)
    const other = `${kept.join('')} (${number})${ending}`
    if ((await edit.stat(`${folder}/${other}`)) === null) return other
  }
}

/** `.gitignore` has no ending. */
function partsOf(name: string): { stem: string; ending: string } {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? { stem: name.slice(0, dot), ending: name.slice(dot) } : { stem: name, ending: '' }
}

function isLoneSurrogate(letter: string): boolean {
  const unit = letter.charCodeAt(0)
  return letter.length === 1 && unit >= 0xd800 && unit < 0xe000
}
