import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freeName, labelled } from './free-name.ts'

const LONGEST = 255

test('a label stands before the ending, and a name stays as short as names are', () => {
  assert.equal(labelled('letter.txt', 'kept'), 'letter (kept).txt')
  assert.equal(labelled('.profile', 'kept'), '.profile (kept)')
  const long = labelled(`${'ä'.repeat(125)}.txt`, 'kept from a locked file')
  assert.ok(Buffer.byteLength(long) <= LONGEST && long.endsWith('ä (kept from a locked file).txt'), long)
})

test('a name that is taken gets a number, at the top, too', async () => {
  const there = new Set(['/a.txt', '/a (2).txt', '/below/a.txt'])
  const edit = { stat: async (path: string) => (there.has(path) ? ({} as never) : null) }
  assert.equal(await freeName(edit, '/', 'a.txt'), 'a (3).txt')
  assert.equal(await freeName(edit, '/below', 'a.txt'), 'a (2).txt')
  assert.equal(await freeName(edit, '/below', 'b'), 'b')
})
