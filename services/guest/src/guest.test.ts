import assert from 'node:assert/strict'
import test from 'node:test'
import type { Alarms } from './alarms.ts'
import type { Engine } from './engine.ts'
import type { Folder } from './folder.ts'
import { Headers } from './headers.ts'
import type { Hosts } from './hosts.ts'
import { Request, Response } from './http.ts'
import type { Messages } from './messages.ts'
import { type Page, textOfEvent } from './page.ts'
import { pack, unpack } from './parcel.ts'
import type { Program } from './program.ts'
import { run } from './run.ts'
import type { Signing } from './signing.ts'
import { URL as GuestUrl, URLSearchParams as GuestParams } from './url.ts'

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes)

/** An engine that has this in store and answers powers by these. */
function engine(powers: Record<string, (head: Record<string, unknown>, body: Uint8Array) => Uint8Array> = {}): Engine {
  const kept = new Map<string, Uint8Array>()
  const use = (name: string, args: Uint8Array): Uint8Array => {
    const { head, body } = unpack(args)
    const power = powers[name]
    if (power === undefined) throw Object.assign(new Error('not granted'), { code: 'NOT_AUTHORIZED' })
    return power(head, body)
  }
  return {
    onDeliver: undefined,
    call: use,
    ask: async (name, args) => use(name, args),
    store: {
      get: (key) => kept.get(key),
      set: (key, value) => void kept.set(key, value),
      delete: (key) => kept.delete(key),
      keys: (prefix = '') => [...kept.keys()].filter((key) => key.startsWith(prefix)).sort(),
    },
    log: () => {},
    random: (size) => new Uint8Array(size),
  }
}

function started(program: Program, powers: Parameters<typeof engine>[0] = {}): Engine {
  globalThis.holt = engine({ 'powers.list': () => pack({ powers: [] }), ...powers })
  run(program)
  return globalThis.holt
}

async function ask(holt: Engine, url: string, { method = 'GET', body = '' } = {}) {
  const packed = pack({ method, url, headers: [['accept', 'text/plain']] }, new TextEncoder().encode(body))
  const answer = unpack((await holt.onDeliver?.('http', packed)) as Uint8Array)
  return { ...(answer.head as { status: number; headers: [string, string][] }), text: text(answer.body) }
}

test('a request reaches fetch, and its Response comes back', async () => {
  const holt = started({
    fetch: async (request, { store }) => {
      const visits = Number(store.get('visits') ?? 0) + 1
      store.set('visits', visits)
      return Response.json({
        visits,
        path: new GuestUrl(request.url).pathname,
        said: await request.text(),
        accept: request.headers.get('Accept'),
      })
    },
  })
  await ask(holt, 'http://book.localhost/a')
  const { status, headers, text: body } = await ask(holt, 'http://book.localhost/b?c=d', { method: 'POST', body: 'hello' })
  assert.equal(status, 200)
  assert.deepEqual(headers, [['content-type', 'application/json']])
  assert.deepEqual(JSON.parse(body), { visits: 2, path: '/b', said: 'hello', accept: 'text/plain' })
})

test('a program that answers no requests says so, and one that gives no Response fails', async () => {
  assert.equal((await ask(started({}), 'http://a.localhost/')).status, 404)
  const wrong = started({ fetch: () => 'text' as unknown as Response })
  await assert.rejects(ask(wrong, 'http://a.localhost/'), TypeError)
})

test('powers are there by their names, and carry what they are asked', async () => {
  const asked: unknown[] = []
  const holt = started(
    {
      start: async (powers) => {
        const { photos, feeds } = powers as unknown as { photos: Folder; feeds: Hosts }
        await photos.write('a.txt', 'content')
        const answer = await feeds.fetch('https://example.org/x', { method: 'POST', body: 'q' })
        powers.store.set('got', [answer.status, answer.headers.get('X-A'), await answer.text()])
      },
    },
    {
      'powers.list': () =>
        pack({
          powers: [
            { name: 'photos', kind: 'folder' },
            { name: 'feeds', kind: 'hosts' },
          ],
        }),
      'folder.write': (head, body) => pack({ asked: asked.push([head, text(body)]) }),
      'http.fetch': (head, body) => {
        asked.push([head, text(body)])
        return pack({ status: 201, headers: [['x-a', '1']] }, new TextEncoder().encode('answer'))
      },
    },
  )
  await holt.onDeliver?.('start', pack({}))
  assert.deepEqual(JSON.parse(text(holt.store.get('got'))), [201, '1', 'answer'])
  const headers = [['content-type', 'text/plain;charset=UTF-8']]
  assert.deepEqual(asked, [
    [{ power: 'photos', path: 'a.txt' }, 'content'],
    [{ power: 'feeds', method: 'POST', url: 'https://example.org/x', headers }, 'q'],
  ])
})

test('alarms are set with what JSON can say, and ring with it', async () => {
  const asked: unknown[] = []
  const holt = started(
    {
      start: async (powers) => {
        const wake = powers['wake'] as Alarms
        await wake.set('tea', { after: 5000, every: 10_000, data: { cups: 2 } })
        powers.store.set('was', [await wake.cancel('x'), await wake.list()])
      },
      alarm: ({ name, missed, data }, { store }) => store.set('rang', [name, missed, data]),
    },
    {
      'powers.list': () => pack({ powers: [{ name: 'wake', kind: 'alarms' }] }),
      'alarms.set': (head, body) => pack({ asked: asked.push([head, text(body)]) }),
      'alarms.cancel': () => pack({ was: false }),
      'alarms.list': () => pack({ alarms: [] }),
    },
  )
  await holt.onDeliver?.('start', pack({}))
  assert.deepEqual(asked, [[{ power: 'wake', alarm: 'tea', after: 5000, every: 10_000 }, '{"cups":2}']])
  assert.deepEqual(JSON.parse(text(holt.store.get('was'))), [false, []])
  const ring = (data: string) =>
    holt.onDeliver?.('alarm', pack({ name: 'tea', at: 1, every: null, missed: 3 }, new TextEncoder().encode(data)))
  await ring('{"cups":2}')
  assert.deepEqual(JSON.parse(text(holt.store.get('rang'))), ['tea', 3, { cups: 2 }])
  await ring('')
  assert.deepEqual(JSON.parse(text(holt.store.get('rang'))), ['tea', 3, null])
})

test('messages carry what JSON can say, or bytes', async () => {
  const asked: unknown[] = []
  const holt = started(
    {
      start: async (powers) => {
        const post = powers['post'] as Messages
        await post.send('anna', { hello: 1 })
        await post.send('ben', new TextEncoder().encode('raw'), { program: 'ab' })
        powers.store.set('who', [(await post.who()).self.owner, await post.waiting()])
      },
      message: ({ from, sent, data, bytes }, { store }) => store.set('heard', [from, sent, data, bytes.length]),
    },
    {
      'powers.list': () => pack({ powers: [{ name: 'post', kind: 'messages' }] }),
      'messages.send': (head, body) => pack({ asked: asked.push([head, text(body)]) }),
      'messages.who': () => pack({ self: { owner: 'me', program: 'x' }, others: [] }),
      'messages.waiting': () => pack({ waiting: [] }),
    },
  )
  await holt.onDeliver?.('start', pack({}))
  assert.deepEqual(asked, [
    [{ power: 'post', to: 'anna' }, '{"hello":1}'],
    [{ power: 'post', to: 'ben', program: 'ab' }, 'raw'],
  ])
  assert.deepEqual(JSON.parse(text(holt.store.get('who'))), ['me', []])
  await holt.onDeliver?.('message', pack({ from: 'anna', program: 'x', sent: 7 }, new TextEncoder().encode('[1]')))
  assert.deepEqual(JSON.parse(text(holt.store.get('heard'))), ['anna', 7, [1], 3])
})

test('what is signed and verified goes to the node with its signature', async () => {
  const signature = new Uint8Array(64).fill(7)
  const holt = started(
    {
      start: async (powers) => {
        const seal = powers['seal'] as Signing
        const signed = await seal.sign('words')
        const key = await seal.key()
        powers.store.set('was', [await seal.verify(key, 'words', signed), await seal.verify(key, 'words', new Uint8Array(63))])
      },
    },
    {
      'powers.list': () => pack({ powers: [{ name: 'seal', kind: 'signing' }] }),
      'signing.key': () => pack({ key: 'k', program: 'p' }),
      'signing.sign': (_head, body) => pack({}, text(body) === 'words' ? signature : new Uint8Array(64)),
      'signing.verify': (head, body) =>
        pack({ valid: head['key'] === 'k' && head['program'] === 'p' && body[63] === 7 && text(body.subarray(64)) === 'words' }),
    },
  )
  await holt.onDeliver?.('start', pack({}))
  assert.deepEqual(JSON.parse(text(holt.store.get('was'))), [true, false])
})

test('addresses are read as browsers read them', () => {
  const base = 'https://example.org/a/b?c#d'
  for (const address of [
    'x',
    '/x',
    '../x',
    './',
    '?q=1',
    '#f',
    '//other.org/y',
    'http://A.org:80/b/../c',
    '',
    'x y',
    '/ü?ä=ö',
    'https://[::1]:8443/',
  ])
    assert.equal(new GuestUrl(address, base).href, new globalThis.URL(address, base).href, address)
  for (const address of ['nonsense', 'ftp://a.org/', 'http://', 'http://a b/', 'http://user@a.org/'])
    assert.equal(GuestUrl.canParse(address), false, address)
  for (const query of ['a=1&b=2&a=3', 'a=%20+b&c', 'ü=ö', "x=!'()~*", 'a=%zz'])
    assert.deepEqual([...new GuestParams(query)], [...new globalThis.URLSearchParams(query)], query)
  const params = { name: "a b&c=d!'()~*", other: 'ü' }
  assert.equal(new GuestParams(params).toString(), new globalThis.URLSearchParams(params).toString())
})

test('headers refuse what would make another header, and bodies are read once', async () => {
  for (const value of ['a\r\nb: c', 'a\0', 'ŭ']) assert.throws(() => new Headers({ a: value }), TypeError)
  assert.throws(() => new Headers({ 'a b': 'c' }), TypeError)
  const headers = new Headers([
    ['Set-Cookie', 'a=1'],
    ['set-cookie', 'b=2'],
    ['A', '1'],
    ['a', '2'],
  ])
  assert.deepEqual(
    [...headers],
    [
      ['a', '1, 2'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ],
  )
  const request = new Request('http://a.org/', { method: 'post', body: 'a=b' })
  assert.equal((await request.form()).get('a'), 'b')
  await assert.rejects(request.text(), TypeError)
  assert.throws(() => new Response(null, { status: 99 }), RangeError)
})

test('a parcel that is cut or no object is refused', () => {
  const whole = pack({ a: 1 }, Uint8Array.of(1, 2))
  assert.deepEqual(unpack(whole), { head: { a: 1 }, body: Uint8Array.of(1, 2) })
  for (let length = 0; length < whole.length - 2; length++) assert.throws(() => unpack(whole.subarray(0, length)))
  assert.throws(() => unpack(Uint8Array.of(2, 0, 0, 0, 0x5b, 0x5d)), /no object/)
})

test('answers stay open as events, as a body, and as WebSockets, and what comes of them is told', async () => {
  const asked: unknown[] = []
  const use = (name: string) => (head: Record<string, unknown>, body: Uint8Array) => {
    asked.push([name, head, text(body)])
    const streams = [{ stream: 's9', tag: 'all', webSocket: true, waiting: 7 }]
    return pack(name === 'list' ? { streams } : { sent: 1, full: [] })
  }
  const heard: unknown[] = []
  const holt = started(
    {
      fetch: async (request, powers) => {
        const site = powers['site'] as Page
        const { pathname } = new GuestUrl(request.url)
        if (pathname === '/events') {
          const response = site.events(request, { tag: 'all', retry: 500 })
          await response.stream.sendEvent({ data: { a: 1 }, id: '1' })
          return response
        }
        if (pathname === '/body') return site.stream(request, { begin: 'first', headers: { 'content-type': 'text/x' } })
        return site.webSocket(request, { protocol: 'p' }) ?? new Response('no WebSocket', { status: 426 })
      },
      webSocketMessage: async (socket, { data }, powers) => {
        heard.push([socket.id, socket.tag, data])
        const site = powers['site'] as Page
        await site.tagged('all').send('to all')
        for (const one of await site.open('all')) await one.close({ code: 3000, reason: `${one.waiting}` })
      },
      streamDrained: ({ id }) => void heard.push(['drained', id]),
      streamClosed: ({ id, tag }, end) => void heard.push(['closed', id, tag, end]),
    },
    {
      'powers.list': () => pack({ powers: [{ name: 'site', kind: 'page' }] }),
      'streams.send': use('send'),
      'streams.close': use('close'),
      'streams.list': use('list'),
    },
  )
  const ask = async (path: string, more: object = { stream: 's1' }) => {
    const answer = (await holt.onDeliver?.(
      'http',
      pack({ method: 'GET', url: `http://a.localhost${path}`, headers: [], ...more }),
    )) as Uint8Array
    return { ...unpack(answer).head, body: text(unpack(answer).body) }
  }
  const noStore = ['cache-control', 'no-store']
  assert.deepEqual(await ask('/events'), {
    status: 200,
    headers: [noStore, ['content-type', 'text/event-stream']],
    open: { tag: 'all' },
    body: 'retry: 500\n\n',
  })
  assert.deepEqual(asked.splice(0), [['send', { power: 'site', stream: 's1', text: true }, 'id: 1\ndata: {"a":1}\n\n']])
  assert.deepEqual(await ask('/body'), { status: 200, headers: [noStore, ['content-type', 'text/x']], open: { tag: '' }, body: 'first' })
  assert.deepEqual(await ask('/ws', { stream: 's2', webSocket: true }), {
    status: 101,
    headers: [['sec-websocket-protocol', 'p']],
    open: { tag: '' },
    body: '',
  })
  assert.deepEqual(await ask('/ws'), { status: 426, headers: [['content-type', 'text/plain;charset=UTF-8']], body: 'no WebSocket' })
  await assert.rejects(ask('/events', {}), TypeError)

  await holt.onDeliver?.('stream.message', pack({ stream: 's2', tag: '', text: true }, new TextEncoder().encode('hi')))
  assert.deepEqual(asked, [
    ['send', { power: 'site', tag: 'all', text: true }, 'to all'],
    ['list', { power: 'site', tag: 'all' }, ''],
    ['close', { power: 'site', stream: 's9', code: 3000, reason: '7' }, ''],
  ])
  await holt.onDeliver?.('stream.message', pack({ stream: 's2', tag: '', text: false }, Uint8Array.of(1)))
  await holt.onDeliver?.('stream.drained', pack({ stream: 's2', tag: '' }))
  await holt.onDeliver?.('stream.closed', pack({ stream: 's2', tag: 'all', code: 1001, reason: 'gone' }))
  assert.deepEqual(heard, [
    ['s2', '', 'hi'],
    ['s2', '', Uint8Array.of(1)],
    ['drained', 's2'],
    ['closed', 's2', 'all', { code: 1001, reason: 'gone' }],
  ])
})

test('an event is written so that no word of it is taken for a field', () => {
  assert.equal(
    textOfEvent({ data: 'a\nid: 2\r\nb\rc', event: 'news', retry: 1.5 }),
    'event: news\nretry: 1\ndata: a\ndata: id: 2\ndata: b\ndata: c\n\n',
  )
  for (const field of ['event', 'id']) assert.throws(() => textOfEvent({ data: 'x', [field]: 'a\ndata: b' }), TypeError)
})
