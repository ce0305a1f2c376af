import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { bodyOf, caller, NodeWorld, textOf } from './node-world.ts'

const signal = new AbortController().signal

test('a new node answers its status and nothing that needs a tree', async (t) => {
  const node = await new NodeWorld(t).start()
  const call = caller(node.control)
  const status = await call('node.status', {})
  assert.equal(status.state, 'new')
  assert.equal(status.principal, null)
  await assert.rejects(call('files.list', { path: '/' }), { code: 'NOT_INITIALIZED' })
  await assert.rejects(call('key.words', {}), { code: 'NOT_INITIALIZED' })
})

test('init makes a root key that only its owner can read, once', async (t) => {
  const world = new NodeWorld(t)
  const call = caller((await world.start()).control)
  const { words, principal } = await call('node.init', {})
  assert.equal(words.split(' ').length, 24)
  assert.match(principal, /^12D3KooW/)
  assert.equal((await call('key.words', {})).words, words)
  for (const name of readdirSync(world.path('data/keys'))) assert.equal(statSync(world.path(`data/keys/${name}`)).mode & 0o077, 0)
  await assert.rejects(call('node.init', {}), { code: 'ALREADY_INITIALIZED' })
})

test('of two inits at once one is refused', async (t) => {
  const call = caller((await new NodeWorld(t).start()).control)
  const outcomes = await Promise.allSettled([call('node.init', {}), call('node.init', {})])
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
})

test('an init that fails leaves a new node', async (t) => {
  const world = new NodeWorld(t)
  const call = caller((await world.start()).control)
  mkdirSync(world.path('foreign'))
  writeFileSync(world.path('foreign/somebodys'), 'x')
  await assert.rejects(call('node.init', { drives: [world.path('foreign')] }), { code: 'DRIVE_FOREIGN' })
  await assert.rejects(call('node.init', { drives: ['relative'] }), { code: 'INPUT_INVALID' })
  await assert.rejects(call('node.init', { words: 'not words' }), { code: 'WORDS_INVALID' })
  assert.equal((await call('node.status', {})).state, 'new')
  await call('node.init', {})
  assert.equal((await call('node.status', {})).state, 'ready')
})

test('what was written is there after a restart', async (t) => {
  const world = new NodeWorld(t)
  const first = await world.start()
  await caller(first.control)('node.init', {})
  const entry = await first.files.write('/note.txt', bodyOf('one ', 'two'), { signal, modified: 1_600_000_000.25 })
  assert.deepEqual([entry.sizeBytes, entry.modified], [7, 1_600_000_000.25])

  const second = await world.start()
  const { entry: again, body } = await second.files.read('/note.txt')
  assert.equal(await textOf(body), 'one two')
  assert.equal(again.modified, 1_600_000_000.25)
  assert.equal(await textOf((await second.files.read('/note.txt', { offset: 4, lengthBytes: 100 })).body), 'two')
})

test('a write that breaks off leaves nothing, and does not replace unasked', async (t) => {
  const { control, files } = await new NodeWorld(t).start()
  await caller(control)('node.init', {})
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(10)
    throw new Error('the line is dead')
  }
  await assert.rejects(files.write('/a', broken(), { signal }))
  await assert.rejects(files.read('/a'), { code: 'NOT_FOUND' })
  await files.write('/a', bodyOf('old'), { signal })
  await assert.rejects(files.write('/a', bodyOf('new'), { signal }), { code: 'ALREADY_EXISTS' })
  await assert.rejects(files.write('/no/such/a', bodyOf('new'), { signal }), { code: 'NOT_FOUND' })
  await files.write('/a', bodyOf('new'), { signal, replace: true })
  assert.equal(await textOf((await files.read('/a')).body), 'new')
})

test('streams over control carry bytes in order, and discard leaves nothing', async (t) => {
  const { control } = await new NodeWorld(t).start()
  const call = caller(control)
  await call('node.init', {})
  const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251))
  const { stream } = await call('files.openWrite', { path: '/big' })
  for (let at = 0; at < content.length; at += 65_536) {
    await call('stream.write', { stream, base64: content.subarray(at, at + 65_536).toString('base64') })
  }
  await call('stream.close', { stream })

  const read = await call('files.openRead', { path: '/big', offset: 10 })
  assert.equal(read.sizeBytes, content.length)
  const parts: Buffer[] = []
  for (;;) {
    const { base64, end } = await call('stream.read', { stream: read.stream, maxBytes: 100_000 })
    if (end) break
    parts.push(Buffer.from(base64, 'base64'))
  }
  await call('stream.close', { stream: read.stream })
  assert.ok(Buffer.concat(parts).equals(content.subarray(10)))

  const other = await call('files.openWrite', { path: '/gone' })
  await call('stream.write', { stream: other.stream, base64: 'AAAA' })
  await assert.rejects(call('stream.write', { stream: other.stream, base64: '*' }), { code: 'INPUT_INVALID' })
  await call('stream.close', { stream: other.stream, discard: true })
  await assert.rejects(call('files.stat', { path: '/gone' }), { code: 'NOT_FOUND' })
  await assert.rejects(call('stream.read', { stream: other.stream, maxBytes: 1 }), { code: 'NOT_FOUND' })
})

test('an older version can be read, and made the newest again', async (t) => {
  const { control, files } = await new NodeWorld(t).start()
  const call = caller(control)
  await call('node.init', {})
  await files.write('/a', bodyOf('first'), { signal })
  const { sequence } = await call('node.status', {})
  await files.write('/a', bodyOf('second'), { signal, replace: true })
  await call('files.remove', { paths: ['/a'] })

  const { versions } = await call('files.versions', { path: '/a' })
  assert.deepEqual(
    versions.map(({ entry }) => entry?.sizeBytes ?? null),
    [null, 6, 5],
  )
  assert.equal(await textOf((await files.read('/a', { at: sequence })).body), 'first')
  await call('files.restore', { path: '/a', at: sequence })
  assert.equal(await textOf((await files.read('/a')).body), 'first')
  await assert.rejects(call('files.stat', { path: '/a', at: 999 }), { code: 'VERSION_NOT_FOUND' })
  await assert.rejects(call('files.stat', { path: '/a', at: 'yesterday-ish' }), { code: 'INPUT_INVALID' })
})

test('with the data folder gone, words and drives bring everything back', async (t) => {
  const world = new NodeWorld(t)
  const drives = ['d1', 'd2', 'd3', 'd4'].map((name) => world.path(name))
  const first = await world.start()
  const { words, principal } = await caller(first.control)('node.init', { drives })
  await first.files.write('/kept', bodyOf('through the fire'), { signal })
  await caller(first.control)('store.settle', {})
  await world.stop()
  rmSync(world.path('data'), { recursive: true })
  rmSync(drives[0] as string, { recursive: true })
  rmSync(drives[2] as string, { recursive: true })

  const second = await world.start()
  const call = caller(second.control)
  const left = [drives[1] as string, drives[3] as string]
  const otherWords = words.split(' ').reverse().join(' ')
  await assert.rejects(call('node.recover', { words: otherWords, drives: left }), { code: 'WORDS_INVALID' })
  const recovered = await call('node.recover', { words, drives: left })
  assert.equal(recovered.principal, principal)
  assert.equal(await textOf((await second.files.read('/kept')).body), 'through the fire')
  assert.equal((await call('node.status', {})).state, 'ready')
})

test('recovery with drives that hold nothing of this key says so, and the node stays new', async (t) => {
  const world = new NodeWorld(t)
  const { control } = await world.start()
  mkdirSync(world.path('empty'))
  const words = `${'abandon '.repeat(23)}art`
  await assert.rejects(caller(control)('node.recover', { words, drives: [world.path('empty')] }), { code: 'NOT_FOUND' })
  assert.equal((await caller(control)('node.status', {})).state, 'new')
})

test('recovery needs drives or a friend; where no other node can be reached the node stays new, and drives still do', async (t) => {
  const world = new NodeWorld(t)
  const drive = world.path('drive')
  const before = caller((await world.start('before')).control)
  const { words } = await before('node.init', { drives: [drive] })
  await before('store.settle', {})
  await world.stop()
  const { control } = await world.start()
  const call = caller(control)
  await assert.rejects(call('node.recover', { words }), { code: 'INPUT_INVALID' })
  const friends = ['/ip4/127.0.0.1/tcp/1/p2p/12D3KooWStKUQ7m1DjDyyAT5zfVg3EsnyE5NhNESjU3Jg3erycdA']
  await assert.rejects(call('node.recover', { words, friends, drives: [world.path('new')] }), { code: 'PEER_UNREACHABLE' })
  assert.equal((await call('node.status', {})).state, 'new')
  assert.equal((await call('node.recover', { words, drives: [drive] })).lostPacks, 0)
})

test('local folders go in and come out as they were; what is there already is passed over', async (t) => {
  const world = new NodeWorld(t)
  const call = caller((await world.start()).control)
  await call('node.init', {})
  const source = world.path('source')
  mkdirSync(join(source, 'deep/er'), { recursive: true })
  mkdirSync(join(source, 'empty'))
  writeFileSync(join(source, 'deep/er/file'), 'x'.repeat(3_000_000))
  writeFileSync(join(source, 'small'), '')
  const first = await call('files.importLocal', { locals: [source], path: '/in', place: 'as' })
  assert.deepEqual([first.files, first.directories, first.unchanged, first.skipped], [2, 4, 0, []])
  const again = await call('files.importLocal', { locals: [source], path: '/in', place: 'as' })
  assert.deepEqual([again.files, again.unchanged], [0, 2])
  await call('files.exportLocal', { path: '/in', local: world.path('out') })
  assert.deepEqual(readFileSync(world.path('out/deep/er/file')), readFileSync(join(source, 'deep/er/file')))
  assert.deepEqual(readdirSync(world.path('out')).sort(), ['deep', 'empty', 'small'])
  await assert.rejects(call('files.importLocal', { locals: [world.path('nowhere')], path: '/x', place: 'as' }), { code: 'NOT_FOUND' })
})

test('a store that cannot be opened is told in the status', async (t) => {
  const world = new NodeWorld(t)
  await caller((await world.start()).control)('node.init', {})
  await world.stop()
  for (const name of ['settings', 'settings.copy']) writeFileSync(world.path(`data/${name}`), 'nonsense')
  const call = caller((await world.start()).control)
  assert.equal((await call('node.status', {})).state, 'failed')
  await assert.rejects(call('files.list', { path: '/' }), { code: 'MALFORMED' })
  await assert.rejects(call('node.init', {}), { code: 'ALREADY_INITIALIZED' })
})

test('with damaged settings or a damaged key the words bring the node back as it was', async (t) => {
  const world = new NodeWorld(t)
  const drive = world.path('drive')
  mkdirSync(drive)
  const first = await world.start()
  const { words } = await caller(first.control)('node.init', { drives: [drive] })
  await first.files.write('/kept', bodyOf('kept'), { signal })
  await caller(first.control)('retention.set', { keepAllHours: 1, hourlyDays: 2, dailyDays: 3 })
  for (const [damaged, dailyDays] of [
    ['keys/root-key', 3],
    ['keys/unlock-key', 3],
    ['settings', 365],
  ] as const) {
    await world.stop()
    for (const name of [damaged, `${damaged}.copy`]) writeFileSync(world.path(`data/${name}`), 'nonsense')
    const { control, files } = await world.start()
    const call = caller(control)
    assert.equal((await call('node.status', {})).state, 'failed')
    await assert.rejects(call('node.recover', { words: `${'abandon '.repeat(23)}art`, drives: [drive] }))
    assert.equal((await call('node.status', {})).state, 'failed')
    await call('node.recover', { words, drives: [drive] })
    assert.equal(await textOf((await files.read('/kept', { signal })).body), 'kept')
    assert.equal((await call('drives.list', {})).drives.length, 1)
    assert.equal((await call('retention.get', {})).dailyDays, dailyDays)
  }
})

test('waiting for events ends with the event', async (t) => {
  const { control, files } = await new NodeWorld(t).start()
  const call = caller(control)
  await call('node.init', {})
  const waiting = call('events.next', { after: 0, waitMs: 30_000 })
  await files.write('/seen', bodyOf('x'), { signal })
  const { events, last } = await waiting
  assert.ok(events.some(({ kind, path }) => kind === 'changed' && path === '/seen'))
  assert.deepEqual((await call('events.next', { after: last, waitMs: 0 })).events, [])
})

test('doctor finds a lost drive, and with a new one makes everything whole again', async (t) => {
  const world = new NodeWorld(t)
  const drives = ['d1', 'd2', 'd3'].map((name) => world.path(name))
  const { control, files } = await world.start()
  const call = caller(control)
  await call('node.init', { drives })
  await files.write('/photo', bodyOf(randomBytes(200_000)), { signal })
  // a pack that is full is spread; a small one is sealed by the restart below
  await world.stop()
  const again = await world.start()
  const callAgain = caller(again.control)
  await callAgain('store.settle', {})
  assert.equal((await callAgain('doctor.run', {})).healthy, true)

  rmSync(drives[1] as string, { recursive: true })
  const found = await callAgain('doctor.run', {})
  assert.ok(found.problems.some(({ what }) => what === 'drive-missing'))
  assert.equal(found.healthy, false)

  await callAgain('drives.add', { folder: world.path('d4') })
  await callAgain('drives.remove', { folder: drives[1] as string, force: true })
  await callAgain('doctor.run', { repair: true })
  assert.equal((await callAgain('doctor.run', {})).healthy, true)
  assert.deepEqual(
    (await callAgain('drives.list', {})).drives.map(({ state }) => state),
    ['ok', 'ok', 'ok'],
  )
})

test('collect frees what no version needs and keeps the rest', async (t) => {
  const { control, files } = await new NodeWorld(t).start()
  const call = caller(control)
  await call('node.init', {})
  await files.write('/kept', bodyOf(randomBytes(100_000)), { signal })
  await files.write('/gone', bodyOf(randomBytes(100_000)), { signal })
  await call('files.remove', { paths: ['/gone'] })
  await call('retention.set', { keepAllHours: 0, hourlyDays: 0, dailyDays: 0 })
  await call('store.collect', {})
  assert.deepEqual(
    (await call('files.list', { path: '/' })).entries.map(({ name }) => name),
    ['kept'],
  )
  assert.equal((await call('doctor.run', {})).healthy, true)
})

test('a node that stops cancels what is under way before it closes its store; what was whole is kept', async (t) => {
  const world = new NodeWorld(t)
  const node = await world.start()
  const call = caller(node.control)
  await call('node.init', {})
  mkdirSync(world.path('source'))
  for (let i = 0; i < 20; i++) writeFileSync(world.path(`source/${i}.bin`), randomBytes(4 << 20))
  let hasBegun = (): void => {}
  const begun = new Promise<void>((resolve) => {
    hasBegun = resolve
  })
  const importing = node.control.call(
    'files.importLocal',
    { locals: [world.path('source')], path: '/kept', place: 'as' },
    { onProgress: () => hasBegun() },
  )
  const waiting = node.control.call('events.next', { after: 1e9, waitMs: 60_000 })
  const outcomes = Promise.allSettled([importing, waiting])
  await begun
  await node.close()
  const [imported] = await outcomes
  if (imported?.status === 'rejected') assert.equal(imported.reason.code, 'NODE_STOPPING')
  await assert.rejects(call('files.list', { path: '/' }), { code: 'NODE_STOPPING' })

  const again = caller((await world.start()).control)
  const report = await again('files.importLocal', { locals: [world.path('source')], path: '/kept', place: 'as' })
  assert.equal(report.files + report.unchanged, 20)
  assert.equal((await again('doctor.run', {})).problems.length, 0)
})

test('a node that cannot open its tree because a drive is away tries again each minute, and has it when the drive is there', async (t) => {
  const world = new NodeWorld(t)
  const node = await world.start()
  const call = caller(node.control)
  await call('node.init', { drives: [world.path('drive')] })
  await node.files.write('/kept', bodyOf('x'), { signal })
  await call('store.settle', {})
  await world.stop()
  for (const name of ['packs', 'index']) rmSync(world.path(`data/${name}`), { recursive: true })
  renameSync(world.path('drive'), world.path('away'))
  const minutes: (() => void)[] = []
  const after = (delayMs: number, action: () => void): (() => void) => {
    if (delayMs === 60_000) minutes.push(action)
    return () => {}
  }
  const again = caller((await world.start('data', { more: { clock: { nowMs: () => Date.now(), after } } })).control)
  assert.equal((await again('node.status', {})).state, 'failed')
  renameSync(world.path('away'), world.path('drive'))
  assert.equal((await again('node.status', {})).state, 'failed')
  for (const action of minutes) action()
  for (let looks = 0; looks < 600 && (await again('node.status', {})).state === 'failed'; looks++)
    await new Promise((resolve) => setTimeout(resolve, 50))
  assert.deepEqual(
    (await again('files.list', { path: '/' })).entries.map(({ name }) => name),
    ['kept'],
  )
})
