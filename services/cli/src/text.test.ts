import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHoltError } from '@holt/core/errors.ts'
import fc from 'fast-check'
import { clockTime, humanBytes, humanCount, humanDuration, modeText } from './format.ts'
import { printable } from './printable.ts'
import { progressText } from './progress-text.ts'
import { table } from './table.ts'
import { textStyle } from './text-style.ts'
import { shorten, textWidth } from './text-width.ts'
import { joinTree, lastName, meansDirectory, parentPath, treePath, versionOf } from './tree-path.ts'

test('sizes have two figures or more and the unit that keeps them short', () => {
  assert.deepEqual([0, 1, 1023, 1024, 1536, 10_188, 10_240, 1_048_575, 1_048_576, 5 * 2 ** 30, 2 ** 60].map(humanBytes), [
    '0 B',
    '1 B',
    '1023 B',
    '1.0 KiB',
    '1.5 KiB',
    '9.9 KiB',
    '10 KiB',
    '1.0 MiB',
    '1.0 MiB',
    '5.0 GiB',
    '1024 PiB',
  ])
})

test('counts and times read easily', () => {
  assert.deepEqual([7, 999, 1000, 1234567].map(humanCount), ['7', '999', '1 000', '1 234 567'])
  assert.deepEqual([0, 7, 59.6, 754, 11_100].map(clockTime), ['0:00', '0:07', '1:00', '12:34', '3:05:00'])
  assert.deepEqual([5, 200, 7500, 400_000].map(humanDuration), ['5 s', '3 min', '2 h 5 min', '4 days'])
})

test('modes read as in ls', () => {
  assert.equal(modeText({ type: 'file', mode: 0o644 }), '-rw-r--r--')
  assert.equal(modeText({ type: 'directory', mode: 0o1777 }), 'drwxrwxrwt')
  assert.equal(modeText({ type: 'file', mode: 0o6755 }), '-rwsr-sr-x')
  assert.equal(modeText({ type: 'file', mode: 0o7000 }), '---S--S--T')
  assert.equal(modeText({ type: 'symlink', mode: 0o777 }), 'lrwxrwxrwx')
})

test('names cannot drive the terminal, turn the text round or break the line', () => {
  assert.equal(printable('a\u001b[31mb\n\t\u0000\u009b\u202ec\ud800'), 'a\\x1b[31mb\\n\\t\\x00\\x9b\\u202ec\\ud800')
  assert.equal(printable('Grüße 日本語 🌲.txt'), 'Grüße 日本語 🌲.txt')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(printable(text), /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u)
    }),
  )
})

test('columns are aligned by what a terminal shows, not by characters', () => {
  assert.deepEqual(['abc', '日本', 'e\u0301', '🌲', '👩\u200d🚀', '\u001b[31mred\u001b[0m'].map(textWidth), [3, 4, 1, 2, 4, 3])
  assert.deepEqual(
    table(
      [
        ['日本', '5', 'x'],
        ['abc', '12', 'y'],
      ],
      { right: [1] },
    ),
    ['日本   5  x', 'abc   12  y'],
  )
})

test('a shortened text keeps its ends and never exceeds the room', () => {
  assert.equal(shorten('/a/very/long/path/file.txt', 12), '/a/ver…e.txt')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, room) => {
      const short = shorten(printable(text), room)
      assert.ok(textWidth(short) <= room)
    }),
  )
})

test('colours are for people who did not say no', () => {
  const at = (output: boolean, environment = {}) =>
    textStyle({ isInteractive: { input: true, output, errors: true }, environment }).red('x')
  assert.equal(at(true), '\u001b[31mx\u001b[0m')
  assert.equal(at(false), 'x')
  assert.equal(at(true, { NO_COLOR: '1' }), 'x')
  assert.equal(at(true, { TERM: 'dumb' }), 'x')
})

test('progress shows share, rate and time left, by bytes or else by items', () => {
  const progress = { phase: 'put', doneBytes: 1 << 30, totalBytes: 4 * 2 ** 30, doneItems: 1234, totalItems: 5000 }
  const rates = { bytes: 100 << 20, items: 10 }
  const figures = '25 %  1.0 GiB of 4.0 GiB  100 MiB/s  0:31 left'
  assert.equal(progressText(progress, rates), `put      [######------------------]   ${figures}  1 234 of 5 000`)
  assert.equal(
    progressText({ phase: 'scan', doneBytes: 0, totalBytes: 0, doneItems: 12, totalItems: 0 }, { bytes: 0, items: 3 }),
    'scan     12',
  )
  assert.equal(
    progressText({ phase: 'verify', doneBytes: 0, totalBytes: 0, doneItems: 5, totalItems: 10 }, { bytes: 0, items: 1 }),
    'verify   [############------------]   50 %  0:05 left  5 of 10',
  )
  for (let room = 20; room <= 120; room++) assert.ok(textWidth(progressText(progress, rates, room)) <= room)
})

test('a bar that has little room gets shorter, then the count goes, then the bar', () => {
  const progress = { phase: 'put', doneBytes: 1 << 30, totalBytes: 4 * 2 ** 30, doneItems: 1234, totalItems: 5000 }
  const at = (room: number) => progressText(progress, { bytes: 100 << 20, items: 10 }, room)
  assert.match(at(84), /\[#+-+\] .* 1 234 of 5 000$/)
  assert.match(at(76), /\[#+-+\] .* left$/)
  assert.match(at(60), /^put {7}25 %/)
})

test('paths are made absolute and clean; .. is refused', () => {
  assert.deepEqual(['a', '/', '.', './a//b/', '/a/./b'].map(treePath), ['/a', '/', '/', '/a/b', '/a/b'])
  for (const bad of ['..', 'a/../b', ''])
    assert.throws(
      () => treePath(bad),
      (error) => isHoltError(error, 'PATH_INVALID'),
    )
  assert.deepEqual(['a/', 'a', '/', '.', 'a/.'].map(meansDirectory), [true, false, true, true, true])
  assert.deepEqual(
    [joinTree('/', 'a'), joinTree('/a', 'b'), lastName('/a/b'), lastName('/'), parentPath('/a/b'), parentPath('/a')],
    ['/a', '/a/b', 'b', '', '/a', '/'],
  )
})

test('versions are numbers or dates; a day means its end', () => {
  assert.deepEqual(versionOf('17'), { at: 17 })
  assert.deepEqual(versionOf(undefined), {})
  assert.deepEqual(versionOf('2026-11-21T09:05:00Z'), { at: '2026-11-21T09:05:00.000Z' })
  assert.deepEqual(versionOf('2026-11-21'), { at: new Date(2026, 10, 21, 23, 59, 59, 999).toISOString() })
  for (const bad of ['0', '-1', 'yesterday', '2026-13-01', '1e3', ''])
    assert.throws(
      () => versionOf(bad),
      (error) => isHoltError(error, 'INPUT_INVALID'),
      bad,
    )
})
