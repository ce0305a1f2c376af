import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { MemoryNode } from '../../testing/memory-node.ts'
import { TestAdmin, type TestBrowser } from '../../testing/test-admin.ts'

/** Headers of every route, and what a stored file can make of itself. */

let admin: TestAdmin
let owner: TestBrowser
let node: MemoryNode
before(async () => {
  node = new MemoryNode({ box: true })
  ;({ admin, browser: owner } = await TestAdmin.ready(node))
})
after(() => admin.close())

/** These answer for as long as somebody listens. */
const streams = /\/events$/

test('every route sends the headers that keep a browser safe, whatever it answers and whoever asks', async () => {
  const document = (await owner.get('/api')).json() as { paths: Record<string, Record<string, unknown>> }
  let checked = 0
  for (const [path, methods] of Object.entries(document.paths))
    for (const method of Object.keys(methods)) {
      if (streams.test(path) || (method === 'delete' && path === '/api/session')) continue
      for (const browser of [owner, admin.browser()]) {
        const withBody = method === 'post' || method === 'put'
        const { headers, statusCode } = await browser.send({
          method: method.toUpperCase() as 'GET',
          url: path.replace(/\{\w+\}/g, 'x'),
          ...(withBody ? { payload: '{}', headers: { 'content-type': 'application/json' } } : {}),
        })
        const where = `${method} ${path} ${statusCode}`
        assert.equal(headers['x-content-type-options'], 'nosniff', where)
        assert.equal(headers['x-frame-options'], 'DENY', where)
        assert.equal(headers['referrer-policy'], 'no-referrer', where)
        assert.equal(headers['cross-origin-resource-policy'], 'same-origin', where)
        assert.equal(headers['cross-origin-opener-policy'], 'same-origin', where)
        assert.equal(headers['access-control-allow-origin'], undefined, where)
        assert.equal(headers['x-powered-by'], undefined, where)
        assert.equal(headers['server'], undefined, where)
        if (path.startsWith('/api')) assert.match(String(headers['cache-control']), /no-store|no-cache/, where)
        if (statusCode >= 400 && path !== '/api/files/content')
          assert.match(String(headers['content-security-policy']), /default-src 'none'/, where)
        assert.doesNotMatch(
          String(headers['content-security-policy'] ?? ''),
          /unsafe-(?:eval|inline)'?[^;]*script|script-src[^;]*unsafe/,
          where,
        )
        checked++
      }
    }
  assert.ok(checked > 120, `${checked}`)
})

const scripts = {
  'page.html': '<script>fetch("/api/key/backup")</script>',
  'picture.svg': '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
  'page.xhtml': '<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
  'data.xml': '<?xml-stylesheet href="javascript:alert(1)"?><x/>',
  'code.js': 'alert(1)',
  'module.mjs': 'alert(1)',
  'worker.wasm': '\0asm',
  'looks.png.html': '<script>alert(1)</script>',
  'looks.html.png': '<script>alert(1)</script>',
  'UPPER.HTML': '<script>alert(1)</script>',
  'page.html ': '<script>alert(1)</script>',
  'page.html.': '<script>alert(1)</script>',
  nothing: '<script>alert(1)</script>',
  'page.mhtml': 'From: x',
  'book.pdf': '%PDF-1.7 <script>alert(1)</script>',
}

test('no stored file can run as the page: neither shown nor downloaded, under no name', async () => {
  for (const [name, text] of Object.entries(scripts)) {
    const path = `/${name}`
    assert.equal((await owner.put(path, text)).statusCode, 201, name)
    for (const query of ['', '&view=1', '&view=inline', '&view=']) {
      const { headers } = await owner.get(`/api/files/content?path=${encodeURIComponent(path)}${query}`)
      assert.doesNotMatch(String(headers['content-type']), /html|xml|script|svg|wasm|multipart/i, `${name}${query}`)
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.match(String(headers['content-security-policy']), /default-src 'none'/)
      if (!name.endsWith('.pdf')) assert.match(String(headers['content-security-policy']), /sandbox/)
      const isInline = String(headers['content-disposition']).startsWith('inline')
      if (isInline) assert.match(String(headers['content-type']), /^(image\/png|application\/pdf)/)
    }
  }
})

const names = [
  'a"; filename="b.html',
  "a'b",
  'a\r\nSet-Cookie: x=y',
  'a\u202ebmp.exe',
  '<img src=x onerror=alert(1)>',
  '{{7*7}}<%= 7*7 %>',
  '%0d%0aX: y',
  'ä€𝄞',
  '..\\..\\x',
  '; rm -rf ~',
  'CON',
  '\u0085\u2028',
  '%00',
]

test('a stored name is never more than a name: not in headers, not in answers', async () => {
  for (const name of names) {
    const path = `/${name}`
    const put = await owner.put(path, 'x', {}, '&replace=true')
    assert.equal(put.statusCode, 201, `${JSON.stringify(name)} ${put.body}`)
    const { headers, statusCode } = await owner.get(`/api/files/content?path=${encodeURIComponent(path)}`)
    assert.equal(statusCode, 200)
    assert.equal(headers['set-cookie'], undefined)
    assert.equal(headers['x'], undefined)
    const disposition = String(headers['content-disposition'])
    assert.match(disposition, /^attachment; filename="[^"\\\r\n]*"; filename\*=UTF-8''[\w.!#$&+^`|~%-]*$/)
    assert.equal(decodeURIComponent(disposition.split("''")[1] as string), name)
    const list = await owner.get('/api/files?path=/')
    assert.match(String(list.headers['content-type']), /^application\/json/)
    assert.ok((list.json() as { entries: { name: string }[] }).entries.some((entry) => entry.name === name))
  }
})

test('an address that fits no route is refused in our words, with the same care', async () => {
  for (const url of [`/api/sessions/${'x'.repeat(300)}`, '/api/%zz', '/%c0%af', `/api/files?path=${'%2e'.repeat(9000)}`]) {
    const { statusCode, headers, body } = await owner.get(url)
    assert.ok(statusCode >= 400 && statusCode < 500, `${url.slice(0, 40)}: ${statusCode}`)
    assert.equal(headers['x-content-type-options'], 'nosniff', url.slice(0, 40))
    assert.match(String(headers['content-security-policy']), /default-src 'none'/)
    assert.match((JSON.parse(body) as { code: string }).code, /^[A-Z_]+$/)
  }
})
