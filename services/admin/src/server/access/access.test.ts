import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { invited } from '../../testing/invite.ts'
import { MemoryNode } from '../../testing/memory-node.ts'
import { PASSWORD, TestAdmin, type TestBrowser } from '../../testing/test-admin.ts'
import { accessOf, listedRoutes, type PathFields } from './access-table.ts'

/** Every route × every kind of caller, by the table; and every path that a caller may not reach. */

let admin: TestAdmin
let node: MemoryNode
let owner: TestBrowser
let member: TestBrowser
let guest: TestBrowser
interface Route {
  method: string
  url: string
  schema?: { body?: { properties?: Record<string, { type?: string }>; anyOf?: { properties: Record<string, unknown> }[] } }
}
const routes: Route[] = []

before(async () => {
  node = new MemoryNode({ box: true })
  ;({ admin, browser: owner } = await TestAdmin.ready(node))
  for (const path of ['/shared', '/shared/deep', '/shown', '/private', '/private/people']) node.tree.makeDirectory(path, true)
  node.tree.write('/shared/file', new Uint8Array(8))
  node.tree.write('/shown/file', new Uint8Array(8))
  node.tree.write('/private/secret', new Uint8Array(8))
  node.tree.write('/sharedtoo', new Uint8Array(8))
  const given = [
    { path: '/shared', write: true },
    { path: '/shown', write: false },
  ]
  ;({ browser: member } = await invited(admin, owner, { name: 'Anna', role: 'member', given }))
  ;({ browser: guest } = await invited(admin, owner, { name: 'Ben', role: 'guest', given }))
  const document = (await owner.get('/api')).json() as {
    paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: Route['schema'] }> } }>>
  }
  for (const [path, methods] of Object.entries(document.paths))
    for (const method of Object.keys(methods)) routes.push({ method: method.toUpperCase(), url: path.replace(/\{(\w+)\}/g, ':$1') })
})
after(() => admin.close())

async function tokenOf(browser: TestBrowser, wish: Record<string, unknown>, password = PASSWORD): Promise<TestBrowser> {
  await browser.post('/api/session/confirm', { password })
  const answer = await browser.post('/api/tokens', { name: 'a program', write: true, calls: ['files'], paths: null, hours: 1, ...wish })
  assert.equal(answer.statusCode, 201, answer.body)
  const program = admin.browser('198.51.100.4')
  for (const name of ['sec-fetch-site', 'origin', 'x-holt']) delete program.headers[name]
  program.headers['authorization'] = `Bearer ${(answer.json() as { token: string }).token}`
  return program
}

const send = (browser: TestBrowser, { method, url }: Route) => {
  const filled = url.replace(/:\w+/g, 'x')
  const withBody = method === 'POST' || method === 'PUT'
  const payload = withBody ? { payload: '{}', headers: { 'content-type': 'application/json' } } : {}
  return browser.send({ method: method as 'GET', url: filled, ...payload })
}

test('the table names routes that there are', () => {
  const there = new Set(routes.map(({ method, url }) => `${method} ${url}`))
  // the document leaves out HEAD
  for (const route of listedRoutes)
    if (route !== 'GET /api' && !route.startsWith('HEAD ')) assert.ok(there.has(route), `${route} is in the table and not in the page`)
})

test('every route answers each kind of caller as the table says, before it looks at what was sent', async () => {
  const stranger = admin.browser('203.0.113.5')
  const tokenOfOwner = await tokenOf(owner, { calls: ['files', 'storage', 'jobs', 'machine', 'network', 'box', 'events'] })
  let checked = 0
  for (const route of routes) {
    const { method, url } = route
    const access = accessOf(method, url)
    if (!url.startsWith('/api') || access === 'anybody') continue
    const strangers = await send(stranger, route)
    assert.equal(strangers.statusCode, 401, `${method} ${url} for a stranger: ${strangers.body}`)
    const closed = access === 'owner' || access === 'setup'
    for (const browser of [member, guest]) {
      if (!closed) break
      const before = node.calls.length
      const answer = await send(browser, route)
      assert.equal(answer.statusCode, 403, `${method} ${url} for others than the owner: ${answer.body}`)
      if (method !== 'HEAD') assert.equal(answer.json().code, 'NOT_AUTHORIZED')
      assert.equal(node.calls.length, before, `${method} ${url} reached the node`)
    }
    if (access === 'person' || access === 'setup') {
      const program = await send(tokenOfOwner, route)
      assert.ok(program.statusCode === 403 || program.statusCode === 401, `${method} ${url} for a token: ${program.body}`)
    }
    checked++
  }
  assert.ok(checked >= 60, `${checked} routes were checked`)
})

const outside = ['/private', '/private/secret', '/private/people', '/sharedtoo', '/shared2', '/', '/people', '/shown2/x', '/Shared/file']
const odd = ['/shared/../private/secret', '/shared//file', '/shared/./file', '/shared/\0', 'shared', '', '/shared/..']

async function withPath(browser: TestBrowser, route: string, field: string, path: string, others: Record<string, string>) {
  const [method = '', url = ''] = route.split(' ')
  const [part = '', name = ''] = field.split('.')
  const value = name === 'paths' ? [path] : path
  const before = node.calls.length
  const query = part === 'query' ? `?${name}=${encodeURIComponent(path)}` : ''
  const body = part === 'body' ? { ...others, [name]: value } : undefined
  const answer = await browser.send({
    method: method as 'GET',
    url: url + query,
    ...(body === undefined
      ? method === 'PUT'
        ? { payload: 'bytes', headers: { 'content-type': 'application/octet-stream' } }
        : {}
      : { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  return { answer, reached: node.calls.slice(before) }
}

test('no path outside of what is theirs gets through any route, for member, guest and token', async () => {
  const limited = await tokenOf(owner, { paths: ['/shared', '/shown'] })
  let refusals = 0
  for (const [browser, who] of [
    [member, 'member'],
    [guest, 'guest'],
    [limited, 'token'],
  ] as const)
    for (const route of listedRoutes) {
      const access = accessOf(...(route.split(' ') as [string, string]))
      if (typeof access !== 'object') continue
      for (const [rule, fields] of Object.entries(access as PathFields))
        for (const field of fields as string[])
          for (const path of [...outside, ...odd]) {
            if (rule === 'pass' && ['/', '/people'].includes(path)) continue
            const others: Record<string, string> = { from: '/shared/file', to: '/shared/new', path: '/shared/file', at: '1' }
            const needed = route.includes('move') ? ['from', 'to'] : route.includes('restore') ? ['path', 'at', 'to'] : []
            const given = Object.fromEntries(
              needed.filter((name) => !field.endsWith(`.${name}`)).map((name) => [name, others[name] as string]),
            )
            const { answer, reached } = await withPath(browser, route, field, path, given)
            assert.ok(
              answer.statusCode === 403 || answer.statusCode === 400,
              `${who} ${route} ${field} ${path}: ${answer.statusCode} ${answer.body}`,
            )
            assert.deepEqual(reached, [], `${who} ${route} ${field} ${path}`)
            refusals++
          }
    }
  assert.ok(refusals > 300)
})

test('a guest and what was shown are read and not written; what was shared itself stays', async () => {
  const write = (browser: TestBrowser, path: string) => browser.put(path, 'new', {}, '&replace=true')
  assert.equal((await write(member, '/shared/mine')).statusCode, 201)
  assert.equal((await write(member, '/shown/mine')).statusCode, 403)
  assert.equal((await write(guest, '/shared/mine')).statusCode, 403)
  assert.equal((await guest.get('/api/files/content?path=/shared/file')).statusCode, 200)
  for (const body of [{ paths: ['/shared'] }, { paths: ['/shared/mine', '/shown/file'] }])
    assert.equal((await member.post('/api/files/remove', { ...body, recursive: true })).statusCode, 403)
  assert.equal((await member.post('/api/files/move', { from: '/shared', to: '/people/Anna/mine' })).statusCode, 403)
  assert.equal((await member.post('/api/files/move', { from: '/shared/mine', to: '/people/Anna/mine' })).statusCode, 204)
  assert.equal(node.tree.stat('/private/secret').sizeBytes, 8)
})

test('on the way to what was shared only that way shows', async () => {
  const names = async (browser: TestBrowser, path: string) =>
    ((await browser.get(`/api/files?path=${path}`)).json() as { entries: { name: string }[] }).entries.map(({ name }) => name)
  assert.deepEqual(await names(member, '/'), ['people', 'shared', 'shown'])
  assert.deepEqual(await names(member, '/people'), ['Anna'])
  assert.deepEqual(await names(guest, '/'), ['shared', 'shown'])
  assert.equal((await guest.get('/api/files?path=/people')).statusCode, 403)
  assert.equal((await member.get('/api/files/versions?path=/')).statusCode, 403)
})

test('from the trash everybody gets back what was theirs, and sees nothing else of it', async () => {
  const items = async (browser: TestBrowser) =>
    ((await browser.get('/api/trash')).json() as { items: { id: string; path: string }[] }).items
  node.tree.write('/private/removed', new Uint8Array(3))
  await member.put('/shared/removed', 'x')
  assert.equal((await member.post('/api/trash', { paths: ['/shared/removed'] })).statusCode, 200)
  assert.equal((await owner.post('/api/trash', { paths: ['/private/removed'] })).statusCode, 200)
  const [hers, all] = [await items(member), await items(owner)]
  assert.ok(hers.every(({ path }) => path.startsWith('/shared/')) && hers.length >= 1 && all.length > hers.length)
  const secret = all.find(({ path }) => path === '/private/removed')?.id as string
  assert.equal((await member.post('/api/trash/restore', { ids: [secret] })).statusCode, 403)
  assert.equal((await member.post('/api/trash/restore', { ids: [secret], into: '/shared' })).statusCode, 403)
  assert.equal((await guest.post('/api/trash/restore', { ids: [hers[0]?.id] })).statusCode, 403)
  assert.equal((await member.post('/api/trash/restore', { ids: ['nothing'] })).statusCode, 404)
  assert.equal((await member.post('/api/trash/empty', {})).statusCode, 403)
  assert.equal((await member.post('/api/trash/restore', { ids: [hers[0]?.id] })).statusCode, 200)
})

test('a token does what it was made for, reads only when it says so, and ends', async () => {
  const reader = await tokenOf(owner, { write: false })
  assert.equal((await reader.get('/api/files?path=/')).statusCode, 200)
  assert.equal((await reader.post('/api/files/directories', { path: '/x' })).statusCode, 403)
  assert.equal((await reader.get('/api/drives')).statusCode, 403, 'another kind of calls')
  assert.equal((await reader.get('/api/tokens')).statusCode, 403)
  const ofStorage = await tokenOf(owner, { calls: ['storage'] })
  assert.equal((await ofStorage.get('/api/drives')).statusCode, 200)
  assert.equal((await ofStorage.get('/api/files?path=/')).statusCode, 403)
  const { tokens } = (await owner.get('/api/tokens')).json() as { tokens: { id: string }[] }
  assert.doesNotMatch(JSON.stringify(tokens), /hash|secret|holt_/)
  const [text] = String(reader.headers['authorization']).split(' ').slice(1)
  const id = text?.split('_')[1] as string
  assert.equal((await owner.send({ method: 'DELETE', url: `/api/tokens/${id}` })).statusCode, 204)
  assert.equal((await reader.get('/api/files?path=/')).statusCode, 401)
  admin.nowMs += 2 * 3_600_000
  assert.equal((await ofStorage.get('/api/drives')).statusCode, 401, 'expired')
})

test('a wrong token is nobody, even beside a good session', async () => {
  for (const text of ['Bearer', 'Bearer x', `Bearer holt_${'0'.repeat(12)}_${'A'.repeat(43)}`, 'Basic b3duZXI6eA==']) {
    const answer = await owner.get('/api/files?path=/', { authorization: text })
    assert.equal(answer.statusCode, 401, text)
  }
})

test('a token of a member ends where the member does', async () => {
  const { browser } = await invited(admin, owner, { name: 'Cora', role: 'member' })
  const program = await tokenOf(browser, { paths: ['/people/Cora'] }, 'the other wood with hares')
  assert.equal((await program.put('/people/Cora/a', 'x')).statusCode, 201)
  assert.equal((await program.get('/api/files/entry?path=/private/secret')).statusCode, 403)
  await browser.post('/api/session/confirm', { password: 'the other wood with hares' })
  for (const wish of [{ calls: ['box'] }, { paths: ['/private'] }, { paths: ['/'] }])
    assert.equal(
      (await browser.post('/api/tokens', { name: 'p', write: true, calls: ['files'], paths: null, hours: 1, ...wish })).statusCode,
      403,
    )
})

test('an upload goes only where its sender may write, and its id opens nothing to others', async () => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const create = (browser: TestBrowser, path: string) =>
    browser.send({ method: 'POST', url: '/api/uploads', headers: { 'upload-length': '3', 'upload-metadata': `path ${base64(path)}` } })
  const append = (browser: TestBrowser, url: string) =>
    browser.send({
      method: 'PATCH',
      url,
      payload: 'abc',
      headers: { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    })
  for (const [browser, path] of [
    [member, '/private/up'],
    [member, '/shown/up'],
    [guest, '/shared/up'],
  ] as const)
    assert.equal((await create(browser, path)).statusCode, 403, path)
  const secret = (await create(owner, '/private/up')).headers.location as string
  const hers = (await create(member, '/shared/up')).headers.location as string
  assert.deepEqual(
    (await member.get('/api/uploads')).json().uploads.map(({ path }: { path: string }) => path),
    ['/shared/up'],
  )
  for (const browser of [member, guest]) {
    assert.equal((await append(browser, secret)).statusCode, 403)
    for (const method of ['HEAD', 'DELETE'] as const) assert.equal((await browser.send({ method, url: secret })).statusCode, 403)
  }
  const move = (url: string, path: string) => member.send({ method: 'PUT', url: `${url}/place`, payload: { path, replace: true } })
  assert.equal((await move(hers, '/private/secret')).statusCode, 403)
  assert.equal((await move(secret, '/shared/up')).statusCode, 403)
  assert.equal((await append(member, hers)).statusCode, 204)
  assert.equal(node.tree.stat('/shared/up').sizeBytes, 3)
})
