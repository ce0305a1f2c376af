import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { cidOf } from '@holt/core/cid.ts'
import { ChunkedFile } from '@holt/tree/file-reader.ts'
import { createFileWriter } from '@holt/tree/file-writer.ts'
import { sealChunks as sealPlainly } from '@holt/tree/jobs.ts'
import { MemoryBlockStore } from '@holt/tree/memory-block-store.ts'
import { NodeCache } from '@holt/tree/node-cache.ts'
import { NodeReader } from '@holt/tree/node-reader.ts'
import { sectionHead } from '@holt/tree/sections.ts'
import { openBlock } from '@holt/tree/sealed-block.ts'
import { openPlaced, sealChunks } from './chunk-jobs.ts'
import { nodejsEnvironment } from './environment.ts'
import type { AllJobs } from './jobs.ts'
import { NodejsWorkPool } from './work-pool.ts'

const MiB = 1 << 20
const environment = nodejsEnvironment()
const keys = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte))
const key = { key: keys[2] as Uint8Array, number: 2 }

for (const [job, sealer] of Object.entries({ 'the job of this platform': sealChunks, 'the job of any platform': sealPlainly })) {
  test(`${job} makes a section of each chunk but the holes, and gives the memory back`, async () => {
    for (const [chunkBytes, contentBytes] of [
      [1 << 16, 3 * (1 << 16) + 17],
      [1 << 16, MiB],
      [MiB, MiB],
      [MiB, 70_000],
    ] as const) {
      const memory = new Uint8Array(MiB)
      const content = randomFillSync(memory.subarray(0, contentBytes))
      content.fill(0, chunkBytes, 2 * chunkBytes)
      const sealed = await sealer(environment, { key, content, chunkBytes, room: new ArrayBuffer(MiB + (1 << 16)) })
      assert.equal(sealed.content.length, MiB)
      let end = 0
      for (const { cid, offset, length } of sealed.blocks) {
        const body = sealed.room.slice(offset, offset + length)
        assert.deepEqual(cid, cidOf(body))
        assert.deepEqual(sealed.room.slice(end, offset), sectionHead(cid, length))
        end = offset + length
      }
      assert.equal(end, sealed.usedBytes)
      let next = 0
      for (const [i, cid] of sealed.cids.entries()) {
        const chunk = content.slice(i * chunkBytes, (i + 1) * chunkBytes)
        if (i === 1) assert.equal(cid, null)
        if (cid === null) continue
        const block = sealed.blocks[next++]
        assert.deepEqual(block?.cid, cid)
        const { offset, length } = block as { offset: number; length: number }
        const opened = await openBlock(environment.crypto, keys, sealed.room.subarray(offset, offset + length))
        assert.deepEqual(Buffer.from(opened.subarray(0, chunk.length)), Buffer.from(chunk))
      }
      assert.equal(next, sealed.blocks.length)
    }
  })
}

test('without room, or with too little of it, it makes some', async () => {
  for (const room of [undefined, new ArrayBuffer(100)]) {
    const { usedBytes, room: made } = await sealChunks(environment, { key, content: new Uint8Array(1000).fill(1), chunkBytes: MiB, room })
    assert.ok(usedBytes > 1000 && made.length >= usedBytes)
  }
})

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'holt-chunks-'))
  t.after(() => rmSync(path, { recursive: true }))
  return path
}

test('a block is opened where it lies; what is not there whole and unchanged the store has to give', async (t) => {
  const content = randomFillSync(new Uint8Array(MiB))
  const sealed = await sealChunks(environment, { key, content, chunkBytes: MiB })
  const path = join(folder(t), 'pack')
  writeFileSync(path, sealed.room.subarray(0, sealed.usedBytes))
  const [block] = sealed.blocks
  assert.ok(block)
  const input = { keys, cid: block.cid, place: { path, offset: block.offset, length: block.length }, lengthBytes: MiB }
  const whole = await openPlaced(environment, input)
  assert.deepEqual(Buffer.from(whole.content ?? []), Buffer.from(content))
  const first = await openPlaced(environment, { ...input, lengthBytes: 5 })
  assert.deepEqual(first.content, content.slice(0, 5))

  const none = { content: null }
  assert.deepEqual(await openPlaced(environment, { ...input, keys: keys.slice(0, 2) }), none)
  assert.deepEqual(await openPlaced(environment, { ...input, lengthBytes: MiB + 1 }), none)
  assert.deepEqual(await openPlaced(environment, { ...input, place: { ...input.place, offset: block.offset + 1 } }), none)
  assert.deepEqual(await openPlaced(environment, { ...input, place: { ...input.place, path: `${path}-gone` } }), none)
  truncateSync(path, MiB)
  assert.deepEqual(await openPlaced(environment, input), none)
})

test('long files go through worker threads and come back as they were, whatever the steps in which they are written', async (t) => {
  const pool = new NodejsWorkPool<AllJobs>({ width: 2 })
  t.after(() => pool.close())
  const store = new MemoryBlockStore()
  const { crypto } = environment
  const bytes = randomFillSync(new Uint8Array(9 * MiB + 12_345))
  bytes.fill(0, 2 * MiB, 4 * MiB)
  for (const [chunkLog2, stepBytes] of [
    [20, 65_536],
    [20, 3 * MiB + 1],
    [16, 100_000],
  ] as const) {
    const writer = createFileWriter({ store, crypto, pool, mode: 0o600, time: [1, 0], chunkLog2 })
    for (let from = 0; from < bytes.length; from += stepBytes) await writer.write(bytes.subarray(from, from + stepBytes))
    const entry = await writer.close()
    const file = new ChunkedFile({ reader: new NodeReader({ store, crypto, cache: new NodeCache(0) }), pool }, entry)
    assert.ok(Buffer.from(await file.read(0, bytes.length)).equals(bytes))
  }
})
