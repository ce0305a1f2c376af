import assert from 'node:assert/strict'
import { test } from 'node:test'
import { webCrypto } from '@holt/core/web-crypto.ts'
import { utf8 } from '@holt/core/bytes.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { adoptDrive } from './adopt-drive.ts'
import { MARKER_PATH } from './drive-folder.ts'
import { parseMarker } from './drive-marker.ts'
import { FAILING_PERIOD_MS } from './drive-holder.ts'
import { KeeperWorld } from './keeper-world.ts'
import { UnpluggableDisk } from './testing/unpluggable-disk.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'

const stranger = { crypto: webCrypto, storageSeed: new Uint8Array(32).fill(99) }

async function contentOf(disk: MemoryDisk): Promise<Map<string, Uint8Array | null>> {
  const content = new Map<string, Uint8Array | null>()
  for (const path of disk.paths()) content.set(path, await disk.readFile(path))
  return content
}

async function withFile(path: string): Promise<MemoryDisk> {
  const disk = new MemoryDisk()
  if (path.includes('/')) await disk.makeFolder(path.slice(0, path.lastIndexOf('/')))
  await disk.replaceFile(path, utf8('a file of somebody'))
  return disk
}

const foreignFolders: Record<string, () => Promise<MemoryDisk>> = {
  'a photo': () => withFile('photo.jpg'),
  'a file in a folder named as ours': () => withFile('fragments/notes.txt'),
  'a file two folders down': () => withFile('fragments/ab/notes.txt'),
  'a file among open packs': () => withFile('open/notes.txt'),
  'a marker that is none': () => withFile(MARKER_PATH),
  'the drive of another owner': async () => {
    const disk = new MemoryDisk()
    await adoptDrive(disk, stranger, 1)
    return disk
  },
}

for (const [what, make] of Object.entries(foreignFolders)) {
  test(`a folder with ${what} is refused and left as it is`, async () => {
    const world = await KeeperWorld.withDrives(1)
    const memory = await make()
    const before = await contentOf(memory)
    const folders = await memory.list('')
    await assert.rejects(world.addDrive(new UnpluggableDisk(memory)), { code: 'DRIVE_FOREIGN' })
    assert.deepEqual(await contentOf(memory), before)
    assert.deepEqual(await memory.list(''), folders)
    assert.equal(world.keeper.drives().length, 1)
  })
}

test('an empty folder becomes a drive, also with lost+found in it, or after an adoption that was cut short', async () => {
  const world = await KeeperWorld.withDrives(0)
  const fresh = new MemoryDisk()
  await fresh.makeFolder('lost+found')
  await fresh.makeFolder('fragments/00')
  await world.addDrive(new UnpluggableDisk(fresh))
  const marker = parseMarker(webCrypto, (await fresh.readFile(MARKER_PATH)) as Uint8Array, webCrypto.ed25519PublicKey(world.storageSeed))
  assert.equal(world.keeper.drives()[0]?.id, marker.id)
  assert.equal((await fresh.list('fragments'))?.length, 256)
})

test('a folder that is not there is DRIVE_MISSING', async () => {
  const world = await KeeperWorld.withDrives(0)
  const disk = new UnpluggableDisk()
  disk.list = async () => null
  await assert.rejects(world.addDrive(disk), { code: 'DRIVE_MISSING' })
})

test('one drive is not taken twice, nor a folder inside of one, nor a copy of one', async () => {
  const world = await KeeperWorld.withDrives(1)
  const [disk] = world.disks as [UnpluggableDisk]
  await assert.rejects(world.addDrive(disk), { code: 'DRIVE_IN_USE' })
  await assert.rejects(world.addDrive(new UnpluggableDisk(new MemoryDisk({ id: `${disk.id}/open` }))), { code: 'DRIVE_IN_USE' })
  await assert.rejects(world.addDrive(new UnpluggableDisk(disk.memory.copy())), { code: 'DRIVE_IN_USE' })
  assert.equal(world.keeper.drives().length, 1)
})

test('a drive that is mounted elsewhere now moves there', async () => {
  const world = await KeeperWorld.withDrives(2)
  const { pack, bytes } = await world.spreadNew(5000)
  const [disk] = world.disks as [UnpluggableDisk]
  const moved = new UnpluggableDisk(disk.memory.copy())
  disk.isPlugged = false
  await world.keeper.lookAtDrives()
  await world.addDrive(moved)
  assert.equal(world.keeper.drives().length, 2)
  assert.equal(world.keeper.packs()[0]?.presentFragments, 2)
  assert.deepEqual(await world.keeper.read(pack.id, 0, 5000), bytes)
})

test('nothing is written below the mount point of a missing drive, and it comes back by itself', async () => {
  const world = await KeeperWorld.withDrives(4)
  const first = await world.spreadNew(20_000)
  const disk = world.disks[2] as UnpluggableDisk
  disk.isPlugged = false
  await world.keeper.lookAtDrives()
  assert.equal(world.keeper.drives()[2]?.state, 'missing')
  const second = await world.spreadNew(20_000)
  await world.keeper.mirror('ab'.repeat(16), 0, utf8('begin'))
  await world.keeper.repair()
  await world.keeper.scrub()
  await world.reopen()
  await world.keeper.drop(first.pack.id)
  assert.deepEqual(disk.trespasses, [])
  disk.isPlugged = true
  await world.keeper.lookAtDrives()
  assert.equal(world.keeper.drives()[2]?.state, 'ok')
  await world.keeper.repair()
  assert.equal(world.keeper.packs().find(({ id }) => id === second.pack.id)?.presentFragments, 4)
  const states = world.events.filter(({ kind }) => kind === 'drive').map((event) => ('state' in event ? event.state : ''))
  assert.deepEqual(states, ['missing', 'ok'])
})

test('another drive in the place of one is not it', async () => {
  const world = await KeeperWorld.withDrives(2)
  const [disk] = world.disks as [UnpluggableDisk]
  const marker = (await disk.memory.readFile(MARKER_PATH)) as Uint8Array
  const other = new MemoryDisk()
  await adoptDrive(other, { crypto: webCrypto, storageSeed: world.storageSeed }, 1)
  await disk.memory.replaceFile(MARKER_PATH, (await other.readFile(MARKER_PATH)) as Uint8Array)
  await world.keeper.lookAtDrives()
  assert.equal(world.keeper.drives()[0]?.state, 'missing')
  await disk.memory.replaceFile(MARKER_PATH, marker)
  await world.keeper.lookAtDrives()
  assert.equal(world.keeper.drives()[0]?.state, 'ok')
})

test('a dropped pack does not come back with a drive that was away', async () => {
  const world = await KeeperWorld.withDrives(2)
  const { pack } = await world.spreadNew(5000)
  const kept = await world.spreadNew(5000)
  const away = world.disks[0] as UnpluggableDisk
  away.isPlugged = false
  await world.keeper.lookAtDrives()
  await world.keeper.drop(pack.id)
  await world.reopen()
  away.isPlugged = true
  await world.keeper.lookAtDrives()
  assert.deepEqual(
    world.keeper.packs().map(({ id }) => id),
    [kept.pack.id],
  )
  for (const { memory } of world.disks) assert.ok(!memory.paths().some((path) => path.includes(pack.id)))
  await world.dataDisk.remove('keeper/packs')
  await world.reopen()
  assert.equal(world.keeper.packs().length, 1)
})

test('nor with one that was forgotten and is added again; what was not dropped does', async () => {
  const world = await KeeperWorld.withDrives(3)
  world.keeper.setClass('standard', { dataFragments: 1, totalFragments: 3 })
  const dropped = await world.spreadNew(5000)
  const kept = await world.spreadNew(5000)
  const [away] = world.disks as [UnpluggableDisk]
  away.isPlugged = false
  await world.keeper.removeDrive(away.id, { force: true })
  await world.keeper.drop(dropped.pack.id)
  world.configs.splice(0, 1)
  await world.reopen()
  away.isPlugged = true
  await world.keeper.addDrive(away, away.id)
  assert.deepEqual(
    world.keeper.packs().map(({ id, presentFragments }) => [id, presentFragments]),
    [[kept.pack.id, 3]],
  )
  assert.ok(!away.memory.paths().some((path) => path.includes(dropped.pack.id)))
})

test('a drop that fails on a drive is made up for', async () => {
  const world = await KeeperWorld.withDrives(2)
  const { pack } = await world.spreadNew(5000)
  const [disk] = world.disks as [UnpluggableDisk]
  disk.memory.fault = (operation, path) => {
    if (operation === 'remove' && path.startsWith('fragments')) throw new HoltError('IO_FAILED', 'no')
  }
  await world.keeper.drop(pack.id)
  assert.deepEqual(world.keeper.packs(), [])
  assert.ok(disk.memory.paths().some((path) => path.includes(pack.id)))
  disk.memory.fault = null
  await world.keeper.lookAtDrives()
  assert.ok(!disk.memory.paths().some((path) => path.includes(pack.id)))
})

test('dropped packs stay away after a kill, though the table was not saved since and a later drop was written down', async () => {
  const world = await KeeperWorld.withDrives(2)
  const dropped = [await world.spreadNew(5000), await world.spreadNew(5000)]
  const kept = await world.spreadNew(5000)
  await world.reopen()
  for (const { pack } of dropped) await world.keeper.drop(pack.id)
  for (let kill = 0; kill < 2; kill++) {
    await world.open()
    assert.deepEqual(
      world.keeper.packs().map(({ id }) => id),
      [kept.pack.id],
    )
  }
})

test('nor do they come back when the table could not be saved', async () => {
  const world = await KeeperWorld.withDrives(2)
  const dropped = await world.spreadNew(5000)
  await world.reopen()
  await world.keeper.drop(dropped.pack.id)
  ;(world.dataDisk as MemoryDisk).fault = (operation, path) => {
    if (operation === 'write' && path.startsWith('keeper/packs')) throw new HoltError('DISK_FULL', 'full')
  }
  await world.keeper.close()
  ;(world.dataDisk as MemoryDisk).fault = null
  await world.open()
  assert.deepEqual(world.keeper.packs(), [])
  await world.reopen()
  assert.deepEqual(world.keeper.packs(), [])
})

test('a drop that cannot be written down removes nothing', async () => {
  const world = await KeeperWorld.withDrives(2)
  const { pack, bytes } = await world.spreadNew(5000)
  ;(world.dataDisk as MemoryDisk).fault = (operation) => {
    if (operation === 'write') throw new HoltError('DISK_FULL', 'full')
  }
  await assert.rejects(world.keeper.drop(pack.id), { code: 'DISK_FULL' })
  ;(world.dataDisk as MemoryDisk).fault = null
  assert.deepEqual(await world.keeper.read(pack.id, 0, 5000), bytes)
})

test('a drive that fails to write is told and left alone for a while', async () => {
  const world = await KeeperWorld.withDrives(3)
  const bad = world.disks[1] as UnpluggableDisk
  bad.memory.fault = (operation) => {
    if (operation === 'sync') throw new HoltError('IO_FAILED', 'input/output error')
  }
  await world.spreadNew(5000)
  assert.equal(world.keeper.drives()[1]?.state, 'failing')
  assert.match(world.keeper.drives()[1]?.problem ?? '', /input\/output error/)
  bad.memory.fault = null
  await world.keeper.repair()
  assert.equal(world.keeper.packs()[0]?.presentFragments, 2)
  world.clock.advance(FAILING_PERIOD_MS)
  await world.keeper.repair()
  assert.equal(world.keeper.packs()[0]?.presentFragments, 3)
})

test('a drive is emptied before it is removed, and can then be anything', async () => {
  const world = await KeeperWorld.withDrives(5)
  world.keeper.setClass('standard', { dataFragments: 2, totalFragments: 3 })
  const made = []
  for (let i = 0; i < 6; i++) made.push(await world.spreadNew(20_000 + i))
  await world.keeper.mirror('ab'.repeat(16), 0, utf8('the beginning'))
  for (const leaving of [...world.disks].slice(0, 2)) {
    await world.keeper.removeDrive(leaving.id)
    assert.deepEqual(leaving.memory.paths(), [])
    assert.ok(world.keeper.packs().every(({ presentFragments }) => presentFragments === 3))
  }
  assert.equal(world.keeper.drives().length, 3)
  for (const { pack, bytes } of made) assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
  assert.deepEqual(await world.keeper.readMirror('ab'.repeat(16), 0, 13), utf8('the beginning'))
  await adoptDrive((world.disks[0] as UnpluggableDisk).memory, stranger, 1)
})

test('where every drive has some of each pack, removing one spreads them anew over fewer', async () => {
  const world = await KeeperWorld.withDrives(6)
  const { pack, bytes } = await world.spreadNew(100_000)
  for (let drives = 5; drives >= 1; drives--) {
    await world.keeper.removeDrive((world.disks[drives] as UnpluggableDisk).id)
    const [kept] = world.keeper.packs()
    assert.equal(kept?.totalFragments, drives)
    assert.equal(kept?.presentFragments, drives)
    assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
  }
  await assert.rejects(world.keeper.removeDrive((world.disks[0] as UnpluggableDisk).id), { code: 'NOT_ENOUGH_DRIVES' })
  assert.equal(world.keeper.drives()[0]?.state, 'ok')
  assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
})

test('a drive is not removed when the owner’s code needs it', async () => {
  const world = await KeeperWorld.withDrives(3)
  world.keeper.setClass('standard', { dataFragments: 2, totalFragments: 3 })
  const { pack, bytes } = await world.spreadNew(1000)
  await assert.rejects(world.keeper.removeDrive((world.disks[0] as UnpluggableDisk).id), { code: 'NOT_ENOUGH_DRIVES' })
  assert.equal(world.keeper.packs()[0]?.presentFragments, 3)
  assert.deepEqual(await world.keeper.read(pack.id, 0, 1000), bytes)
})

test('removing a missing drive needs force, one that is none is NOT_FOUND', async () => {
  const world = await KeeperWorld.withDrives(3)
  await world.spreadNew(1000)
  const [disk] = world.disks as [UnpluggableDisk]
  disk.isPlugged = false
  await assert.rejects(world.keeper.removeDrive(disk.id), { code: 'DRIVE_MISSING' })
  await assert.rejects(world.keeper.removeDrive('nowhere'), { code: 'NOT_FOUND' })
  await world.keeper.removeDrive(disk.id, { force: true })
  assert.equal(world.keeper.drives().length, 2)
  assert.equal(world.keeper.packs()[0]?.presentFragments, 2)
  assert.equal(world.keeper.classes()[0]?.lossesSurvived, 0)
})

test('a marker changed in any byte is never taken for another one', async () => {
  const disk = new MemoryDisk()
  const owner = { crypto: webCrypto, storageSeed: new Uint8Array(32).fill(5) }
  await adoptDrive(disk, owner, 1_700_000_000)
  const marker = (await disk.readFile(MARKER_PATH)) as Uint8Array
  for (let at = 0; at < marker.length; at++) {
    const changed = marker.slice()
    changed[at] = (changed[at] as number) ^ 0x10
    assert.throws(
      () => parseMarker(webCrypto, changed, webCrypto.ed25519PublicKey(owner.storageSeed)),
      (error) => isHoltError(error),
    )
  }
})

test('whatever the list of drops says, the keeper opens; what is damaged counts as none', async () => {
  const world = await KeeperWorld.withDrives(2)
  const { pack, bytes } = await world.spreadNew(1000)
  const dropped = await world.spreadNew(1000)
  const [away] = world.disks as [UnpluggableDisk]
  away.isPlugged = false
  await world.keeper.drop(dropped.pack.id)
  const path = 'keeper/drops'
  const whole = (await world.dataDisk.readFile(path)) as Uint8Array
  const damaged = [new Uint8Array(0), whole.slice(0, 40), new Uint8Array(500).fill(0xa1)]
  for (let at = 0; at < whole.length; at += 7) damaged.push(whole.map((byte, i) => (i === at ? byte ^ 4 : byte)))
  for (const file of damaged) {
    await world.keeper.close()
    await world.dataDisk.replaceFile(path, file)
    world.events.length = 0
    await world.open()
    assert.equal(world.events.length, 1)
    assert.deepEqual(await world.keeper.read(pack.id, 0, 1000), bytes)
  }
})
