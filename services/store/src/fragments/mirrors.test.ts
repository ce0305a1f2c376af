import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concatBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { webCrypto } from '@holt/core/web-crypto.ts'
import { mirrorPath } from './drive-folder.ts'
import { KeeperWorld } from './keeper-world.ts'
import type { UnpluggableDisk } from './testing/unpluggable-disk.ts'

const id = 'c0ffee00'.repeat(4)

function copies(world: KeeperWorld, pack = id): UnpluggableDisk[] {
  return world.disks.filter(({ memory }) => memory.paths().includes(mirrorPath(pack)))
}

function pieces(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => webCrypto.randomBytes(1000 + i))
}

async function appendAll(world: KeeperWorld, parts: readonly Uint8Array[], from = 0): Promise<void> {
  let offset = from
  for (const part of parts) {
    await world.keeper.mirror(id, offset, part)
    offset += part.length
  }
}

test('an open pack is copied to one drive more than its class may lose', async () => {
  for (const [drives, count] of [
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [6, 3],
  ] as const) {
    const world = await KeeperWorld.withDrives(drives)
    const parts = pieces(5)
    await appendAll(world, parts)
    const whole = concatBytes(parts)
    assert.equal(copies(world).length, count)
    for (const { memory } of copies(world)) assert.deepEqual(await memory.readFile(mirrorPath(id)), whole)
    assert.deepEqual(await world.keeper.mirrored(), [{ id, sizeBytes: whole.length }])
    assert.deepEqual(await world.keeper.readMirror(id, 900, 300), whole.slice(900, 1200))
    assert.equal(await world.keeper.readMirror(id, whole.length - 10, 20), null)
    await world.reopen()
    assert.deepEqual(await world.keeper.mirrored(), [{ id, sizeBytes: whole.length }])
    assert.deepEqual(await world.keeper.readMirror(id, 0, whole.length), whole)
  }
})

test('precious packs have a copy more', async () => {
  const world = await KeeperWorld.withDrives(6)
  await world.keeper.mirror(id, 0, new Uint8Array(10), { redundancyClass: 'precious' })
  assert.equal(copies(world).length, 4)
})

test('a copy that dies with its drive is replaced, and each acknowledged byte stays on two drives', async () => {
  const world = await KeeperWorld.withDrives(5)
  world.keeper.setClass('standard', { dataFragments: 4, totalFragments: 5 })
  const parts = pieces(12)
  let offset = 0
  for (const [i, part] of parts.entries()) {
    if (i > 0 && i % 4 === 0) (copies(world).find(({ isPlugged }) => isPlugged) as UnpluggableDisk).isPlugged = false
    await world.keeper.mirror(id, offset, part)
    offset += part.length
    const whole = concatBytes(parts.slice(0, i + 1))
    const living = copies(world).filter(({ isPlugged }) => isPlugged)
    assert.equal(living.length, 2)
    for (const { memory } of living) assert.deepEqual(await memory.readFile(mirrorPath(id)), whole)
  }
  for (const disk of world.disks) assert.deepEqual(disk.trespasses, [])
})

test('a drive whose sync fails does not count as a copy', async () => {
  const world = await KeeperWorld.withDrives(3)
  await appendAll(world, pieces(2))
  const [bad] = copies(world) as [UnpluggableDisk]
  bad.memory.fault = (operation) => {
    if (operation === 'sync') throw new HoltError('IO_FAILED', 'input/output error')
  }
  await world.keeper.mirror(id, 2001, new Uint8Array(500))
  const good = world.disks.filter((disk) => disk !== bad)
  for (const { memory } of good) assert.equal(await memory.sizeOf(mirrorPath(id)), 2501)
})

test('when all that had the beginning are gone, the caller learns where to begin again', async () => {
  const world = await KeeperWorld.withDrives(4)
  const parts = pieces(3)
  await appendAll(world, parts)
  const gone = copies(world)
  for (const disk of gone) disk.isPlugged = false
  await assert.rejects(
    world.keeper.mirror(id, 3003, new Uint8Array(10)),
    (error: HoltError) => error.code === 'DRIVE_MISSING' && error.data.sizeBytes === 0,
  )
  await appendAll(world, parts)
  assert.equal(copies(world).filter(({ isPlugged }) => isPlugged).length, 1)
  for (const disk of world.disks) disk.isPlugged = false
  await assert.rejects(world.keeper.mirror(id, 3003, new Uint8Array(10)), { code: 'NOT_ENOUGH_DRIVES' })
  assert.deepEqual(await world.keeper.mirrored(), [])
})

test('when one copy is wrong, another one can be asked for', async () => {
  const world = await KeeperWorld.withDrives(3)
  const part = webCrypto.randomBytes(5000)
  await world.keeper.mirror(id, 0, part)
  const [first] = copies(world) as [UnpluggableDisk]
  first.memory.flip(mirrorPath(id), 77)
  const answers = []
  for (let attempt = 0; attempt < 3; attempt++) answers.push(await world.keeper.readMirror(id, 0, 5000, { attempt }))
  assert.equal(answers.filter((answer) => answer !== null && Buffer.compare(answer, part) === 0).length, 1)
  assert.equal(answers[2], null)
})

test('copies go when the pack is spread or dropped, also from drives that were away then', async () => {
  const world = await KeeperWorld.withDrives(4)
  const { pack, bytes, path } = await world.makePack(20_000)
  await world.keeper.mirror(pack.id, 0, bytes.slice(0, 9000))
  await world.keeper.mirror(id, 0, bytes)
  const [away] = copies(world, pack.id) as [UnpluggableDisk]
  away.isPlugged = false
  await world.keeper.lookAtDrives()
  await world.keeper.spread(pack, { disk: world.dataDisk, path })
  await world.keeper.drop(id)
  assert.deepEqual(await world.keeper.mirrored(), [])
  away.isPlugged = true
  await world.keeper.lookAtDrives()
  assert.deepEqual(await world.keeper.mirrored(), [])
  for (const { memory } of world.disks) assert.deepEqual(await memory.list('open'), [])
})

test('a damaged copy and one that is gone are told, and made good by mirroring the piece again', async () => {
  const world = await KeeperWorld.withDrives(6)
  const [first, second] = [webCrypto.randomBytes(2000), webCrypto.randomBytes(3000)]
  await appendAll(world, [first, second])
  const whole = { wrong: [], lacking: 0 }
  assert.deepEqual(await world.keeper.checkMirror(id, 0, first), whole)
  const [damaged, lost] = copies(world) as [UnpluggableDisk, UnpluggableDisk]
  damaged.memory.flip(mirrorPath(id), 2500)
  lost.isPlugged = false
  await world.keeper.lookAtDrives()
  assert.deepEqual(await world.keeper.checkMirror(id, 0, first), { wrong: [], lacking: 1 })
  const found = await world.keeper.checkMirror(id, 2000, second)
  assert.equal(found.wrong.length, 1)
  assert.ok(found.wrong[0]?.endsWith(mirrorPath(id)))
  await world.keeper.mirror(id, 2000, second)
  assert.deepEqual(await world.keeper.checkMirror(id, 0, first), whole)
  assert.deepEqual(await world.keeper.checkMirror(id, 2000, second), whole)
})
