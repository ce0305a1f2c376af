import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { webCrypto } from '@holt/core/web-crypto.ts'
import { adoptDrive } from './adopt-drive.ts'
import { copyDrive } from './copy-drive.ts'
import { FRAGMENTS_FOLDER, MARKER_PATH } from './drive-folder.ts'
import { KeeperWorld } from './keeper-world.ts'
import { lookAtDrive } from './look-at-drive.ts'
import { UnpluggableDisk } from './testing/unpluggable-disk.ts'

interface Old {
  world: KeeperWorld
  disk: MemoryDisk
  packs: { id: string; bytes: Uint8Array }[]
}

/** One drive with three packs, and a pack that is still being written. */
async function oldDrive(): Promise<Old> {
  const world = await KeeperWorld.withDrives(1)
  const packs = []
  for (const sizeBytes of [200_000, 70_001, 5]) {
    const { pack, bytes } = await world.spreadNew(sizeBytes)
    packs.push({ id: pack.id, bytes })
  }
  await world.keeper.mirror('ab'.repeat(16), 0, new Uint8Array(5000).fill(3))
  return { world, disk: (world.disks[0] as UnpluggableDisk).memory, packs }
}

const contentOf = async (disk: MemoryDisk): Promise<Map<string, Uint8Array | null>> => {
  const content = new Map<string, Uint8Array | null>()
  for (const path of disk.paths()) content.set(path, await disk.readFile(path))
  return content
}

/** A world that knows the new disk too, for the pool. */
async function copying(old: Old, to: MemoryDisk, more: { signal?: AbortSignal; onProgress?: (done: number) => void } = {}) {
  const { world } = old
  const target = new UnpluggableDisk(to)
  const pool = world.poolWith(target)
  const owner = { crypto: webCrypto, storageSeed: world.storageSeed }
  const onProgress = ({ doneItems }: { doneItems: number }): void => more.onProgress?.(doneItems)
  return copyDrive(old.disk, target, { owner, pool, createdSeconds: 7, signal: more.signal, onProgress })
}

async function readsAll(old: Old, to: MemoryDisk): Promise<void> {
  const fresh = new KeeperWorld()
  await fresh.open()
  await fresh.addDrive(new UnpluggableDisk(to))
  for (const { id, bytes } of old.packs) assert.deepEqual(await fresh.keeper.read(id, 0, bytes.length), bytes)
  assert.deepEqual(await fresh.keeper.mirrored(), [{ id: 'ab'.repeat(16), sizeBytes: 5000 }])
}

test('what a drive holds is copied to a drive of its own, and the old one stays as it is', async () => {
  const old = await oldDrive()
  const before = await contentOf(old.disk)
  const to = new MemoryDisk()
  assert.deepEqual(await copying(old, to), { copied: 4, present: 0, damaged: 0 })
  assert.deepEqual(await contentOf(old.disk), before)
  const [seen, copy] = [await lookAtDrive(old.disk, webCrypto), await lookAtDrive(to, webCrypto)]
  assert.notEqual(copy?.id, seen?.id)
  assert.deepEqual([copy?.fragments, copy?.openPacks, copy?.owner], [3, 1, seen?.owner])
  await readsAll(old, to)
})

test('a copy that was cancelled goes on where it was', async () => {
  const old = await oldDrive()
  const to = new MemoryDisk()
  const stop = new AbortController()
  const cut = copying(old, to, { signal: stop.signal, onProgress: (done) => done === 2 && stop.abort() })
  await assert.rejects(cut, { code: 'CANCELLED' })
  assert.deepEqual(await copying(old, to), { copied: 2, present: 2, damaged: 0 })
  await readsAll(old, to)
})

test('a fragment that is not what was signed is left behind and told', async () => {
  const old = await oldDrive()
  const path = old.disk.paths().find((name) => name.startsWith(`${FRAGMENTS_FOLDER}/`)) as string
  const bytes = (await old.disk.readFile(path)) as Uint8Array
  bytes[3] = (bytes[3] as number) ^ 1
  await old.disk.replaceFile(path, bytes)
  const to = new MemoryDisk()
  assert.deepEqual(await copying(old, to), { copied: 3, present: 0, damaged: 1 })
  assert.equal(await to.sizeOf(path), null)
  assert.ok(!to.paths().some((name) => name.endsWith('.part')))
})

test('the drive of somebody else, a folder that is in use and a drive itself are refused, and nothing is written', async () => {
  const old = await oldDrive()
  const foreign = new MemoryDisk()
  await adoptDrive(foreign, { crypto: webCrypto, storageSeed: new Uint8Array(32).fill(99) }, 1)
  const theirs = { ...old, disk: foreign }
  const to = new MemoryDisk()
  await assert.rejects(copying(theirs, to), { code: 'DRIVE_FOREIGN' })
  assert.deepEqual(to.paths(), [])
  const photos = new MemoryDisk()
  await photos.replaceFile('photo.jpg', new Uint8Array(9))
  await assert.rejects(copying(old, photos), { code: 'DRIVE_FOREIGN' })
  await assert.rejects(copying(old, old.disk), { code: 'DRIVE_IN_USE' })
  await assert.rejects(copying({ ...old, disk: new MemoryDisk() }, to), { code: 'DRIVE_MISSING' })
})

test('a folder that is no drive, or has a marker that is not whole, is none', async () => {
  const disk = new MemoryDisk()
  assert.equal(await lookAtDrive(disk, webCrypto), null)
  await disk.replaceFile(MARKER_PATH, new Uint8Array(40))
  assert.equal(await lookAtDrive(disk, webCrypto), null)
})
