import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { cidOf } from '@holt/core/cid.ts'
import type { BlockPlace } from '@holt/store/types.ts'
import { ChunkedFile } from '@holt/tree/file-reader.ts'
import { createFileWriter } from '@holt/tree/file-writer.ts'
import type { BlockOutline } from '@holt/tree/block-outlines.ts'
import { MemoryBlockStore } from '@holt/tree/memory-block-store.ts'
import { NodeReader } from '@holt/tree/node-reader.ts'
import { sealChunks } from './chunk-jobs.ts'
import { nodejsEnvironment } from './environment.ts'
import type { AllJobs } from './jobs.ts'
import { openPart } from './open-part.ts'
import { NodejsWorkPool } from './work-pool.ts'

const MiB = 1 << 20
const environment = nodejsEnvironment()
const keys = [1, 2].map((byte) => new Uint8Array(32).fill(byte))

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'holt-parts-'))
  t.after(() => rmSync(path, { recursive: true }))
  return path
}

async function sealedBlock(path: string, content: Uint8Array) {
  const key = { key: keys[1] as Uint8Array, number: 1 }
  const sealed = await sealChunks(environment, { key, content: content.slice(), chunkBytes: MiB })
  writeFileSync(path, sealed.room.subarray(0, sealed.usedBytes))
  const { cid, offset, length } = sealed.blocks[0] as (typeof sealed.blocks)[number]
  return { keys, cid, place: { path, offset, length } }
}

for (const sizeBytes of [MiB, 300_001, 65_536 - 31, 100]) {
  test(`any part of a block of ${sizeBytes} bytes is opened, with its outline and without`, async (t) => {
    const content = randomFillSync(new Uint8Array(sizeBytes))
    const block = await sealedBlock(join(folder(t), 'pack'), content)
    let outline: BlockOutline | null = null
    const ranges = [0, 1, 15, 16, 17, 4095, 65_520, 65_521, 65_522, sizeBytes - 9].flatMap((from) =>
      [1, 9, 4096, 70_000].map((length) => ({ from, length })),
    )
    for (const { from, length } of ranges) {
      const to = Math.min(from + length, sizeBytes)
      if (from >= to) continue
      for (const known of [null, outline]) {
        const part = await openPart(environment, { ...block, from, to, outline: known })
        assert.ok(Buffer.from(part.content as Uint8Array).equals(content.subarray(from, to)), `${from} to ${to}`)
        outline ??= part.outline
      }
    }
    assert.equal((await openPart(environment, { ...block, from: 0, to: block.place.length, outline })).content, null)
  })
}

test('what is not whole and unchanged where the part lies is not opened', async (t) => {
  const path = join(folder(t), 'pack')
  const content = randomFillSync(new Uint8Array(MiB))
  const block = await sealedBlock(path, content)
  const wanted = { ...block, from: 500_000, to: 504_096 }
  const { outline } = await openPart(environment, { ...wanted, outline: null })
  assert.ok(outline)
  const other: BlockPlace[] = [
    { ...block.place, path: `${path}-gone` },
    { ...block.place, offset: block.place.offset + 1 },
    { ...block.place, length: 600_000 },
  ]
  for (const known of [null, outline]) {
    for (const place of other) assert.equal((await openPart(environment, { ...wanted, place, outline: known })).content, null)
    assert.equal((await openPart(environment, { ...wanted, keys: keys.slice(0, 1), outline: known })).content, null)
  }
  assert.equal((await openPart(environment, { ...wanted, cid: cidOf(content), outline: null })).content, null)

  const pack = readFileSync(path)
  const at = block.place.offset + 15 + 502_000
  pack[at] = (pack[at] as number) ^ 1
  writeFileSync(path, pack)
  for (const known of [null, outline]) assert.equal((await openPart(environment, { ...wanted, outline: known })).content, null)
})

/** On the drive, as those of a node are. */
class PlacedStore extends MemoryBlockStore {
  readonly #path: string
  readonly #places = new Map<string, BlockPlace>()
  #sizeBytes = 0

  constructor(path: string) {
    super()
    this.#path = path
  }

  override async place(cid: Uint8Array): Promise<BlockPlace> {
    const name = Buffer.from(cid).toString('hex')
    const known = this.#places.get(name)
    if (known !== undefined) return known
    const sealed = await this.get(cid)
    writeFileSync(this.#path, sealed, { flag: 'a' })
    const place = { path: this.#path, offset: this.#sizeBytes, length: sealed.length }
    this.#sizeBytes += sealed.length
    this.#places.set(name, place)
    return place
  }
}

test('small reads here and there in a long file are what was written, holes and the last chunk too', async (t) => {
  const pool = new NodejsWorkPool<AllJobs>({ width: 1 })
  t.after(() => pool.close())
  const store = new PlacedStore(join(folder(t), 'pack'))
  const { crypto } = environment
  const bytes = randomFillSync(new Uint8Array(4 * MiB + 12_345))
  bytes.fill(0, MiB, 2 * MiB)
  const writer = createFileWriter({ store, crypto, pool, mode: 0o600, time: [1, 0], chunkLog2: 20 })
  await writer.write(bytes)
  const file = new ChunkedFile({ reader: new NodeReader({ store, crypto }), pool }, await writer.close())
  for (let step = 0; step < 120; step++) {
    const from = (step * 7_919 * 4096) % bytes.length
    const to = Math.min(from + (step % 3 === 0 ? 4096 : 30_000), bytes.length)
    assert.ok(Buffer.from(await file.read(from, to - from)).equals(bytes.subarray(from, to)), `${from} to ${to}`)
    if (step % 10 === 0) assert.ok(Buffer.from(await file.read(to, 100)).equals(bytes.subarray(to, to + 100)))
  }
})
