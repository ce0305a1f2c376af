import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { concatBytes } from '@holt/core/bytes.ts'
import { cidOf } from '@holt/core/cid.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { CAR_HEADER, frameSection } from '@holt/core/car.ts'
import { encodeCommitRecords, encodePackHeader, recordSection } from './pack-records.ts'
import { type PackScan, scanPack } from './pack-scan.ts'
import { encodeToc } from './toc.ts'
import { bytesFrom } from './test-world.ts'

const header = { id: '00112233445566778899aabbccddeeff', redundancyClass: 'standard', createdSeconds: 1 }

const head = (number: number): Uint8Array => bytesFrom(number, 40)
const block = (number: number): Uint8Array => frameSection(cidOf(bytesFrom(number, 300)), bytesFrom(number, 300))
const commit = (number: number, syncedBytes: number): Uint8Array =>
  recordSection(encodeCommitRecords([head(number)], syncedBytes)[0] as Uint8Array).section

/** A pack of these sections and where each of them begins. */
function packOf(...sections: Uint8Array[]): { bytes: Uint8Array; starts: number[] } {
  const all = [CAR_HEADER, recordSection(encodePackHeader(header)).section, ...sections]
  let offset = 0
  const starts = all.map((section) => (offset += section.length) - section.length)
  return { bytes: concatBytes(all), starts: starts.slice(2) }
}

function scan(bytes: Uint8Array): Promise<PackScan> {
  return scanPack(async (offset, length) => bytes.slice(offset, offset + length), bytes.length)
}

test('a whole pack is kept whole, with its blocks, heads and class', async () => {
  const { bytes, starts } = packOf(block(1), commit(1, 0), block(2), commit(2, 400))
  const found = await scan(bytes)
  assert.deepEqual(found.header, header)
  assert.equal(found.keptBytes, bytes.length)
  assert.deepEqual(found.heads, [head(1), head(2)])
  assert.equal(found.syncedBytes, 400)
  assert.deepEqual([found.toc.blocks.count, found.toc.commits.count], [2, 2])
  assert.equal(found.toc.blocks.offset(0), (starts[0] as number) + 38)
  assert.deepEqual(found.damage, [])
  assert.equal(found.sealed, null)
})

test('past what a commit record proves, the first bad section and all after it are cut off, heads too', async () => {
  const { bytes, starts } = packOf(block(1), commit(1, 0), block(2), commit(2, 100), block(3))
  const torn = bytes.slice()
  torn[(starts[2] as number) + 100] = 0xff ^ (torn[(starts[2] as number) + 100] as number)
  const found = await scan(torn)
  assert.equal(found.keptBytes, starts[2])
  assert.deepEqual(found.heads, [head(1)])
  assert.deepEqual(found.damage, [])
})

test('below what a commit record proves, a bad section is damage, and what follows is kept', async () => {
  const first = packOf(block(1), block(2))
  const { bytes, starts } = packOf(block(1), block(2), commit(1, first.bytes.length), block(3))
  for (const at of [0, 2, 20, 200]) {
    const damaged = bytes.slice()
    damaged[(starts[0] as number) + at] = 0xff ^ (damaged[(starts[0] as number) + at] as number)
    const found = await scan(damaged)
    assert.deepEqual(found.damage, [{ offset: starts[0], length: (starts[1] as number) - (starts[0] as number) }], `byte ${at}`)
    assert.equal(found.keptBytes, bytes.length)
    assert.deepEqual(found.heads, [head(1)])
    assert.equal(found.toc.blocks.count, 2)
  }
})

test('a damaged commit record proves nothing, a later whole one does', async () => {
  const { bytes, starts } = packOf(block(1), commit(1, 0), block(2), commit(2, 800), block(3))
  const damaged = bytes.slice()
  damaged[(starts[1] as number) + 60] = 0xff ^ (damaged[(starts[1] as number) + 60] as number)
  const found = await scan(damaged)
  assert.equal(found.damage.length, 1)
  assert.deepEqual(found.heads, [head(2)])
  assert.equal(found.keptBytes, bytes.length)
})

test('every cut of a pack keeps exactly the sections that are whole', async () => {
  const { bytes, starts } = packOf(block(1), commit(1, 0), block(2), commit(2, 0))
  const ends = [...starts, bytes.length]
  for (let length = 0; length < bytes.length; length++) {
    const found = await scan(bytes.slice(0, length))
    const whole = ends.filter((end) => end <= length).at(-1) ?? (length >= CAR_HEADER.length ? CAR_HEADER.length : 0)
    assert.equal(found.keptBytes, whole, `cut at ${length}`)
    assert.deepEqual(found.damage, [])
    assert.equal(found.header === null, length < (starts[0] as number))
  }
})

test('a table of contents seals the pack; what follows it is cut off', async () => {
  const open = packOf(block(1), commit(1, 0))
  const { toc } = await scan(open.bytes)
  const { bytes, starts } = packOf(block(1), commit(1, 0), recordSection(encodeToc(toc)).section, new Uint8Array(100))
  const found = await scan(bytes)
  assert.equal(found.sealed?.offset, (starts[2] as number) + 38)
  assert.equal(found.keptBytes, starts[3])
})

test('a record of a later version is no damage: it is refused, not cut off', async () => {
  const later = recordSection(new Uint8Array([0xa2, 0x61, 0x76, 0x02, 0x64, 0x6b, 0x69, 0x6e, 0x64, 0x64, 0x70, 0x61, 0x63, 0x6b])).section
  await assert.rejects(scan(packOf(block(1), later).bytes), { code: 'UNSUPPORTED_VERSION' })
})

test('however a pack is damaged, nothing that is not whole is listed, and what is kept is within the file', async () => {
  const { bytes } = packOf(block(1), commit(1, 0), block(2), commit(2, 800), block(3), commit(3, 900))
  const whole = new Set([1, 2, 3].map((number) => cidOf(bytesFrom(number, 300)).join()))
  const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(changes, fc.nat(bytes.length), async (flips, cut) => {
      const damaged = bytes.slice(0, bytes.length - (cut % 200))
      for (const [at, value] of flips) if (at < damaged.length) damaged[at] = value
      const found = await scan(damaged).catch((error: unknown) => error)
      if (isHoltError(found, 'UNSUPPORTED_VERSION')) return
      const { keptBytes, toc, damage } = found as PackScan
      assert.ok(keptBytes <= damaged.length)
      for (const { offset, length } of damage) assert.ok(length > 0 && offset + length <= keptBytes)
      for (let i = 0; i < toc.blocks.count; i++) {
        const body = damaged.slice(toc.blocks.offset(i), toc.blocks.offset(i) + toc.blocks.length(i))
        assert.ok(whole.has(cidOf(body).join()) && toc.blocks.offset(i) + body.length <= keptBytes)
      }
    }),
    { numRuns: 400 },
  )
})
