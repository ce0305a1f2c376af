import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
import type { ProgramGrant } from '@holt/control/programs.ts'
import { fromBase64Url } from '@holt/core/bytes.ts'
import { decodeArchive, encodeArchive } from '@holt/core/package/archive.ts'
import { encodeManifest, type Manifest, manifestCid } from '@holt/core/package/manifest.ts'
import { decodeHandOver, signPackage } from '@holt/core/package/signature.ts'
import { principalToText } from '@holt/core/principal.ts'
import { nodejsCrypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import { bodyOf, textOf } from '../node-world.ts'
import { ProgramWorld } from './program-world.ts'

const site = { kind: 'page', name: 'site', reason: 'visitors' } as const
const showSite: ProgramGrant = { kind: 'page', name: 'site', network: false }
const photos = { kind: 'folder', name: 'photos', reason: 'pictures', write: true } as const

/** Counts visits; `/fail` throws after it has counted. */
const counter = `
holt.onDeliver = (name, bytes) => {
  if (name !== 'http') return pack({})
  const { head } = unpack(bytes)
  const visits = Number(text(holt.store.get('visits') ?? new Uint8Array(0)) || 0) + 1
  holt.store.set('visits', encoder.encode(String(visits)))
  if (head.url.endsWith('/fail')) throw new Error('on purpose')
  return page('visit ' + visits, 200, [['x-program', 'yes'], ['Set-Cookie', 'seen=1; Path=/; Domain=localhost']])
}
`

/** A connection for each: none is left from before a page was closed. */
async function get(url: string, headers: Record<string, string> = {}) {
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    request(url, { headers, agent: false }, resolve).on('error', reject).end(),
  )
  const parts: Buffer[] = []
  for await (const part of response as AsyncIterable<Buffer>) parts.push(part)
  return {
    status: response.statusCode,
    text: Buffer.concat(parts).toString(),
    header: (name: string) => response.headers[name],
    cookies: response.headers['set-cookie'] ?? [],
  }
}

test('a program answers on its page, its store outlives a failure, a restart and an update, and goes with it', async (t) => {
  const world = await ProgramWorld.start(t)
  const wished: Partial<Manifest> = { powers: [site], pages: 'pages' }
  const pages = { 'pages/a.txt': '0123456789' }
  const program = await world.install(await world.package(counter, wished, pages), [showSite])
  assert.ok(program.page !== null)
  const address = `http://127.0.0.1:${program.page.port}`
  const first = await get(address)
  assert.deepEqual([first.status, first.text, first.header('x-program')], [200, 'visit 1', 'yes'])
  assert.equal((await get(`${address}/fail`)).status, 500, 'and what it counted before it threw is not kept')
  assert.equal((await get(address)).text, 'visit 2')
  // files of the package come as they are
  const file = await get(`${address}/a.txt`, { range: 'bytes=2-4' })
  assert.deepEqual([file.status, file.text, file.header('content-range')], [206, '234', 'bytes 2-4/10'])
  assert.equal((await get(`${address}/a.txt`, { 'if-none-match': file.header('etag') as string })).status, 304)

  await world.restart()
  const [again] = (await world.call('programs.list', {})).programs
  assert.deepEqual([again?.running, again?.page?.port], [true, program.page.port], 'it is where it was')
  assert.equal((await get(address)).text, 'visit 3')

  const second = await world.package(counter.replace("'visit '", "'call '"), { ...wished, version: [1, 1, 0] }, pages)
  const updated = await world.install(second)
  assert.deepEqual([updated.version, updated.grants, updated.running], ['1.1.0', [showSite], true])
  assert.equal((await get(address)).text, 'call 4')
  const { lines } = await world.call('programs.logs', { id: program.id })
  assert.match(lines[0]?.text ?? '', /on purpose/, 'what it wrote is there after a restart and an update')
  const done = async () => (await world.call('programs.audit', { id: program.id })).uses.map(({ what, about }) => `${what} ${about}`)
  assert.deepEqual(await done(), ['install 1.0.0', 'grant site', 'update 1.1.0'])

  await world.call('programs.stop', { id: program.id })
  await assert.rejects(get(address))
  await world.call('programs.start', { id: program.id })
  assert.equal((await get(address)).text, 'call 5')
  await world.call('programs.remove', { id: program.id })
  await assert.rejects(get(address))
  await world.install(await world.package(counter, wished, pages), [showSite])
  assert.equal((await get(address)).text, 'visit 1', 'of what was removed nothing is left')
})

test('of an answer that has parts a program gives the whole, and who asked for one gets that', async (t) => {
  const world = await ProgramWorld.start(t)
  const film = `holt.onDeliver = (name, bytes) => {
  if (name !== 'http') return pack({})
  const parts = unpack(bytes).head.url.endsWith('/film') ? [['Accept-Ranges', 'bytes'], ['ETag', '"1"']] : []
  return page('0123456789', 200, [['content-type', 'video/mp4'], ...parts])
}`
  const { page } = await world.install(await world.package(film, { powers: [site] }), [showSite])
  const ask = async (path: string, headers: Record<string, string>) => {
    const { status, text, header } = await get(`http://127.0.0.1:${page?.port}/${path}`, headers)
    return [status, text, header('content-range')]
  }
  for (const [headers, ...expected] of [
    [{ range: 'bytes=2-4' }, 206, '234', 'bytes 2-4/10'],
    [{ range: 'bytes=-3' }, 206, '789', 'bytes 7-9/10'],
    [{ range: 'bytes=8-' }, 206, '89', 'bytes 8-9/10'],
    [{ range: 'bytes=10-' }, 416, '', 'bytes */10'],
    [{ range: 'bytes=2-4', 'if-range': '"1"' }, 206, '234', 'bytes 2-4/10'],
    [{ range: 'bytes=2-4', 'if-range': '"0"' }, 200, '0123456789', undefined],
    [{ range: 'lines=2-4' }, 200, '0123456789', undefined],
    [{}, 200, '0123456789', undefined],
  ] as [Record<string, string>, ...unknown[]][])
    assert.deepEqual(await ask('film', headers), expected, JSON.stringify(headers))
  assert.deepEqual(await ask('page', { range: 'bytes=2-4' }), [200, '0123456789', undefined])
})

test('cookies of the node and of other programs stay apart from a program, and names that lead here from elsewhere are refused', async (t) => {
  const world = await ProgramWorld.start(t)
  const show = `holt.onDeliver = (name, bytes) => name === 'http' ? page(JSON.stringify(unpack(bytes).head.headers), 200, [['set-cookie', 'own=1; Domain=x; Path=/'], ['Set-Cookie', '__Host-b=2'], ['content-length', '1'], ['connection', 'close']]) : pack({})`
  const { page, id } = await world.install(await world.package(show, { powers: [site] }), [showSite])
  const address = `http://127.0.0.1:${page?.port}`
  const shown = await get(address, { cookie: `session=secret; holt-${id}-own=1; holt-${'0'.repeat(32)}-own=2` })
  const cookies = (JSON.parse(shown.text) as [string, string][]).filter(([name]) => name === 'cookie')
  assert.deepEqual(cookies, [['cookie', 'own=1']])
  assert.deepEqual(shown.cookies, [`holt-${id}-own=1; Path=/`, `holt-${id}-__Host-b=2`])
  assert.equal(shown.header('x-content-type-options'), 'nosniff')
  const statusFor = async (host: string) => (await get(address, { host })).status
  assert.equal(await statusFor('book.localhost'), 200)
  for (const host of ['evil.example', 'other.localhost', '192.168.1.1', '127.0.0.1.evil.example'])
    assert.equal(await statusFor(host), 421, host)
})

test('a folder is all that a program sees of the tree, read-only when it is; a power taken back is refused at once, and all is in the audit', async (t) => {
  const world = await ProgramWorld.start(t)
  await world.call('files.mkdir', { path: '/pictures/2026', parents: true })
  const signal = new AbortController().signal
  await world.node.files.write('/pictures/2026/a.txt', bodyOf('content of a'), { signal })
  await world.node.files.write('/diary.txt', bodyOf('secret'), { signal })
  const script = `
holt.onDeliver = async (name, bytes) => {
  if (name !== 'http') return pack({})
  const { power, head, body } = JSON.parse(decodeURIComponent(new RegExp('[?](.*)$').exec(unpack(bytes).head.url)[1]))
  try {
    const answer = await use(power, head, encoder.encode(body ?? ''))
    return page(JSON.stringify({ head: answer.head, body: text(answer.body) }))
  } catch (error) {
    return page(JSON.stringify({ code: error.code }))
  }
}`
  const grant: ProgramGrant = { kind: 'folder', name: 'photos', path: '/pictures', write: true }
  const { page, id } = await world.install(await world.package(script, { powers: [site, photos] }), [showSite, grant])
  const ask = async (power: string, head: Record<string, unknown>, body?: string) => {
    const query = encodeURIComponent(JSON.stringify({ power, head: { power: 'photos', ...head }, body }))
    return JSON.parse((await get(`http://127.0.0.1:${page?.port}/?${query}`)).text) as {
      head?: Record<string, unknown>
      body?: string
      code?: string
    }
  }
  const names = async (path: string) => {
    const entries = (await ask('folder.list', { path })).head?.['entries'] as { name: string }[] | undefined
    return entries?.map(({ name }) => name)
  }
  assert.deepEqual(await names(''), ['2026'])
  assert.equal((await ask('folder.read', { path: '2026/a.txt' })).body, 'content of a')
  assert.equal((await ask('folder.read', { path: '2026/a.txt', offset: 8, size: 2 })).body, 'of')
  assert.deepEqual(await ask('folder.write', { path: 'b.txt' }, 'written'), { head: {}, body: '' })
  assert.equal(await textOf((await world.node.files.read('/pictures/b.txt')).body), 'written')
  await ask('folder.writeAt', { path: 'b.txt', offset: 1 }, 'RI')
  assert.equal((await ask('folder.read', { path: 'b.txt' })).body, 'wRItten')
  await ask('folder.makeFolder', { path: 'c' })
  await ask('folder.move', { from: 'b.txt', to: 'c/b.txt' })
  assert.deepEqual(await names('c'), ['b.txt'])
  assert.equal((await ask('folder.remove', { path: 'c' })).code, 'NOT_EMPTY')
  await ask('folder.remove', { path: 'c', recursive: true })
  assert.equal((await ask('folder.stat', { path: 'c' })).head?.['entry'], null)
  await ask('folder.write', { path: 'new.txt', exclusive: true }, 'new content')
  assert.equal((await ask('folder.write', { path: 'new.txt', exclusive: true }, 'x')).code, 'ALREADY_EXISTS')
  await ask('folder.truncate', { path: 'new.txt', size: 3 })
  assert.equal((await ask('folder.read', { path: 'new.txt' })).body, 'new')
  assert.equal((await ask('folder.remove', { path: 'new.txt', kind: 'folder' })).code, 'NOT_A_DIRECTORY')
  assert.equal((await ask('folder.remove', { path: '2026', kind: 'file', recursive: true })).code, 'IS_A_DIRECTORY')
  assert.equal((await ask('folder.move', { from: 'new.txt', to: '2026/a.txt' })).code, 'ALREADY_EXISTS')
  const first = await ask('folder.list', { path: '', limit: 1 })
  assert.deepEqual([first.head?.['more'], first.head?.['last']], [true, '2026'])
  const rest = await ask('folder.list', { path: '', limit: 5, after: '2026' })
  assert.deepEqual([rest.head?.['more'], rest.head?.['last']], [false, 'new.txt'])
  await ask('folder.move', { from: 'new.txt', to: '2026/b.txt' })
  await ask('folder.write', { path: 'newer.txt' }, 'newer')
  await ask('folder.move', { from: 'newer.txt', to: '2026/b.txt', replace: true })
  assert.equal((await ask('folder.read', { path: '2026/b.txt' })).body, 'newer')
  await ask('folder.remove', { path: '2026/b.txt', kind: 'file' })

  const outside = ['../diary.txt', '..', '/diary.txt', '2026/../../diary.txt', './a', '2026//a.txt', 'a\\..\\b', 'a\u0000b', '/', '2026/.']
  for (const path of outside) assert.equal((await ask('folder.read', { path })).code, 'PATH_INVALID', path)
  assert.equal((await ask('folder.remove', { path: '' })).code, 'PATH_INVALID', 'the folder itself is not the program’s')
  assert.equal((await ask('folder.read', { path: '2026' })).code, 'IS_A_DIRECTORY')
  assert.equal((await ask('folder.read', { power: 'else', path: 'a' })).code, 'NOT_AUTHORIZED')
  assert.equal((await ask('folder.read', { path: 7 })).code, 'MALFORMED')
  for (const power of ['folder.format', 'files.open', 'nothing', 'http.fetch', 'programs.list', '__proto__.read'])
    assert.ok(['NOT_AUTHORIZED', 'MALFORMED'].includes((await ask(power, { path: 'a', url: 'http://127.0.0.1/' })).code ?? ''), power)

  await world.call('programs.grant', { id, grant: { ...grant, path: '/pictures/2026', write: false } })
  assert.deepEqual(await names(''), ['a.txt'])
  assert.equal((await ask('folder.write', { path: 'x' }, 'x')).code, 'NOT_AUTHORIZED')
  await assert.rejects(world.call('programs.grant', { id, grant: { ...grant, path: '/nowhere' } }), { code: 'NOT_FOUND' })
  await assert.rejects(world.call('programs.grant', { id, grant: { kind: 'clock', name: 'photos' } }), { code: 'INPUT_INVALID' })
  await world.call('programs.revoke', { id, power: 'photos' })
  assert.equal((await ask('folder.list', { path: '' })).code, 'NOT_AUTHORIZED')
  const { uses } = await world.call('programs.audit', { id })
  const told = (what: string, about: string) => uses.find((use) => use.what === what && use.about === about)
  assert.deepEqual([told('read', '2026/a.txt')?.code, told('read', '../diary.txt')?.code], [null, 'PATH_INVALID'])
  assert.equal(uses.at(-1)?.code, 'NOT_AUTHORIZED')
  assert.ok(uses.some(({ what }) => what === 'revoke'))
})

test('requests go to the hosts that were granted, and to no other', async (t) => {
  const world = await ProgramWorld.start(t)
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.headers.host} ${String(request.headers['x-a'])}`)
    if (request.url === '/endless') {
      const more = setInterval(() => response.write(new Uint8Array(1 << 20)), 1)
      response.on('close', () => clearInterval(more))
    } else if (request.url === '/away') response.writeHead(302, { location: 'http://localhost/' }).end()
    else response.setHeader('x-b', 'c').end('from outside')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const script = `
holt.onDeliver = async (name, bytes) => {
  if (name !== 'http') return pack({})
  const url = decodeURIComponent(new RegExp('[?](.*)$').exec(unpack(bytes).head.url)[1])
  try {
    const { head, body } = await use('http.fetch', { power: 'feeds', method: 'GET', url, headers: [['x-a', 'b'], ['Host', 'evil']] })
    return page(JSON.stringify([head.status, head.headers.find(([name]) => name === 'x-b'), text(body)]))
  } catch (error) {
    return page(JSON.stringify(error.code))
  }
}`
  const hosts = [`127.0.0.1:${port}`, 'localtest.example', '*.example.org']
  const feeds = { kind: 'hosts' as const, name: 'feeds', hosts }
  const { page } = await world.install(await world.package(script, { powers: [site, { ...feeds, reason: 'news' }] }), [showSite, feeds])
  const ask = async (url: string) => JSON.parse((await get(`http://127.0.0.1:${page?.port}/?${encodeURIComponent(url)}`)).text) as unknown
  assert.deepEqual(await ask(`http://127.0.0.1:${port}/x`), [200, ['x-b', 'c'], 'from outside'])
  assert.deepEqual(asked, [`GET 127.0.0.1:${port} b`])
  assert.deepEqual(
    ((await ask(`http://127.0.0.1:${port}/away`)) as unknown[])[0],
    302,
    'where it leads is for the program to ask, and to be refused',
  )
  assert.equal(await ask(`http://127.0.0.1:${port}/endless`), 'TOO_LARGE')
  for (const url of [
    `http://localhost:${port}/`,
    `http://127.0.0.1:${page?.port}/`,
    'http://127.0.0.1/',
    'http://example.org/',
    'http://x.example.org.evil.net/',
  ])
    assert.equal(await ask(url), 'NOT_AUTHORIZED', url)
  for (const url of ['file:///etc/passwd', 'nonsense', `http://user:secret@127.0.0.1:${port}/`])
    assert.equal(await ask(url), 'INPUT_INVALID', url)
})

test('what is not signed, signed by another, older, or too much to ask is not installed', async (t) => {
  const world = await ProgramWorld.start(t)
  const good = await world.package(counter, { powers: [site, { ...photos, optional: true }] })
  const staged = await world.stage(good)
  const { powers, installed, warnings } = await world.call('programs.inspect', { stage: staged })
  assert.deepEqual(
    [powers.map(({ name, optional }) => [name, optional]), installed, warnings],
    [
      [
        ['site', false],
        ['photos', true],
      ],
      null,
      [],
    ],
  )
  await assert.rejects(world.install(good), { code: 'CONSENT_MISSING' })
  await assert.rejects(world.install(good, [{ kind: 'folder', name: 'site', path: '/', write: false }]), { code: 'INPUT_INVALID' })
  await assert.rejects(world.call('programs.inspect', { stage: '0'.repeat(16) }), { code: 'NOT_FOUND' })
  for (const [at, code] of [
    [20, 'MALFORMED'],
    [good.length - 5, 'BLOCK_CORRUPT'],
  ] as const) {
    const changed = good.slice()
    changed[at] = (changed[at] as number) ^ 1
    await assert.rejects(world.install(changed, [showSite]), { code })
  }
  await world.install(good, [showSite])
  await assert.rejects(world.install(good, [showSite]), { code: 'ALREADY_EXISTS' })
  const newer = await world.package(counter, { version: [2, 0, 0] })
  assert.deepEqual((await world.install(newer)).grants, [], 'what it wishes no more it has no more')
  await assert.rejects(world.install(good, [showSite]), { code: 'ROLLED_BACK' })
  await assert.rejects(world.install(await world.package(`${counter} `, { version: [2, 0, 0] })), { code: 'CONFLICT' })
  for (const title of ['BOOK', 'Вook', 'B o-o k', 'Bo0k']) {
    const twin = await world.package(counter, { name: 'buch', title })
    const { warnings } = await world.call('programs.inspect', { stage: await world.stage(twin) })
    assert.deepEqual(warnings, [{ kind: 'imitates', title: 'Book', author: world.author }], title)
  }
})

test('a package whose author changed says so, and shows its icon only where it is a picture', async (t) => {
  const world = await ProgramWorld.start(t)
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>'
  const first = await world.package(counter, { icon: 'pages/icon.svg' }, { 'pages/icon.svg': svg })
  const stage = await world.stage(first)
  const found = await world.call('programs.inspect', { stage })
  assert.deepEqual([found.own, found.icon, found.warnings], [true, true, []])
  const icon = await world.call('programs.icon', { stage })
  assert.deepEqual([icon.type, Buffer.from(icon.base64, 'base64').toString()], ['image/svg+xml', svg])
  const { id } = await world.call('programs.install', { stage, grants: [] })
  assert.equal((await world.call('programs.icon', { id })).type, 'image/svg+xml')
  const text = await world.package(counter, { icon: 'pages/icon.txt', version: [1, 0, 1] }, { 'pages/icon.txt': 'a' })
  assert.equal((await world.install(text)).icon, false)
  await assert.rejects(world.call('programs.icon', { id }), { code: 'NOT_FOUND' })
  // another author, to whom it was handed over
  const seed = new Uint8Array(32).fill(9)
  const ben = { seed, publicKey: nodejsCrypto.ed25519PublicKey(seed) }
  const { handOver } = await world.call('programs.handOver', { program: 'book', to: principalToText(ben.publicKey) })
  const read = decodeArchive(await world.package(counter, { version: [1, 1, 0] }))
  const manifest = { ...read.manifest, author: ben.publicKey }
  const chain = [decodeHandOver(fromBase64Url(handOver) as Uint8Array)]
  const signature = signPackage(nodejsCrypto, { package: manifestCid(encodeManifest(manifest)), chain }, ben)
  const files = new Map(manifest.files.map(({ path }) => [path, read.file(path)]))
  const handed = await world.call('programs.inspect', { stage: await world.stage(encodeArchive(manifest, { files, signature })) })
  assert.deepEqual([handed.own, handed.warnings], [false, [{ kind: 'author-changed', from: world.author }]])
})

test('what its owner sets holds, more or less than the program wished, and hosts can be added', async (t) => {
  const world = await ProgramWorld.start(t)
  const feeds = { kind: 'hosts' as const, name: 'feeds', hosts: ['example.org'], reason: 'news' }
  const wished: Partial<Manifest> = { powers: [feeds], limits: { work: 100_000_000 } }
  const { id, limits } = await world.install(await world.package(counter, wished), [
    { kind: 'hosts', name: 'feeds', hosts: ['example.org', 'another.example:8080'] },
  ])
  const shown = await world.call('programs.limit', { id, limits: { work: 7_000_000_000, memory: 16 << 20 } })
  assert.deepEqual([shown.limits.work, shown.limits.memory, shown.limits.storage], [7_000_000_000, 16 << 20, limits.storage])
  assert.deepEqual(shown.ownLimits, { work: 7_000_000_000, memory: 16 << 20 })
  await world.restart()
  const updated = await world.install(await world.package(counter, { ...wished, version: [1, 1, 0] }))
  assert.deepEqual(
    [updated.limits.work, updated.grants],
    [7_000_000_000, [{ kind: 'hosts', name: 'feeds', hosts: ['example.org', 'another.example:8080'] }]],
  )
  assert.equal((await world.call('programs.limit', { id, limits: {} })).limits.work, 100_000_000)
  for (const host of ['EXAMPLE.org', 'http://example.org', 'a b', '*'])
    await assert.rejects(
      world.call('programs.grant', { id, grant: { kind: 'hosts', name: 'feeds', hosts: [host] } }),
      { code: 'INPUT_INVALID' },
      host,
    )
})

test('a program that does nothing but work is ended at its limit, is told of in its log, and the node goes on', async (t) => {
  const world = await ProgramWorld.start(t)
  const script = `holt.onDeliver = (name, bytes) => { if (name === 'http') { if (unpack(bytes).head.url.endsWith('/loop')) for (;;); return page('fine') } return pack({}) }`
  const { page, id, limits } = await world.install(
    await world.package(script, { powers: [site], limits: { work: 100_000_000, memory: 32 << 20 } }),
    [showSite],
  )
  assert.deepEqual([limits.work, limits.memory], [100_000_000, 32 << 20])
  const address = `http://127.0.0.1:${page?.port}`
  const looping = get(`${address}/loop`)
  assert.equal((await world.call('node.status', {})).state, 'ready')
  assert.equal((await looping).status, 500)
  assert.equal((await get(address)).text, 'fine')
  const { lines } = await world.call('programs.logs', { id })
  assert.ok(
    lines.some(({ text }) => text.includes('METER_EXCEEDED')),
    JSON.stringify(lines),
  )
  const [shown] = (await world.call('programs.list', {})).programs
  assert.equal(shown?.totals?.failures, 1)
  assert.ok((shown?.totals?.mostMeter ?? 0) >= (shown?.totals?.lastMeter ?? 0) && (shown?.totals?.lastMeter ?? 0) > 0)
})

test('long values and many keys are kept whole, and what was removed is gone', async (t) => {
  const world = await ProgramWorld.start(t)
  const script = `
holt.onDeliver = (name, bytes) => {
  if (name !== 'http') return pack({})
  if (unpack(bytes).head.url.endsWith('/fill')) {
    for (let i = 0; i < 1200; i++) holt.store.set('key/' + i + '/ü\u0000', encoder.encode('v' + i))
    holt.store.set('long', new Uint8Array(200000).fill(7))
    holt.store.set('gone', new Uint8Array(0))
  }
  if (unpack(bytes).head.url.endsWith('/less')) { holt.store.delete('gone'); holt.store.delete('key/7/ü\u0000') }
  const long = holt.store.get('long')
  return page(JSON.stringify([holt.store.keys().length, long?.length, long?.every((byte) => byte === 7), text(holt.store.get('key/1199/ü\u0000'))]))
}`
  const { page } = await world.install(await world.package(script, { powers: [site] }), [showSite])
  const ask = async (path: string) => JSON.parse((await get(`http://127.0.0.1:${page?.port}${path}`)).text) as unknown
  assert.deepEqual(await ask('/fill'), [1202, 200_000, true, 'v1199'])
  assert.deepEqual(await ask('/less'), [1200, 200_000, true, 'v1199'])
  const stored = async () => (await world.call('programs.list', {})).programs[0]?.totals?.storeBytes ?? 0
  const before = await stored()
  assert.ok(before > 200_000 + 1200 * 32, `${before}`)
  await world.restart()
  assert.deepEqual(await ask('/'), [1200, 200_000, true, 'v1199'])
  assert.equal(await stored(), before, 'counted anew it is the same')
})
