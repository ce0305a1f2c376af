import { nameProblem } from '@holt/tree/names.ts'
import { partsOf } from '../free-name.ts'

const MOST_OF_A_NAME = 60

/** A name that a directory takes, as like the phone's as can be. */
export function fitName(name: string, video: boolean): string {
  if (nameProblem(name) === null) return name
  const letters = Array.from(name).filter((letter) => letter !== '/' && letter !== '\0' && !isLoneSurrogate(letter))
  const { stem, ending } = partsOf(letters.join(''))
  const short = `${Array.from(stem).slice(0, MOST_OF_A_NAME).join('')}${Array.from(ending).slice(0, 10).join('')}`
  return nameProblem(short) === null ? short : video ? 'video' : 'picture'
}

function isLoneSurrogate(letter: string): boolean {
  const unit = letter.charCodeAt(0)
  return letter.length === 1 && unit >= 0xd800 && unit < 0xe000
}
