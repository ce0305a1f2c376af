import assert from 'node:assert/strict'
import test from 'node:test'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { NAMES_CLASS } from './class-names.ts'
import { MemoryKeeper } from './memory-keeper.ts'
import { bytesFrom, headOf, ManualClock, openedStore } from './test-world.ts'

async function turns(count = 20): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}

async function mirroredBytes(keeper: MemoryKeeper): Promise<number> {
  return (await keeper.mirrored()).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

test('a commit is mirrored half a second later, with those that came meanwhile', async () => {
  const [keeper, clock] = [new MemoryKeeper(), new ManualClock()]
  const store = await openedStore(new MemoryDisk(), keeper, { clock })
  await store.put(bytesFrom(1, 100))
  await store.commit([headOf(1, 1)])
  clock.advance(300)
  await store.commit([headOf(1, 2)])
  await turns()
  assert.equal(await mirroredBytes(keeper), 0)
  clock.advance(200)
  await turns()
  const first = await mirroredBytes(keeper)
  assert.ok(first > 100)
  await store.commit([headOf(1, 3)])
  clock.advance(500)
  await turns()
  assert.ok((await mirroredBytes(keeper)) > first)
  await store.close()
})

test('what was written but not committed is not mirrored', async () => {
  const [keeper, clock] = [new MemoryKeeper(), new ManualClock()]
  const store = await openedStore(new MemoryDisk(), keeper, { clock })
  await store.commit([headOf(1, 1)])
  await store.put(bytesFrom(1, 5000))
  await store.settle()
  assert.ok((await mirroredBytes(keeper)) < 5000)
})

test('while a bulk write is on, the open pack is not mirrored: it will be full soon', async () => {
  const [keeper, clock] = [new MemoryKeeper(), new ManualClock()]
  const store = await openedStore(new MemoryDisk(), keeper, { clock })
  for (let i = 0; i < 3; i++) {
    for (let part = 0; part < 10; part++) await store.put(new Uint8Array(1 << 20).fill(10 * i + part))
    await store.commit([headOf(1, i + 1)])
    clock.advance(500)
    await turns()
    assert.equal(await mirroredBytes(keeper), 0, `round ${i}`)
  }
  clock.advance(500)
  await turns()
  assert.ok((await mirroredBytes(keeper)) > 30 << 20)
})

test('a mirror that fails is tried again, and from where the drives still have it', async () => {
  const [keeper, clock] = [new MemoryKeeper(), new ManualClock()]
  const store = await openedStore(new MemoryDisk(), keeper, { clock, retryMs: 10_000 })
  keeper.hasDrives = false
  await store.commit([headOf(1, 1)])
  clock.advance(500)
  await turns()
  assert.equal(await mirroredBytes(keeper), 0)
  keeper.hasDrives = true
  clock.advance(10_000)
  await turns()
  const before = await mirroredBytes(keeper)
  assert.ok(before > 0)
  keeper.loseMirrors()
  await store.commit([headOf(1, 2)])
  await store.settle()
  assert.ok((await mirroredBytes(keeper)) > before)
})

test('the mirror goes when the pack is spread', async () => {
  const keeper = new MemoryKeeper()
  const store = await openedStore(new MemoryDisk(), keeper, { packBytes: 5000 })
  await store.put(bytesFrom(1, 1000), { redundancyClass: NAMES_CLASS })
  await store.commit([headOf(1, 1)])
  await store.settle()
  assert.equal((await keeper.mirrored()).length, 1)
  await store.put(bytesFrom(2, 5000), { redundancyClass: NAMES_CLASS })
  await store.settle()
  assert.equal((await keeper.mirrored()).length, 0)
  assert.equal(keeper.packs().length, 1)
})
