import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { basic, davWorld, lockBody } from './world.ts'

/** What somebody would try who has one app password, or none. */

test('what comes over the wire by others reaches nothing', async (context) => {
  const world = await davWorld(context)
  await world.ok('mkdir', 'open/inner', '--parents')
  await world.ok('mkdir', 'closed')
  const [all, inner, reader] = [await world.password(), await world.password('/open'), await world.password('/open', '--read-only')]
  const { url } = world
  const put = (path: string, password: string, body = 'x', headers = {}) => world.request('PUT', path, { password, body, headers })
  assert.equal((await put('closed/secret', all)).status, 201)
  assert.equal((await put('inner/file', inner)).status, 201)

  await context.test('no other name of a path leads out of the folder of a password', async () => {
    const paths = [
      '../closed/secret',
      '%2e%2e/closed/secret',
      'inner/../../closed/secret',
      '..%2fclosed%2fsecret',
      'inner/%2e%2e/%2e%2e/closed/secret',
      '/closed/secret',
      './closed/secret',
      'inner//file',
      'inner/.',
      '%00',
      'inner/%ff',
      '%c0%ae%c0%ae/closed/secret',
      `${'x'.repeat(256)}`,
    ]
    for (const path of paths) {
      for (const method of ['GET', 'PROPFIND', 'DELETE', 'MKCOL', 'LOCK']) {
        const status = await rawStatus(url, `${method} /dav/${path} HTTP/1.1`, inner)
        assert.ok([400, 403, 404, 405, 409].includes(status), `${method} ${path}: ${status}`)
      }
      for (const destination of [`/dav/${path}`, `${url}${path}`]) {
        const status = await rawStatus(url, 'COPY /dav/inner/file HTTP/1.1', inner, [`Destination: ${destination}`])
        assert.ok([400, 403, 409].includes(status), `to ${destination}: ${status}`)
      }
    }
    for (const destination of [
      'http://elsewhere.example/dav/x',
      'file:///etc/passwd',
      'dav/x',
      '/api/files',
      '/davx/y',
      `/dav/${'x/'.repeat(9000)}`,
      `${url.replace('//', '//user@')}x`,
    ]) {
      const { status } = await world.request('MOVE', 'inner/file', { password: inner, headers: { destination } })
      assert.ok([400, 502].includes(status), `to ${destination.slice(0, 60)}: ${status}`)
    }
    for (const method of ['GET', 'PROPFIND', 'DELETE', 'MKCOL', 'LOCK', 'PUT']) {
      const { status } = await world.request(method, '.holt-hidden/trash', {
        password: all,
        body: method === 'LOCK' ? lockBody : undefined,
      })
      assert.ok([400, 403, 404, 409].includes(status), `${method} of Holt's own: ${status}`)
    }
    assert.equal(await (await world.request('GET', 'closed/secret', { password: all })).text(), 'x')
    const { entries } = await world.node.call('files.list', { path: '/open' })
    assert.deepEqual(
      entries.map(({ name }) => name),
      ['inner'],
    )
  })

  await context.test('who may only read changes nothing', async () => {
    const headers = { destination: `${url}inner/other` }
    for (const method of ['PUT', 'DELETE', 'MKCOL', 'COPY', 'MOVE', 'PROPPATCH', 'LOCK']) {
      const path = method === 'MKCOL' ? 'inner/new' : 'inner/file'
      const body =
        method === 'PROPPATCH'
          ? '<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><a xmlns="b"/></D:prop></D:set></D:propertyupdate>'
          : method === 'PUT'
            ? 'y'
            : method === 'LOCK'
              ? lockBody
              : undefined
      assert.equal((await world.request(method, path, { password: reader, headers, body })).status, 403, method)
    }
    assert.equal(await (await world.request('GET', 'inner/file', { password: reader })).text(), 'x')
    // the folder itself stays where its owner put it
    assert.equal((await world.request('DELETE', '', { password: inner })).status, 403)
  })

  await context.test('a page in a browser gets nothing, with or without a password', async () => {
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: new URL(url).origin },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-origin' },
    ] as Record<string, string>[])
      for (const method of ['GET', 'PUT', 'DELETE', 'PROPFIND', 'OPTIONS'])
        assert.equal(
          await rawStatus(
            url,
            `${method} /dav/inner/file HTTP/1.1`,
            all,
            Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
          ),
          403,
          `${method} ${JSON.stringify(headers)}`,
        )
    const { headers } = await world.request('OPTIONS', '', {})
    assert.equal(headers.get('access-control-allow-origin'), null)
    await put('inner/page.html', inner, '<script>alert(1)</script>')
    const page = await world.request('GET', 'inner/page.html', { password: inner })
    assert.equal(page.headers.get('content-type'), 'application/octet-stream')
    assert.match(page.headers.get('content-security-policy') ?? '', /sandbox/)
    assert.match(page.headers.get('content-disposition') ?? '', /^attachment/)
    assert.equal((await world.request('POST', 'inner/file', { password: all, body: 'a=b' })).status, 405)
  })

  await context.test('XML that blows up, fetches or is none is refused', async () => {
    const bombs = [
      '<!DOCTYPE a [<!ENTITY x "y">]><D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>',
      '<?xml version="1.0"?><!DOCTYPE p SYSTEM "http://127.0.0.1:1/x"><D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>',
      '<D:propfind xmlns:D="DAV:"><D:prop>&x;</D:prop></D:propfind>',
      `<D:propfind xmlns:D="DAV:">${'<a>'.repeat(30)}${'</a>'.repeat(30)}</D:propfind>`,
      `<D:propfind xmlns:D="DAV:"><D:prop>${'<D:a/>'.repeat(5000)}</D:prop></D:propfind>`,
      `<D:propfind xmlns:D="DAV:"><D:prop>${Array.from({ length: 200 }, (_, i) => `<D:a${i}/>`).join('')}</D:prop></D:propfind>`,
      `<D:propfind xmlns:D="DAV:">${' '.repeat(200_000)}<D:allprop/></D:propfind>`,
      '<?php system("id") ?><a/>',
      '<D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind><again/>',
      '\ufffe',
      '<',
    ]
    for (const body of bombs) {
      const { status } = await world.request('PROPFIND', '', { password: all, headers: { depth: '0' }, body })
      assert.ok(status === 400 || status === 413, `${status} for ${body.slice(0, 80)}`)
    }
  })

  await context.test('all below is told only where that is little', async () => {
    await world.node.call('files.mkdir', { path: '/closed/many' })
    for (let i = 0; i < 40; i++) await world.node.call('files.mkdir', { path: `/closed/many/${i}` })
    for (let i = 0, size = 1; i < 8; i++, size *= 2)
      await world.node.call('files.copy', { from: '/closed/many', to: `/closed/more${size}` })
    await world.node.call('files.copy', { from: '/closed', to: '/twice' })
    await world.node.call('files.mkdir', { path: '/lots' })
    for (let i = 0; i < 8; i++) await world.node.call('files.copy', { from: '/twice', to: `/lots/${i}` })
    await world.node.call('files.copy', { from: '/lots', to: '/lots2' })
    const deep = await world.request('PROPFIND', '', { password: all })
    assert.equal(deep.status, 403)
    assert.match(await deep.text(), /propfind-finite-depth/)
    const flat = await world.request('PROPFIND', '', { password: all, headers: { depth: '1' } })
    assert.equal(flat.status, 207)
    const names = [...(await flat.text()).matchAll(/<D:href>([^<]*)</g)].map(([, href]) => href)
    assert.deepEqual(names, ['/dav/', '/dav/closed/', '/dav/lots/', '/dav/lots2/', '/dav/open/', '/dav/twice/'])
  })

  await context.test('locks are bounded, and the token of one password is of no use to another', async () => {
    const lock = (path: string, password: string, headers = {}) =>
      world.request('LOCK', path, { password, body: lockBody, headers: { timeout: 'Second-600', ...headers } })
    const taken = await lock('inner/file', inner)
    assert.equal(taken.status, 200)
    const token = taken.headers.get('lock-token') as string
    assert.equal((await put('open/inner/file', all, 'mine', { if: `(${token})` })).status, 412)
    assert.equal((await put('open/inner/file', all, 'mine')).status, 423)
    assert.equal((await world.request('UNLOCK', 'open/inner/file', { password: all, headers: { 'lock-token': token } })).status, 403)
    assert.doesNotMatch(
      await (await world.request('PROPFIND', 'open/inner/file', { password: all })).text(),
      new RegExp(token.slice(1, -1)),
    )
    assert.equal((await put('inner/file', inner, 'again', { if: `(${token})` })).status, 204)
    const statuses: number[] = []
    for (let i = 0; i < 300; i++)
      statuses.push(
        (
          await lock('inner/inner', inner, { depth: '0', timeout: 'Infinite' }).then(async (answer) => {
            await answer.text()
            return answer
          })
        ).status,
      )
    assert.ok(statuses.filter((status) => status === 201 || status === 200).length === 1, 'an exclusive lock is had once')
    const shared = lockBody.replace('exclusive', 'shared')
    const more: number[] = []
    for (let i = 0; i < 300; i++)
      more.push((await world.request('LOCK', 'open', { password: all, body: shared, headers: { depth: '0' } })).status)
    assert.ok(more.includes(200) && more.at(-1) === 503, `${more.filter((status) => status === 200).length} locks`)
    assert.equal((await world.request('UNLOCK', 'inner/file', { password: inner, headers: { 'lock-token': token } })).status, 204)
  })

  await context.test('a file is whole or not there', async () => {
    const { port } = new URL(url)
    const socket = connect(Number(port), '127.0.0.1')
    await once(socket, 'connect')
    await new Promise((resolve) =>
      socket.write(
        `PUT /dav/inner/half HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: ${basic(inner)}\r\ncontent-length: 3000000\r\n\r\n${'h'.repeat(2_000_000)}`,
        resolve,
      ),
    )
    socket.destroy()
    await once(socket, 'close')
    const short = await put('inner/short', inner, 'abc', { 'x-expected-entity-length': '4' })
    assert.ok(short.status >= 400, String(short.status))
    assert.equal((await put('inner/part', inner, 'abc', { 'content-range': 'bytes 0-2/9' })).status, 400)
    assert.equal((await put('inner/file', inner, 'abc', { 'if-match': '"something else"' })).status, 412)
    assert.equal((await put('inner/file', inner, 'abc', { 'if-none-match': '*' })).status, 412)
    const { entries } = await world.node.call('files.list', { path: '/open/inner' })
    assert.deepEqual(
      entries.map(({ name }) => name),
      ['file', 'inner', 'page.html'],
    )
  })

  await context.test('a password that was revoked, or the one of the account, opens nothing; guessing becomes slow', async () => {
    await world.ok('webdav', 'revoke', inner.slice(0, 5))
    assert.equal((await world.request('GET', 'inner/file', { password: inner })).status, 401)
    assert.equal((await world.request('GET', '', {})).headers.get('www-authenticate'), 'Basic realm="Holt", charset="UTF-8"')
    const statuses: number[] = []
    for (let i = 0; i < 8; i++) statuses.push((await world.request('GET', '', { password: `a wrong guess ${i}` })).status)
    assert.equal(statuses[0], 401)
    assert.equal(statuses.at(-1), 429)
    assert.equal((await world.request('PROPFIND', '', { password: all, headers: { depth: '0' } })).status, 207, 'who is known goes on')
  })
})

/** As it is written, which clients would tidy. */
async function rawStatus(url: string, line: string, password: string, headers: readonly string[] = []): Promise<number> {
  const { port, host } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.setEncoding('latin1')
  socket.write(
    [line, `Host: ${host}`, `Authorization: ${basic(password)}`, 'Connection: close', 'Content-Length: 0', ...headers, '', ''].join('\r\n'),
  )
  let answer = ''
  for await (const text of socket) answer += text as string
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
}
