import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { decode, encode } from '@holt/core/codec.ts'
import { cidOf } from '@holt/core/cid.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { encodeCommitRecords, encodePackHeader, MAX_COMMIT_RECORD_BYTES, parsePackRecord } from './pack-records.ts'
import { encodeToc, parseToc, TocEntries, type Toc } from './toc.ts'
import { bytesFrom } from './test-world.ts'

const header = { id: '00112233445566778899aabbccddeeff', redundancyClass: 'standard', createdSeconds: 1_700_000_000 }

function tocOfThree(): Toc {
  const toc = { blocks: new TocEntries(), commits: new TocEntries() }
  for (let i = 0; i < 3; i++) toc.blocks.add(cidOf(bytesFrom(i, 10)), 1000 * i, 10 + i)
  toc.commits.add(cidOf(bytesFrom(9, 10)), 2 ** 32 - 1, 2 ** 26)
  return toc
}

test('records are what docs/formats.md says, field by field', () => {
  assert.deepEqual(decode(encodePackHeader(header)), {
    v: 1,
    kind: 'pack',
    id: new Uint8Array([0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff]),
    class: 'standard',
    created: 1_700_000_000,
  })
  const head = bytesFrom(1, 100)
  assert.deepEqual(decode(encodeCommitRecords([head], 77)[0] as Uint8Array), { v: 1, kind: 'commit', heads: [head], synced: 77 })
  const { blocks } = decode(encodeToc(tocOfThree())) as { blocks: Uint8Array }
  assert.equal(blocks.length, 120)
  assert.deepEqual([...blocks.subarray(32 + 40, 80)], [0, 0, 3, 232, 0, 0, 0, 11])
})

test('what was encoded is parsed to the same', () => {
  assert.deepEqual(parsePackRecord(encodePackHeader(header)), { kind: 'pack', header })
  const heads = [bytesFrom(1, 100), bytesFrom(2, 3)]
  assert.deepEqual(parsePackRecord(encodeCommitRecords(heads, 5)[0] as Uint8Array), { kind: 'commit', commit: { heads, syncedBytes: 5 } })
  assert.deepEqual(parsePackRecord(encodeToc(tocOfThree())), { kind: 'toc' })
  const { blocks, commits } = parseToc(encodeToc(tocOfThree()))
  assert.deepEqual([blocks.count, blocks.offset(2), blocks.length(2)], [3, 2000, 12])
  assert.deepEqual([commits.count, commits.offset(0), commits.length(0)], [1, 2 ** 32 - 1, 2 ** 26])
  assert.deepEqual(blocks.digest(1), cidOf(bytesFrom(1, 10)).subarray(4))
})

test('many heads take as many records as they need, each within the bound', () => {
  const heads = Array.from({ length: 900 }, (_, i) => bytesFrom(i, 2000))
  const records = encodeCommitRecords(heads, 0)
  assert.ok(records.length > 1)
  for (const record of records) assert.ok(record.length <= MAX_COMMIT_RECORD_BYTES)
  const parsed = records.map((record) => parsePackRecord(record))
  assert.deepEqual(
    parsed.flatMap((record) => (record.kind === 'commit' ? record.commit.heads : [])),
    heads,
  )
  assert.throws(() => encodeCommitRecords([new Uint8Array(300 << 10)], 0), { code: 'TOO_LARGE' })
})

test('refuses other versions, missing and unknown fields, wrong lengths', () => {
  const pack = { v: 1, kind: 'pack', id: new Uint8Array(16), class: 'standard', created: 1 }
  assert.equal(parsePackRecord(encode(pack)).kind, 'pack')
  assert.throws(() => parsePackRecord(encode({ ...pack, v: 2 })), { code: 'UNSUPPORTED_VERSION' })
  for (const wrong of [{ id: new Uint8Array(15) }, { class: 1 }, { created: -1 }, { more: 1 }, { kind: 'other' }]) {
    assert.throws(() => parsePackRecord(encode({ ...pack, ...wrong })), { code: 'MALFORMED' })
  }
  assert.throws(() => parsePackRecord(encode({ v: 1, kind: 'commit', heads: [] })), { code: 'MALFORMED' })
  assert.throws(() => parseToc(encode({ v: 1, kind: 'toc', blocks: new Uint8Array(39), commits: new Uint8Array() })), { code: 'MALFORMED' })
  assert.throws(() => parseToc(encode({ v: 2, kind: 'toc', blocks: new Uint8Array(), commits: new Uint8Array() })), {
    code: 'UNSUPPORTED_VERSION',
  })
})

test('any bytes are parsed or refused with a code', () => {
  const samples = [encodePackHeader(header), encodeCommitRecords([bytesFrom(1, 50)], 9)[0] as Uint8Array, encodeToc(tocOfThree())]
  const flipped = fc.tuple(fc.constantFrom(...samples), fc.nat(), fc.nat(255), fc.nat()).map(([sample, at, value, length]) => {
    const bytes = sample.slice(0, 1 + (length % sample.length))
    bytes[at % bytes.length] = value
    return bytes
  })
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), flipped), (bytes) => {
      for (const parse of [parsePackRecord, parseToc]) {
        try {
          parse(bytes)
        } catch (error) {
          assert.ok(isHoltError(error, 'MALFORMED') || isHoltError(error, 'UNSUPPORTED_VERSION'), String(error))
        }
      }
    }),
    { numRuns: 3000 },
  )
})
