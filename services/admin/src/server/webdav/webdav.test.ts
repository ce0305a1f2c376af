import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, beforeEach, test } from 'node:test'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { invited } from '../../testing/invite.ts'
import { MemoryNode } from '../../testing/memory-node.ts'
import { PASSWORD, TestAdmin, type TestBrowser } from '../../testing/test-admin.ts'

/** Who gets in by which password. What is done with files is in test/webdav, on a real node. */

let admin: TestAdmin
let node: MemoryNode
let owner: TestBrowser

before(async () => {
  node = new MemoryNode()
  ;({ admin, browser: owner } = await TestAdmin.ready(node))
  for (const path of ['/shared', '/private']) node.tree.makeDirectory(path)
  node.tree.write('/private/secret', new Uint8Array(3))
  node.tree.write('/shared/file', new Uint8Array(3))
})
after(() => admin.close())
// wrong tries of the test before are forgotten
beforeEach(() => {
  admin.nowMs += 3_700_000
})

async function made(browser: TestBrowser, wish: object = {}): Promise<string> {
  await browser.post('/api/session/confirm', { password: PASSWORD })
  const answer = await browser.post('/api/app-passwords', { name: 'laptop', path: '/', write: true, ...wish })
  assert.equal(answer.statusCode, 201, answer.body)
  return (answer.json() as { password: string }).password
}

interface Asked {
  method?: string
  address?: string
  headers?: Record<string, string>
  payload?: string
}

function ask(
  path: string,
  password: string | null,
  { method = 'GET', address = '127.0.0.1', headers = {}, payload }: Asked = {},
): Promise<LightMyRequestResponse> {
  const authorization: Record<string, string> =
    password === null ? {} : { authorization: `Basic ${Buffer.from(`x:${password}`).toString('base64')}` }
  const options = {
    method,
    url: `/dav${path}`,
    remoteAddress: address,
    headers: { host: '127.0.0.1:4658', ...authorization, ...headers },
    payload,
  }
  return admin.admin.app.inject(options as InjectOptions)
}

test('only an app password opens it: not the password of the account, a session or a token', async () => {
  assert.equal((await ask('/', await made(owner))).statusCode, 200)
  for (const wrong of [PASSWORD, `owner:${PASSWORD}`, '', 'K7M29-AAAAA-AAAAA-AAAAA-AAAAA']) {
    const answer = await ask('/', wrong)
    assert.deepEqual([answer.statusCode, answer.headers['www-authenticate']], [401, 'Basic realm="Holt", charset="UTF-8"'])
  }
  const cookie = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  assert.equal((await owner.get('/api/tokens')).statusCode, 200)
  assert.equal((await ask('/', null, { headers: { cookie } })).statusCode, 401)
  const { token } = (await owner.post('/api/tokens', { name: 't', write: true, calls: ['files'], paths: null, hours: null })).json() as {
    token: string
  }
  assert.equal((await ask('/', null, { headers: { authorization: `Bearer ${token}` } })).statusCode, 401)
  assert.equal((await ask('/', token)).statusCode, 401)
})

test('an app password opens nothing else', async () => {
  const password = await made(owner)
  const authorization = `Basic ${Buffer.from(`x:${password}`).toString('base64')}`
  for (const url of ['/api/files?path=/', '/api/tokens', '/api/app-passwords'])
    assert.equal((await admin.admin.app.inject({ url, headers: { host: '127.0.0.1:4658', authorization } })).statusCode, 401, url)
})

test('from other machines it is asked for over HTTPS only, before a password is', async () => {
  const password = await made(owner)
  for (const given of [password, null]) {
    const answer = await ask('/', given, { address: '192.0.2.7' })
    assert.deepEqual([answer.statusCode, answer.headers['www-authenticate']], [403, undefined])
  }
})

test('each sees what its person may, below the folder of the password, and not longer than they are let in', async () => {
  const { browser: anna, id } = await invited(admin, owner, { given: [{ path: '/shared', write: false }] })
  await anna.post('/api/session/confirm', { password: 'the other wood with hares' })
  const refused = await anna.post('/api/app-passwords', { name: 'p', path: '/private', write: true })
  assert.equal(refused.statusCode, 403)
  const password = ((await anna.post('/api/app-passwords', { name: 'p', path: '/', write: true })).json() as { password: string }).password
  const hrefs = ({ body }: LightMyRequestResponse): string[] => [...body.matchAll(/<D:href>([^<]+)/g)].map(([, href]) => href as string)
  assert.deepEqual(hrefs(await ask('/', password, { method: 'PROPFIND', headers: { depth: '1' } })), [
    '/dav/',
    '/dav/people/',
    '/dav/shared/',
  ])
  assert.deepEqual(hrefs(await ask('/people', password, { method: 'PROPFIND', headers: { depth: '1' } })), [
    '/dav/people/',
    '/dav/people/Anna/',
  ])
  assert.equal((await ask('/shared/file', password)).statusCode, 200)
  assert.equal((await ask('/shared/file', password, { method: 'PUT', payload: 'x' })).statusCode, 403)
  assert.equal((await ask('/private/secret', password)).statusCode, 403)
  assert.equal((await ask('/people/Anna/mine', password, { method: 'PUT', payload: 'x' })).statusCode, 201)
  await owner.post('/api/session/confirm', { password: PASSWORD })
  assert.equal((await owner.send({ method: 'DELETE', url: `/api/people/${id}` })).statusCode, 204)
  assert.equal((await ask('/', password)).statusCode, 401)
  const file = await readFile(`${admin.folder}/web/app-passwords.json`, 'utf8')
  assert.ok(!file.includes(id) && !file.includes(password) && file.includes('"scrypt"'))
})

test('guessing becomes slow, for who guesses alone; what was done is written down', async () => {
  const password = await made(owner)
  assert.equal((await ask('/shared/file', password)).statusCode, 200)
  const statuses: number[] = []
  for (let i = 0; i < 8; i++) statuses.push((await ask('/', `K7M29-AAAAA-AAAAA-AAAAA-AAAA${'ACDEFGHJ'[i]}`)).statusCode)
  assert.equal(statuses.at(-1), 429)
  assert.equal((await ask('/', password)).statusCode, 200, 'who is known goes on')
  const fresh = await made(owner)
  assert.equal((await ask('/', fresh)).statusCode, 429)
  admin.nowMs += 61_000
  assert.equal((await ask('/', fresh)).statusCode, 200)
  const { entries } = (await owner.get('/api/activity?limit=50')).json() as {
    entries: { what: string; about: string; token: string | null; refused: string | null }[]
  }
  assert.ok(entries.some(({ what, refused }) => what === 'connectProgram' && refused === 'SIGN_IN_FAILED'))
  assert.ok(entries.some(({ what, about, token }) => what === 'download' && about === '/shared/file' && token === password.slice(0, 5)))
})

test('many requests with a new password at once are one try', async () => {
  const password = await made(owner)
  const answers = await Promise.all(Array.from({ length: 12 }, () => ask('/', password)))
  assert.deepEqual(new Set(answers.map(({ statusCode }) => statusCode)), new Set([200]))
})

test('changing the password of the account revokes them; Windows finds out at the top that there is WebDAV', async () => {
  const password = await made(owner)
  const answer = await owner.send({
    method: 'PUT',
    url: '/api/session/password',
    payload: { password: PASSWORD, newPassword: 'a longer wood with otters' },
  })
  assert.equal(answer.statusCode, 204)
  assert.equal((await ask('/', password)).statusCode, 401)
  const { headers } = await admin.admin.app.inject({ method: 'OPTIONS', url: '/', headers: { host: '127.0.0.1:4658' } })
  assert.deepEqual([headers['dav'], headers['ms-author-via']], ['1, 2', 'DAV'])
})
