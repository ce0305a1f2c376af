import assert from 'node:assert/strict'
import test from 'node:test'
import { cidOf } from '@holt/core/cid.ts'
import { CrashDisk } from '@holt/core/crash-disk.ts'
import { HoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { NAMES_CLASS } from './class-names.ts'
import { MemoryKeeper } from './memory-keeper.ts'
import { batchOf, bytesFrom, headOf, ManualClock, openedStore } from './test-world.ts'

test('gives back what was put, before and after a restart', async () => {
  const [disk, keeper] = [new MemoryDisk(), new MemoryKeeper()]
  const store = await openedStore(disk, keeper)
  const body = bytesFrom(1, 5000)
  const cid = await store.put(body)
  assert.deepEqual(await store.get(cid), body)
  await store.commit([headOf(1, 1)])
  await store.close()
  const again = await openedStore(disk, keeper)
  assert.deepEqual(await again.get(cid), body)
  assert.deepEqual(again.heads(), [headOf(1, 1)])
  await assert.rejects(again.get(cidOf(bytesFrom(2, 10))), { code: 'BLOCK_NOT_FOUND' })
  assert.equal(again.stats().blocks, 1)
})

test('a batch lands whole, and one that is not what it says is refused', async () => {
  const store = await openedStore(new MemoryDisk(), new MemoryKeeper())
  const batch = batchOf([bytesFrom(1, 100), bytesFrom(2, 0), bytesFrom(3, 70_000)])
  await store.append(batch)
  for (const [i, cid] of batch.cids.entries()) assert.equal((await store.get(cid)).length, [100, 0, 70_000][i])
  const wrong = { ...batch, blocks: batch.blocks.map((block) => ({ ...block, cid: batch.cids[0] as Uint8Array })) }
  await assert.rejects(store.append(wrong), { code: 'MALFORMED' })
  await assert.rejects(store.append({ ...batch, sections: batch.sections.subarray(1) }), { code: 'MALFORMED' })
  await assert.rejects(store.append({ ...batch, blocks: batch.blocks.slice(1) }), { code: 'MALFORMED' })
})

test('full packs are sealed, spread and leave the local disk; their blocks stay readable', async () => {
  const [disk, keeper] = [new MemoryDisk(), new MemoryKeeper()]
  const store = await openedStore(disk, keeper, { packBytes: 10_000 })
  const bodies = Array.from({ length: 40 }, (_, i) => bytesFrom(i, 1000))
  const cids = []
  for (const body of bodies) cids.push(await store.put(body))
  await store.commit([headOf(1, 1)])
  await store.settle()
  assert.ok(keeper.packs().length >= 4)
  assert.equal(disk.paths().filter((path) => path.startsWith('packs/')).length, 1)
  for (const [i, cid] of cids.entries()) assert.deepEqual(await store.get(cid), bodies[i])
  const again = await openedStore(disk, keeper, { packBytes: 10_000 })
  for (const [i, cid] of cids.entries()) assert.deepEqual(await again.get(cid), bodies[i])
  assert.deepEqual(again.heads(), [headOf(1, 1)])
})

test('with nothing left but the keeper, every settled commit comes back', async () => {
  const keeper = new MemoryKeeper()
  const store = await openedStore(new MemoryDisk(), keeper, { packBytes: 10_000 })
  const bodies = Array.from({ length: 25 }, (_, i) => bytesFrom(i, 1000))
  const cids = []
  for (const [i, body] of bodies.entries()) {
    cids.push(await store.put(body, { redundancyClass: i % 2 === 0 ? 'standard' : 'precious' }))
    await store.commit([headOf(1, i + 1), headOf(2, 1)])
  }
  await store.settle()
  const recovered = await openedStore(new MemoryDisk(), keeper.asOf(0), { packBytes: 10_000 })
  assert.deepEqual(recovered.heads()[0], headOf(1, 25))
  assert.ok(recovered.heads().some((head) => Buffer.from(head).equals(headOf(2, 1))))
  for (const [i, cid] of cids.entries()) assert.deepEqual(await recovered.get(cid), bodies[i])
  await recovered.put(bytesFrom(99, 100))
  await recovered.commit([headOf(1, 26)])
})

test('commits that come together, or while one is being synced, share a sync', async () => {
  const disk = new CrashDisk()
  const store = await openedStore(disk, new MemoryKeeper())
  await store.put(bytesFrom(1, 100))
  await store.commit([headOf(1, 1)])
  const before = disk.syncCount
  await Promise.all([2, 3, 4, 5].map((sequence) => store.commit([headOf(1, sequence)])))
  assert.equal(disk.syncCount - before, 1)
  const first = store.commit([headOf(1, 6)])
  await Promise.resolve()
  await Promise.resolve()
  await Promise.all([first, ...[7, 8, 9].map((sequence) => store.commit([headOf(1, sequence)]))])
  assert.equal(disk.syncCount - before, 3)
  assert.deepEqual(store.heads()[0], headOf(1, 9))
})

test('a failed sync ends writing with a clear state, and reading goes on', async () => {
  const disk = new MemoryDisk()
  const store = await openedStore(disk, new MemoryKeeper())
  const cid = await store.put(bytesFrom(1, 100))
  disk.fault = (operation) => {
    if (operation === 'sync') throw new HoltError('IO_FAILED', 'the drive is gone')
  }
  await assert.rejects(store.commit([headOf(1, 1)]), { code: 'STORE_FAILED' })
  disk.fault = null
  await assert.rejects(store.commit([headOf(1, 2)]), { code: 'STORE_FAILED' })
  await assert.rejects(store.put(bytesFrom(2, 100)), { code: 'STORE_FAILED' })
  assert.deepEqual(await store.get(cid), bytesFrom(1, 100))
  assert.deepEqual(store.heads(), [])
})

test('a full disk loses nothing acknowledged, cuts off what did not fit, and takes more when there is space', async () => {
  const disk = new MemoryDisk({ capacityBytes: 20_000 })
  const keeper = new MemoryKeeper()
  const store = await openedStore(disk, keeper)
  const kept = await store.put(bytesFrom(1, 10_000))
  await store.commit([headOf(1, 1)])
  const size = disk.space()
  await assert.rejects(store.put(bytesFrom(2, 15_000)), { code: 'DISK_FULL' })
  assert.deepEqual(await disk.space(), await size)
  disk.capacityBytes = (await disk.space()).totalBytes - (await disk.space()).freeBytes
  await assert.rejects(store.commit([headOf(1, 2)]), { code: 'DISK_FULL' })
  assert.deepEqual(store.heads(), [headOf(1, 1)])
  disk.capacityBytes = 1_000_000
  const later = await store.put(bytesFrom(2, 15_000))
  await store.commit([headOf(1, 2)])
  const again = await openedStore(disk, keeper)
  assert.deepEqual(await again.get(kept), bytesFrom(1, 10_000))
  assert.deepEqual(await again.get(later), bytesFrom(2, 15_000))
  assert.deepEqual(again.heads()[0], headOf(1, 2))
})

test('appending waits while too many packs wait to be spread, and goes on when one was', async () => {
  const keeper = new MemoryKeeper()
  let release = (): void => {}
  keeper.spreading = new Promise((resolve) => (release = resolve))
  const store = await openedStore(new MemoryDisk(), keeper, { packBytes: 1000, maxWaitingPacks: 2 })
  await store.put(bytesFrom(1, 1000))
  await store.put(bytesFrom(2, 1000))
  let done = false
  const third = store.put(bytesFrom(3, 1000)).then(() => (done = true))
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
  assert.equal(done, false)
  await store.commit([headOf(1, 1)]) // a commit waits for nothing but the disk
  release()
  await third
})

test('without enough drives packs stay in the local log, writers go on, and a retry spreads them', async () => {
  const [disk, keeper, clock] = [new MemoryDisk(), new MemoryKeeper(), new ManualClock()]
  keeper.hasDrives = false
  const store = await openedStore(disk, keeper, { packBytes: 1000, maxWaitingPacks: 1, clock })
  const cids = []
  for (let i = 0; i < 5; i++) cids.push(await store.put(bytesFrom(i, 1000)))
  await store.commit([headOf(1, 1)])
  await assert.rejects(store.settle(), { code: 'NOT_ENOUGH_DRIVES' })
  assert.ok(store.stats().unspreadBytes > 5000)
  keeper.hasDrives = true
  await store.settle()
  assert.equal(keeper.packs().length, 5)
  for (const [i, cid] of cids.entries()) assert.deepEqual(await store.get(cid), bytesFrom(i, 1000))
})

test('a damaged block is rebuilt and its pack reported to the keeper; with no copy left it is named as lost', async () => {
  const keeper = new MemoryKeeper()
  const store = await openedStore(new MemoryDisk(), keeper, { packBytes: 1000 })
  const cid = await store.put(bytesFrom(1, 2000))
  await store.settle()
  const { id } = keeper.packs()[0] as { id: string }
  keeper.flip(id, 1500)
  assert.deepEqual(await store.get(cid), bytesFrom(1, 2000))
  assert.deepEqual(keeper.suspected, [id])
  keeper.flip(id, 1500, 1)
  await assert.rejects(store.get(cid), { code: 'BLOCK_CORRUPT' })
  keeper.lose(id)
  await assert.rejects(store.get(cid), { code: 'PACK_UNRECOVERABLE' })
  assert.equal(store.stats().lostPacks, 1)
})

test('what was committed is mirrored shortly after, and mends a damaged local pack', async () => {
  const [disk, keeper, clock] = [new MemoryDisk(), new MemoryKeeper(), new ManualClock()]
  const store = await openedStore(disk, keeper, { clock })
  const cid = await store.put(bytesFrom(1, 2000), { redundancyClass: NAMES_CLASS })
  await store.commit([headOf(1, 1)])
  assert.deepEqual(await keeper.mirrored(), [])
  clock.advance(500)
  await store.settle()
  assert.equal((await keeper.mirrored()).length, 1)
  const path = disk.paths()[0] as string
  disk.flip(path, 1000)
  assert.deepEqual(await store.get(cid), bytesFrom(1, 2000))
  await store.close()
  disk.flip(path, 1000)
  const again = await openedStore(disk, keeper)
  assert.deepEqual(await again.get(cid), bytesFrom(1, 2000))
  assert.deepEqual(again.heads(), [headOf(1, 1)])
})

test('a pack that was being spread as the local disk was lost comes back from its mirror', async () => {
  const keeper = new MemoryKeeper({ copies: 3, needed: 2 })
  const store = await openedStore(new MemoryDisk(), keeper, { packBytes: 5000 })
  const cid = await store.put(bytesFrom(1, 2000))
  await store.commit([headOf(1, 1)])
  await store.settle()
  const mirror = (await keeper.mirrored())[0] as { id: string; sizeBytes: number }
  const bytes = (await keeper.readMirror(mirror.id, 0, mirror.sizeBytes)) as Uint8Array
  const uncommitted = await store.put(bytesFrom(2, 4000))
  await store.settle()
  keeper.lose(mirror.id, 2)
  await keeper.mirror(mirror.id, 0, bytes)
  for (let again = 0; again < 2; again++) {
    const recovered = await openedStore(new MemoryDisk(), keeper)
    assert.deepEqual(recovered.heads(), [headOf(1, 1)])
    assert.deepEqual(await recovered.get(cid), bytesFrom(1, 2000))
    await assert.rejects(recovered.get(uncommitted), { code: 'BLOCK_NOT_FOUND' })
    await recovered.put(bytesFrom(3, 70_000))
    await recovered.commit([headOf(1, 1)])
    await recovered.settle()
    await recovered.close()
  }
})

test('a disk that is too full to seal a pack does so when there is space again', async () => {
  const [disk, keeper] = [new MemoryDisk(), new MemoryKeeper()]
  const store = await openedStore(disk, keeper, { packBytes: 5000 })
  const first = await store.put(bytesFrom(1, 1000))
  await store.commit([headOf(1, 1)])
  const { totalBytes, freeBytes } = await disk.space()
  disk.capacityBytes = totalBytes - freeBytes + 4060
  const second = await store.put(bytesFrom(2, 4000))
  await assert.rejects(store.settle(), { code: 'DISK_FULL' })
  disk.capacityBytes = 1 << 20
  await store.settle()
  assert.equal(keeper.packs().length, 1)
  for (const cid of [first, second]) await store.get(cid)
})

test('settling ends when what waited at its beginning is spread, though more is written all the time', async () => {
  const store = await openedStore(new MemoryDisk(), new MemoryKeeper(), { packBytes: 1000 })
  await store.put(bytesFrom(1, 1000))
  let writing = true
  const writer = (async () => {
    for (let i = 2; writing; i++) await store.put(bytesFrom(i, 1000))
  })()
  await store.settle()
  writing = false
  await writer
})

test('a recovery that is cancelled leaves nothing open, and the next one finds everything', async () => {
  const keeper = new MemoryKeeper()
  const store = await openedStore(new MemoryDisk(), keeper, { packBytes: 1000 })
  const cids = []
  for (let i = 0; i < 5; i++) cids.push(await store.put(bytesFrom(i, 1000)))
  await store.commit([headOf(1, 1)])
  await store.settle()
  const [disk, controller, seen] = [new MemoryDisk(), new AbortController(), [] as number[]]
  const onProgress = ({ donePacks }: { donePacks: number }): void => {
    seen.push(donePacks)
    if (donePacks === 2) controller.abort()
  }
  await assert.rejects(openedStore(disk, keeper, { signal: controller.signal, onProgress }), { code: 'CANCELLED' })
  assert.deepEqual(seen, [0, 1, 2])
  const recovered = await openedStore(disk, keeper)
  for (const [i, cid] of cids.entries()) assert.deepEqual(await recovered.get(cid), bytesFrom(i, 1000))
})
