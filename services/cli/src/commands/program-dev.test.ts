import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { InstalledInfo } from '@holt/control/programs.ts'
import { type FakeAnswers, FakeControl } from '@holt/control/fake-control.ts'
import { fromBase64Url, toBase64Url } from '@holt/core/bytes.ts'
import { decodeManifest, type Manifest, manifestCid } from '@holt/core/package/manifest.ts'
import { encodeSignature, signPackage } from '@holt/core/package/signature.ts'
import { versionToText } from '@holt/core/package/version.ts'
import { principalToText } from '@holt/core/principal.ts'
import { nodejsCrypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import { covering, temporaryFolder } from '../command-world.ts'
import { holt } from '../fake-terminal.ts'

const { shownBothWays } = covering('program-dev')

const seed = new Uint8Array(32).fill(5)
const me = { seed, publicKey: nodejsCrypto.ed25519PublicKey(seed) }
const author = principalToText(me.publicKey)
const project = {
  name: 'lister',
  title: 'Lister',
  about: 'A list.',
  version: '3.0.0',
  main: 'main.js',
  powers: [{ kind: 'page', name: 'site', reason: 'to be seen' }],
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** The page of the program, as its node would have it. */
async function programPage(t: TestContext): Promise<number> {
  const server = createServer(({ url, headers }, response) => {
    if (url === '/data') response.end(JSON.stringify(headers))
    else if (url === '/away') response.writeHead(303, { location: `http://${headers.host}/` }).end()
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<p>one</p>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

/** A node that takes every package: it says what it was given. */
function nodeWith(port: number) {
  const put: Manifest[] = []
  let installed: InstalledInfo | null = null
  const answers: FakeAnswers = {
    'programs.author': () => ({ author }),
    'programs.list': () => ({ programs: installed === null ? [] : [installed] }),
    'programs.sign': ({ manifest: text }) => {
      const block = fromBase64Url(text) as Uint8Array
      put.push(decodeManifest(block))
      return { signature: toBase64Url(encodeSignature(signPackage(nodejsCrypto, { package: manifestCid(block) }, me))) }
    },
    'programs.stage': () => ({ stage: 'ab'.repeat(8), sizeBytes: 1 }),
    'programs.inspect': () => ({ ...info(), installed, warnings: [] }),
    'programs.install': ({ grants }) => {
      installed = { ...info(), grants: installed === null ? grants : installed.grants }
      return installed
    },
    'programs.logs': ({ after = 0 }) => ({ lines: after > 0 ? [] : [{ number: 1, time: 1, level: 'info' as const, text: 'hello' }] }),
    'programs.stop': () => installed as InstalledInfo,
  }
  function info(): InstalledInfo {
    const { name, title, about, version, code } = put.at(-1) as Manifest
    const powers = [{ kind: 'page' as const, name: 'site', reason: 'to be seen', optional: false }]
    const limits = { memory: 1, work: 1, storage: 1, timeMs: 1, waiting: 1, streams: 1 }
    const state = {
      installed: 1,
      here: true,
      running: true,
      grants: [],
      page: { port, url: '' },
      problem: null,
      limits,
      ownLimits: {},
      totals: null,
    }
    return {
      id: 'ab'.repeat(16),
      package: 'bafy',
      name,
      title,
      about,
      version: versionToText(version),
      author,
      own: true,
      icon: false,
      code,
      powers,
      ...state,
    }
  }
  return { control: new FakeControl(answers), put }
}

async function projectFolder(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'program.json'), JSON.stringify(project))
  await writeFile(join(folder, 'main.js'), 'export default { fetch() { return new Response("one") } }')
  return folder
}

/** As `fetch`, which takes no host from us. */
async function get(url: string, headers: Record<string, string> = {}) {
  const asked = request(url, { headers, agent: false }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const parts: Buffer[] = []
  for await (const part of answer as AsyncIterable<Buffer>) parts.push(part)
  return { status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString() }
}

/** What a page that is open is told, one after the other. */
async function* told(url: string, signal: AbortSignal): AsyncGenerator<{ state: string; problem: string | null }> {
  const { body } = await fetch(`${url}.holt-dev/events`, { signal })
  let text = ''
  for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) {
    text += new TextDecoder().decode(bytes)
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1]
      text = text.slice(end + 2)
      if (data !== undefined) yield JSON.parse(data) as { state: string; problem: string | null }
    }
  }
}

async function answers(url: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 50)))
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return
  assert.fail('its page did not come')
}

test('what is written is built, put on the node and shown; each change anew, and what does not compile is said', async (t) => {
  const folder = await projectFolder(t)
  const [page, port] = [await programPage(t), await freePort()]
  const { control, put } = nodeWith(page)
  const interrupted = new AbortController()
  t.after(() => interrupted.abort())
  const running = holt(['program', 'dev', folder, '--grant', 'site', '--port', String(port)], {
    control,
    surroundings: { interrupted: interrupted.signal },
  })
  const url = `http://127.0.0.1:${port}/`
  await Promise.race([answers(url), running.then(({ err }) => assert.fail(err))])
  assert.deepEqual(
    put.map(({ name, title, version }) => [name, title, versionToText(version)]),
    [['lister-dev', 'Lister (dev)', '0.0.1']],
  )
  assert.deepEqual(control.asked('programs.install')[0]?.grants, [{ kind: 'page', name: 'site', network: false }])

  const shown = await get(url)
  assert.match(shown.text, /^<p>one<\/p><script src="\/.holt-dev\/script.js" data-state="[\w-]{36}"><\/script>$/)
  assert.match((await get(`${url}.holt-dev/script.js`)).text, /location\.reload/)
  const passed = JSON.parse((await get(`${url}data`, { origin: `http://127.0.0.1:${port}`, cookie: 'a=b' })).text) as Record<string, string>
  assert.deepEqual(
    [passed['host'], passed['origin'], passed['cookie']],
    [`lister-dev.localhost:${page}`, `http://lister-dev.localhost:${page}`, 'a=b'],
  )
  assert.equal((await get(`${url}away`)).headers.location, url)
  assert.equal((await get(url, { host: 'evil.example' })).status, 421)

  const events = told(url, interrupted.signal)
  const next = async () => (await events.next()).value as { state: string; problem: string | null }
  const first = await next()
  assert.ok(shown.text.includes(first.state))
  await writeFile(join(folder, 'main.js'), 'export default { fetch() { return new Response("two") } }')
  const second = await next()
  assert.deepEqual([second.state === first.state, second.problem], [false, null])
  assert.equal(versionToText(put.at(-1)?.version as Manifest['version']), '0.0.2')
  await writeFile(join(folder, 'main.js'), 'export default {{')
  const third = await next()
  assert.equal(third.state, second.state, 'what is open stays')
  assert.match(third.problem ?? '', /does not compile/)

  interrupted.abort()
  const { exitCode, out, err } = await running
  assert.equal(exitCode, 0, err)
  assert.match(out, /^http:\/\/localhost:\d+\/\n/)
  assert.match(err, /does not compile/)
  assert.deepEqual(control.asked('programs.stop')[0], { id: 'ab'.repeat(16) })
  await assert.rejects(fetch(url), 'nothing listens any more')
})

test('what cannot begin is told as of any command; for programs it is JSON', async (t) => {
  const folder = await projectFolder(t)
  const { control } = nodeWith(await programPage(t))
  const interrupted = AbortSignal.abort()
  const json = await holt(['--json', 'program', 'dev', folder], { control, surroundings: { interrupted } })
  assert.equal(json.exitCode, 0, json.err)
  assert.deepEqual(JSON.parse(json.out), { id: 'ab'.repeat(16), name: 'lister-dev', version: '0.0.1' })
  await writeFile(join(folder, 'main.js'), 'export default {{')
  const broken = await holt(['program', 'dev', folder], { control, surroundings: { interrupted } })
  assert.deepEqual([broken.exitCode, /does not compile/.test(broken.err)], [2, true])
  assert.equal((await holt(['program', 'dev', folder, '--port', 'x'], { control })).exitCode, 2)
  shownBothWays('program dev')
})
