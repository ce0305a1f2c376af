import assert from 'node:assert/strict'
import test from 'node:test'
import { isHoltError } from '@holt/core/errors.ts'
import { openBlock } from './sealed-block.ts'
import { readDirectory, readVolume } from './read-tree.ts'
import { symlink, TreeWorld } from './tree-world.ts'
import type { DirectoryEntry, FileEntry, Keys, Snapshot, TreeEntry, Volume } from './types.ts'

/** Everyone who could read before is shut out of what is written after readers were revoked. */

interface Held {
  keys: Uint8Array[]
  blocks: Set<string>
}

async function allKeys(snapshot: Snapshot, path = '/'): Promise<Uint8Array[]> {
  const entry = (await snapshot.stat(path)) as TreeEntry
  const keys: Uint8Array[] = 'k' in entry ? [...entry.k] : []
  if (entry.t !== 'd') return keys
  for (const { name } of (await snapshot.list(path)).entries)
    keys.push(...(await allKeys(snapshot, path === '/' ? `/${name}` : `${path}/${name}`)))
  return keys
}

async function holdAll(world: TreeWorld, snapshot: Snapshot, path: string): Promise<Held> {
  return { keys: await allKeys(snapshot, path), blocks: new Set(world.store.classes.keys()) }
}

/** How many blocks written since open with any of the keys held. */
async function openable(world: TreeWorld, { keys, blocks }: Held): Promise<number> {
  let count = 0
  for (const [name] of world.store.classes) {
    if (blocks.has(name)) continue
    const sealed = await world.store.get(cidOfKey(name))
    for (const key of keys) {
      const opened = await Promise.resolve()
        .then(() => openBlock(world.crypto, { key: () => key }, sealed))
        .catch((error: unknown) => {
          assert.ok(isHoltError(error, 'DECRYPTION_FAILED'))
          return null
        })
      if (opened !== null) count++
    }
  }
  return count
}

/** Turns `cidKey` around. */
function cidOfKey(name: string): Uint8Array {
  const cid = new Uint8Array(36)
  cid.set([1, name.charCodeAt(0), 0x1e, 0x20])
  for (let i = 1; i < name.length; i++) cid[i + 3] = name.charCodeAt(i)
  return cid
}

async function sharedTree(): Promise<{ world: TreeWorld; volume: Volume }> {
  const world = new TreeWorld()
  const volume = await world.create()
  await volume.edit((edit) => edit.makeDirectory('/shared/deep/deeper', { parents: true }))
  await volume.edit((edit) => edit.makeDirectory('/other'))
  await world.put(volume, '/shared/deep/file', 'x'.repeat(200_000), { chunkLog2: 16 })
  await world.put(volume, '/shared/top', 'old')
  return { world, volume }
}

const writes: Record<string, (world: TreeWorld, volume: Volume) => Promise<void>> = {
  'a new file': (world, volume) => world.put(volume, '/shared/deep/new', 'secret'),
  'a file replaced': (world, volume) => world.put(volume, '/shared/top', 'secret'),
  'a byte of a file': (_world, volume) => volume.edit((edit) => edit.write('/shared/deep/file', 70_000, Uint8Array.of(1))),
  'a file cut': (_world, volume) => volume.edit((edit) => edit.truncate('/shared/deep/file', 70_001)),
  'a directory made': (_world, volume) => volume.edit((edit) => edit.makeDirectory('/shared/deep/deeper/new/newer', { parents: true })),
  'an entry removed': (_world, volume) => volume.edit((edit) => edit.remove('/shared/top')),
  'a mode changed': (_world, volume) => volume.edit((edit) => edit.setAttributes('/shared/deep/deeper', { m: 0o700 })),
  'a directory moved in': async (_world, volume) => {
    await volume.edit((edit) => edit.move('/other', '/shared/deep/other'))
    await volume.edit((edit) => edit.putEntries('/shared/deep/other', [{ name: 'x', entry: symlink('secret') }]))
  },
  'an older version put back': async (_world, volume) => {
    const old = await (await volume.at(5)).stat('/shared')
    await volume.edit((edit) => edit.putEntries('/', [{ name: 'shared', entry: old as TreeEntry }]))
    await volume.edit((edit) => edit.makeDirectory('/shared/deep/secret'))
  },
  'an older version put back after all was removed': async (_world, volume) => {
    const old = await (await volume.at(5)).stat('/shared')
    await volume.edit((edit) => edit.remove('/shared', { recursive: true }))
    await volume.edit((edit) => edit.putEntries('/', [{ name: 'shared', entry: old as TreeEntry }]))
    await volume.edit((edit) => edit.makeDirectory('/shared/deep/secret'))
    await volume.edit((edit) => edit.write('/shared/deep/file', 0, Uint8Array.of(1)))
  },
  'a directory moved out': async (_world, volume) => {
    await volume.edit((edit) => edit.move('/shared/deep', '/deep'))
    await volume.edit((edit) => edit.putEntries('/deep/deeper', [{ name: 'x', entry: symlink('secret') }]))
    await volume.edit((edit) => edit.write('/deep/file', 0, Uint8Array.of(1)))
  },
}

for (const [what, write] of Object.entries(writes)) {
  for (const reopens of [false, true]) {
    test(`${what} cannot be opened by readers of before${reopens ? ', though the volume was opened anew' : ''}`, async () => {
      const { world, volume } = await sharedTree()
      const held = await holdAll(world, volume.current(), '/shared')
      await volume.revokeReaders('/shared')
      const after = reopens ? await world.reopen() : volume
      await write(world, after)
      assert.equal(await openable(world, held), 0)
      const tree = await world.reopen({ cacheBytes: 0 })
      assert.ok((await allKeys(tree.current())).length > held.keys.length, 'the owner reads all')
    })
  }
}

test('without revoking, readers of before open what is written after', async () => {
  const { world, volume } = await sharedTree()
  const held = await holdAll(world, volume.current(), '/shared')
  await world.put(volume, '/shared/deep/new', 'no secret')
  assert.ok((await openable(world, held)) > 0)
})

test('revoking at the top takes the next key of the volume', async () => {
  const { world, volume } = await sharedTree()
  const volumeKeys = world.options.keys as Keys
  const held = { keys: [...volumeKeys, ...(await allKeys(volume.current()))], blocks: new Set(world.store.classes.keys()) }
  await assert.rejects(volume.revokeReaders('/'), { code: 'NOT_AUTHORIZED' }, 'there is no next key')
  await volume.close()
  const more = [...volumeKeys, world.crypto.randomBytes(32)]
  const again = await world.reopen({ keys: more })
  await again.revokeReaders('/')
  await world.put(again, '/shared/deep/new', 'secret')
  assert.equal(await openable(world, held), 0)
  const [head = new Uint8Array()] = world.store.heads()
  await assert.rejects(readVolume(world as never, { head, keys: volumeKeys }), { code: 'DECRYPTION_FAILED' })
  const now = await readVolume(world as never, { head, keys: more })
  assert.equal(await (await now.openFile('/shared/deep/new')).text(), 'secret')
  assert.equal(await (await now.openFile('/shared/top')).text(), 'old')
  const older = await (await world.reopen({ keys: more, cacheBytes: 0 })).at(3)
  assert.equal((await older.stat('/other'))?.t, 'd', 'versions of before are still there')
})

test('a reader of a directory reads it without the volume, and goes on reading what was before', async () => {
  const { world, volume } = await sharedTree()
  const entry = (await volume.current().stat('/shared')) as DirectoryEntry
  const reader = readDirectory(world as never, entry)
  assert.equal(await (await reader.openFile('/top')).text(), 'old')
  await volume.revokeReaders('/shared')
  await world.put(volume, '/shared/top', 'new')
  assert.equal(await (await readDirectory(world as never, entry).openFile('/top')).text(), 'old')
  const after = (await volume.current().stat('/shared')) as DirectoryEntry
  assert.deepEqual([after.k.length, after.e], [2, 1])
  await assert.rejects(readDirectory(world as never, { ...after, k: entry.k }).list('/'), { code: 'DECRYPTION_FAILED' })
})

test('keys are added once for each time readers were revoked, and only where something is written', async () => {
  const { volume } = await sharedTree()
  const keysOf = async (path: string) => ((await volume.current().stat(path)) as FileEntry).k.length
  await volume.revokeReaders('/shared')
  await volume.revokeReaders('/shared')
  assert.deepEqual([await keysOf('/shared'), await keysOf('/shared/deep/file'), await keysOf('/other')], [3, 1, 1])
  for (const byte of [1, 2]) await volume.edit((edit) => edit.write('/shared/deep/file', 0, Uint8Array.of(byte)))
  assert.deepEqual([await keysOf('/shared'), await keysOf('/shared/deep'), await keysOf('/shared/deep/file')], [3, 2, 2])
  await assert.rejects(volume.revokeReaders('/nothing'), { code: 'NOT_FOUND' })
  await volume.edit((edit) => edit.putEntries('/', [{ name: 'link', entry: symlink('x') }]))
  await assert.rejects(volume.revokeReaders('/link'), { code: 'INPUT_INVALID' })
})
