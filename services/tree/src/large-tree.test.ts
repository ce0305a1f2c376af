import assert from 'node:assert/strict'
import test from 'node:test'
import { BlockWriter } from './block-writer.ts'
import { CidSet } from './cid-set.ts'
import { buildChunkTree } from './chunk-tree.ts'
import { MAX_DEPTH } from './names.ts'
import { sealingKey } from './sealed-block.ts'
import { symlink, TreeWorld } from './tree-world.ts'
import type { FileEntry, Volume } from './types.ts'

/** Trees that are large, deep, or changed very often. */

const GiB = 2 ** 30

/** 1 GiB in chunks of 64 KiB, all of them the same block: cheap to make, and read like any other. */
async function gibibyteFile(world: TreeWorld): Promise<FileEntry> {
  const keys = [world.crypto.randomBytes(32)]
  const writer = new BlockWriter(world)
  const chunk = await writer.write(sealingKey(keys), new Uint8Array(65_536).fill(7))
  const tree = await buildChunkTree(
    writer,
    keys,
    Array.from({ length: GiB / 65_536 }, () => chunk),
  )
  await writer.flush()
  return { t: 'f', m: 0o644, mt: [0, 0], k: keys, z: GiB, c: 16, ...tree }
}

test('one byte changed in a file of 1 GiB appends less than 256 KiB', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  await volume.edit((edit) => edit.makeDirectory('/a/b/c', { parents: true }))
  const beside = Array.from({ length: 5000 }, (_, i) => ({ name: `n${i}`, entry: symlink('x'.repeat(100)) }))
  await volume.edit((edit) => edit.putEntries('/a/b/c', [...beside, { name: 'disk.img', entry: { t: 'l', m: 0, mt: [0, 0], to: 'x' } }]))
  const entry = await gibibyteFile(world)
  await volume.edit((edit) => edit.putEntries('/a/b/c', [{ name: 'disk.img', entry }]))
  for (let i = 0; i < 70; i++) await volume.edit((edit) => edit.setAttributes('/a', { m: i }))
  for (const offset of [0, 333_333_333, GiB - 1]) {
    const before = world.store.appendedBytes
    await volume.edit((edit) => edit.write('/a/b/c/disk.img', offset, Uint8Array.of(1)))
    const appended = world.store.appendedBytes - before
    assert.ok(appended < 256 << 10, `${appended} bytes`)
  }
  const file = await (await world.reopen({ cacheBytes: 0 })).current().openFile('/a/b/c/disk.img')
  assert.deepEqual(await file.read(333_333_331, 4), Uint8Array.of(7, 7, 1, 7))
  assert.deepEqual(await file.read(GiB - 2, 9), Uint8Array.of(7, 1))
})

test('a thousand directories in each other can be made, changed, moved and removed', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  const path = '/d'.repeat(1000)
  await volume.edit((edit) => edit.makeDirectory(path, { parents: true }))
  await volume.edit((edit) => edit.putEntries(path, [{ name: 'leaf', entry: symlink('x') }]))
  const again = await world.reopen({ cacheBytes: 0 })
  assert.equal((await again.current().stat(`${path}/leaf`))?.t, 'l')
  await again.edit((edit) => edit.move(path, '/up'))
  assert.equal((await again.current().stat('/up/leaf'))?.t, 'l')
  let blocks = 0
  for await (const { cids } of again.live()) blocks += cids.length
  assert.ok(blocks > 2000)
  await again.edit((edit) => edit.remove('/d', { recursive: true }))
  assert.deepEqual(
    (await again.current().list('/')).entries.map(({ name }) => name),
    ['up'],
  )
})

test('paths as deep as paths may be do not overflow the stack', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  const path = '/d'.repeat(MAX_DEPTH)
  await volume.edit((edit) => edit.makeDirectory(path, { parents: true }))
  assert.equal((await (await world.reopen()).current().stat(path))?.t, 'd')
  await assert.rejects(
    volume.edit((edit) => edit.makeDirectory(`${path}/d`)),
    { code: 'PATH_INVALID' },
  )
})

async function putMany(volume: Volume, directory: string, { count, atOnce }: { count: number; atOnce: number }): Promise<void> {
  for (let from = 0; from < count; from += atOnce) {
    const entries = Array.from({ length: atOnce }, (_, i) => ({ name: `file ${String(from + i).padStart(7, '0')}`, entry: symlink('x') }))
    await volume.edit((edit) => edit.putEntries(directory, entries))
  }
}

test('a hundred thousand names in one directory, by many edits', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  await putMany(volume, '/', { count: 100_000, atOnce: 1000 })
  const again = await world.reopen()
  assert.equal((await again.current().list('/')).entries.length, 100_000)
  assert.equal((await again.current().stat('/file 0054321'))?.t, 'l')
  await again.edit((edit) => edit.remove('/file 0054321'))
  assert.equal(await again.current().stat('/file 0054321'), null)
  assert.equal((await (await again.at(50)).list('/')).entries.length, 49_000)
})

test('one edit larger than memory should hold moves its entries into the store as it goes', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  const { commitCount, appendedBytes } = world.store
  await volume.edit(async (edit) => {
    for (let from = 0; from < 3000; from += 100) {
      await edit.makeDirectory(`/d${from}`)
      await edit.putEntries(
        `/d${from}`,
        Array.from({ length: 100 }, (_, i) => ({ name: `n${i}`, entry: symlink('x'.repeat(4000)) })),
      )
    }
    assert.ok(world.store.appendedBytes - appendedBytes > 6 << 20, 'before the commit')
    assert.ok(world.store.openSessions > 0, 'and kept there')
    assert.equal((await edit.list('/d0')).entries.length, 100)
  })
  assert.equal(world.store.commitCount, commitCount + 1)
  const again = await world.reopen({ cacheBytes: 0 })
  assert.equal((await again.current().list('/d2900')).entries.length, 100)
})

test('remembers a million CIDs in less than 50 MB', () => {
  const seen = new CidSet()
  const cid = new Uint8Array(36)
  const view = new DataView(cid.buffer)
  const before = process.memoryUsage().arrayBuffers
  for (let i = 0; i < 1_000_000; i++) {
    view.setUint32(4, Math.imul(i, 2654435761))
    view.setUint32(12, i)
    assert.ok(seen.add(cid))
  }
  assert.ok(process.memoryUsage().arrayBuffers - before < 50e6)
  for (let i = 0; i < 1_000_000; i += 99) {
    view.setUint32(4, Math.imul(i, 2654435761))
    view.setUint32(12, i)
    assert.ok(seen.has(cid) && !seen.add(cid))
    view.setUint32(16, 1)
    assert.ok(!seen.has(cid))
    view.setUint32(16, 0)
  }
  assert.equal(seen.size, 1_000_000)
})

test('CIDs that begin with zeros are told apart too', () => {
  const seen = new CidSet()
  const zeros = new Uint8Array(36)
  assert.ok(seen.add(zeros) && !seen.add(zeros))
  const one = zeros.slice()
  one[8] = 1
  assert.ok(seen.add(one) && !seen.add(one))
})

test('a long event-loop stall never comes from an edit or its commit', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  const entries = Array.from({ length: 60_000 }, (_, i) => ({ name: `n${(i * 7919) % 60_000}`, entry: symlink('x') }))
  let turns = 0
  let running = true
  const count = () => {
    turns++
    if (running) setImmediate(count)
  }
  count()
  await volume.edit((edit) => edit.putEntries('/', entries))
  running = false
  assert.ok(turns > 20, `${turns} turns of the event loop`)
})
