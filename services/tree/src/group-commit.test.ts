import assert from 'node:assert/strict'
import test from 'node:test'
import { HoltError } from '@holt/core/errors.ts'
import { symlink, TreeWorld } from './tree-world.ts'
import type { Volume } from './types.ts'

/** Edits that come together, and commits that fail. */

const put = (volume: Volume, name: string) => volume.edit((edit) => edit.putEntries('/', [{ name, entry: symlink('x') }]))

async function names(volume: Volume): Promise<string[]> {
  return (await volume.current().list('/')).entries.map(({ name }) => name)
}

/** Holds the store's next fsync until it is let go. */
function holdSync(world: TreeWorld): () => void {
  let release = () => {}
  world.store.syncing = new Promise((resolve) => {
    release = resolve
  })
  return release
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    assert.ok(turn < 10_000, 'it does not come')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('a hundred edits at once share a few commits', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  const before = world.store.commitCount
  await Promise.all(Array.from({ length: 100 }, (_, i) => put(volume, `n${i}`)))
  assert.ok(world.store.commitCount - before <= 10, `${world.store.commitCount - before} commits`)
  assert.equal((await names(await world.reopen())).length, 100)
})

test('edits that come during an fsync share the next one, and wait for it', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  const release = holdSync(world)
  const done: string[] = []
  const first = put(volume, 'a').then(() => done.push('a'))
  await until(() => world.store.syncsUnderWay === 1)
  const others = ['b', 'c', 'd'].map((name) => put(volume, name).then(() => done.push(name)))
  await until(() => world.store.openSessions === 4)
  assert.deepEqual(done, [])
  assert.deepEqual(await names(volume), ['a', 'b', 'c', 'd'], 'seen at once')
  assert.deepEqual(await names(await world.reopen()), [], 'but not durable')
  release()
  await Promise.all([first, ...others])
  assert.equal(volume.current().sequence, 3)
  assert.equal(world.store.openSessions, 0)
})

test('what was acknowledged is there after a crash at any moment', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  const acknowledged: string[] = []
  const edits = Array.from({ length: 30 }, (_, i) => put(volume, `n${i}`).then(() => acknowledged.push(`n${i}`)))
  for (let crash = 0; crash < 20; crash++) {
    const sure = [...acknowledged]
    const left = new TreeWorld()
    Object.assign(left, { store: world.store.afterCrash(), options: world.options })
    const found = new Set(await names(await left.reopen()))
    for (const name of sure) assert.ok(found.has(name))
    await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(edits)
})

test('an edit that changes nothing waits for what it saw', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  const release = holdSync(world)
  let seen = false
  const writing = put(volume, 'a')
  const reading = volume
    .edit(async (edit) => assert.ok(await edit.stat('/a')))
    .then(() => {
      seen = true
    })
  await until(() => world.store.openSessions === 2)
  assert.equal(seen, false)
  release()
  await Promise.all([writing, reading])
  assert.equal(world.store.commitCount, 2, 'and makes no version of its own')
})

test('a full disk fails just the edits that waited; the volume is as it was, and goes on', async () => {
  for (const call of [1, 2]) {
    const world = new TreeWorld()
    const volume = await world.create()
    await put(volume, 'kept')
    const { sequence } = volume.current()
    world.store.failAt(call)
    const failures = await Promise.all(['a', 'b', 'c'].map((name) => put(volume, name).catch((error: HoltError) => error.code)))
    assert.deepEqual(failures, ['DISK_FULL', 'DISK_FULL', 'DISK_FULL'])
    assert.deepEqual(await names(volume), ['kept'])
    assert.equal(volume.current().sequence, sequence)
    world.store.heal()
    await put(volume, 'later')
    assert.deepEqual(await names(await world.reopen({ cacheBytes: 0 })), ['kept', 'later'])
    assert.equal(world.store.openSessions, 0)
  }
})

test('an edit under way when a commit fails is void too, since it saw what is gone', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  let failSync = (_error: HoltError) => {}
  world.store.syncing = new Promise((_resolve, reject) => {
    failSync = reject
  })
  const first = put(volume, 'a').catch((error: HoltError) => error.code)
  await until(() => world.store.syncsUnderWay === 1)
  let finish: (() => void) | null = null
  const second = volume
    .edit(async (edit) => {
      assert.ok(await edit.stat('/a'))
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      await edit.makeDirectory('/b')
    })
    .catch((error: HoltError) => error.code)
  const third = put(volume, 'c')
  await until(() => finish !== null)
  failSync(new HoltError('DISK_FULL', 'full'))
  assert.equal(await first, 'DISK_FULL')
  world.store.syncing = Promise.resolve()
  const finishSecond = finish as unknown as () => void
  finishSecond()
  assert.equal(await second, 'DISK_FULL')
  await third
  assert.deepEqual(await names(await world.reopen()), ['c'], 'one that had not begun is none the worse')
})

test('a number that a failed commit may have used is not used again', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  world.store.failAt(2, new HoltError('STORE_FAILED', 'fsync failed'))
  await assert.rejects(put(volume, 'a'), { code: 'STORE_FAILED' })
  world.store.heal()
  await put(volume, 'b')
  assert.equal(volume.current().sequence, 3)
  const versions: number[] = []
  for await (const { sequence } of volume.versions()) versions.push(sequence)
  assert.deepEqual(versions, [3, 1])
})

test('a failing store fails an edit that must move its entries out of memory, and only that one', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  const entries = Array.from({ length: 3000 }, (_, i) => ({ name: `n${i}`, entry: symlink('x'.repeat(4000)) }))
  world.store.failAt(2)
  await assert.rejects(
    volume.edit((edit) => edit.putEntries('/', entries)),
    { code: 'DISK_FULL' },
  )
  world.store.heal()
  assert.deepEqual(await names(volume), [])
  await volume.edit((edit) => edit.putEntries('/', entries))
  assert.equal((await names(await world.reopen({ cacheBytes: 0 }))).length, 3000)
  assert.equal(world.store.openSessions, 0)
})
