import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { cidOf } from '@holt/core/cid.ts'
import { sectionHead } from '@holt/tree/sections.ts'
import { openBlock, sealedLength } from '@holt/tree/sealed-block.ts'
import fc from 'fast-check'
import { nodejsEnvironment } from './environment.ts'
import { openFiles } from './open-jobs.ts'
import { sealFiles, sealRange } from './read-jobs.ts'
import { SlotSealer, sectionLength, unpackBlocks } from './seal-into-slot.ts'
import { SLOT_BYTES } from './slots.ts'

const environment = nodejsEnvironment()
const signal = new AbortController().signal

test('what a worker seals into a slot is a CAR section that the tree opens', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 5000 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      async (content, key) => {
        const slot = new Uint8Array(new ArrayBuffer(16384))
        const sealer = new SlotSealer(slot, 1)
        sealer.add(key, content)
        const [block] = unpackBlocks(sealer.packedBlocks())
        assert.ok(block)
        const body = slot.slice(block.offset, block.offset + block.length)
        assert.equal(body.length, sealedLength(content.length))
        assert.equal(sealer.usedBytes, sectionLength(content.length))
        assert.deepEqual(block.cid, cidOf(body))
        assert.deepEqual(slot.slice(0, block.offset), sectionHead(block.cid, block.length))
        const opened = await openBlock(environment.crypto, [key], body)
        assert.deepEqual(opened.subarray(0, content.length), content)
        assert.ok(opened.subarray(content.length).every((byte) => byte === 0))
      },
    ),
    { numRuns: 50 },
  )
})

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'holt-seal-'))
  t.after(() => rmSync(path, { recursive: true }))
  return path
}

test('small files are sealed in a batch; one that is gone does not stop the others', async (t) => {
  const top = folder(t)
  const contents = [Buffer.from('first'), Buffer.alloc(0), Buffer.alloc(70_000, 7)]
  contents.forEach((content, index) => writeFileSync(join(top, `${index}`), content))
  const slot = new ArrayBuffer(SLOT_BYTES)
  const files = ['0', 'gone', '1', '2'].map((name) => ({ local: join(top, name), sizeBytes: contents[Number(name)]?.length ?? 1 }))
  const output = await sealFiles(environment, { slot, files }, signal)
  assert.equal(output.handled, 4)
  assert.deepEqual(
    output.files.map(({ failure, sizeBytes, block }) => ({ failed: failure !== null, sizeBytes, block })),
    [
      { failed: false, sizeBytes: 5, block: 0 },
      { failed: true, sizeBytes: 0, block: -1 },
      { failed: false, sizeBytes: 0, block: -1 },
      { failed: false, sizeBytes: 70_000, block: 1 },
    ],
  )
})

test('files that grew, shrank or became something else since they were listed are passed over, in their turn', async (t) => {
  const top = folder(t)
  const names = Array.from({ length: 20 }, (_, i) => join(top, `${i}`))
  for (const [i, name] of names.entries()) writeFileSync(name, Buffer.alloc(1000 + i, i))
  const files = names.map((local, i) => ({ local, sizeBytes: 1000 + i }))
  truncateSync(join(top, '3'), 5)
  appendFileSync(join(top, '7'), 'more')
  rmSync(join(top, '11'))
  mkdirSync(join(top, '11'))
  rmSync(join(top, '12'))
  execFileSync('mkfifo', [join(top, '12')])
  const output = await sealFiles(environment, { slot: new ArrayBuffer(SLOT_BYTES), files }, signal)
  assert.deepEqual(
    output.files.flatMap(({ failure }, i) => (failure === null ? [] : [i])),
    [3, 7, 11, 12],
  )
  assert.deepEqual(
    output.files.filter(({ failure }) => failure === null).map(({ sizeBytes, block }) => [sizeBytes, block]),
    files.filter((_, i) => ![3, 7, 11, 12].includes(i)).map(({ sizeBytes }, block) => [sizeBytes, block]),
  )
})

test('files that do not fit into the slot any more come again', async (t) => {
  const top = folder(t)
  writeFileSync(join(top, 'a'), Buffer.alloc(60_000, 1))
  const files = Array.from({ length: 3 }, () => ({ local: join(top, 'a'), sizeBytes: 60_000 }))
  const output = await sealFiles(environment, { slot: new ArrayBuffer(130_000), files }, signal)
  assert.equal(output.handled, 2)
})

test('a range keeps its holes, and comes back as it was through the jobs that open files', async (t) => {
  const top = folder(t)
  const chunkBytes = 2 ** 16
  const source = join(top, 'sparse')
  const fd = openSync(source, 'w+')
  writeSync(fd, Buffer.alloc(100, 5), 0, 100, 0)
  writeSync(fd, Buffer.alloc(chunkBytes, 6), 0, chunkBytes, 2 * chunkBytes)
  ftruncateSync(fd, 4 * chunkBytes)
  const slot = new ArrayBuffer(SLOT_BYTES)
  const key = Buffer.alloc(32, 9)
  const output = await sealRange(environment, { slot, fd, directFd: null, offset: 0, lengthBytes: 4 * chunkBytes, chunkBytes, key })
  closeSync(fd)
  assert.deepEqual(output.chunks, [0, -1, 1, -1])

  const pack = join(top, 'pack')
  writeFileSync(pack, new Uint8Array(slot, 0, output.usedBytes).slice())
  const blocks = unpackBlocks(output.packedBlocks)
  const pieces = output.chunks.flatMap((block, index) => {
    const found = blocks[block]
    return found === undefined
      ? []
      : [{ cid: found.cid, place: { path: pack, ...found }, fileOffset: index * chunkBytes, lengthBytes: chunkBytes }]
  })
  const file = {
    local: join(top, 'copy'),
    mode: 0o640,
    modified: [1_700_000_000, 0] as const,
    sizeBytes: 4 * chunkBytes,
    keys: [key],
    pieces,
  }
  assert.deepEqual((await openFiles(environment, { files: [file] }, signal)).results, [null])
  assert.ok(readFileSync(source).equals(readFileSync(file.local)))

  const altered = pieces.map((piece, index) =>
    index === 0 ? { ...piece, place: { ...piece.place, offset: piece.place.offset + 1 } } : piece,
  )
  assert.deepEqual((await openFiles(environment, { files: [{ ...file, pieces: altered }] }, signal)).results, [[0]])
})
