import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { LightMyRequestResponse } from 'fastify'
import { TestAdmin, type TestBrowser } from '../testing/test-admin.ts'

let admin: TestAdmin
let browser: TestBrowser
before(async () => {
  ;({ admin, browser } = await TestAdmin.ready())
})
after(() => admin.close())

function refused(response: LightMyRequestResponse, status: number, code: string): void {
  assert.equal(response.statusCode, status, response.body)
  assert.equal(response.json().code, code)
}
const content = (path: string, headers: Record<string, string> = {}, query = '') =>
  browser.get(`/api/files/content?path=${encodeURIComponent(path)}${query}`, headers)
const names = async (path: string) =>
  ((await browser.get(`/api/files?path=${encodeURIComponent(path)}`)).json() as { entries: { name: string }[] }).entries.map(
    ({ name }) => name,
  )

test('makes directories, lists by pages, stats, moves, removes', async () => {
  assert.equal((await browser.post('/api/files/directories', { path: '/list/deep/er', parents: true })).statusCode, 204)
  refused(await browser.post('/api/files/directories', { path: '/list' }), 409, 'ALREADY_EXISTS')
  for (const name of ['ä b?#%&+.txt', 'b', 'a', '日本']) assert.equal((await browser.put(`/list/${name}`, name)).statusCode, 201)
  assert.deepEqual(await names('/list'), ['a', 'b', 'deep', 'ä b?#%&+.txt', '日本'])
  const page = (await browser.get('/api/files?path=/list&limit=2&after=a')).json()
  assert.deepEqual(
    page.entries.map(({ name }: { name: string }) => name),
    ['b', 'deep'],
  )
  assert.equal(page.more, true)
  assert.equal((await browser.get('/api/files/entry?path=/list/b')).json().sizeBytes, 1)
  assert.equal((await browser.post('/api/files/move', { from: '/list/b', to: '/list/deep/c' })).statusCode, 204)
  refused(await browser.post('/api/files/move', { from: '/list/a', to: '/list/deep/c' }), 409, 'ALREADY_EXISTS')
  refused(await browser.post('/api/files/move', { from: '/list', to: '/list/deep/x' }), 400, 'INPUT_INVALID')
  assert.equal((await browser.post('/api/files/move', { from: '/list/a', to: '/list/deep/c', replace: true })).statusCode, 204)
  refused(await browser.post('/api/files/remove', { paths: ['/list'] }), 409, 'NOT_EMPTY')
  assert.equal((await browser.post('/api/files/remove', { paths: ['/list'], recursive: true })).statusCode, 204)
  refused(await browser.get('/api/files/entry?path=/list'), 404, 'NOT_FOUND')
})

test('uploads and downloads any bytes, with their time', async () => {
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) % 256))
  const uploaded = await browser.put('/up.bin', bytes, { 'x-holt-modified': '1234567890.5', 'x-holt-mode': '384' })
  assert.equal(uploaded.statusCode, 201)
  assert.equal(uploaded.json().modified, 1234567890.5)
  assert.equal(uploaded.json().mode, 0o600)
  const down = await content('/up.bin')
  assert.ok(down.rawPayload.equals(bytes))
  assert.equal(down.headers['content-length'], '300000')
  assert.equal(down.headers['last-modified'], 'Fri, 13 Feb 2009 23:31:30 GMT')
  refused(await browser.put('/up.bin', 'other'), 409, 'ALREADY_EXISTS')
  assert.equal((await browser.put('/up.bin', '', {}, '&replace=true')).statusCode, 201)
  assert.equal((await content('/up.bin')).rawPayload.length, 0)
  refused(await browser.put('/no/such/place', 'x'), 404, 'NOT_FOUND')
  refused(await browser.put('/', 'x'), 409, 'ALREADY_EXISTS')
})

test('an upload keeps its bytes whatever type it claims', async () => {
  for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'a/b']) {
    assert.equal((await browser.put('/typed', '{"not": json', { 'content-type': type }, '&replace=true')).statusCode, 201, type)
    assert.equal((await content('/typed')).body, '{"not": json')
  }
})

test('an upload that breaks off leaves nothing', async () => {
  const { Readable } = await import('node:stream')
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from('half')
      throw new Error('connection lost')
    })(),
  )
  await browser
    .send({
      method: 'PUT',
      url: '/api/files/content?path=/broken',
      payload: broken,
      headers: { 'content-type': 'application/octet-stream' },
    })
    .catch(() => {})
  refused(await browser.get('/api/files/entry?path=/broken'), 404, 'NOT_FOUND')
})

test('answers ranges', async () => {
  await browser.put('/digits', '0123456789')
  const cases: [string, number, string, string | undefined][] = [
    ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=5-999', 206, '56789', 'bytes 5-9/10'],
    ['bytes=5-2', 200, '0123456789', undefined],
    ['bytes=', 200, '0123456789', undefined],
    ['bytes=-', 200, '0123456789', undefined],
    ['bytes=a-b', 200, '0123456789', undefined],
    ['bytes=0-1,3-4', 200, '0123456789', undefined],
    ['lines=0-1', 200, '0123456789', undefined],
    ['bytes=99999999999999999999-', 200, '0123456789', undefined],
  ]
  for (const [range, status, body, contentRange] of cases) {
    const answer = await content('/digits', { range })
    assert.equal(answer.statusCode, status, range)
    assert.equal(answer.body, body, range)
    assert.equal(answer.headers['content-range'], contentRange, range)
    assert.equal(answer.headers['content-length'], String(body.length), range)
  }
  for (const range of ['bytes=10-', 'bytes=10-12', 'bytes=-0']) {
    const answer = await content('/digits', { range })
    assert.equal(answer.statusCode, 416)
    assert.equal(answer.headers['content-range'], 'bytes */10')
  }
})

test('any range gives the bytes a slice gives', async () => {
  await browser.put('/slice', '0123456789abcdef', {}, '&replace=true')
  await fc.assert(
    fc.asyncProperty(fc.nat(20), fc.nat(20), async (first, last) => {
      const answer = await content('/slice', { range: `bytes=${first}-${last}` })
      if (last < first) assert.equal(answer.statusCode, 200)
      else if (first > 15) assert.equal(answer.statusCode, 416)
      else assert.equal(answer.body, '0123456789abcdef'.slice(first, last + 1))
    }),
    { numRuns: 60 },
  )
})

test('revalidates, and never joins parts of two versions', async () => {
  await browser.put('/etag', 'first version')
  const etag = String((await content('/etag')).headers.etag)
  assert.match(etag, /^"[!#-~]+"$/)
  for (const candidate of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
    const answer = await content('/etag', { 'if-none-match': candidate })
    assert.equal(answer.statusCode, 304, candidate)
    assert.equal(answer.body, '')
    assert.equal(answer.headers.etag, etag)
  }
  assert.equal((await content('/etag', { 'if-none-match': '"x"' })).statusCode, 200)
  assert.equal((await content('/etag', { range: 'bytes=0-4', 'if-range': etag })).statusCode, 206)
  await browser.put('/etag', 'other version', {}, '&replace=true')
  const stale = await content('/etag', { range: 'bytes=6-', 'if-range': etag })
  assert.equal(stale.statusCode, 200)
  assert.equal(stale.body, 'other version')
  assert.equal((await content('/etag', { range: 'bytes=0-4', 'if-range': 'Fri, 13 Feb 2009 23:31:30 GMT' })).statusCode, 200)
})

test('answers HEAD like GET without the bytes', async () => {
  await browser.put('/head', '0123456789')
  const head = await browser.send({ method: 'HEAD', url: '/api/files/content?path=/head' })
  assert.equal(head.statusCode, 200)
  assert.equal(head.headers['content-length'], '10')
  assert.equal(head.body, '')
})

test('headers and bytes belong to one version when a file is replaced in between', async () => {
  await browser.put('/racing', 'short')
  const { node } = admin
  const call = node.call.bind(node)
  let replaced = false
  node.call = async (name, params, options) => {
    const result = await call(name, params, options)
    if (name === 'files.stat' && !replaced) {
      replaced = true
      node.tree.write('/racing', Buffer.from('much longer than before'), { replace: true })
    }
    return result
  }
  const answer = await content('/racing')
  node.call = call
  assert.equal(answer.body, 'much longer than before')
  assert.equal(answer.headers['content-length'], '23')
})

test('shows only what cannot run, and downloads all else', async () => {
  const shown: Record<string, string> = {
    'a.png': 'image/png',
    'a.JPG': 'image/jpeg',
    'a.mp4': 'video/mp4',
    'a.mp3': 'audio/mpeg',
    'a.txt': 'text/plain; charset=utf-8',
    'a.pdf': 'application/pdf',
  }
  for (const [name, type] of Object.entries(shown)) {
    await browser.put(`/${name}`, '<script>alert(1)</script>')
    const answer = await content(`/${name}`, {}, '&view')
    assert.equal(answer.headers['content-type'], type)
    assert.match(String(answer.headers['content-disposition']), /^inline;/)
    assert.equal((await content(`/${name}`)).headers['content-type'], 'application/octet-stream')
  }
  const downloaded = [
    'a.html',
    'a.htm',
    'a.xhtml',
    'a.svg',
    'a.xml',
    'a.js',
    'a.png.html',
    'noending',
    'a.',
    'a.__proto__',
    '.constructor',
    'a.css',
    'a.mhtml',
    'a.swf',
  ]
  for (const name of downloaded) {
    await browser.put(`/${name}`, '<script>alert(1)</script>')
    const answer = await content(`/${name}`, {}, '&view=1')
    assert.equal(answer.headers['content-type'], 'application/octet-stream', name)
    assert.match(String(answer.headers['content-disposition']), /^attachment;/)
  }
  for (const name of [...Object.keys(shown), ...downloaded]) {
    const { headers } = await content(`/${name}`, {}, '&view')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
    const policy = String(headers['content-security-policy'])
    assert.match(policy, /default-src 'none'/)
    // the page itself frames a PDF; all else nobody
    assert.match(policy, name.endsWith('.pdf') ? /frame-ancestors 'self'/ : /frame-ancestors 'none'/)
    assert.equal(headers['x-frame-options'], name.endsWith('.pdf') ? 'SAMEORIGIN' : 'DENY')
    assert.doesNotMatch(policy, /script-src|allow-scripts/)
    if (!name.endsWith('.pdf')) assert.match(policy, /(^|; )sandbox(;|$)/)
  }
})

test('names files in headers without letting them break out', async () => {
  for (const name of ['a"b\\c;d.txt', 'new\r\nset-cookie: x=1.txt', "ü*'(é)%41.txt", '😀.png']) {
    await browser.put(`/${name}`, 'x')
    const answer = await content(`/${name}`)
    const disposition = String(answer.headers['content-disposition'])
    assert.doesNotMatch(disposition, /[\r\n]|[^\x20-\x7e]/)
    const exact = /filename\*=UTF-8''([A-Za-z0-9%._~!$&+^`|-]+)$/.exec(disposition)?.[1]
    assert.equal(decodeURIComponent(exact as string), name)
    assert.equal(answer.headers['set-cookie'], undefined)
  }
})

test('refuses odd paths everywhere, before the node sees them', async () => {
  const bad = ['', 'relative', '/..', '/a/../b', '/a/./b', '//', '/a//b', '/a/', '/nul\0', `/${'n'.repeat(256)}`, `/${'ä'.repeat(128)}`]
  const calls = admin.node.calls.length
  for (const path of bad) {
    const encoded = encodeURIComponent(path)
    const answers = [
      await browser.get(`/api/files?path=${encoded}`),
      await browser.get(`/api/files/entry?path=${encoded}`),
      await browser.get(`/api/files/versions?path=${encoded}`),
      await browser.get(`/api/files/content?path=${encoded}`),
      await browser.put(path, 'x'),
      await browser.post('/api/files/directories', { path, parents: true }),
      await browser.post('/api/files/move', { from: '/x', to: path }),
      await browser.post('/api/files/move', { from: path, to: '/x' }),
      await browser.post('/api/files/remove', { paths: ['/x', path], recursive: true }),
      await browser.post('/api/files/restore', { path, at: '1' }),
      await browser.post('/api/files/restore', { path: '/x', at: '1', to: path }),
    ]
    for (const answer of answers) {
      assert.equal(answer.statusCode, 400, `${path}: ${answer.body}`)
      assert.ok(['PATH_INVALID', 'NAME_INVALID', 'INPUT_INVALID'].includes(answer.json().code))
    }
  }
  refused(
    await browser.send({
      method: 'POST',
      url: '/api/files/directories',
      payload: '{"path":"/\\ud800"}',
      headers: { 'content-type': 'application/json' },
    }),
    400,
    'NAME_INVALID',
  )
  refused(await browser.get('/api/files?path=%ff%fe'), 400, 'PATH_INVALID')
  refused(await browser.post('/api/files/remove', { paths: ['/'], recursive: true }), 400, 'PATH_INVALID')
  refused(await browser.post('/api/files/move', { from: '/', to: '/x' }), 400, 'PATH_INVALID')
  assert.equal(admin.node.calls.length, calls)
})

test('lists and brings back older versions', async () => {
  await browser.put('/doc', 'one')
  await browser.put('/doc', 'two', {}, '&replace=true')
  const { versions } = (await browser.get('/api/files/versions?path=/doc')).json()
  assert.equal(versions.length, 2)
  const oldest = versions.at(-1).sequence
  assert.equal((await content('/doc', {}, `&at=${oldest}`)).body, 'one')
  assert.equal((await browser.post('/api/files/restore', { path: '/doc', at: String(oldest) })).statusCode, 204)
  assert.equal((await content('/doc')).body, 'one')
  refused(await content('/doc', {}, '&at=99999'), 404, 'VERSION_NOT_FOUND')
  for (const at of ['0', '-1', '1e3', 'yesterday', '1.5', '99999999999999999'])
    refused(await content('/doc', {}, `&at=${at}`), 400, 'INPUT_INVALID')
})

test('directories and symlinks have no content', async () => {
  await browser.post('/api/files/directories', { path: '/dir' })
  admin.node.tree.link('/link', '/etc/passwd')
  refused(await content('/dir'), 409, 'IS_A_DIRECTORY')
  refused(await content('/link'), 400, 'INPUT_INVALID')
  refused(await content('/dir/none'), 404, 'NOT_FOUND')
})

test('moves to the trash, lists it, puts back and empties', async () => {
  await browser.post('/api/files/directories', { path: '/trashed' })
  for (const name of ['a', 'b']) assert.equal((await browser.put(`/trashed/${name}`, name)).statusCode, 201)
  const put = await browser.post('/api/trash', { paths: ['/trashed/a', '/trashed/b'] })
  assert.equal(put.statusCode, 200)
  const ids = put.json().items.map(({ id }: { id: string }) => id)
  assert.deepEqual(await names('/trashed'), [])
  assert.equal((await browser.get('/api/trash')).json().items.length, 2)
  assert.equal((await browser.put('/trashed/a', 'new')).statusCode, 201)
  refused(await browser.post('/api/trash/restore', { ids }), 409, 'ALREADY_EXISTS')
  const back = await browser.post('/api/trash/restore', { ids, onConflict: 'keep-both' })
  assert.equal(back.json().paths.length, 2)
  refused(await browser.post('/api/trash', { paths: ['/'] }), 400, 'PATH_INVALID')
  refused(await browser.post('/api/trash', { paths: ['/x/../y'] }), 400, 'NAME_INVALID')
  refused(await browser.post('/api/trash', { paths: [] }), 400, 'INPUT_INVALID')
  refused(await browser.post('/api/trash/restore', { ids, into: 'relative' }), 400, 'PATH_INVALID')
  await browser.post('/api/trash', { paths: ['/trashed/a'] })
  assert.deepEqual((await browser.post('/api/trash/empty', {})).json(), { removed: 1 })
  assert.deepEqual((await browser.get('/api/trash')).json(), { items: [], more: false })
})

test('a folder and a selection download as one archive, for who asked and for ten minutes', async () => {
  await browser.post('/api/files/directories', { path: '/zipped/deep', parents: true })
  await browser.put('/zipped/deep/a.txt', 'hello')
  const prepared = await browser.post('/api/files/zip', { paths: ['/zipped'] })
  assert.deepEqual([prepared.statusCode, prepared.json().name], [201, 'zipped.zip'])
  const url = `/api/files/zip/${prepared.json().id}`
  const answer = await browser.get(url)
  assert.equal(answer.headers['content-type'], 'application/zip')
  assert.match(answer.headers['content-disposition'] as string, /^attachment; filename="zipped.zip"/)
  const text = answer.rawPayload.toString('latin1')
  assert.ok(text.startsWith('PK\u0003\u0004') && text.includes('zipped/deep/a.txt') && text.includes('hello'))
  refused(await browser.post('/api/files/zip', { paths: ['/zipped', '/none'] }), 404, 'NOT_FOUND')
  refused(await browser.post('/api/files/zip', { paths: ['/'] }), 400, 'PATH_INVALID')
  refused(await browser.get('/api/files/zip/none'), 404, 'NOT_FOUND')
  admin.nowMs += 11 * 60_000
  refused(await browser.get(url), 404, 'NOT_FOUND')
})
