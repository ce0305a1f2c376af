import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Writes `normal-forms.ts` from what this Node's ICU knows: `npx tsx services/mobile/src/runtime/write-normal-forms.ts`.
 * Classes of marks cannot be asked for in JavaScript; their order can, for normalizing sorts marks by it.
 */
const LAST_CODE_POINT = 0x10ffff
/** The lowest class and the highest. */
const [OVERLAY, IOTA_BELOW] = ['\u0334', '\u0345']

function swaps(first: string, second: string): boolean {
  return (first + second).normalize('NFD') === (second + first).normalize('NFD') && (first + second).normalize('NFD') !== first + second
}

function* letters(): Generator<string> {
  for (let code = 0xa0; code <= LAST_CODE_POINT; code++)
    if ((code < 0xac00 || code > 0xd7a3) && (code < 0xd800 || code > 0xdfff)) yield String.fromCodePoint(code)
}

const numberOf = (letter: string): string => (letter.codePointAt(0) as number).toString(36)
const numbersOf = (text: string): string => Array.from(text, numberOf).join('.')

const canonical: string[] = []
const compatible: string[] = []
const composed: string[] = []
const marks: string[] = []
for (const letter of letters()) {
  const nfd = letter.normalize('NFD')
  const nfkd = letter.normalize('NFKD')
  if (nfd !== letter) canonical.push(`${numberOf(letter)}:${numbersOf(nfd)}`)
  if (nfkd !== nfd) compatible.push(`${numberOf(letter)}:${numbersOf(nfkd)}`)
  if (nfd === letter && (swaps(letter, OVERLAY) || swaps(IOTA_BELOW, letter))) marks.push(letter)
  const parts = Array.from(nfd)
  if (parts.length < 2 || letter.normalize('NFC') !== letter) continue
  const first = Array.from(parts.slice(0, -1).join('').normalize('NFC'))
  if (first.length !== 1) throw new Error(`${numberOf(letter)} is not made of a letter and a mark`)
  composed.push(`${numberOf(letter)}:${numbersOf((first[0] as string) + (parts.at(-1) as string))}`)
}

const classes: string[][] = []
for (const mark of marks) {
  let at = 0
  while (at < classes.length && swaps(mark, classes[at]?.[0] as string)) at++
  const found = classes[at]
  if (found !== undefined && !swaps(found[0] as string, mark)) found.push(mark)
  else classes.splice(at, 0, [mark])
}

/** Lines that an editor can show. */
function lines(records: readonly string[]): string {
  let text = ''
  let line = ''
  for (const record of records) {
    if (line.length + record.length > 130) {
      text += `${line}\n`
      line = ''
    }
    line += line === '' ? record : ` ${record}`
  }
  return `\`\n${text}${line}\n\``
}

const text = `/**
 * Unicode's normal forms, for a runtime without ICU; made by \`write-normal-forms.ts\` from Unicode ${process.versions['unicode']}. Code points
 * are in base 36, each record is one and what it stands for. Hangul is computed.
 */
/** Full canonical decompositions. */
export const canonical = ${lines(canonical)}
/** Full compatibility decompositions where they differ from the canonical ones. */
export const compatible = ${lines(compatible)}
/** A letter and what follows it, which together are written as one. */
export const composed = ${lines(composed)}
/** Marks that may change places, class by class in the order in which they come to stand. */
export const markClasses = ${lines(classes.map((members) => members.map(numberOf).join('.')))}
`
writeFileSync(fileURLToPath(new URL('./normal-forms.ts', import.meta.url)), text)
