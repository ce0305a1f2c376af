import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { test } from 'node:test'
import { bodyOf, caller, NodeWorld } from './node-world.ts'

const { signal } = new AbortController()

test('a path is followed down to fragments on drives, and each pack up again to its paths', async (t) => {
  const world = new NodeWorld(t)
  const node = await world.start()
  const call = caller(node.control)
  const folders = ['a', 'b', 'c'].map((name) => world.path(`drive-${name}`))
  await call('node.init', { drives: folders })
  await call('files.mkdir', { path: '/photos/summer', parents: true })
  const bytes = new Uint8Array(3_500_000).map((_, i) => (i * 31) & 255)
  await node.files.write('/photos/summer/lake.jpg', bodyOf(bytes), { signal })
  await node.files.write('/letter.txt', bodyOf('dear reader'), { signal })
  await node.files.write('/empty', bodyOf(), { signal })

  const followed = await call('tree.follow', { path: '/photos/summer/lake.jpg' })
  assert.deepEqual(
    followed.steps.map(({ path, type }) => `${type} ${path}`),
    ['directory /', 'directory /photos', 'directory /photos/summer', 'file /photos/summer/lake.jpg'],
  )
  assert.equal(followed.redundancyClass, 'standard')
  assert.equal(
    followed.chunks.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0),
    bytes.length,
  )
  const packs = new Map((await call('packs.list', {})).packs.map((pack) => [pack.id, pack]))
  for (const { block } of followed.chunks) {
    const pack = packs.get(block?.pack ?? '')
    assert.ok(block && pack && block.offset + block.length <= pack.sizeBytes)
  }

  const first = await call('tree.follow', { path: '/photos/summer/lake.jpg', limit: 2 })
  assert.ok(first.more && first.chunks.length === 2)
  const next = first.chunks.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0)
  const rest = await call('tree.follow', { path: '/photos/summer/lake.jpg', fromByte: next })
  assert.deepEqual([...first.chunks, ...rest.chunks], followed.chunks)
  assert.deepEqual((await call('tree.follow', { path: '/empty' })).chunks, [])
  await assert.rejects(call('tree.follow', { path: '/nobody' }), { code: 'NOT_FOUND' })

  const id = followed.chunks[0]?.block?.pack as string
  const paths: string[] = []
  let after: string | undefined
  do {
    const part = await call('packs.paths', { id, after, limit: 1 })
    paths.push(...part.paths)
    after = part.after ?? undefined
  } while (after !== undefined)
  assert.ok(paths.includes('/photos/summer/lake.jpg') && paths.includes('/letter.txt') && !paths.includes('/empty'))
  assert.equal(new Set(paths).size, paths.length)
  assert.deepEqual((await call('packs.paths', { id, limit: 1000 })).paths, paths)
  await assert.rejects(call('packs.paths', { id: '0'.repeat(32) }), { code: 'NOT_FOUND' })
})

test('a pack that is spread names the drive of each fragment, also of one that is gone', async (t) => {
  const world = new NodeWorld(t)
  const node = await world.start()
  const call = caller(node.control)
  await call('node.init', { drives: ['a', 'b', 'c'].map((name) => world.path(`drive-${name}`)) })
  const bytes = new Uint8Array(9_000_000).map((_, i) => (i * 7) & 255)
  for (let i = 0; i < 8; i++) await node.files.write(`/film-${i}`, bodyOf(bytes), { signal })
  await call('store.settle', { signal })
  const spread = (await call('packs.list', {})).packs.filter(({ state }) => state === 'spread')
  assert.ok(spread.length > 0)
  const drives = new Set((await call('drives.list', {})).drives.map(({ id }) => id))
  for (const { fragments, totalFragments, dataFragments } of spread) {
    assert.equal(fragments.length, totalFragments)
    assert.ok(dataFragments > 0 && dataFragments < totalFragments)
    assert.deepEqual(new Set(fragments.map(({ drive }) => drive)).size, totalFragments)
    for (const { drive, state } of fragments) assert.ok(drives.has(drive) && state === 'good')
  }
  const gone = (await call('drives.list', {})).drives[0]
  rmSync(world.path('drive-a'), { recursive: true })
  await call('drives.list', {})
  const [pack] = spread
  const { fragments } = await call('packs.show', { id: pack?.id ?? '' })
  assert.deepEqual(
    fragments.filter(({ state }) => state === 'missing').map(({ drive }) => drive),
    [gone?.id],
  )
  const listed = [] as string[]
  for (let after: string | undefined; ; ) {
    const page = await call('packs.list', { after, limit: 1 })
    listed.push(...page.packs.map(({ id }) => id))
    assert.equal(page.total >= listed.length, true)
    if (!page.more) break
    after = listed.at(-1)
  }
  assert.deepEqual(listed, [...listed].sort())
  assert.equal(new Set(listed).size, listed.length)
})
