import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import type { ShareInfo } from '@holt/control/shares.ts'
import { type Cid, cidOf, cidToText } from '@holt/core/cid.ts'
import { nodejsCrypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { openShare, shareKeys } from '@holt/tree/caps/share-link.ts'
import { blocksBelow, readDirectory, readFile } from '@holt/tree/read-tree.ts'
import type { HoltNode } from '../node.ts'
import { bodyOf, caller, NodeWorld } from '../node-world.ts'

const signal = new AbortController().signal
const crypto = nodejsCrypto

/** Somebody who has a link and a node to ask, and nothing else. */
class Visitor {
  readonly asked: string[] = []
  readonly #node: () => HoltNode
  readonly id: string
  readonly #key: Uint8Array

  constructor(node: () => HoltNode, { secret }: ShareInfo) {
    const keys = shareKeys(crypto, new Uint8Array(Buffer.from(secret, 'base64url')))
    this.#node = node
    this.id = Buffer.from(keys.id).toString('hex')
    this.#key = keys.key
  }

  async target() {
    const readcap = await openShare(crypto, this.#key, await this.#node().shared.document(this.id))
    assert.equal(readcap.target.t, 'entry')
    if (readcap.target.t !== 'entry') throw new Error('unreachable')
    return { ...readcap.target, label: readcap.label }
  }

  async folder() {
    const { entry } = await this.target()
    assert.equal(entry.t, 'd')
    if (entry.t !== 'd') throw new Error('unreachable')
    return readDirectory({ store: this.store, crypto }, entry)
  }

  get store(): BlockStore {
    const get = async (cid: Cid): Promise<Uint8Array> => {
      this.asked.push(cidToText(cid))
      const sealed = await this.#node().shared.block(this.id, cidToText(cid))
      assert.deepEqual(cidOf(sealed), cid)
      return sealed
    }
    return { get } as unknown as BlockStore
  }
}

async function sharing(t: TestContext) {
  const world = new NodeWorld(t)
  let node = await world.start()
  const call = caller(node.control)
  await call('node.init', {})
  await call('files.mkdir', { path: '/photos/june', parents: true })
  for (const name of ['photos/june/a.jpg', 'photos/b.jpg', 'diary.txt'])
    await node.files.write(`/${name}`, bodyOf(`the bytes of ${name}`), { signal })
  const restart = async (): Promise<void> => {
    node = await world.start()
  }
  return {
    world,
    node: () => node,
    call: ((name, params) => caller(node.control)(name, params)) as typeof call,
    restart,
    visit: (share: ShareInfo) => new Visitor(() => node, share),
  }
}

test('who has the link reads the folder as it is now, and nothing beside it', async (t) => {
  const { call, visit, node } = await sharing(t)
  const share = await call('shares.create', { path: '/photos' })
  assert.deepEqual([share.label, share.expires, share.expired], ['photos', null, false])
  const visitor = visit(share)
  const folder = await visitor.folder()
  assert.deepEqual(
    (await folder.list('/')).entries.map(({ name }) => name),
    ['b.jpg', 'june'],
  )
  assert.equal(await (await folder.openFile('/june/a.jpg')).text(), 'the bytes of photos/june/a.jpg')
  await node().files.write('/photos/c.jpg', bodyOf('later'), { signal })
  assert.equal(await (await (await visitor.folder()).openFile('/c.jpg')).text(), 'later')
  assert.equal(await (await folder.openFile('/b.jpg')).text(), 'the bytes of photos/b.jpg', 'what was opened before goes on')
})

test('a block that is no part of it is refused, though its name is known', async (t) => {
  const { call, visit, node } = await sharing(t)
  const photos = visit(await call('shares.create', { path: '/photos' }))
  const diary = visit(await call('shares.create', { path: '/diary.txt' }))
  const { entry } = await diary.target()
  assert.ok(entry.t === 'f' && entry.r !== null)
  if (entry.t !== 'f' || entry.r === null) return
  assert.equal(await readFile({ store: diary.store, crypto }, entry).text(), 'the bytes of diary.txt')
  await photos.folder()
  await assert.rejects(node().shared.block(photos.id, cidToText(entry.r)), { code: 'BLOCK_NOT_FOUND' })
  await assert.rejects(node().shared.block(photos.id, 'nonsense'), { code: 'MALFORMED' })
  await assert.rejects(node().shared.block('00'.repeat(16), cidToText(entry.r)), { code: 'NOT_FOUND' })
})

test('every block that a share needs is served, and the list is the same as that of a walk', async (t) => {
  const { call, visit, node } = await sharing(t)
  await node().files.write('/photos/large', bodyOf(new Uint8Array(3 << 20).fill(7), new Uint8Array(100).fill(8)), { signal })
  const visitor = visit(await call('shares.create', { path: '/photos' }))
  const { entry } = await visitor.target()
  let blocks = 0
  for await (const { cids } of blocksBelow({ store: visitor.store, crypto }, entry))
    for (const cid of cids) {
      blocks++
      await node().shared.block(visitor.id, cidToText(cid))
    }
  assert.ok(blocks >= 4 + 1 + 2 + 2, `${blocks} blocks`)
})

test('shares outlive a restart; one taken back opens no more, now or then', async (t) => {
  const { call, visit, restart } = await sharing(t)
  const [kept, gone] = [
    await call('shares.create', { path: '/photos' }),
    await call('shares.create', { path: '/diary.txt', label: 'mine' }),
  ]
  await call('shares.revoke', { id: gone.id })
  for (const after of ['now', 'after a restart']) {
    assert.deepEqual((await call('shares.list', {})).shares, [kept], after)
    assert.equal((await visit(kept).target()).name, 'photos', after)
    await assert.rejects(visit(gone).target(), { code: 'NOT_FOUND' }, after)
    await restart()
  }
  await assert.rejects(call('shares.revoke', { id: gone.id }), { code: 'NOT_FOUND' })
})

test('an expired link opens no more, and says so', async (t) => {
  const { call, visit, node } = await sharing(t)
  await assert.rejects(call('shares.create', { path: '/photos', expires: 1 }), { code: 'INPUT_INVALID' })
  const share = await call('shares.create', { path: '/photos', expires: Math.ceil(Date.now() / 1000) })
  const visitor = visit(share)
  const { entry } = await visitor.target()
  while (Math.floor(Date.now() / 1000) <= (share.expires as number)) await new Promise((resolve) => setTimeout(resolve, 50))
  await assert.rejects(visitor.target(), { code: 'CAP_EXPIRED' })
  assert.ok(entry.t === 'd' && entry.r !== null)
  if (entry.t === 'd' && entry.r !== null)
    await assert.rejects(node().shared.block(visitor.id, cidToText(entry.r)), { code: 'CAP_EXPIRED' })
  assert.equal(node().shared.isActive(visitor.id), false)
  assert.equal((await call('shares.list', {})).shares[0]?.expired, true)
})

test('no link is of the top, of a symlink, or of what is not there; one whose folder went away says so', async (t) => {
  const { call, visit } = await sharing(t)
  await assert.rejects(call('shares.create', { path: '/' }), { code: 'INPUT_INVALID' })
  await assert.rejects(call('shares.create', { path: '/nowhere' }), { code: 'NOT_FOUND' })
  const share = await call('shares.create', { path: '/photos' })
  await call('files.remove', { paths: ['/photos'], recursive: true })
  await assert.rejects(visit(share).target(), { code: 'NOT_FOUND' })
})

test('a record of a share shows nothing, and a damaged one harms no other', async (t) => {
  const { world, call, visit, restart } = await sharing(t)
  const [first, second] = [await call('shares.create', { path: '/photos' }), await call('shares.create', { path: '/diary.txt' })]
  const folder = world.path('data/shares')
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name))
    assert.equal(bytes.includes('diary'), false)
    assert.equal(bytes.includes(Buffer.from(first.secret, 'base64url')), false)
    if (name.startsWith(first.id)) writeFileSync(join(folder, name), 'x')
  }
  rmSync(join(folder, second.id))
  await restart()
  assert.deepEqual((await call('shares.list', {})).shares, [second])
  assert.equal((await visit(second).target()).name, 'diary.txt')
  assert.ok(world.messages.some((line) => line.includes('its link does not open')))
})
