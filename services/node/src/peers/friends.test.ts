import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { startLanHost } from '@holt/platform-nodejs/network/lan-host.ts'
import { openNodejsPlatform } from '@holt/platform-nodejs/open-platform.ts'
import { createNode } from '../node.ts'
import { bodyOf, caller } from '../node-world.ts'

/** More than a pack, so that one is sealed and spread. */
const FILE_BYTES = 66 << 20
const LIMIT_MS = 120_000

/** A node with libp2p over loopback only. */
async function startNode(t: TestContext, folder: string, name: string) {
  const platform = await openNodejsPlatform({ dataFolder: join(folder, name), log: () => {}, workers: 1 })
  const node = await createNode({ ...platform, startHost: (options) => startLanHost({ ...options, port: 0, interfaces: ['lo'] }) })
  t.after(async () => {
    await node.close()
    await platform.close()
  })
  const call = caller(node.control)
  await call('node.init', { drives: [join(folder, `${name}-drive`)] })
  await until('a node among others', async () => (await call('peers.list', {})).running || null)
  return { node, call }
}

async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  for (const endMs = Date.now() + LIMIT_MS; Date.now() < endMs; ) {
    const found = await look()
    if (found !== null) return found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${what} did not come`)
}

async function digestOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of body) hash.update(bytes)
  return hash.digest('hex')
}

test('what a drive has lost is read from a friend, and comes back to it; nothing is given before the owner says so', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'holt-friends-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const anna = await startNode(t, folder, 'anna')
  const ben = await startNode(t, folder, 'ben')
  const { code } = await anna.call('peers.showCode', { relation: 'friend', name: 'Anna' })
  const at = (await anna.call('peers.list', {})).addresses
  const { relation } = await ben.call('peers.pair', { code, relation: 'friend', name: 'Ben', at })
  const id = relation?.id as string
  assert.equal(relation?.share?.give, false)

  const bytes = randomBytes(FILE_BYTES)
  const { signal } = new AbortController()
  await anna.node.files.write('/film', bodyOf(bytes), { signal })
  await anna.call('store.settle', {})
  const pack = (await anna.call('packs.list', {})).packs.find(({ state }) => state === 'spread')
  assert.ok(pack)
  assert.deepEqual((await anna.call('packs.show', { id: pack.id })).friends, [])

  await until('the fragment at the friend', async () => {
    await anna.call('peers.share', { id, give: true, mostBytes: null })
    const { friends = [] } = await anna.call('packs.show', { id: pack.id })
    return friends.some(({ state }) => state === 'good') || null
  })
  const [mine, theirs] = await Promise.all([anna, ben].map(async ({ call }) => (await call('peers.list', {})).peers[0]?.relation?.share))
  assert.ok(mine && theirs && mine.givenBytes >= pack.sizeBytes)
  assert.equal(mine.givenBytes, theirs.heldBytes)
  assert.deepEqual([theirs.give, theirs.givenBytes], [false, 0])

  const fragments = join(folder, 'anna-drive', 'fragments', pack.id.slice(0, 2))
  for (const name of readdirSync(fragments)) rmSync(join(fragments, name))
  const read = async () => digestOf((await anna.node.files.read('/film', { signal })).body)
  assert.equal(await read(), createHash('sha256').update(bytes).digest('hex'))
  await until('the pack on the drive again', async () => {
    const { fragments } = await anna.call('packs.show', { id: pack.id })
    return fragments.every(({ state }) => state === 'good') && fragments.length > 0 ? fragments : null
  })
  await anna.call('peers.set', { on: false })
  assert.equal(await read(), createHash('sha256').update(bytes).digest('hex'), 'without the friend, too')

  await assert.rejects(ben.call('peers.share', { id: 'ab'.repeat(16), give: true, mostBytes: null }), { code: 'NOT_FOUND' })
  await ben.call('peers.share', { id, give: false, mostBytes: 0 })
  assert.equal((await ben.call('peers.list', {})).peers[0]?.relation?.share?.heldBytes, mine.givenBytes, 'what was agreed on stays')
})
