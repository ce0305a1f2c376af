import assert from 'node:assert/strict'
import test from 'node:test'
import { cidFromText, cidOf, cidToText } from './cid.ts'

test('a CID keeps its text form and is known by other IPLD tools (prefix bafkr4i)', () => {
  const cid = cidOf(new Uint8Array([1, 2, 3]))
  assert.deepEqual(cidFromText(cidToText(cid)), cid)
  assert.match(cidToText(cid), /^bafkr4i/)
})

test('refuses text that is no CID, and a CID of another hash', () => {
  assert.throws(() => cidFromText('hello'), { code: 'MALFORMED' })
  assert.throws(() => cidFromText('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'), { code: 'UNSUPPORTED_VERSION' })
})
