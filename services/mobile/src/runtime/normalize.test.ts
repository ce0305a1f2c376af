import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type NormalForm, normalizeText } from './normalize.ts'

const forms: readonly NormalForm[] = ['NFC', 'NFD', 'NFKC', 'NFKD']

/** Letters may come with a newer Unicode; those that are there keep their forms for ever. */
const isNewer = Number(process.versions['unicode']?.split('.')[0]) > 15

test('each letter has the forms that ICU gives it', () => {
  const wrong: string[] = []
  for (let code = 0; code <= 0x32000; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue
    const letter = String.fromCodePoint(code)
    for (const form of forms) {
      const made = normalizeText(letter, form)
      if (made !== letter.normalize(form) && !(isNewer && made === letter)) wrong.push(`${form} of ${code.toString(16)}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('letters and marks in any order have the forms that ICU gives them', () => {
  const pool = Array.from('aeoucnsAEIOUåéṩṏỗ가각ᄀ힣ﬁ①Å½ᾂഃ')
  for (let code = 0x300; code < 0x370; code++) pool.push(String.fromCodePoint(code))
  pool.push(
    '\u05b0',
    '\u0f71',
    '\u0f72',
    '\u1161',
    '\u11a8',
    '\u3099',
    '\u09be',
    '\u09c7',
    '\u{1d165}',
    '\u{1d15f}',
    '\u{110ba}',
    '\u{11099}',
  )
  let seed = 0x2545f491
  const next = (bound: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return seed % bound
  }
  for (let round = 0; round < 30_000; round++) {
    const text = Array.from({ length: 1 + next(7) }, () => pool[next(pool.length)]).join('')
    for (const form of forms) assert.equal(normalizeText(text, form), text.normalize(form), `${form} of ${JSON.stringify(text)}`)
  }
})
