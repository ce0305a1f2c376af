import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBase64Url, toBase64Url } from './bytes.ts'

test('base64url agrees with that of Node, and takes nothing else', () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length * 37) & 255)
    assert.equal(toBase64Url(bytes), Buffer.from(bytes).toString('base64url'))
    assert.deepEqual(fromBase64Url(toBase64Url(bytes)), bytes)
  }
  for (const other of ['=', 'AA==', 'A', 'AAAAA', 'a b', 'a+b_', 'ä']) assert.equal(fromBase64Url(other), null, other)
})
