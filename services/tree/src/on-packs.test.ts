import assert from 'node:assert/strict'
import test from 'node:test'
import { isHoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { MemoryKeeper } from '@holt/store/memory-keeper.ts'
import { openPackStore, type PackStore } from '@holt/store/pack-store.ts'
import { blocksBelow } from './read-tree.ts'
import { syncCrypto as crypto, symlink, TreeWorld } from './tree-world.ts'
import type { Snapshot, Volume } from './types.ts'

/** The tree on the real store: what the fake in memory stands for elsewhere. */

class PackWorld extends TreeWorld {
  readonly disk: MemoryDisk
  readonly keeper = new MemoryKeeper()

  constructor(capacityBytes?: number) {
    super()
    this.disk = new MemoryDisk({ capacityBytes })
  }

  async open({ packBytes = 256 << 10 } = {}): Promise<PackStore> {
    const store = await openPackStore({ disk: this.disk, keeper: this.keeper, crypto, packBytes })
    Object.assign(this, { store })
    return store
  }
}

async function readAll(snapshot: Snapshot, path = '/'): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const { name, entry } of (await snapshot.list(path)).entries) {
    const below = path === '/' ? `/${name}` : `${path}/${name}`
    if (entry.t === 'd') Object.assign(found, { [below]: 'd' }, await readAll(snapshot, below))
    else found[below] = entry.t === 'f' ? await (await snapshot.openFile(below)).text() : entry.t
  }
  return found
}

async function someVersions(world: TreeWorld, volume: Volume): Promise<Map<number, Record<string, string>>> {
  const versions = new Map<number, Record<string, string>>()
  for (let i = 0; i < 40; i++) {
    world.nowMs += 3_600_000
    await volume.edit((edit) => edit.makeDirectory(`/d${i % 7}/e${i}`, { parents: true }))
    await world.put(volume, `/d${i % 7}/f`, `version ${i} `.repeat(3000), { chunkLog2: 16 })
    await volume.edit((edit) =>
      edit.putEntries(
        '/',
        Array.from({ length: 60 }, (_, n) => ({ name: `n${i}-${n}`, entry: symlink('x') })),
      ),
    )
    if (i > 10) await volume.edit((edit) => edit.remove(`/n${i - 10}-7`))
    versions.set(volume.current().sequence, await readAll(volume.current()))
  }
  return versions
}

test('every version is there after closing and opening, and after garbage was collected', async () => {
  const world = new PackWorld()
  const store = await world.open()
  const volume = await world.create()
  const versions = await someVersions(world, volume)
  await volume.prune({ keepAllSeconds: 10 * 3600, hourlySeconds: 0, dailySeconds: 0 })
  await store.collect({ live: volume.live() })
  await volume.close()
  await store.close()

  const after = await world.open()
  const again = await world.reopen({ cacheBytes: 0 })
  let read = 0
  for await (const { sequence, root } of again.versions()) {
    const expected = versions.get(sequence)
    if (expected === undefined) continue
    assert.deepEqual(await readAll(await again.at({ sequence, root, time: [0, 0] })), expected)
    read++
  }
  assert.ok(read >= 9 && read < versions.size, `${read} versions`)
  await after.close()
})

test('nothing that edits write while garbage is collected goes with it', async () => {
  const world = new PackWorld()
  const store = await world.open({ packBytes: 64 << 10 })
  const volume = await world.create()
  let editing = true
  const edits = someVersions(world, volume).finally(() => {
    editing = false
  })
  edits.catch(() => {})
  let removed = 0
  while (editing) {
    await volume.prune({ keepAllSeconds: 3 * 3600, hourlySeconds: 0, dailySeconds: 0 })
    removed += (await store.collect({ live: volume.live() })).packsRemoved
  }
  const versions = await edits
  assert.ok(removed > 0)
  await volume.close()
  await store.close()
  const after = await world.open()
  const again = await world.reopen({ cacheBytes: 0 })
  const newest = [...versions.values()].at(-1)
  assert.deepEqual(await readAll(again.current()), newest)
  for await (const version of again.versions()) await readAll(await again.at(version))
  await after.close()
})

test('a full disk fails edits, reads go on, and edits too when there is space again', async () => {
  const world = new PackWorld(900_000)
  const store = await world.open({ packBytes: 64 << 20 })
  const volume = await world.create()
  const text = (i: number) => `${i} `.repeat(5000)
  let count = 0
  const fill = async () => {
    for (; count < 400; count++) await world.put(volume, `/f${count}`, text(count))
  }
  await assert.rejects(fill(), (error) => isHoltError(error, 'DISK_FULL'))
  assert.ok(count > 5)
  const checkFiles = async (of: Volume) => {
    assert.equal((await of.current().list('/')).entries.length, count)
    for (let i = 0; i < count; i++) assert.equal(await (await of.current().openFile(`/f${i}`)).text(), text(i))
  }
  await checkFiles(volume)
  world.disk.capacityBytes = 100 << 20
  await world.put(volume, `/f${count}`, text(count))
  count++
  await checkFiles(volume)
  await volume.close()
  await store.close()
  const after = await world.open()
  await checkFiles(await world.reopen({ cacheBytes: 0 }))
  await after.close()
})

test('files that are there move into the class that their directory was given, and back; older versions stay where they are', async () => {
  const world = new PackWorld()
  const store = await world.open()
  const volume = await world.create()
  await volume.edit((edit) => edit.makeDirectory('/photos/old', { parents: true }))
  const text = (i: number): string => `${i} `.repeat(40_000)
  const paths = ['/photos/a', '/photos/old/b', '/c', '/photos/own']
  for (const [i, path] of paths.entries()) await world.put(volume, path, text(i), { chunkLog2: 16 })
  const before = volume.current()
  await world.put(volume, '/photos/a', text(9), { chunkLog2: 16 })
  await volume.edit((edit) => edit.setAttributes('/photos/own', { cl: 'light' }))
  await volume.edit((edit) => edit.setAttributes('/photos', { cl: 'precious' }))

  const classesBelow = async (path: string): Promise<string[]> => {
    const entry = await volume.current().stat(path)
    assert.ok(entry?.t === 'f')
    const classes = new Set<string>()
    for await (const { cids } of blocksBelow({ store, crypto }, entry))
      for (const cid of cids) classes.add(store.packFact((await store.locate(cid))?.pack ?? '')?.redundancyClass ?? 'none')
    return [...classes]
  }
  const sealAndCollect = async (): Promise<number> => {
    await world.put(volume, '/filler', String(Math.random()).repeat(20_000), { chunkLog2: 16 }) // fills the packs that are open
    await store.settle()
    return (await store.collect({ live: volume.live() })).movedBytes
  }
  await sealAndCollect()
  assert.deepEqual(await Promise.all(paths.map(classesBelow)), [['precious'], ['precious'], ['standard'], ['light']])
  assert.equal(await (await (await volume.at(before.sequence)).openFile('/photos/a')).text(), text(0))

  await volume.edit((edit) => edit.setAttributes('/photos', { cl: null }))
  await sealAndCollect()
  assert.deepEqual(await Promise.all(paths.map(classesBelow)), [['standard'], ['standard'], ['standard'], ['light']])
  await volume.close()
  await store.close()
  await world.open()
  const again = await world.reopen({ cacheBytes: 0 })
  assert.equal(await (await again.current().openFile('/photos/old/b')).text(), text(1))
})
