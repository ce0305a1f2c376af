import assert from 'node:assert/strict'
import test from 'node:test'
import { foldText } from './fold-text.ts'

test('case and accents do not matter, however they are written', () => {
  const cases: [string, string][] = [
    ['Ärger', 'arger'],
    ['STRASSE Straße', 'strasse strasse'],
    ['Crème Brûlée', 'creme brulee'],
    ['e\u0301te\u0301', 'ete'],
    ['Łódź', 'lodz'],
    ['Ørsted Æther', 'orsted aether'],
    ['Ёлка Йод', 'елка иод'],
    ['Ἀθῆναι', 'αθηναι'],
    ['İstanbul', 'istanbul'],
    ['Việt Nam', 'viet nam'],
    ['日本 2026.JPG', '日本 2026.jpg'],
    ['', ''],
  ]
  for (const [text, folded] of cases) assert.equal(foldText(text), folded, text)
})

test('every letter with marks of Latin, Greek and Cyrillic folds as its decomposition does', () => {
  const wrong: string[] = []
  for (const [first, last] of [
    [0xc0, 0x24f],
    [0x1e00, 0x1eff],
    [0x370, 0x3ff],
    [0x1f00, 0x1fff],
    [0x400, 0x4ff],
  ] as const)
    for (let code = first; code <= last; code++) {
      const letter = String.fromCodePoint(code)
      const plain = letter.normalize('NFD').replace(/\p{M}/gu, '')
      if (/^\p{L}$/u.test(plain) && plain !== letter && foldText(letter) !== foldText(plain)) wrong.push(letter)
    }
  assert.deepEqual(wrong, [])
})
