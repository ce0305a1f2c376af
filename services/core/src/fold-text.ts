import { foldedLetters } from './folded-letters.ts'

/**
 * Text as people search by it: without case and accents, 'Ärger' as 'arger', 'Straße' as 'strasse'. Needs no tables of the system, which a phone's
 * JavaScript may lack.
 */
export function foldText(text: string): string {
  const lower = text.toLowerCase()
  if (isPlain(lower)) return lower
  let folded = ''
  for (const letter of lower) folded += isMark(letter) ? '' : (plainOf.get(letter) ?? letter)
  return folded
}

const plainOf = new Map(
  Object.entries(foldedLetters).flatMap(([plain, letters]) => Array.from(letters).map((letter) => [letter, plain] as const)),
)

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false
  return true
}

/** Combining marks stand behind their letter where names come from a Mac. */
function isMark(letter: string): boolean {
  const unit = letter.charCodeAt(0)
  return unit >= 0x300 && unit < 0x370
}
