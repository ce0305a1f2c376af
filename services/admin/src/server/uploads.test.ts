import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { TestAdmin, type TestBrowser } from '../testing/test-admin.ts'
import { parseMetadata } from './files/tus.ts'

let admin: TestAdmin
let browser: TestBrowser
before(async () => {
  ;({ admin, browser } = await TestAdmin.ready())
})
after(() => admin.close())

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const OFFSET = 'application/offset+octet-stream'

function refused(response: LightMyRequestResponse, status: number, code: string): void {
  assert.equal(response.statusCode, status, response.body)
  assert.equal(response.json().code, code)
}

type Method = 'POST' | 'PATCH' | 'HEAD' | 'OPTIONS' | 'DELETE' | 'PUT'
const send = (method: Method, url: string, payload?: string | object, headers: Record<string, string> = {}) =>
  browser.send({ method, url, headers, ...(payload === undefined ? {} : { payload }) })

const create = (path: string, sizeBytes: number, more = '', headers: Record<string, string> = {}) =>
  send('POST', '/api/uploads', undefined, {
    'tus-resumable': '1.0.0',
    'upload-length': String(sizeBytes),
    'upload-metadata': `path ${base64(path)}${more}`,
    ...headers,
  })
const append = (url: string, offset: number, bytes: string, headers: Record<string, string> = {}) =>
  send('PATCH', url, bytes, { 'tus-resumable': '1.0.0', 'upload-offset': String(offset), 'content-type': OFFSET, ...headers })

test('tus: create, append, ask how far, append the rest, and the file is there', async () => {
  const made = await create('/tüs ü.txt', 10, `,modified ${base64('1600000000.5')},filename ${base64('ignored')}`)
  assert.equal(made.statusCode, 201, made.body)
  const url = made.headers.location as string
  assert.match(url, /^\/api\/uploads\/[0-9a-f]{32}$/)
  assert.ok(Date.parse(made.headers['upload-expires'] as string) > Date.now())
  const half = await append(url, 0, 'hello')
  assert.deepEqual([half.statusCode, half.headers['upload-offset'], half.headers['tus-resumable']], [204, '5', '1.0.0'])
  const head = await send('HEAD', url)
  assert.deepEqual(
    [head.statusCode, head.headers['upload-offset'], head.headers['upload-length'], head.headers['cache-control']],
    [200, '5', '10', 'no-store'],
  )
  refused(await append(url, 4, 'x'), 409, 'CONFLICT')
  assert.deepEqual(
    (await browser.get('/api/uploads'))
      .json()
      .uploads.map(({ path, offsetBytes }: { path: string; offsetBytes: number }) => [path, offsetBytes]),
    [['/tüs ü.txt', 5]],
  )
  assert.equal((await append(url, 5, 'world')).headers['upload-offset'], '10')
  const entry = (await browser.get(`/api/files/entry?path=${encodeURIComponent('/tüs ü.txt')}`)).json()
  assert.deepEqual([entry.sizeBytes, entry.modified], [10, 1_600_000_000.5])
  refused(await append(url, 10, ''), 404, 'NOT_FOUND')
})

test('tus: tells its version and extensions, refuses others, gives up', async () => {
  const described = await send('OPTIONS', '/api/uploads')
  assert.deepEqual([described.headers['tus-version'], described.headers['tus-extension']], ['1.0.0', 'creation,expiration,termination'])
  const other = await create('/v', 1, '', { 'tus-resumable': '0.2.2' })
  assert.deepEqual([other.statusCode, other.headers['tus-version']], [412, '1.0.0'])
  const url = (await create('/gone', 5)).headers.location as string
  assert.equal((await send('DELETE', url)).statusCode, 204)
  refused(await append(url, 0, 'x'), 404, 'NOT_FOUND')
})

test('a place that is taken is told before the bytes; another can be said', async () => {
  await browser.put('/taken', 'x')
  refused(await create('/taken', 3), 409, 'ALREADY_EXISTS')
  const url = (await create('/later-taken', 3)).headers.location as string
  await browser.put('/later-taken', 'x')
  const answer = await send('PUT', `${url}/place`, { path: '/free', replace: false })
  assert.equal(answer.json().path, '/free')
  assert.equal((await append(url, 0, 'abc')).statusCode, 204)
  assert.equal((await browser.get('/api/files/content?path=/free')).body, 'abc')
})

test('what is not tus is refused', async () => {
  refused(await create('relative', 1), 400, 'PATH_INVALID')
  refused(await create('/a/../b', 1), 400, 'NAME_INVALID')
  refused(await create('/a', -1), 400, 'INPUT_INVALID')
  const url = (await create('/strict', 5)).headers.location as string
  assert.equal((await append(url, 0, 'x', { 'content-type': 'text/plain' })).statusCode, 400)
  refused(await append(url, 0, 'too many bytes'), 400, 'INPUT_INVALID')
  for (const header of [
    '',
    `path ${base64('/a')} more`,
    `path ${base64('/a')},path ${base64('/b')}`,
    'path !!',
    `path /w==`,
    `path ${base64('/a')},mode ${base64('99999')}`,
    `path ${base64('/a')},replace ${base64('yes')}`,
    `path ${base64('/a')},modified ${base64('1e5')}`,
  ])
    assert.throws(() => parseMetadata(header), { code: 'INPUT_INVALID' }, header)
})
