import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { afterwards, temporaryFolder, TestNode, until } from '../peers/harness.ts'
import { PhoneNode } from './phone-node.ts'
import { PhonePage } from './phone-page.ts'
import { androidNode, type Runtime, stockNode } from './runtimes.ts'

const MIB = 2 ** 20
const MOST_RSS_BYTES = 150 * MIB
/** Two ways to write the same: what a password field of one system gives, and of another. */
const PASSWORD = '\u00e5ngstr\u00f6m och gr\u00e4dde'
const SAME_PASSWORD = 'a\u030angstro\u0308m och gra\u0308dde'

const [stock, x86, arm] = await Promise.all([stockNode(), androidNode('x86_64'), androidNode('arm64-v8a')])

async function phone(context: TestContext, runtime: Runtime, options: ConstructorParameters<typeof PhoneNode>[2] = {}): Promise<PhoneNode> {
  const node = new PhoneNode(runtime, join(await temporaryFolder(context), 'data'), options)
  afterwards(context, () => node.kill())
  await node.start()
  return node
}

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (Math.imul(i, 2654435761) >>> 13) & 0xff)
const contentOf = (path: string): string => `/api/files/content?path=${encodeURIComponent(path)}`
const downloaded = async (page: PhonePage, path: string): Promise<Uint8Array> =>
  new Uint8Array(await (await page.must('GET', contentOf(path))).arrayBuffer())

for (const runtime of [stock, x86]) {
  test(`${runtime.name}: the page sets it up, what was put is there after kill -9, and strangers get nothing`, async (context) => {
    const node = await phone(context, runtime)
    for (const token of ['', 'f'.repeat(64)])
      for (const path of ['/', '/api/status', '/assets/']) assert.equal((await node.fetch(path, { token })).status, 403)
    const page = new PhonePage(node)
    assert.match(await (await page.must('GET', '/')).text(), /<script /)
    await page.setUp(PASSWORD)
    const content = bytes(5 * MIB + 12_345)
    const path = '/Sommar p\u00e5 \u00f6n.jpg'
    await page.must('PUT', contentOf(path), content)
    const tokenBefore = node.ready?.token
    await node.kill()
    await node.start()
    assert.notEqual(node.ready?.token, tokenBefore)
    assert.equal(node.ready?.state, 'ready')
    page.forget()
    assert.equal((await page.ask('POST', '/api/session', { password: 'wrong' })).status, 401)
    await page.must('POST', '/api/session', { password: SAME_PASSWORD })
    assert.deepEqual(await downloaded(page, path), content)
    await node.call('store.settle', {})
    const { memory } = await node.call('node.status', {})
    // the one for laptops brings ICU and other libraries
    if (runtime === x86) assert.ok(memory.rssBytes < MOST_RSS_BYTES, `${Math.round(memory.rssBytes / MIB)} MiB`)
    assert.equal(await node.stop(), 0)
    assert.deepEqual(node.messages.at(-1), { kind: 'stopped' })
  })
}

test('beyond its quota it takes no content, and says so; what is there is read, and names still change', async (context) => {
  const node = await phone(context, x86, { quotaBytes: 24 * MIB })
  const page = new PhonePage(node)
  await page.setUp(PASSWORD)
  let put = 0
  let answer = await page.ask('PUT', contentOf('/0'), bytes(3 * MIB))
  while (answer.ok && put < 20) answer = await page.ask('PUT', contentOf(`/${++put}`), bytes(3 * MIB))
  assert.equal(((await answer.json()) as { code: string }).code, 'DISK_FULL')
  assert.ok(put >= 2, `${put} files of 3 MiB found room`)
  const { drives } = await node.call('drives.list', {})
  assert.equal(drives[0]?.totalBytes, 24 * MIB)
  assert.deepEqual(await downloaded(page, '/0'), bytes(3 * MIB))
  await node.call('files.mkdir', { path: '/still' })
})

test('a node on a laptop and one on a phone pair, and are connected', async (context) => {
  const laptop = new TestNode(join(await temporaryFolder(context), 'laptop'), { peers: ['--peer-port', '0', '--peer-interface', 'lo'] })
  afterwards(context, () => laptop.kill())
  await laptop.start()
  await laptop.call('node.init', {})
  const node = await phone(context, x86, { peerPort: 0, peerInterfaces: ['lo'] })
  await node.call('node.init', {})
  const among = async (one: Pick<TestNode, 'call'>): Promise<string[]> =>
    until('a node among others', async () => {
      const { running, addresses } = await one.call('peers.list', {})
      return running && addresses.length > 0 ? addresses : null
    })
  const at = await among(laptop)
  await among(node)
  const { code } = await laptop.call('peers.showCode', { relation: 'friend', name: 'Laptop' })
  await node.call('peers.pair', { code, relation: 'friend', name: 'Phone', at })
  for (const one of [laptop, node])
    await until('the other one', async () =>
      (await one.call('peers.list', {})).peers.some(({ connected, problem }) => connected && problem === null),
    )
})

test('for arm64, emulated, it starts and ends', async (context) => {
  const node = await phone(context, arm)
  assert.equal(node.ready?.state, 'new')
  assert.equal((await node.fetch('/')).status, 200)
  assert.equal(await node.stop(), 0)
})

test('a line from the app that ends, ends the node; what it cannot use is refused', async (context) => {
  const node = await phone(context, x86)
  assert.equal(await node.hangUp(), 0)
  const folder = await temporaryFolder(context)
  await mkdir(join(folder, 'data'))
  for (const options of [{ dataFolder: 'relative' }, { workers: 0 }, { quota: 1 } as object]) {
    const refused = new PhoneNode(x86, join(folder, 'data'), options)
    afterwards(context, () => refused.kill())
    await assert.rejects(refused.start(), /INPUT_INVALID/)
  }
})
