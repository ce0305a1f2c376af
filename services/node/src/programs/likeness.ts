import { foldText } from '@holt/core/fold-text.ts'

/** Letters of other alphabets, and digits, by the Latin letter that they are taken for. */
const takenFor: Readonly<Record<string, string>> = {
  a: 'аα4',
  b: 'вβ8',
  c: 'сϲ',
  e: 'еε3',
  h: 'нһ',
  i: 'іι1lј',
  k: 'кκ',
  m: 'м',
  n: 'η',
  o: 'оο0',
  p: 'рρ',
  s: 'ѕ5',
  t: 'тτ',
  u: 'υ',
  v: 'ν',
  x: 'хχ',
  y: 'уγ',
}

const latin = new Map(Object.entries(takenFor).flatMap(([letter, others]) => Array.from(others).map((other) => [other, letter] as const)))

/** From so many letters on, one other letter is not noticed. */
const LONG = 6

/** Whether a person may take one title for the other. */
export function looksLike(one: string, other: string): boolean {
  const [a, b] = [skeleton(one), skeleton(other)]
  return a === b || (Math.min(a.length, b.length) >= LONG && differInOne(a, b))
}

function skeleton(title: string): string {
  const letters = Array.from(foldText(title)).map((letter) => latin.get(letter) ?? letter)
  return letters
    .join('')
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w')
    .replace(/[\s\-_.,:;!?'"’·]/g, '')
}

/** One letter is another, or one more or less. */
function differInOne(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let from = 0
  while (from < a.length && a[from] === b[from]) from++
  let back = 0
  while (back < Math.min(a.length, b.length) - from && a[a.length - 1 - back] === b[b.length - 1 - back]) back++
  return Math.max(a.length, b.length) - from - back <= 1
}
