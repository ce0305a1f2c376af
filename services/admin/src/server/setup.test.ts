import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { KEY_FILE, type MemoryNode } from '../testing/memory-node.ts'
import { PASSWORD, TestAdmin, type TestBrowser } from '../testing/test-admin.ts'

const open: TestAdmin[] = []
async function start(node?: MemoryNode) {
  const admin = await TestAdmin.start({ node })
  open.push(admin)
  return { admin, browser: admin.browser() }
}
after(async () => {
  for (const admin of open) await admin.close()
})

function refused(response: LightMyRequestResponse, status: number, code: string): void {
  assert.equal(response.statusCode, status, response.body)
  assert.equal(response.json().code, code)
}

async function withPassword(node?: MemoryNode) {
  const { admin, browser } = await start(node)
  browser.headers['x-holt-setup-code'] = admin.code
  assert.equal((await browser.post('/api/setup/password', { password: PASSWORD })).statusCode, 204)
  delete browser.headers['x-holt-setup-code']
  return { admin, browser }
}

async function jobEnds(browser: TestBrowser, id: string) {
  const events = await browser.get(`/api/jobs/${id}/events`)
  const last = events.body.trim().split('\n\n').at(-1) as string
  return JSON.parse(last.slice(last.indexOf('data: ') + 6)) as { state: string; error: { code: string } | null; result: unknown }
}

test('every set-up route needs the code until there is a password, then a session', async () => {
  const { admin, browser } = await start()
  const routes = [
    '/api/setup/code',
    '/api/setup/password',
    '/api/setup/finish',
    '/api/setup/key',
    '/api/setup/key/confirm',
    '/api/setup/key/open',
    '/api/setup/recover',
    '/api/setup/drives/find',
    '/api/setup/join',
  ]
  for (const route of routes) refused(await browser.post(route, {}), 403, 'SETUP_CODE_WRONG')
  for (const route of ['/api/setup', '/api/setup/key/words', '/api/setup/key/question'])
    refused(await browser.get(route), 403, 'SETUP_CODE_WRONG')
  browser.headers['x-holt-setup-code'] = admin.code
  await browser.post('/api/setup/password', { password: PASSWORD })
  const stranger = admin.browser()
  stranger.headers['x-holt-setup-code'] = admin.codes[0] as string
  for (const route of routes) refused(await stranger.post(route, {}), 401, 'NOT_SIGNED_IN')
  assert.equal(admin.admin.setupCode, null)
})

test('with the code alone nothing but the password can be set', async () => {
  const { admin, browser } = await start()
  browser.headers['x-holt-setup-code'] = admin.code
  refused(await browser.post('/api/setup/key'), 409, 'NOT_INITIALIZED')
  refused(await browser.post('/api/setup/finish'), 409, 'NOT_INITIALIZED')
  refused(await browser.get('/api/files?path=/'), 401, 'NOT_SIGNED_IN')
  refused(await browser.post('/api/key/backup', { passphrase: 'correct horse battery' }), 401, 'NOT_SIGNED_IN')
  assert.equal((await browser.get('/api/setup')).json().hasPassword, false)
})

test('takes the code as people type it', async () => {
  const { admin, browser } = await start()
  assert.match(admin.code, /^[234679ACDEFGHJKMNPQRTWXY]{8}$/)
  browser.headers['x-holt-setup-code'] = ` ${admin.code.slice(0, 4)}-${admin.code.slice(4).toLowerCase()} `
  assert.equal((await browser.post('/api/setup/code')).statusCode, 204)
})

test('five wrong codes use a code up, and a pause follows that grows', async () => {
  const { admin, browser } = await start()
  const first = admin.code
  browser.headers['x-holt-setup-code'] = 'WRONGWRONG'
  for (let i = 0; i < 5; i++) {
    const answer = await browser.post('/api/setup/code')
    refused(answer, 403, 'SETUP_CODE_WRONG')
    assert.equal(answer.json().data.triesLeft, 4 - i)
  }
  assert.equal(admin.codes.length, 2)
  assert.notEqual(admin.code, first)
  browser.headers['x-holt-setup-code'] = admin.code
  const paused = await browser.post('/api/setup/code')
  refused(paused, 429, 'TOO_MANY_TRIES')
  admin.nowMs += paused.json().data.retryAfterMs
  browser.headers['x-holt-setup-code'] = first
  refused(await browser.post('/api/setup/code'), 403, 'SETUP_CODE_WRONG')
  browser.headers['x-holt-setup-code'] = admin.code
  assert.equal((await browser.post('/api/setup/code')).statusCode, 204)
})

test('two first passwords at once: one is taken', async () => {
  const { admin, browser } = await start()
  browser.headers['x-holt-setup-code'] = admin.code
  const answers = await Promise.all([
    browser.post('/api/setup/password', { password: PASSWORD }),
    browser.post('/api/setup/password', { password: 'another good one' }),
  ])
  assert.deepEqual(new Set(answers.map((answer) => answer.statusCode)), new Set([204, 409]))
})

test('makes a root key, shows its words until three of them are confirmed, and never after', async () => {
  const { browser, admin } = await withPassword()
  refused(await browser.post('/api/setup/finish'), 409, 'NOT_INITIALIZED')
  const { words } = (await browser.post('/api/setup/key')).json() as { words: string }
  assert.equal(words.split(' ').length, 24)
  refused(await browser.post('/api/setup/key'), 409, 'ALREADY_INITIALIZED')
  assert.equal((await browser.get('/api/setup/key/words')).json().words, words)
  refused(await browser.post('/api/setup/finish'), 409, 'NOT_INITIALIZED')

  refused(await browser.post('/api/setup/key/confirm', { answers: ['a', 'b', 'c'] }), 409, 'CONFLICT')
  const { positions } = (await browser.get('/api/setup/key/question')).json() as { positions: number[] }
  assert.equal(new Set(positions).size, 3)
  const right = positions.map((position) => words.split(' ')[position - 1] as string)
  const wrong = await browser.post('/api/setup/key/confirm', { answers: [right[0], 'zoo', right[2]] })
  refused(wrong, 400, 'WORDS_INVALID')
  assert.deepEqual(wrong.json().data.positions, [String(positions[1])])
  assert.equal((await browser.post('/api/setup/key/confirm', { answers: right.map((word) => ` ${word.toUpperCase()} `) })).statusCode, 204)
  refused(await browser.get('/api/setup/key/words'), 403, 'NOT_AUTHORIZED')
  assert.equal((await browser.get('/api/setup')).json().mayShowWords, false)
  assert.equal((await browser.post('/api/setup/finish')).statusCode, 204)
  assert.ok(!admin.logged.join().includes(words.split(' ')[5] as string))
})

test('hands out the backup file; once set up only for the password', async () => {
  const { browser } = await withPassword()
  await browser.post('/api/setup/key')
  refused(await browser.post('/api/key/backup', { passphrase: 'short' }), 400, 'PASSPHRASE_TOO_WEAK')
  const file = await browser.post('/api/key/backup', { passphrase: 'correct horse battery' })
  assert.equal(file.statusCode, 200)
  assert.equal(file.body, KEY_FILE)
  assert.match(String(file.headers['content-disposition']), /^attachment; filename="holt-root-key\.age"/)
  assert.equal(file.headers['cache-control'], 'no-store')
  assert.equal((await browser.get('/api/setup')).json().keyBackedUp, true)

  const { browser: later, admin } = await TestAdmin.ready().then((made) => (open.push(made.admin), made))
  admin.nowMs += 6 * 60_000
  refused(await later.post('/api/key/backup', { passphrase: 'correct horse battery' }), 403, 'NOT_AUTHORIZED')
  refused(await later.post('/api/key/backup', { passphrase: 'correct horse battery', password: 'not it' }), 401, 'SIGN_IN_FAILED')
  assert.equal((await later.post('/api/key/backup', { passphrase: 'correct horse battery', password: PASSWORD })).body, KEY_FILE)
})

test('a new node joins those of its owner by the code another shows; a wrong one changes nothing', async () => {
  const { browser, admin } = await withPassword()
  refused(await browser.post('/api/setup/join', {}), 400, 'INPUT_INVALID')
  refused(await browser.post('/api/setup/join', { code: 'K7M2-0000' }), 403, 'PAIRING_FAILED')
  assert.equal((await browser.get('/api/setup')).json().nodeState, 'new')
  const at = ['/ip4/192.168.7.2/tcp/4660/p2p/12D3KooWFriend']
  assert.equal((await browser.post('/api/setup/join', { code: 'K7M2-9XPQ', at })).statusCode, 204)
  assert.deepEqual(admin.node.calls.filter(({ name }) => name === 'node.join').at(-1)?.params, { code: 'K7M2-9XPQ', at })
  const state = (await browser.get('/api/setup')).json()
  assert.deepEqual([state.nodeState, state.mayShowWords], ['ready', false])
  refused(await browser.post('/api/setup/join', { code: 'K7M2-9XPQ' }), 409, 'ALREADY_INITIALIZED')
  assert.equal((await browser.post('/api/setup/finish')).statusCode, 204)
})

test('restores from words: tells a wrong word, then recovers from the drives', async () => {
  const { browser, admin } = await withPassword()
  const words = (await admin.node.call('key.words', {})).words
  refused(await browser.post('/api/setup/recover', { drives: ['/mnt/a'] }), 409, 'NOT_INITIALIZED')
  const wrong = await browser.post('/api/setup/key/open', { words: words.replace('able', 'abel') })
  refused(wrong, 400, 'WORDS_INVALID')
  assert.equal(wrong.json().data.position, 3)
  const opened = await browser.post('/api/setup/key/open', { words: `  ${words.toUpperCase()}\n` })
  assert.equal(opened.statusCode, 200)
  assert.ok(!opened.body.includes('abandon'))
  refused(await browser.post('/api/setup/recover', { drives: [] }), 400, 'INPUT_INVALID')
  assert.equal((await browser.get('/api/setup')).json().keyToRestore, opened.json().principal)
  const job = await browser.post('/api/setup/recover', { drives: ['/mnt/a', '/mnt/b'] })
  assert.equal(job.statusCode, 202)
  const ended = await jobEnds(browser, job.json().id)
  assert.equal(ended.state, 'done')
  assert.ok(!JSON.stringify(ended).includes('abandon'))
  assert.equal((await browser.post('/api/setup/finish')).statusCode, 204)
  assert.equal((await browser.get('/api/drives')).json().drives.length, 2)
})

test('finds drives of an earlier node, and moves from them by copying; the first folder is beside the store', async () => {
  const { browser, admin } = await withPassword()
  admin.node.oldDrives = [
    {
      folder: '/media/old/holt',
      id: 'a1',
      owner: 'somebody',
      created: 1_700_000_000,
      fragments: 20,
      openPacks: 1,
      usedBytes: 5e9,
      totalBytes: 1e12,
    },
  ]
  const found = async (body: object) => (await browser.post('/api/setup/drives/find', body)).json().found
  assert.deepEqual(await found({}), [], 'nothing is suggested here')
  assert.deepEqual(await found({ folders: ['/media/old'] }), admin.node.oldDrives)
  assert.deepEqual(await found({ folders: ['/media/none'] }), [])
  const { words } = await admin.node.call('key.words', {})
  await browser.post('/api/setup/key/open', { words })
  const job = await browser.post('/api/setup/recover', { drives: ['/media/old/holt'], copyTo: [] })
  assert.equal((await jobEnds(browser, job.json().id)).state, 'done')
  const asked = admin.node.calls.find(({ name }) => name === 'node.recover')?.params as { copyTo: string[] }
  assert.deepEqual(asked.copyTo, [`${admin.folder}/drive`])
})

test('restores from a backup file: tells a wrong passphrase from a damaged file', async () => {
  const { browser } = await withPassword()
  const fileBase64 = Buffer.from(KEY_FILE).toString('base64')
  refused(await browser.post('/api/setup/key/open', { fileBase64, passphrase: 'wrong' }), 400, 'PASSPHRASE_WRONG')
  refused(
    await browser.post('/api/setup/key/open', { fileBase64: fileBase64.slice(4), passphrase: 'correct horse battery' }),
    400,
    'KEY_FILE_DAMAGED',
  )
  assert.equal((await browser.post('/api/setup/key/open', { fileBase64, passphrase: 'correct horse battery' })).statusCode, 200)
  const job = await browser.post('/api/setup/recover', { drives: ['/mnt/empty'], empty: true })
  assert.equal((await jobEnds(browser, job.json().id)).state, 'done')
})
