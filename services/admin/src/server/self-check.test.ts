import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { MemoryNode } from '../testing/memory-node.ts'
import { PASSWORD, TestAdmin, type TestBrowser } from '../testing/test-admin.ts'

const open: TestAdmin[] = []
after(async () => {
  for (const admin of open) await admin.close()
})

async function ready(box: boolean) {
  const node = new MemoryNode({ box })
  const made = await TestAdmin.ready(node)
  open.push(made.admin)
  const states = async (browser: TestBrowser = made.browser) => {
    const { checks } = (await browser.get('/api/self-check')).json() as { checks: { id: string; state: string; count: number }[] }
    return Object.fromEntries(checks.map(({ id, state }) => [id, state]))
  }
  return { ...made, node, states }
}

test('says what was never backed up, and no more once it was', async () => {
  const { browser, states } = await ready(false)
  assert.equal((await states())['kit'], 'bad')
  await browser.post('/api/key/backup', { passphrase: 'correct horse battery', password: PASSWORD })
  const now = await states()
  assert.equal(now['kit'], 'good')
  assert.equal(now['ssh'], undefined, 'only of a box')
})

test('sees a drive that is gone, a token without an end, an invitation that is open, an old session', async () => {
  const { admin, browser, node, states } = await ready(false)
  for (const folder of ['/mnt/a', '/mnt/b', '/mnt/c']) await node.call('drives.add', { folder })
  const before = await states()
  assert.deepEqual([before['drives'], before['tokens'], before['people'], before['sessions']], ['good', 'good', 'good', 'good'])
  node.loseDrive('/mnt/a')
  await browser.post('/api/tokens', { name: 'p', write: false, calls: ['files'], paths: null, hours: null })
  await browser.post('/api/people/invitations', { name: 'Anna', role: 'guest', given: [], hours: 720 })
  await admin.browser().post('/api/session', { password: PASSWORD })
  admin.nowMs += 8 * 86_400_000
  await browser.get('/api/status')
  const now = await states()
  assert.deepEqual([now['drives'], now['tokens'], now['people'], now['sessions']], ['bad', 'look', 'look', 'look'])
})

test('on a box it looks at SSH, open ports, updates and the lock of the drive', async () => {
  const { node, states } = await ready(true)
  const box = node.box as NonNullable<typeof node.box>
  const before = await states()
  assert.deepEqual([before['ssh'], before['forwards'], before['updates'], before['lock']], ['good', 'good', 'good', 'look'])
  box.machine.ssh = { ...box.machine.ssh, enabled: true }
  box.machine.plan = { ...box.machine.plan, automatic: false }
  box.machine.tpm = { ...box.machine.tpm, dataKeySealed: false }
  const now = await states()
  assert.deepEqual([now['ssh'], now['updates'], now['lock']], ['look', 'look', 'bad'])
})

test('without HTTPS it says so where it matters', async () => {
  const { browser, states } = await ready(false)
  assert.equal((await states())['https'], 'good', 'on the machine itself')
  Object.assign(browser.headers, { host: '192.168.77.1', origin: 'http://192.168.77.1' })
  assert.equal((await states())['https'], 'look')
})
