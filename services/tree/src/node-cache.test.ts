import assert from 'node:assert/strict'
import test from 'node:test'
import { NodeCache } from './node-cache.ts'
import { syncCrypto as crypto, TreeWorld } from './tree-world.ts'

const opened = (sizeBytes: number) => ({ node: {}, decode: null, keyNumber: 0, key: new Uint8Array(32), sizeBytes })
const cids = Array.from({ length: 10 }, () => crypto.randomBytes(36))
const [a, b, c] = cids as [Uint8Array, Uint8Array, Uint8Array]

test('keeps what was used last, within its bound', () => {
  const cache = new NodeCache(250)
  cache.put(a, opened(100))
  cache.put(b, opened(100))
  assert.ok(cache.get(a))
  cache.put(c, opened(100))
  assert.equal(cache.get(b), null)
  assert.ok(cache.get(a) && cache.get(c))
  cache.put(a, opened(150))
  assert.equal(cache.sizeBytes, 250)
  cache.put(b, opened(1000))
  assert.deepEqual([cache.sizeBytes, cache.get(b)], [0, null], 'what is larger than the bound is not kept')
})

test('a volume works without any cache, and with one shared by two', async () => {
  const world = new TreeWorld()
  const volume = await world.create({ cacheBytes: 0 })
  await volume.edit((edit) => edit.makeDirectory('/a/b/c', { parents: true }))
  assert.equal((await volume.current().stat('/a/b/c'))?.t, 'd')
  const cache = new NodeCache()
  const [one, other] = [await world.reopen({ cache }), await world.reopen({ cache })]
  assert.equal((await one.current().stat('/a/b/c'))?.t, 'd')
  const { sizeBytes } = cache
  assert.equal((await other.current().stat('/a/b/c'))?.t, 'd')
  assert.equal(cache.sizeBytes, sizeBytes)
})
