import assert from 'node:assert/strict'
import test from 'node:test'
import { equalBytes, utf8 } from '@holt/core/bytes.ts'
import type { Cid } from '@holt/core/cid.ts'
import type { JobTable, WorkEnvironment } from '@holt/core/work-pool.ts'
import { InlineWorkPool } from '@holt/core/work-pool.ts'
import fc from 'fast-check'
import { BlockWriter } from './block-writer.ts'
import { buildChunkTree, chunkCids } from './chunk-tree.ts'
import { arbitraryCid } from './entry-world.ts'
import { ChunkedFile } from './file-reader.ts'
import { truncateFile, writeIntoFile } from './file-update.ts'
import { continueFileWriter, createFileWriter } from './file-writer.ts'
import { treeJobs } from './jobs.ts'
import { MemoryBlockStore } from './memory-block-store.ts'
import { NodeCache } from './node-cache.ts'
import { NodeReader } from './node-reader.ts'
import { sealedLength } from './sealed-block.ts'
import { syncCrypto as crypto } from './tree-world.ts'
import type { FileEntry } from './types.ts'

const MiB = 1 << 20

function newReader(store = new MemoryBlockStore()): NodeReader {
  return new NodeReader({ store, crypto, cache: new NodeCache(0) })
}

/** The bytes at `offset` tell where they are. */
function content(lengthBytes: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(lengthBytes)
  for (let i = 0; i < lengthBytes; i++) bytes[i] = ((i + seed) * 2654435761) >>> 24
  return bytes
}

const pool = new InlineWorkPool(treeJobs as JobTable, { crypto } as WorkEnvironment)

async function writeFile(
  reader: NodeReader,
  bytes: Uint8Array,
  options: { chunkLog2?: 16 | 20; pool?: typeof pool; pieceBytes?: number } = {},
): Promise<FileEntry> {
  const { pieceBytes = 300_000 } = options
  const writer = createFileWriter({ store: reader.store, crypto, mode: 0o600, time: [5, 6], ...options })
  for (let from = 0; from < bytes.length; from += pieceBytes) await writer.write(bytes.slice(from, from + pieceBytes))
  assert.equal(writer.sizeBytes, bytes.length)
  return writer.close()
}

async function readAll(reader: NodeReader, entry: FileEntry): Promise<Uint8Array> {
  return new ChunkedFile({ reader }, entry).read(0, entry.z)
}

for (const chunkLog2 of [16, 20] as const) {
  for (const usesPool of [false, true]) {
    test(`files in chunks of 2^${chunkLog2}${usesPool ? ', sealed and opened by a pool,' : ''} come back as they were`, async () => {
      const reader = newReader()
      for (const length of [0, 1, 63, 65_535, 65_536, 65_537, MiB - 1, MiB, MiB + 1, 3 * MiB + 17]) {
        const bytes = content(length)
        const entry = await writeFile(reader, bytes, { chunkLog2, pool: usesPool ? pool : undefined })
        assert.deepEqual(
          { z: entry.z, c: entry.c, m: entry.m, mt: entry.mt, r: entry.r === null },
          { z: length, c: chunkLog2, m: 0o600, mt: [5, 6], r: length === 0 },
        )
        const file = new ChunkedFile({ reader, pool: usesPool ? pool : undefined }, entry)
        const parts: Uint8Array[] = []
        for await (const part of file.stream()) parts.push(part)
        assert.ok(equalBytes(Buffer.concat(parts), bytes))
        assert.ok(equalBytes(await file.read(0, length + 5), bytes))
      }
    })
  }
}

test('reads any range, and fewer bytes only at the end', async () => {
  const reader = newReader()
  const bytes = content(400_000)
  const file = new ChunkedFile({ reader }, await writeFile(reader, bytes, { chunkLog2: 16 }))
  await fc.assert(
    fc.asyncProperty(fc.nat(410_000), fc.nat(200_000), async (offset, lengthBytes) => {
      const expected = bytes.subarray(offset, offset + lengthBytes)
      assert.ok(equalBytes(await file.read(offset, lengthBytes), expected))
      const parts: Uint8Array[] = []
      for await (const part of file.stream({ offset, lengthBytes })) parts.push(part)
      assert.ok(equalBytes(Buffer.concat(parts), expected))
      let covered = offset
      for await (const { cid, fileOffset, lengthBytes: length } of file.chunks({ offset, lengthBytes })) {
        assert.ok(cid !== null && fileOffset <= covered)
        covered = fileOffset + length
      }
      assert.ok(covered >= Math.min(offset + expected.length, bytes.length))
    }),
    { numRuns: 40 },
  )
  for (const [offset, length] of [
    [-1, 1],
    [0.5, 1],
    [0, -1],
    [0, Number.NaN],
  ] as const)
    await assert.rejects(file.read(offset, length), { code: 'INPUT_INVALID' })
})

test('a stream reads a few chunks ahead and no more, and stops when its reader does', async () => {
  const store = new MemoryBlockStore()
  const entry = await writeFile(newReader(store), content(40 * 65_536), { chunkLog2: 16 })
  let gets = 0
  const counting = Object.create(store, { get: { value: (cid: Cid) => (gets++, store.get(cid)) } }) as MemoryBlockStore
  const parts = new ChunkedFile({ reader: newReader(counting) }, entry).stream()
  assert.equal((await parts.next()).done, false)
  await parts.return(undefined)
  assert.ok(gets >= 4 && gets <= 7, `${gets} blocks read`)
})

test('a cancelled read says so', async () => {
  const reader = newReader()
  const file = new ChunkedFile({ reader }, await writeFile(reader, content(200_000), { chunkLog2: 16 }))
  const signal = AbortSignal.abort()
  await assert.rejects(file.read(0, 10, { signal }), { code: 'CANCELLED' })
  await assert.rejects(file.stream({ signal }).next(), { code: 'CANCELLED' })
})

test('text and lines, whatever falls on the border of chunks', async () => {
  const reader = newReader()
  const text = `${'ü'.repeat(70_000)}\r\nsecond\n\nlast`
  const file = new ChunkedFile({ reader }, await writeFile(reader, utf8(text), { chunkLog2: 16 }))
  assert.equal(await file.text(), text)
  const lines: string[] = []
  for await (const line of file.lines()) lines.push(line)
  assert.deepEqual(lines, ['ü'.repeat(70_000), 'second', '', 'last'])
  const ended = new ChunkedFile({ reader }, await writeFile(reader, utf8('a\nb\n')))
  lines.length = 0
  for await (const line of ended.lines()) lines.push(line)
  assert.deepEqual(lines, ['a', 'b'])
})

test('zeros take no blocks', async () => {
  const reader = newReader()
  const entry = await writeFile(reader, new Uint8Array(5 * MiB), { chunkLog2: 16 })
  assert.equal((reader.store as MemoryBlockStore).blockCount, 0)
  assert.equal(entry.r, null)
  assert.ok((await readAll(reader, entry)).every((byte) => byte === 0))
})

test('stores little more than the content', async () => {
  const store = new MemoryBlockStore()
  await writeFile(newReader(store), content(10 * MiB))
  assert.ok(store.appendedBytes < 10 * MiB * 1.001 + 1024)
  assert.equal(sealedLength(MiB), MiB + 31)
})

test('a failing store fails the file, at write or at close, and keeps failing it', async () => {
  for (const call of [1, 2, 3, 6]) {
    const store = new MemoryBlockStore()
    store.failAt(call)
    await assert.rejects(writeFile(newReader(store), content(5 * MiB)), { code: 'DISK_FULL' })
  }
  const store = new MemoryBlockStore()
  const writer = createFileWriter({ store, crypto, mode: 0, time: [0, 0] })
  await writer.write(content(3 * MiB))
  await writer.abort()
  await assert.rejects(writer.write(content(1)), { code: 'INPUT_INVALID' })
  await assert.rejects(writer.close(), { code: 'INPUT_INVALID' })
})

test('chunk trees of any size and with holes hold what was put in', async () => {
  const some = fc.sample(arbitraryCid, { numRuns: 50, seed: 1 })
  for (const count of [0, 1, 2, 511, 512, 513, 1024, 1025, 512 * 512, 512 * 512 + 1]) {
    const reader = newReader()
    const cids = Array.from({ length: count }, (_, i) => (i % 7 === 3 || (i > 2000 && i < 5000) ? null : (some[i % 50] as Cid)))
    const keys = [crypto.randomBytes(32)]
    const writer = new BlockWriter({ store: reader.store, crypto })
    const tree = await buildChunkTree(writer, keys, cids)
    await writer.flush()
    const height = count <= 1 ? 0 : count <= 512 ? 1 : count <= 512 * 512 ? 2 : 3
    assert.equal(tree.h, height)
    const file: FileEntry = { t: 'f', m: 0, mt: [0, 0], k: keys, z: count * 65_536, c: 16, ...tree }
    let number = 0
    for await (const cid of chunkCids(reader, file, 0, count)) {
      const expected = cids[number++]
      assert.ok(
        cid === null || expected === null || expected === undefined ? cid === expected : equalBytes(cid, expected),
        `chunk ${number - 1}`,
      )
    }
    assert.equal(number, count)
  }
})

const arbitraryChange = fc.oneof(
  fc.record({ offset: fc.nat(700_000), length: fc.oneof(fc.nat(100), fc.nat(200_000)), seed: fc.nat(200) }),
  fc.record({ size: fc.nat(900_000) }),
)

test('any writes and cuts give what they give to plain bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(300_000), fc.array(arbitraryChange, { maxLength: 12 }), async (size, changes) => {
      const reader = newReader()
      let model = content(size)
      let entry = await writeFile(reader, model, { chunkLog2: 16 })
      for (const change of changes) {
        if ('size' in change) {
          const cut = new Uint8Array(change.size)
          cut.set(model.subarray(0, change.size))
          model = cut
          entry = await truncateFile(reader, entry, { sizeBytes: change.size, redundancyClass: 'standard' })
        } else {
          const bytes = change.seed === 0 ? new Uint8Array(change.length) : content(change.length, change.seed)
          if (bytes.length > 0) {
            const grown = new Uint8Array(Math.max(model.length, change.offset + bytes.length))
            grown.set(model)
            grown.set(bytes, change.offset)
            model = grown
          }
          entry = await writeIntoFile(reader, entry, { offset: change.offset, bytes, redundancyClass: 'standard' })
        }
        assert.equal(entry.z, model.length)
        assert.ok(equalBytes(await readAll(reader, entry), model))
      }
    }),
    { numRuns: 40 },
  )
})

test('grows through every height, and shrinks back', async () => {
  const reader = newReader()
  const options = { redundancyClass: 'standard' }
  let entry = await writeFile(reader, content(10), { chunkLog2: 16 })
  for (const [power, height] of [
    [20, 1],
    [30, 2],
    [40, 3],
    [50, 4],
  ] as const) {
    entry = await writeIntoFile(reader, entry, { offset: 2 ** power, bytes: Uint8Array.of(power), ...options })
    assert.deepEqual([entry.z, entry.h], [2 ** power + 1, height])
  }
  const file = new ChunkedFile({ reader }, entry)
  for (const power of [20, 30, 40, 50])
    assert.deepEqual(await file.read(2 ** power - 1, 3), Uint8Array.of(0, power, 0).subarray(0, power === 50 ? 2 : 3))
  assert.deepEqual(await file.read(0, 12), Uint8Array.of(...content(10), 0, 0))
  for (const [size, height] of [
    [2 ** 45, 4],
    [2 ** 30 + 1, 2],
    [2 ** 20, 1],
    [65_536, 0],
    [5, 0],
    [0, 0],
  ] as const) {
    entry = await truncateFile(reader, entry, { sizeBytes: size, ...options })
    assert.deepEqual([entry.z, entry.h], [size, height])
  }
  assert.equal(entry.r, null)
  await assert.rejects(writeIntoFile(reader, entry, { offset: Number.MAX_SAFE_INTEGER, bytes: Uint8Array.of(1), ...options }), {
    code: 'TOO_LARGE',
  })
})

for (const chunkLog2 of [16, 20] as const) {
  test(`a file in chunks of 2^${chunkLog2} that other writers continue comes out as if one had written it`, async () => {
    const reader = newReader()
    const options = { store: reader.store, crypto, mode: 0o600, time: [5, 6] as const, chunkLog2 }
    // over one index node of small chunks, so that the tree is two nodes high when it is continued
    const bytes = content(chunkLog2 === 16 ? 34 * MiB + 77 : 3 * MiB + 77)
    let writer = createFileWriter(options)
    let written = 0
    for (const upTo of [10, MiB, MiB + 100_000, 2 * MiB + 5, 33 * MiB + 9]) {
      if (upTo > bytes.length) break
      await writer.write(bytes.slice(written, upTo))
      const checkpoint = await writer.checkpoint()
      assert.equal(checkpoint.z, Math.floor(upTo / MiB) * MiB)
      const saved = new ChunkedFile({ reader }, checkpoint)
      assert.ok(equalBytes(await saved.read(0, checkpoint.z), bytes.subarray(0, checkpoint.z)))
      await writer.abort()
      writer = await continueFileWriter(options, {
        entry: checkpoint,
        cids: chunkCids(reader, checkpoint, 0, checkpoint.z / 2 ** chunkLog2),
      })
      written = checkpoint.z
      assert.equal(writer.sizeBytes, written)
    }
    await writer.write(bytes.slice(written, written + 300_000))
    await writer.checkpoint()
    await writer.write(bytes.slice(written + 300_000))
    const entry = await writer.close()
    assert.equal(entry.z, bytes.length)
    assert.ok(equalBytes(await readAll(reader, entry), bytes))
  })
}
