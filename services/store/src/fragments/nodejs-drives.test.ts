import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { NodejsDisk } from '@holt/platform-nodejs/nodejs-disk.ts'
import { NodejsWorkPool } from '@holt/platform-nodejs/work-pool.ts'
import type { FragmentJobs } from './fragment-jobs.ts'
import { KeeperWorld } from './keeper-world.ts'

const pool = new NodejsWorkPool<FragmentJobs>({ width: 2 })
after(() => pool.close())

interface FolderWorld {
  world: KeeperWorld<NodejsDisk>
  root: string
  folder(i: number): string
}

/** A node in a temporary folder, with drives in folders beside its data; jobs run in worker threads. */
async function withFolders(count: number, action: (made: FolderWorld) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'holt-drives-'))
  const folder = (i: number): string => join(root, `drive-${i}`)
  try {
    await mkdir(join(root, 'data'))
    const world = new KeeperWorld<NodejsDisk>(new NodejsDisk(join(root, 'data')))
    await world.open({ pool })
    for (let i = 0; i < count; i++) await addFolder(world, folder(i))
    await action({ world, root, folder })
    await world.keeper.close()
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

async function addFolder(world: KeeperWorld<NodejsDisk>, path: string): Promise<void> {
  await mkdir(path, { recursive: true })
  await world.addDrive(new NodejsDisk(path))
}

test('real folders: two of six deleted while in use, packs read, repair fills new ones', async () => {
  await withFolders(6, async ({ world, root, folder }) => {
    const made = []
    for (const size of [1, 4096, 3_000_001]) made.push(await world.spreadNew(size))
    await rm(folder(1), { recursive: true })
    await rm(folder(4), { recursive: true })
    for (const { pack, bytes } of made) assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
    made.push(await world.spreadNew(50_000))
    assert.deepEqual(
      world.keeper.drives().map(({ state }) => state),
      ['ok', 'missing', 'ok', 'ok', 'missing', 'ok'],
    )
    assert.deepEqual((await readdir(root)).sort(), ['data', 'drive-0', 'drive-2', 'drive-3', 'drive-5'])
    await addFolder(world, folder(7))
    await addFolder(world, folder(8))
    assert.equal((await world.keeper.repair()).rebuiltFragments, 8)
    for (const i of [1, 4]) await world.keeper.removeDrive(folder(i), { force: true })
    assert.deepEqual((await world.keeper.scrub()).findings, [])
    for (const i of [0, 2]) await rm(folder(i), { recursive: true })
    for (const { pack, bytes } of made) assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
    await rm(folder(3), { recursive: true })
    for (const { pack } of made.slice(1)) assert.equal(await world.keeper.read(pack.id, 0, pack.sizeBytes), null)
  })
})

test('real folders: an empty folder in the place of a drive stays empty, and the drive comes back', async () => {
  await withFolders(3, async ({ world, root, folder }) => {
    const { pack, bytes } = await world.spreadNew(100_000)
    await rename(folder(1), join(root, 'elsewhere'))
    await mkdir(folder(1))
    await world.keeper.lookAtDrives()
    await world.spreadNew(100_000)
    await world.keeper.mirror('ab'.repeat(16), 0, bytes)
    await world.keeper.drop(pack.id)
    await world.keeper.repair()
    assert.deepEqual(await readdir(folder(1)), [])
    await rm(folder(1), { recursive: true })
    await rename(join(root, 'elsewhere'), folder(1))
    await world.keeper.lookAtDrives()
    await world.keeper.repair()
    assert.equal(world.keeper.packs().length, 1)
    assert.equal(world.keeper.packs()[0]?.presentFragments, 3)
    const left = await readdir(join(folder(1), 'fragments', pack.id.slice(0, 2)))
    assert.ok(!left.some((name) => name.startsWith(pack.id)))
  })
})

test('real folders: a copy of a drive beside it is the same drive', async () => {
  await withFolders(1, async ({ world, root, folder }) => {
    await cp(folder(0), join(root, 'copy'), { recursive: true })
    await assert.rejects(world.addDrive(new NodejsDisk(join(root, 'copy'))), { code: 'DRIVE_IN_USE' })
    await assert.rejects(world.addDrive(new NodejsDisk(join(folder(0), 'open'))), { code: 'DRIVE_IN_USE' })
    await assert.rejects(world.addDrive(new NodejsDisk(join(root, 'nowhere'))), { code: 'DRIVE_MISSING' })
    await assert.rejects(world.addDrive(new NodejsDisk(root)), { code: 'DRIVE_IN_USE' })
  })
})

test('real folders: a place can be read by anyone, and is null where there is none', async () => {
  await withFolders(3, async ({ world }) => {
    const { pack, bytes } = await world.spreadNew(10_000)
    const place = world.keeper.place(pack.id, 100, 200)
    assert.ok(place)
    assert.deepEqual(new Uint8Array(await readFile(place.path)).slice(place.offset, place.offset + 200), bytes.slice(100, 300))
    const shardBytes = Math.ceil(10_000 / 2 / 64) * 64
    assert.equal(world.keeper.place(pack.id, shardBytes - 10, 20), null)
    const second = world.keeper.place(pack.id, shardBytes, 20)
    assert.deepEqual(
      new Uint8Array(await readFile(second?.path as string)).slice(second?.offset, 20),
      bytes.slice(shardBytes, shardBytes + 20),
    )
    await rm(second?.path as string)
    await world.keeper.scrub()
    assert.equal(world.keeper.place(pack.id, shardBytes, 20), null)
  })
})

test('real folders: with one drive in the data folder the pack itself becomes the fragment', async () => {
  await withFolders(0, async ({ world, root }) => {
    await addFolder(world, join(root, 'data', 'drive'))
    const { pack, bytes, path } = await world.makePack(1_000_001)
    const { ino } = await stat(join(root, 'data', path))
    assert.equal((await world.keeper.spread(pack, { disk: world.dataDisk, path })).consumed, true)
    const place = world.keeper.place(pack.id, 0, bytes.length)
    assert.equal((await stat(place?.path as string)).ino, ino)
    assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
    assert.deepEqual((await world.keeper.scrub()).findings, [])
    await addFolder(world, join(root, 'other'))
    const two = await world.makePack(70_000)
    const { consumed, kept } = await world.keeper.spread(two.pack, { disk: world.dataDisk, path: two.path })
    assert.equal(kept.presentFragments, 2)
    assert.deepEqual((await world.keeper.scrub()).findings, [])
    await rm(join(root, consumed ? 'data/drive' : 'other'), { recursive: true })
    assert.deepEqual(await world.keeper.read(two.pack.id, 0, 70_000), two.bytes)
  })
})

test('real folders: a cancelled spread leaves nothing', async () => {
  await withFolders(3, async ({ world, folder }) => {
    const { pack, path } = await world.makePack(30_000_000)
    const cancel = new AbortController()
    const spreading = world.keeper.spread(pack, { disk: world.dataDisk, path }, { signal: cancel.signal })
    setTimeout(() => cancel.abort(), 20)
    await assert.rejects(spreading, { code: 'CANCELLED' })
    for (let i = 0; i < 3; i++) assert.deepEqual(await readdir(join(folder(i), 'fragments', pack.id.slice(0, 2))), [])
  })
})
