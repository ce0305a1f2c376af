import assert from 'node:assert/strict'
import test from 'node:test'
import { cidKey, type Cid } from '@holt/core/cid.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { MemoryKeeper } from './memory-keeper.ts'
import type { PackStore } from './pack-store.ts'
import type { StoreProblem } from './store-report.ts'
import { bytesFrom, headOf, openedStore } from './test-world.ts'

const options = { packBytes: 2500, indexTableEntries: 8 }

/** A stopped node with blocks in spread packs, in an open pack that is mirrored, and in index runs. */
async function stopped(): Promise<{ disk: MemoryDisk; keeper: MemoryKeeper; bodies: Map<string, { cid: Cid; body: Uint8Array }> }> {
  const [disk, keeper] = [new MemoryDisk(), new MemoryKeeper()]
  const store = await openedStore(disk, keeper, options)
  const bodies = new Map<string, { cid: Cid; body: Uint8Array }>()
  for (let i = 0; i < 20; i++) {
    const body = bytesFrom(i, 300)
    const cid = await store.put(body)
    bodies.set(cidKey(cid), { cid, body })
    if (i % 3 === 2) await store.commit([headOf(1, i)])
  }
  await store.commit([headOf(1, 20)])
  await store.settle()
  await store.close()
  return { disk, keeper, bodies }
}

/** How many blocks can be read; those that cannot fail with a code, and none is ever wrong. */
async function readable(store: PackStore, bodies: Map<string, { cid: Cid; body: Uint8Array }>): Promise<number> {
  let count = 0
  for (const { cid, body } of bodies.values()) {
    const got = await store.get(cid).catch((error: unknown) => error)
    if (isHoltError(got)) assert.ok(isHoltError(got, 'BLOCK_CORRUPT') || isHoltError(got, 'BLOCK_NOT_FOUND'), got.code)
    else assert.deepEqual(got, body)
    if (!isHoltError(got)) count++
  }
  return count
}

test('a flipped bit in any byte of the data folder is mended: every block and the newest head are there', async () => {
  const { disk, keeper, bodies } = await stopped()
  assert.ok(disk.paths().some((path) => path.startsWith('packs/')) && disk.paths().some((path) => path.startsWith('index/run')))
  for (const path of disk.paths()) {
    const size = (await disk.sizeOf(path)) ?? 0
    for (let at = 0; at < size; at += path.startsWith('index/run') ? 37 : 3) {
      const damaged = disk.copy()
      damaged.flip(path, at, 1 << (at % 8))
      const store = await openedStore(damaged, keeper.asOf(0), options)
      assert.deepEqual(store.heads()[0], headOf(1, 20), `${path}, byte ${at}`)
      assert.equal(await readable(store, bodies), 20, `${path}, byte ${at}`)
      await store.close()
    }
  }
})

test('without a mirror too, damage never gives wrong bytes, and costs at most what lies beside it', async () => {
  const { disk, keeper, bodies } = await stopped()
  const path = disk.paths().find((other) => other.startsWith('packs/')) as string
  const size = (await disk.sizeOf(path)) ?? 0
  for (let at = 0; at < size; at += 5) {
    const damaged = disk.copy()
    damaged.flip(path, at, 1 << (at % 8))
    const alone = keeper.asOf(0)
    alone.mirrored = async () => []
    alone.readMirror = async () => null
    const store = await openedStore(damaged, alone, options)
    assert.ok((await readable(store, bodies)) >= 14, `byte ${at}`)
    await store.close()
  }
})

test('each file of the data folder may be missing altogether', async () => {
  const { disk, keeper, bodies } = await stopped()
  for (const path of disk.paths()) {
    const left = disk.copy()
    await left.remove(path)
    const store = await openedStore(left, keeper.asOf(0), options)
    assert.deepEqual(store.heads()[0], headOf(1, 20), path)
    assert.equal(await readable(store, bodies), 20, path)
  }
})

test('damage of a running store is found by verifying, named, and mended from the mirror when told', async () => {
  const { disk, keeper, bodies } = await stopped()
  const problems: StoreProblem[] = []
  const store = await openedStore(disk, keeper, { ...options, onProblem: (problem) => problems.push(problem) })
  const clean = await store.verifyLocal()
  assert.deepEqual(clean.problems, [])
  assert.ok(clean.blocksChecked > 0 && clean.bytesChecked > 0)
  const path = disk.paths().find((other) => other.startsWith('packs/')) as string
  disk.flip(path, ((await disk.sizeOf(path)) ?? 0) - 10)
  disk.flip(disk.paths().find((other) => other.startsWith('index/run')) as string, 50)
  const found = await store.verifyLocal()
  assert.deepEqual(
    found.problems.map(({ what, repaired }) => [what, repaired]),
    [
      ['block-corrupt', false],
      ['index-wrong', true],
    ],
  )
  assert.ok(found.problems[0]?.where.startsWith(path))
  const mended = await store.verifyLocal({ repair: true })
  assert.deepEqual(
    mended.problems.map(({ what, repaired }) => [what, repaired]),
    [['block-corrupt', true]],
  )
  assert.deepEqual((await store.verifyLocal()).problems, [])
  assert.equal(await readable(store, bodies), 20)
})

test('an index that is rebuilt from nothing finds the same blocks at the same places', async () => {
  const { disk, keeper, bodies } = await stopped()
  for (const path of disk.paths()) if (path.startsWith('index/')) await disk.remove(path)
  const store = await openedStore(disk, keeper, options)
  assert.equal(await readable(store, bodies), 20)
  assert.equal(store.stats().blocks, 20)
  assert.deepEqual(store.heads()[0], headOf(1, 20))
})
