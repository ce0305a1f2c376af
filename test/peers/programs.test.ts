import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { connectControl } from '@holt/control/node/socket.ts'
import { repositoryRoot, run, temporaryFolder, until } from './harness.ts'
import { Reading } from './stream-clients.ts'

// What docs/programs.md says, typed as it stands there: a program from nothing to its page, in the real cage.

const launcher = join(repositoryRoot, 'services/cli/bin/holt.mjs')

class Shell {
  readonly folder: string
  readonly #context: TestContext
  #node: ChildProcess | null = null

  constructor(context: TestContext, folder: string) {
    this.#context = context
    this.folder = folder
  }

  get #environment() {
    return { HOLT_DATA: join(this.folder, 'data') }
  }

  async holt(...line: string[]): Promise<string> {
    const { stdout, stderr, exitCode } = await run(process.execPath, [launcher, ...line], { cwd: this.folder, env: this.#environment })
    assert.equal(exitCode, 0, `holt ${line.join(' ')}: ${stderr}`)
    return stdout
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [launcher, 'start', '--no-page', '--no-peers'], {
      env: { ...process.env, ...this.#environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    this.#node = child
    this.#context.after(() => child.kill('SIGKILL'))
    await until('the node', async () => {
      assert.equal(child.exitCode, null, 'holt start goes on')
      const client = await connectControl(this.#environment.HOLT_DATA).catch(() => null)
      client?.close()
      return client !== null
    })
  }

  async kill(): Promise<void> {
    const child = this.#node as ChildProcess
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
}

async function visit(address: string, form?: string, origin = new URL(address).origin): Promise<string> {
  const { port, host, pathname } = new URL(address)
  const headers = { host, ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', origin }) }
  const method = form === undefined ? 'GET' : 'POST'
  const response = await new Promise<AsyncIterable<Buffer>>((resolve, reject) =>
    request({ host: '127.0.0.1', port, path: pathname, method, headers, agent: false }, resolve).on('error', reject).end(form),
  )
  let text = ''
  for await (const part of response) text += part.toString()
  return text
}

test('from holt program new to its page, through a node that is killed, to an update', async (context) => {
  const shell = new Shell(context, await temporaryFolder(context))
  await shell.start()
  await shell.holt('init', '--words-file', 'words.txt')
  await shell.holt('program', 'new', 'visitor-book', '--template', 'typescript')
  const [cid] = (await shell.holt('program', 'build', 'visitor-book')).split('\n')
  await shell.holt('program', 'sign', 'visitor-book/visitor-book-0.1.0.holt')
  const [address = ''] = (await shell.holt('program', 'install', 'visitor-book/visitor-book-0.1.0.holt', '--grant', 'site')).split('\n')
  assert.match(address, /^http:\/\/visitor-book\.localhost:\d+\/$/)
  assert.match(await visit(address), /You are visitor number 1\./)
  assert.match(await visit(address), /You are visitor number 2\./)
  const shown = JSON.parse(await shell.holt('program', 'show', 'visitor-book', '--json')) as {
    package: string
    totals: { deliveries: number }
  }
  assert.deepEqual([shown.package, shown.totals.deliveries], [cid, 3])

  await shell.kill()
  await shell.start()
  await until('the page', () =>
    visit(address)
      .then((text) => text.includes('You are visitor number 3.'))
      .catch(() => false),
  )
  await shell.holt('program', 'remove', 'visitor-book')
  await assert.rejects(visit(address))
  assert.deepEqual(JSON.parse(await shell.holt('program', 'list', '--json')), { programs: [] })
})

test('the visitor book that comes with Holt is built, installed and signed by visitors, whose words are no page of their own, and shows them live', async (context) => {
  const shell = new Shell(context, await temporaryFolder(context))
  await shell.start()
  await shell.holt('init', '--words-file', 'words.txt')
  const package_ = join(shell.folder, 'book.holt')
  await shell.holt('program', 'build', join(repositoryRoot, 'services/programs/visitor-book'), '-o', package_)
  await shell.holt('program', 'sign', package_)
  const [address = ''] = (await shell.holt('program', 'install', package_, '--grant', 'site', '--grant', 'time')).split('\n')
  assert.match(await visit(`${address}style.css`), /font:/)
  assert.equal(await visit(address, 'name=Anna+%26+Ben&words=%3Cscript%3Ealert(1)%3C%2Fscript%3E'), '')
  const page = await visit(address)
  assert.ok(page.includes('<b>Anna &amp; Ben</b>') && page.includes('&lt;script&gt;alert(1)'), page)
  assert.match(await visit(address, 'name=&words=x'), /please/)
  assert.match(await visit(address, 'name=a&words=x', 'http://evil.example'), /another page/)
  assert.equal((await visit(address)).split('<li>').length, 2)
  const { port, host } = new URL(address)
  const reading = await Reading.open(context, Number(port), { host }, '/live?after=0')
  await reading.has('id: 1\ndata: <li>')
  await visit(address, 'name=Carl&words=hello')
  await reading.has('<b>Carl</b>')
  const again = await Reading.open(context, Number(port), { host, 'last-event-id': '1' }, '/live?after=0')
  await again.has('<b>Carl</b>')
  assert.ok(!again.text.includes('id: 1\n'), 'only what was missed')
})

test('the feed reader that comes with Holt reads from hosts that its owner added, knows what was read, and says what it may not fetch', async (context) => {
  let items = ['First', 'Second']
  const server = createServer(({ url }, response) => {
    if (url === '/moved') response.writeHead(302, { location: '/rss' }).end()
    else if (url === '/away') response.writeHead(302, { location: 'http://localhost:1/rss' }).end()
    else if (url === '/none') response.end('<html>')
    else {
      const all = items.map(
        (title) => `<item><title>${title}</title><guid>${title}</guid><description>&lt;script&gt;x&lt;/script&gt;</description></item>`,
      )
      response.end(`<rss version="2.0"><channel><title>News of &amp;lt;b&amp;gt; today</title>${all.join('')}</channel></rss>`)
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => server.close())
  const { port } = server.address() as AddressInfo

  const shell = new Shell(context, await temporaryFolder(context))
  await shell.start()
  await shell.holt('init', '--words-file', 'words.txt')
  const package_ = join(shell.folder, 'reader.holt')
  await shell.holt('program', 'build', join(repositoryRoot, 'services/programs/feed-reader'), '-o', package_)
  await shell.holt('program', 'sign', package_)
  const given = ['--grant', 'site', '--grant', `feeds=127.0.0.1:${port}`, '--grant', 'time']
  const [address = ''] = (await shell.holt('program', 'install', package_, ...given)).split('\n')
  const form = (path: string, fields: Record<string, string>) => visit(new URL(path, address).href, new URLSearchParams(fields).toString())
  const unread = async () => /<title>(?:\((\d+)\) )?Feeds/.exec(await visit(address))?.[1] ?? '0'

  await form('feeds', { address: `http://127.0.0.1:${port}/moved` })
  const page = await visit(address)
  assert.ok(page.includes('News of &lt;b&gt; today') && page.includes('<strong>First</strong>') && !page.includes('<script>'), page)
  assert.equal(await unread(), '2')
  const [, feed = '', item = ''] = /name="feed" value="(\w+)"><input type="hidden" name="item" value="(\w+)"/.exec(page) ?? []
  await form('read', { feed, item })
  assert.equal(await unread(), '1')
  items = ['Third', 'First', 'Second']
  await form('refresh', {})
  assert.equal(await unread(), '2', 'what was read stays read')
  await form('unread', { feed, item })
  assert.equal(await unread(), '3')

  await form('feeds', { address: `http://127.0.0.1:${port}/away` })
  await form('feeds', { address: `http://127.0.0.1:${port}/none` })
  await form('feeds', { address: 'http://192.0.2.1/feed' })
  const refused = await visit(address)
  assert.match(refused, /has not given this program the host 192\.0\.2\.1/)
  assert.match(refused, /there is no feed at this address/)
  assert.equal(refused.split('has not given this program').length, 3, 'where an answer leads is asked for anew')
  assert.match(await form('feeds', { address: 'file:///etc/passwd' }), /no address/)
  assert.match(await shell.holt('program', 'audit', 'feed-reader'), /feeds +fetch +http:\/\/192\.0\.2\.1\/feed +NOT_AUTHORIZED/)
  await form('remove', { feed })
  assert.equal(await unread(), '0')
})
