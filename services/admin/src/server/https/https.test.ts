import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { MemoryNode } from '../../testing/memory-node.ts'
import { PASSWORD, TestAdmin } from '../../testing/test-admin.ts'
import { fromPem, type Issued, subjectsOf } from './certificates.ts'
import { AUTHORITY_DAYS, makeAuthority, makePageCertificate, PAGE_DAYS, permittedNames } from './make-certificates.ts'
import { addressForPhones, ownAddresses } from './own-addresses.ts'
import { PageCertificates } from './page-certificates.ts'

const DAY_MS = 86_400_000
const names = ['holt.local', 'holt.lan']

async function world(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'holt-tls-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  const logged: string[] = []
  const state = { addresses: ['192.168.77.1', 'fd12::1'], nowMs: Date.now(), elapsedMs: 0, names }
  const log = (text: string): void => void logged.push(text)
  const keeper = (): PageCertificates =>
    new PageCertificates({
      folder: join(folder, 'tls'),
      names: state.names,
      addresses: () => state.addresses,
      now: () => state.nowMs,
      elapsedMs: () => state.elapsedMs,
      log: { info: log, warn: log, error: log },
    })
  return { folder, logged, state, keeper, file: (name: string) => join(folder, 'tls', name) }
}

/** What OpenSSL, with all its checks, says of a certificate under an authority. */
async function opensslSays(context: TestContext, { authority, page, as }: { authority: Issued; page: Issued; as: string[] }) {
  const folder = await mkdtemp(join(tmpdir(), 'holt-openssl-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'ca'), authority.certificate.toString())
  await writeFile(join(folder, 'page'), page.certificate.toString())
  const args = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', join(folder, 'ca'), ...as, join(folder, 'page')]
  return await promisify(execFile)('openssl', args).then(
    () => 'good',
    ({ stderr }: { stderr: string }) => /error \d+ at \d+ depth lookup: ([^\n]*)/.exec(stderr)?.[1] ?? stderr,
  )
}

test('a page certificate holds for its names and addresses, and for nothing else', async (context) => {
  const authority = makeAuthority(names, new Date())
  const page = makePageCertificate(authority, { names, addresses: ['192.168.77.1', 'fd12::1'] }, new Date())
  const says = (...as: string[]) => opensslSays(context, { authority, page, as })
  for (const as of [
    ['-verify_hostname', 'holt.local'],
    ['-verify_hostname', 'holt.lan'],
    ['-verify_ip', '192.168.77.1'],
    ['-verify_ip', 'fd12::1'],
  ])
    assert.equal(await says(...as), 'good', as.join(' '))
  assert.match(await says('-verify_hostname', 'example.org'), /hostname mismatch/i)
  assert.match(await says('-verify_ip', '192.168.77.2'), /IP address mismatch/i)
  const days = ({ certificate }: Issued): number => (Date.parse(certificate.validTo) + 1000 - Date.parse(certificate.validFrom)) / DAY_MS
  assert.deepEqual([days(page), days(authority)], [PAGE_DAYS, AUTHORITY_DAYS])
  assert.equal(page.key.asymmetricKeyDetails?.namedCurve, 'prime256v1')
  assert.deepEqual(permittedNames(authority.certificate), names)
})

test('who stole the key of an authority cannot speak for the rest of the internet with it', async (context) => {
  const authority = makeAuthority(names, new Date())
  for (const wrong of [
    { names: ['example.org'], addresses: [] },
    { names: ['holt.local', 'example.org'], addresses: [] },
    { names: ['xholt.local'], addresses: [] },
    { names: [], addresses: ['203.0.113.5'] },
    { names: [], addresses: ['2001:db8::5'] },
  ]) {
    const page = makePageCertificate(authority, wrong, new Date())
    assert.equal(await opensslSays(context, { authority, page, as: [] }), 'permitted subtree violation', JSON.stringify(wrong))
  }
  // nor make another authority, nor sign for a person's mail
  const page = makePageCertificate(authority, { names, addresses: [] }, new Date())
  const below = makePageCertificate(page, { names, addresses: [] }, new Date())
  assert.notEqual(await opensslSays(context, { authority, page: below, as: ['-untrusted', '/dev/null'] }), 'good')
  assert.equal(authority.certificate.keyUsage?.join(), '1.3.6.1.5.5.7.3.1')
})

test('made once and kept, for nobody but the owner of the process to read', async (context) => {
  const { keeper, file, logged, folder } = await world(context)
  const first = keeper()
  const page = await first.refresh()
  assert.ok(page)
  assert.equal(await first.refresh(), null, 'nothing is new')
  assert.equal((await stat(join(folder, 'tls'))).mode & 0o777, 0o700)
  for (const name of ['authority.pem', 'page.pem']) assert.equal((await stat(file(name))).mode & 0o777, 0o600)
  const again = keeper()
  assert.equal((await again.refresh())?.certificate.fingerprint256, page.certificate.fingerprint256)
  assert.equal(again.authority?.fingerprint, first.authority?.fingerprint)
  assert.equal(logged.filter((line) => line.includes('new authority')).length, 1)
  assert.ok(logged[0]?.includes(first.authority?.fingerprint ?? 'none'), 'the log says what to compare with')
})

test('renewed long before its end, and when the addresses change; the authority stays', async (context) => {
  const { keeper, state } = await world(context)
  const certificates = keeper()
  const first = await certificates.refresh()
  const { fingerprint } = certificates.authority as { fingerprint: string }
  state.nowMs += 200 * DAY_MS
  assert.equal(await certificates.refresh(), null)
  state.nowMs += 80 * DAY_MS
  const second = await certificates.refresh()
  assert.ok(second && Date.parse(first?.certificate.validTo ?? '') > state.nowMs + 100 * DAY_MS)
  assert.ok(Date.parse(second.certificate.validTo) > state.nowMs + 390 * DAY_MS)
  state.addresses = ['10.0.0.1']
  assert.deepEqual(subjectsOf((await certificates.refresh())?.certificate as never), { names, addresses: ['10.0.0.1'] })
  assert.equal(certificates.authority?.fingerprint, fingerprint)
})

test('an authority that is nearly over, or not for a new name, is made anew, and the log says why', async (context) => {
  const { keeper, state, logged, file } = await world(context)
  const certificates = keeper()
  await certificates.refresh()
  const first = certificates.authority?.fingerprint
  state.nowMs += 3300 * DAY_MS
  await certificates.refresh()
  assert.equal(certificates.authority?.fingerprint, first, 'the clock may be wrong')
  state.elapsedMs += 61 * 60_000
  const page = await certificates.refresh()
  assert.match(logged.at(-2) ?? '', /new authority.*nearly over/)
  const second = fromPem(await readFile(file('authority.pem'), 'utf8'))
  assert.equal(second.certificate.fingerprint256, certificates.authority?.fingerprint)
  assert.ok(page?.certificate.verify(second.certificate.publicKey), 'the page has one of the new authority')
  state.names = ['nas.home']
  await keeper().refresh()
  assert.match(logged.at(-2) ?? '', /new authority.*may not speak for nas\.home/)
})

test('a box that wakes up in the wrong year keeps its authority, and its page goes on', async (context) => {
  const { keeper, state } = await world(context)
  const before = keeper()
  await before.refresh()
  const today = state.nowMs
  for (const [nowMs, elapsedMs] of [
    [today - 2000 * DAY_MS, 10 * 3_600_000],
    [today + 9000 * DAY_MS, 0],
    [today, 3 * 3_600_000],
    [today + 3300 * DAY_MS, 0],
    [today, 3 * 3_600_000],
  ] as const) {
    state.nowMs = nowMs
    const certificates = keeper()
    await certificates.refresh()
    state.elapsedMs += elapsedMs
    await certificates.refresh()
    assert.equal(certificates.authority?.fingerprint, before.authority?.fingerprint)
    assert.ok(Date.parse(certificates.page?.certificate.validFrom ?? '') <= nowMs)
  }
})

test('damaged files are made again, and the log says which', async (context) => {
  const { keeper, file, logged } = await world(context)
  await keeper().refresh()
  const whole = { authority: await readFile(file('authority.pem'), 'utf8'), page: await readFile(file('page.pem'), 'utf8') }
  const swapped = whole.page.replace(
    /-----BEGIN PRIVATE KEY[^]*$/,
    (whole.authority.match(/-----BEGIN PRIVATE KEY[^]*$/) as RegExpMatchArray)[0],
  )
  for (const [name, content] of [
    ['page.pem', ''],
    ['page.pem', whole.page.slice(0, 300)],
    ['page.pem', swapped],
    ['page.pem', whole.authority],
    ['authority.pem', 'nonsense'],
    ['authority.pem', whole.page],
  ] as const) {
    await writeFile(file('authority.pem'), whole.authority)
    await writeFile(file('page.pem'), whole.page)
    await writeFile(file(name), content)
    logged.length = 0
    const certificates = keeper()
    const page = await certificates.refresh()
    assert.ok(page && certificates.authority)
    assert.ok(logged.length > 0, `${name} with ${content.slice(0, 20)}`)
    const kept = fromPem(await readFile(file('authority.pem'), 'utf8'))
    assert.ok(page.certificate.verify(kept.certificate.publicKey))
    assert.equal(kept.certificate.toString() === fromPem(whole.authority).certificate.toString(), name === 'page.pem')
  }
})

test('only the private addresses of the inside are named', () => {
  const address = (text: string, internal = false) => ({ address: text, internal }) as never
  const interfaces = {
    lo: [address('127.0.0.1', true), address('::1', true)],
    lan0: [address('192.168.77.1'), address('fd12:0:0:0:0:0:0:1'), address('fe80::1'), address('2001:db8::1')],
    wan0: [address('192.168.1.20')],
    ppp0: [address('10.64.0.2')],
    guest0: [address('192.168.78.1')],
  }
  assert.deepEqual(ownAddresses('::', interfaces), ['192.168.77.1', 'fd12::1'])
  assert.deepEqual(ownAddresses('192.168.77.1', interfaces), ['192.168.77.1'])
  assert.deepEqual(ownAddresses('203.0.113.1', interfaces), [])
  assert.deepEqual(ownAddresses('127.0.0.1', interfaces), ['127.0.0.1'])
})

test('a phone is sent to an address it can reach: where the browser came to, else a private one of a real card', () => {
  const address = (text: string, internal = false) => ({ address: text, internal }) as never
  const interfaces = {
    lo: [address('127.0.0.1', true)],
    docker0: [address('172.17.0.1')],
    wan0: [address('192.168.1.20')],
    eth0: [address('fd12::1'), address('192.168.77.5')],
  }
  assert.equal(addressForPhones('::', { interfaces }), '192.168.77.5')
  assert.equal(addressForPhones('::', { interfaces, near: '127.0.0.1' }), '192.168.77.5')
  assert.equal(addressForPhones('::', { interfaces, near: '::ffff:192.168.77.9' }), '192.168.77.9')
  assert.equal(addressForPhones('::', { interfaces, near: 'fe80::1%eth0' }), '192.168.77.5')
  assert.equal(addressForPhones('127.0.0.1', { interfaces }), null, 'it listens to itself alone')
  assert.equal(addressForPhones('::', { interfaces: { docker0: interfaces.docker0 } }), null)
})

async function securePage(context: TestContext, { port = 0, nowMs = Date.now() } = {}) {
  const admin = await TestAdmin.start({ node: new MemoryNode(), with: { https: { port }, allowedHosts: ['holt.local'] } })
  admin.nowMs = nowMs
  await admin.admin.app.listen({ host: '127.0.0.1', port: 0 })
  await admin.admin.secure?.start()
  context.after(() => admin.close())
  return admin
}

/** One request of a device that has installed the authority, or has not. */
async function ask(admin: TestAdmin, path: string, options: { ca?: string[]; method?: string; headers?: object; body?: string } = {}) {
  const { ca = [authorityOf(admin)], method = 'GET', headers = {}, body } = options
  const port = admin.admin.secure?.port ?? 0
  const to = {
    host: '127.0.0.1',
    port,
    servername: 'holt.local',
    agent: false,
    ca,
    path,
    method,
    headers: { host: 'holt.local', ...headers },
  }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(to, resolve).on('error', reject).end(body)
  })
  const serialNumber = (response.socket as TLSSocket).getPeerCertificate().serialNumber
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response), serialNumber }
}

function authorityOf(admin: TestAdmin): string {
  return pemOf(admin.admin.certificates?.authority?.der ?? new Uint8Array())
}

function pemOf(der: Uint8Array): string {
  return `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`
}

test('the page answers over TLS to who trusts its authority, and over HTTP to everybody', async (context) => {
  const admin = await securePage(context)
  const page = await ask(admin, '/')
  assert.equal(page.status, 200)
  assert.match(page.body, /<title>Holt/)
  assert.equal(page.headers['strict-transport-security'], undefined, 'the page without TLS stays reachable')
  await assert.rejects(ask(admin, '/', { ca: [] }), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })
  const state = JSON.parse((await ask(admin, '/api/authority')).body).authority
  assert.deepEqual(state, {
    fingerprint: admin.admin.certificates?.authority?.fingerprint,
    validTo: admin.admin.certificates?.authority?.validTo,
    port: admin.admin.secure?.port,
    secure: true,
  })
  const plain = admin.browser()
  assert.equal((await plain.get('/api/authority')).json().authority.secure, false)
  const file = await plain.get('/authority.crt')
  assert.equal(file.headers['content-type'], 'application/x-x509-ca-cert')
  assert.deepEqual(file.rawPayload, Buffer.from(admin.admin.certificates?.authority?.der ?? []))
  const none = await TestAdmin.start()
  context.after(() => none.close())
  assert.deepEqual((await none.browser().get('/api/authority')).json(), { authority: null })
  assert.equal((await none.browser().get('/authority.crt')).statusCode, 404)
})

test('old versions of TLS are refused', async (context) => {
  const admin = await securePage(context)
  const tried = new Promise((resolve) => {
    const socket = connect({
      host: '127.0.0.1',
      port: admin.admin.secure?.port ?? 0,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      rejectUnauthorized: false,
    })
    socket.once('secureConnect', () => resolve('connected'))
    socket.once('error', () => resolve('refused'))
  })
  assert.equal(await tried, 'refused')
})

test('a cookie of TLS is for TLS only, and one from without TLS does not count there', async (context) => {
  const admin = await securePage(context)
  const plain = admin.browser()
  plain.headers['x-holt-setup-code'] = admin.code
  await plain.post('/api/setup/password', { password: PASSWORD })
  const secureHeaders = { 'x-holt': '1', origin: 'https://holt.local', 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
  const signIn = await ask(admin, '/api/session', { method: 'POST', headers: secureHeaders, body: JSON.stringify({ password: PASSWORD }) })
  assert.equal(signIn.status, 204, signIn.body)
  const cookies = signIn.headers['set-cookie'] as string[]
  assert.equal(cookies.length, 2)
  for (const cookie of cookies)
    assert.match(cookie, /^__Host-holt-(?:session|device)-[0-9a-f]{8}=.*; Path=\/; HttpOnly; Secure; SameSite=Strict/)
  const session = (cookies.find((cookie) => cookie.startsWith('__Host-holt-session')) as string).split(';')[0] as string
  const stateWith = async (cookie: string) => JSON.parse((await ask(admin, '/api/session', { headers: { cookie } })).body).state
  assert.equal(await stateWith(session), 'signed-in')
  const ofPlain = [...plain.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  assert.doesNotMatch(ofPlain, /__Host-/)
  assert.equal(await stateWith(ofPlain), 'signed-out')
  assert.equal((await plain.get('/api/session')).json().state, 'signed-in', 'each has its own')
})

test('what the page without TLS sends to the one with TLS is from another site', async (context) => {
  const admin = await securePage(context)
  const post = (headers: object) => ask(admin, '/api/session', { method: 'POST', headers: { 'x-holt': '1', ...headers } })
  assert.equal((await post({ origin: 'http://holt.local' })).status, 403)
  assert.equal((await post({ origin: 'https://example.org' })).status, 403)
  assert.equal((await ask(admin, '/api/session', { headers: { host: 'example.org' } })).status, 403)
  assert.notEqual((await post({ origin: 'https://holt.local' })).status, 403)
  // a proxy that has TLS in front of the page without it
  const proxied = await admin.browser().send({ method: 'POST', url: '/api/session', headers: { origin: 'https://127.0.0.1:4658' } })
  assert.notEqual(proxied.statusCode, 403)
})

test('a new certificate is used without a restart', async (context) => {
  const admin = await securePage(context, { nowMs: Date.now() - 300 * DAY_MS })
  const serial = async () => (await ask(admin, '/')).serialNumber
  const before = await serial()
  await admin.admin.secure?.look()
  assert.equal(await serial(), before)
  admin.nowMs = Date.now()
  await admin.admin.secure?.look()
  assert.notEqual(await serial(), before)
})

test('where the port is taken or the drive full the page goes on without TLS, and the log says so', async (context) => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  context.after(() => new Promise((resolve) => taken.close(resolve)))
  const admin = await securePage(context, { port: (taken.address() as { port: number }).port })
  assert.equal(admin.admin.secure?.port, null)
  assert.match(admin.logged.join('\n'), /no HTTPS: .*EADDRINUSE/)
  assert.equal((await admin.browser().get('/')).statusCode, 200)
  const broken = await TestAdmin.start({ with: { https: { port: 0 }, allowedHosts: ['holt.local'] } })
  context.after(() => broken.close())
  await writeFile(join(broken.folder, 'web', 'tls'), 'in the way')
  await broken.admin.secure?.start()
  assert.match(broken.logged.join('\n'), /no HTTPS/)
  await rm(join(broken.folder, 'web', 'tls'))
  await broken.admin.secure?.look()
  assert.ok(broken.admin.secure?.port, 'it is tried again')
  assert.deepEqual((await readdir(join(broken.folder, 'web', 'tls'))).sort(), ['authority.pem', 'page.pem'])
})

test('only a browser that showed its trust is sent to HTTPS, and only as long as the authority is the same', async (context) => {
  const admin = await securePage(context)
  const plain = admin.browser()
  plain.headers['host'] = 'holt.local'
  assert.equal((await plain.get('/')).statusCode, 200, 'not before')
  const headers = { 'x-holt': '1', origin: 'https://holt.local' }
  assert.equal((await plain.post('/api/authority/trusted')).statusCode, 403, 'this is known over HTTPS only')
  const told = await ask(admin, '/api/authority/trusted', { method: 'POST', headers })
  assert.equal(told.status, 204)
  const [name = '', value = ''] = (told.headers['set-cookie']?.[0] ?? '').split(';')[0]?.split('=') ?? []
  assert.doesNotMatch(told.headers['set-cookie']?.[0] ?? '', /secure/i)
  plain.cookies.set(name, value)
  for (const url of ['/', '/index.html', '/?x=1']) {
    const sent = await plain.get(url)
    assert.equal(sent.statusCode, 307, url)
    assert.equal(sent.headers['location'], `https://holt.local:${admin.admin.secure?.port}/`)
    assert.equal(sent.headers['cache-control'], 'no-store')
  }
  assert.equal((await plain.get('/api/authority')).statusCode, 200)
  assert.equal((await plain.get('/', { host: 'evil.example' })).statusCode, 403, 'nobody is sent elsewhere')
  assert.equal((await ask(admin, '/', { headers: { cookie: `${name}=${value}` } })).status, 200)
  plain.cookies.set(name, 'f'.repeat(32))
  assert.equal((await plain.get('/')).statusCode, 200, 'of another authority')
  plain.cookies.set(name, value)
  assert.equal((await plain.get('/?plain')).statusCode, 200, 'the way back')
  assert.equal((await plain.get('/')).statusCode, 200)
})
