import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { test } from 'node:test'
import { fuzzDecoder } from '@holt/core/decoder-cases.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { createWebCrypto } from '@holt/core/web-crypto.ts'
import { decodeNodeKey, encodeNodeKey, openNodeKey } from './node-key.ts'

const crypto = createWebCrypto(() => webcrypto as unknown as globalThis.Crypto)

test('a node keeps its key, also when one of the two files is damaged', async () => {
  const disk = new MemoryDisk()
  const seed = await openNodeKey(disk, crypto)
  assert.notDeepEqual(seed, await openNodeKey(new MemoryDisk(), crypto))
  disk.flip('keys/node-key', 10)
  assert.deepEqual(await openNodeKey(disk, crypto), seed)
})

test('a damaged key is said, never replaced', async () => {
  const disk = new MemoryDisk()
  await openNodeKey(disk, crypto)
  for (const path of disk.paths()) disk.flip(path, 10)
  const before = disk.contents().files
  await assert.rejects(openNodeKey(disk, crypto), { code: 'KEY_FILE_DAMAGED' })
  assert.deepEqual(disk.contents().files, before)
})

test('reads what it wrote, and takes no harm from other bytes', () =>
  fuzzDecoder(decodeNodeKey, [encodeNodeKey(new Uint8Array(32).fill(5))]))
