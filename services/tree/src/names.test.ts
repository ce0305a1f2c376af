import assert from 'node:assert/strict'
import test from 'node:test'
import { isHoltError } from '@holt/core/errors.ts'
import fc from 'fast-check'
import { sortByName } from './name-sort.ts'
import { checkName, compareNames, isAtOrUnder, joinPath, nameProblem, splitPath, utf8Length } from './names.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\u{ffff}', '\u{e000}', '\u{10000}', '\u{10ffff}', '\u{d7ff}'), maxLength: 6 }),
)

test('orders names as their UTF-8 bytes, also where UTF-16 does not', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      assert.equal(Math.sign(compareNames(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)))
    }),
  )
  assert.ok(compareNames('\u{ffff}', '\u{10000}') < 0)
})

test('sorts long lists in runs as one sort would', async () => {
  const slice = { isOver: true, turns: 0, next: async () => void slice.turns++ }
  const names = Array.from({ length: 10_000 }, (_, i) => ({ name: String((i * 7919) % 10_000) }))
  const sorted = await sortByName(names, slice as never)
  assert.deepEqual(
    sorted,
    [...names].sort((a, b) => compareNames(a.name, b.name)),
  )
  assert.ok(slice.turns > 4)
  assert.deepEqual(await sortByName([], slice as never), [])
})

test('knows the length of text in UTF-8', () => {
  fc.assert(fc.property(text, (a) => assert.equal(utf8Length(a), Buffer.byteLength(a))))
})

const badNames = ['', '.', '..', 'a/b', '/', 'a\0b', '\ud800', 'x\udc00y', 'x'.repeat(256), 'é'.repeat(128), '\u{10000}'.repeat(64)]
const goodNames = [
  '...',
  ' ',
  'a\nb',
  '\\',
  'con',
  'x'.repeat(255),
  'é'.repeat(127),
  '\u{10000}'.repeat(63),
  '\u202e',
  '__proto__',
  '-rf',
  '~',
]

test('refuses names that no directory may hold', () => {
  for (const name of badNames) assert.throws(() => checkName(name), { code: 'NAME_INVALID' }, JSON.stringify(name))
  for (const name of goodNames) assert.equal(nameProblem(name), null, JSON.stringify(name))
})

test('takes absolute paths apart, and refuses all others', () => {
  assert.deepEqual(splitPath('/'), [])
  assert.deepEqual(splitPath('/a/b c/ü'), ['a', 'b c', 'ü'])
  assert.equal(joinPath(splitPath('/a/b')), '/a/b')
  for (const path of ['', 'a', 'a/b', './a', '//', '/a/', '/a//b', `/${'a/'.repeat(4096)}a`, `/${'a'.repeat(65_536)}`]) {
    assert.throws(() => splitPath(path), { code: 'PATH_INVALID' }, path.slice(0, 20))
  }
  for (const path of ['/..', '/a/../b', '/a/.', '/a/./b', '/a\0', '/\ud800'])
    assert.throws(() => splitPath(path), { code: 'NAME_INVALID' }, path)
})

test('a path of anything gives clean names or a clear refusal', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('/', '.', 'a', '\0', '\ud800', 'é') }), (path) => {
      try {
        assert.ok(splitPath(path).every((name) => nameProblem(name) === null))
        assert.equal(joinPath(splitPath(path)), path)
      } catch (error) {
        assert.ok(isHoltError(error, 'PATH_INVALID') || isHoltError(error, 'NAME_INVALID'))
      }
    }),
  )
})

test('tells what lies below a path', () => {
  assert.ok(isAtOrUnder('/a', '/'))
  assert.ok(isAtOrUnder('/a', '/a'))
  assert.ok(isAtOrUnder('/a/b', '/a'))
  assert.ok(!isAtOrUnder('/ab', '/a'))
  assert.ok(!isAtOrUnder('/', '/a'))
})
