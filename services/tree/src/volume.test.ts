import assert from 'node:assert/strict'
import test from 'node:test'
import { webCrypto } from '@holt/core/web-crypto.ts'
import { pathVersions } from './path-versions.ts'
import { symlink, TreeWorld } from './tree-world.ts'
import type { Change, CommitEvent, DirectoryEntry, FileEntry, Volume } from './types.ts'

for (const [name, crypto] of [
  ['crypto that gives values', undefined],
  ['crypto that gives promises', webCrypto],
] as const) {
  test(`puts files and directories and finds them after opening again, with ${name}`, async () => {
    const world = new TreeWorld(crypto)
    const volume = await world.create()
    await volume.edit((edit) => edit.makeDirectory('/a/b', { parents: true }))
    await world.put(volume, '/a/b/hello.txt', 'hello\nworld\n')
    await volume.edit((edit) => edit.putEntries('/a', [{ name: 'link', entry: symlink('b/hello.txt') }]))
    await volume.close()

    const again = await world.reopen()
    const now = again.current()
    assert.equal(now.sequence, 4)
    assert.deepEqual(await names(again, '/a'), ['b', 'link'])
    assert.equal(await (await now.openFile('/a/b/hello.txt')).text(), 'hello\nworld\n')
    assert.equal(await now.stat('/a/c'), null)
    assert.equal((await now.stat('/a/link'))?.t, 'l')
  })
}

async function names(volume: Volume, path: string): Promise<string[]> {
  return (await volume.current().list(path)).entries.map(({ name }) => name)
}

test('putting no entries into a directory changes nothing, wherever it lies', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  await volume.edit((edit) => edit.makeDirectory('/a/b/c', { parents: true }))
  await volume.edit(async (edit) => {
    await edit.putEntries('/a/b', [])
    await edit.makeDirectory('/d')
    await edit.putEntries('/a/b', [])
  })
  for (const opened of [volume, await world.reopen()]) {
    assert.deepEqual(await names(opened, '/'), ['a', 'd'])
    assert.deepEqual(await names(opened, '/a/b'), ['c'])
  }
})

test('a volume without a version is empty, and its first edit makes version 1', async () => {
  const world = new TreeWorld()
  const volume = await world.create({})
  assert.equal(volume.current().sequence, 1)
  const other = new TreeWorld()
  const { openVolume } = await import('./volume.ts')
  const fresh = await openVolume({ ...other.options, store: other.store, head: null })
  assert.equal(fresh.current().sequence, 0)
  assert.deepEqual(await names(fresh, '/'), [])
  await assert.rejects(fresh.at(1), { code: 'VERSION_NOT_FOUND' })
  await fresh.edit((edit) => edit.makeDirectory('/a'))
  assert.equal(fresh.current().sequence, 1)
})

test('lists a page at a time', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  const entries = Array.from({ length: 1000 }, (_, i) => ({ name: `n${String(i).padStart(4, '0')}`, entry: symlink('x') }))
  await volume.edit((edit) => edit.putEntries('/', entries))
  const found: string[] = []
  for (let after: string | undefined, more = true; more; ) {
    const page = await volume.current().list('/', { after, limit: 300 })
    found.push(...page.entries.map(({ name }) => name))
    more = page.more
    after = found.at(-1)
  }
  assert.deepEqual(
    found,
    entries.map(({ name }) => name),
  )
  assert.deepEqual(
    await volume
      .current()
      .list('/', { limit: 1000 })
      .then(({ more }) => more),
    false,
  )
  assert.deepEqual(await volume.current().list('/', { limit: 0 }), { entries: [], more: true })
})

test('says what is wrong with a path', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  await world.put(volume, '/file', 'x')
  await volume.edit((edit) => edit.putEntries('/', [{ name: 'link', entry: symlink('file') }]))
  const now = volume.current()
  await assert.rejects(now.stat('/file/below'), { code: 'NOT_A_DIRECTORY' })
  await assert.rejects(now.stat('/link/below'), { code: 'NOT_A_DIRECTORY' })
  await assert.rejects(now.stat('/../etc'), { code: 'NAME_INVALID' })
  await assert.rejects(now.stat('file'), { code: 'PATH_INVALID' })
  await assert.rejects(now.list('/file'), { code: 'NOT_A_DIRECTORY' })
  await assert.rejects(now.list('/nothing'), { code: 'NOT_FOUND' })
  await assert.rejects(now.openFile('/nothing'), { code: 'NOT_FOUND' })
  await assert.rejects(now.openFile('/'), { code: 'IS_A_DIRECTORY' })
  await assert.rejects(now.openFile('/link'), { code: 'INPUT_INVALID' })
  await volume.edit(async (edit) => {
    await assert.rejects(edit.putEntries('/', [{ name: '../x', entry: symlink('y') }]), { code: 'NAME_INVALID' })
    await assert.rejects(edit.putEntries('/', [{ name: 'x', entry: { ...symlink('y'), m: -1 } }]), { code: 'INPUT_INVALID' })
    const twice = { name: 'x', entry: symlink('y') }
    await assert.rejects(edit.putEntries('/', [twice, twice]), { code: 'INPUT_INVALID' })
    await assert.rejects(edit.putEntries('/nothing', [twice]), { code: 'NOT_FOUND' })
    await assert.rejects(edit.putEntries('/file', [twice]), { code: 'NOT_A_DIRECTORY' })
    await assert.rejects(edit.makeDirectory('/no/parent'), { code: 'NOT_FOUND' })
    await assert.rejects(edit.write('/', 0, new Uint8Array(1)), { code: 'IS_A_DIRECTORY' })
    await assert.rejects(edit.write('/file', -1, new Uint8Array(1)), { code: 'INPUT_INVALID' })
    await assert.rejects(edit.truncate('/file', Number.MAX_VALUE), { code: 'INPUT_INVALID' })
    await assert.rejects(edit.setAttributes('/link', { cl: 'photos' }), { code: 'INPUT_INVALID' })
  })
  assert.equal(volume.current().sequence, 3, 'an edit that changed nothing makes no version')
})

test('an edit that throws leaves nothing, one that succeeds leaves all', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  const failing = volume.edit(async (edit) => {
    await edit.makeDirectory('/a')
    await edit.putEntries('/a', [{ name: 'x', entry: symlink('y') }])
    assert.equal((await edit.list('/a')).entries.length, 1, 'an edit sees its own changes')
    throw new RangeError('no')
  })
  await assert.rejects(failing, RangeError)
  assert.deepEqual(await names(volume, '/'), [])
  const result = await volume.edit(async (edit) => {
    await edit.makeDirectory('/a')
    await edit.makeDirectory('/b')
    return 7
  })
  assert.equal(result, 7)
  assert.deepEqual(await names(volume, '/'), ['a', 'b'])
  assert.equal(world.store.openSessions, 0)
})

test('a step of an edit is done whole or not at all, so that the edit can go on after it', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  await volume.edit((edit) => edit.makeDirectory('/to'))
  await world.put(volume, '/file', 'x')
  const large = Array.from({ length: 2040 }, (_, i) => ({ name: `n${i}`, entry: symlink('x'.repeat(4080)) }))
  const events = await recordEvents(volume)
  await volume.edit(async (edit) => {
    await edit.putEntries('/to', large)
    world.store.failAt(1)
    // Some step must move all this into the store, and cannot.
    for (let tries = 0, failed = false; !failed; tries++) {
      assert.ok(tries < 5000)
      await edit.move('/file', '/to/file').catch(() => {
        failed = true
      })
      if (failed) assert.ok((await edit.stat('/file')) && (await edit.stat('/to/file')) === null)
      else await edit.move('/to/file', '/file')
    }
    world.store.heal()
  })
  assert.equal((await volume.current().stat('/file'))?.t, 'f')
  assert.ok(events[0]?.changes.every(({ path }) => path !== '/to/file'))
})

test('steps started at once are all done, one after the other; a late one is refused', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  let late = () => Promise.resolve()
  await volume.edit(async (edit) => {
    await Promise.all(Array.from({ length: 50 }, (_, i) => edit.makeDirectory(`/a/b/n${i % 25}`, { parents: true })))
    late = () => edit.makeDirectory('/late')
  })
  assert.equal((await names(volume, '/a/b')).length, 25)
  await assert.rejects(late(), { code: 'INPUT_INVALID' })
})

test('a snapshot stays as it is while the volume goes on', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  await world.put(volume, '/a', 'one')
  const before = volume.current()
  await world.put(volume, '/a', 'two')
  await volume.edit((edit) => edit.remove('/a'))
  assert.equal(await (await before.openFile('/a')).text(), 'one')
  assert.equal(await (await (await volume.at(3)).openFile('/a')).text(), 'two')
})

test('a directory put over one keeps its contents, and takes mode, time and attributes', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  await volume.edit((edit) => edit.makeDirectory('/a'))
  await world.put(volume, '/a/file', 'x')
  await volume.edit((edit) => edit.setAttributes('/a', { cl: 'photos', x: { k: Uint8Array.of(1) } }))
  const fresh: DirectoryEntry = { t: 'd', m: 0o700, mt: [9, 9], k: [world.crypto.randomBytes(32)], r: null }
  await volume.edit((edit) => edit.putEntries('/', [{ name: 'a', entry: fresh }]))
  const entry = (await volume.current().stat('/a')) as DirectoryEntry
  assert.deepEqual([entry.m, entry.mt, entry.cl, entry.x], [0o700, [9, 9], 'photos', { k: Uint8Array.of(1) }])
  assert.deepEqual(await names(volume, '/a'), ['file'])
})

test('redundancy classes hold for what is below, and say where blocks go', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  await volume.edit((edit) => edit.makeDirectory('/photos/2026', { parents: true }))
  await volume.edit((edit) => edit.setAttributes('/photos', { cl: 'precious' }))
  const now = volume.current()
  assert.equal(await now.redundancyClass('/'), 'standard')
  assert.equal(await now.redundancyClass('/photos/2026/not there yet'), 'precious')
  await world.put(volume, '/photos/2026/a', 'x')
  const before = new Set(world.store.classes.keys())
  await volume.edit((edit) => edit.write('/photos/2026/a', 0, Uint8Array.of(7)))
  const written = [...world.store.classes].filter(([cid]) => !before.has(cid)).map(([, name]) => name)
  assert.deepEqual(written.sort(), ['names', 'names', 'names', 'names', 'names', 'precious'], 'top, two directories, root, history; chunk')
  await volume.edit((edit) => edit.setAttributes('/photos', { cl: null }))
  assert.equal(await volume.current().redundancyClass('/photos'), 'standard')
})

test('moves across directories, in one version', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  await volume.edit((edit) => edit.makeDirectory('/from/deep', { parents: true }))
  await volume.edit((edit) => edit.makeDirectory('/to'))
  await world.put(volume, '/from/deep/file', 'x')
  world.nowMs += 5000
  await volume.edit((edit) => edit.move('/from/deep', '/to/there'))
  assert.deepEqual(await names(volume, '/from'), [])
  assert.equal(await (await volume.current().openFile('/to/there/file')).text(), 'x')
  const parents = await Promise.all(['/from', '/to', '/'].map((path) => volume.current().stat(path)))
  assert.deepEqual(
    parents.map((entry) => entry?.mt[0]),
    [world.nowMs / 1000, world.nowMs / 1000, world.nowMs / 1000 - 5],
  )
})

async function recordEvents(volume: Volume): Promise<CommitEvent[]> {
  const events: CommitEvent[] = []
  volume.watch((event) => events.push(event))
  return events
}

test('watchers hear after the commit what changed', async () => {
  const world = new TreeWorld()
  const told: number[] = []
  const volume = await world.create({ onEvent: ({ sequence }) => told.push(sequence) })
  const events = await recordEvents(volume)
  let atCommit: Change[] | null = null
  const stop = volume.watch(({ changes }) => {
    atCommit = [...changes]
    assert.equal(world.store.commitCount, 2, 'durable already')
    throw new Error("a watcher's fault is its own")
  })
  await volume.edit(async (edit) => {
    await edit.makeDirectory('/a/b', { parents: true })
    await edit.putEntries('/a', [{ name: 'x', entry: symlink('y') }])
    await edit.makeDirectory('/gone')
    await edit.remove('/gone')
  })
  assert.deepEqual(atCommit, [
    { path: '/a', kind: 'created' },
    { path: '/a/b', kind: 'created' },
    { path: '/a/x', kind: 'created' },
  ])
  stop()
  await volume.edit((edit) => edit.move('/a/x', '/z'))
  await volume.edit((edit) => edit.setAttributes('/z', { m: 0o600 }))
  await volume.edit((edit) => edit.remove('/a', { recursive: true }))
  assert.deepEqual(events.slice(1), [
    {
      sequence: 3,
      changes: [
        { path: '/a/x', kind: 'removed' },
        { path: '/z', kind: 'created' },
      ],
    },
    { sequence: 4, changes: [{ path: '/z', kind: 'changed' }] },
    { sequence: 5, changes: [{ path: '/a', kind: 'removed' }] },
  ])
  assert.deepEqual(told, [1, 2, 3, 4, 5])
})

test('a hundred thousand changes are told as changes of their directories', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  const events = await recordEvents(volume)
  const entries = Array.from({ length: 20_000 }, (_, i) => ({ name: `n${i}`, entry: symlink('x') }))
  await volume.edit(async (edit) => {
    await edit.makeDirectory('/big')
    await edit.putEntries('/big', entries)
  })
  const changes = events[0]?.changes ?? []
  assert.ok(changes.length < 15_000)
  assert.ok(changes.some(({ path }) => path === '/big'))
})

test('tells in which versions a path changed', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  await volume.edit((edit) => edit.makeDirectory('/a'))
  await world.put(volume, '/a/f', 'one')
  await world.put(volume, '/other', 'x')
  await world.put(volume, '/a/f', 'two')
  await volume.edit((edit) => edit.remove('/a/f'))
  await world.put(volume, '/other', 'y')
  const found = await pathVersions(volume, '/a/f')
  assert.deepEqual(
    found.map(({ sequence, entry }) => [sequence, entry === null ? null : (entry as FileEntry).z]),
    [
      [6, null],
      [5, 3],
      [3, 3],
    ],
  )
  assert.deepEqual(
    (await pathVersions(volume, '/a/f', { limit: 2 })).map(({ sequence }) => sequence),
    [6, 5],
  )
  assert.deepEqual(
    (await pathVersions(volume, '/a')).map(({ sequence }) => sequence),
    [6, 5, 3, 2],
  )
  assert.deepEqual(await pathVersions(volume, '/never'), [])
})

test('an older version of a path can be put back', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  await volume.edit((edit) => edit.makeDirectory('/a'))
  await world.put(volume, '/a/f', 'one')
  await volume.edit((edit) => edit.remove('/a', { recursive: true }))
  const old = await (await volume.at(3)).stat('/a')
  assert.ok(old !== null)
  await volume.edit((edit) => edit.putEntries('/', [{ name: 'again', entry: old }]))
  assert.equal(await (await volume.current().openFile('/again/f')).text(), 'one')
})

test('refuses heads of others, of other volumes, and the wrong keys', async () => {
  const world = new TreeWorld()
  await (await world.create()).close()
  const stranger = new TreeWorld()
  await (await stranger.create()).close()
  const [head = new Uint8Array()] = world.store.heads()
  const [foreign = new Uint8Array()] = stranger.store.heads()
  await assert.rejects(world.reopen({ head: foreign }), { code: 'MALFORMED' })
  await assert.rejects(world.reopen({ head: head.map((byte, i) => (i === 40 ? byte ^ 1 : byte)) }), {
    code: 'SIGNATURE_INVALID',
  })
  await assert.rejects(world.reopen({ keys: [world.crypto.randomBytes(32)] }), { code: 'DECRYPTION_FAILED' })
})

test('a closed volume takes no more edits, and finished those it had', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  const edit = volume.edit((edit) => edit.makeDirectory('/a'))
  await volume.close()
  await edit
  await assert.rejects(
    volume.edit((edit) => edit.makeDirectory('/b')),
    { code: 'NODE_STOPPING' },
  )
  assert.deepEqual(await names(await world.reopen(), '/'), ['a'])
})
