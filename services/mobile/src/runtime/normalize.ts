import { canonical, compatible, composed, markClasses } from './normal-forms.ts'

/**
 * `String.prototype.normalize` for a Node that was built without ICU, where it gives back what it was given: then a password typed on a
 * phone would be another one than the same typed on a laptop.
 *
 * Source: Unicode Standard Annex #15; Hangul as in the standard, section 3.12.
 */
export type NormalForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD'

const HANGUL = { syllables: 0xac00, leads: 0x1100, vowels: 0x1161, tails: 0x11a7, vowelCount: 21, tailCount: 28, syllableCount: 11172 }
const LEAD_COUNT = 19

interface Tables {
  canonical: Map<number, number[]>
  compatible: Map<number, number[]>
  /** By letter, then by what follows it. */
  composed: Map<number, Map<number, number>>
  /** Only of marks that may change places. */
  classOf: Map<number, number>
}

let tables: Tables | null = null

export function normalizeText(text: string, form: NormalForm): string {
  if (!/[^\0-\u00a0]/.test(text) && !text.includes('\u00a0')) return text
  const { canonical, compatible, composed, classOf } = (tables ??= readTables())
  const parts: number[] = []
  for (const letter of text) {
    const code = letter.codePointAt(0) as number
    const standsFor = (form.startsWith('NFK') ? compatible.get(code) : undefined) ?? canonical.get(code) ?? hangulParts(code)
    if (standsFor === null) parts.push(code)
    else parts.push(...standsFor)
  }
  sortMarks(parts, classOf)
  const codes = form === 'NFC' || form === 'NFKC' ? compose(parts, composed, classOf) : parts
  let result = ''
  for (const code of codes) result += String.fromCodePoint(code)
  return result
}

/** Marks of different classes after one letter get one order; those of one class keep theirs. */
function sortMarks(codes: number[], classOf: ReadonlyMap<number, number>): void {
  for (let i = 1; i < codes.length; i++) {
    const code = codes[i] as number
    const own = classOf.get(code) ?? 0
    if (own === 0) continue
    let at = i
    while (at > 0 && (classOf.get(codes[at - 1] as number) ?? 0) > own) {
      codes[at] = codes[at - 1] as number
      at--
    }
    codes[at] = code
  }
}

function compose(codes: readonly number[], composed: Tables['composed'], classOf: ReadonlyMap<number, number>): number[] {
  const result: number[] = []
  let starter = -1
  let lastClass = 0
  for (const code of codes) {
    const own = classOf.get(code) ?? 0
    const isBlocked = starter < 0 || (result.length - 1 > starter && lastClass >= own)
    const one = isBlocked ? undefined : composedOf(result[starter] as number, code, composed)
    if (one !== undefined) {
      result[starter] = one
      continue
    }
    if (own === 0) starter = result.length
    lastClass = own
    result.push(code)
  }
  return result
}

function composedOf(first: number, second: number, composed: Tables['composed']): number | undefined {
  const lead = first - HANGUL.leads
  const vowel = second - HANGUL.vowels
  if (lead >= 0 && lead < LEAD_COUNT && vowel >= 0 && vowel < HANGUL.vowelCount)
    return HANGUL.syllables + (lead * HANGUL.vowelCount + vowel) * HANGUL.tailCount
  const syllable = first - HANGUL.syllables
  const tail = second - HANGUL.tails
  if (syllable >= 0 && syllable < HANGUL.syllableCount && syllable % HANGUL.tailCount === 0 && tail > 0 && tail < HANGUL.tailCount)
    return first + tail
  return composed.get(first)?.get(second)
}

function hangulParts(code: number): number[] | null {
  const syllable = code - HANGUL.syllables
  if (syllable < 0 || syllable >= HANGUL.syllableCount) return null
  const { tailCount, vowelCount } = HANGUL
  const parts = [
    HANGUL.leads + Math.floor(syllable / (vowelCount * tailCount)),
    HANGUL.vowels + Math.floor((syllable % (vowelCount * tailCount)) / tailCount),
  ]
  const tail = syllable % tailCount
  return tail === 0 ? parts : [...parts, HANGUL.tails + tail]
}

function readTables(): Tables {
  const pairs: Tables['composed'] = new Map()
  for (const [one, [first, second]] of records(composed)) {
    const seconds = pairs.get(first as number) ?? new Map<number, number>()
    pairs.set(first as number, seconds.set(second as number, one))
  }
  const classOf = new Map<number, number>()
  for (const [i, members] of words(markClasses).entries()) for (const code of numbers(members)) classOf.set(code, i + 1)
  return { canonical: records(canonical), compatible: records(compatible), composed: pairs, classOf }
}

const words = (text: string): string[] => text.trim().split(/\s+/)
const numbers = (text: string): number[] => text.split('.').map((digits) => Number.parseInt(digits, 36))

function records(text: string): Map<number, number[]> {
  return new Map(
    words(text).map((record) => {
      const [code = '', standsFor = ''] = record.split(':')
      return [Number.parseInt(code, 36), numbers(standsFor)]
    }),
  )
}
