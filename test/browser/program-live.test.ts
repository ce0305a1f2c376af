import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { afterwards, repositoryRoot, temporaryFolder, TestNode, until } from '../peers/harness.ts'
import { launchChromium, openPage } from './browser.ts'

let browser: Browser
before(async () => {
  browser = await launchChromium()
})
after(() => browser?.close())

const launcher = join(repositoryRoot, 'services/cli/bin/holt.mjs')
const project = {
  name: 'room',
  title: 'Room',
  about: 'People talk.',
  version: '0.1.0',
  main: 'main.js',
  powers: [{ kind: 'page', name: 'site', reason: 'The room.' }],
}
/** What is said over a WebSocket is told to all as events. */
const source = `
const html = \`<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><p id="state"></p><ul></ul><script>
  const add = (text) => document.querySelector('ul').append(Object.assign(document.createElement('li'), { textContent: text }))
  const events = new EventSource('/events')
  events.onmessage = ({ data, lastEventId }) => add('event ' + lastEventId + ': ' + JSON.parse(data).text)
  const socket = new WebSocket('/socket'.replace(/^/, location.origin.replace('http', 'ws')), ['room.1'])
  socket.binaryType = 'arraybuffer'
  socket.onopen = () => { document.querySelector('#state').textContent = 'open ' + socket.protocol }
  socket.onmessage = ({ data }) => add('socket: ' + (typeof data === 'string' ? data : new Uint8Array(data).join(' ')))
  socket.onclose = ({ code, reason }) => add('closed: ' + code + ' ' + reason)
</script>\`

export default {
  async fetch(request, { site, store }) {
    const { pathname } = new URL(request.url)
    if (pathname === '/events') {
      const seen = request.headers.get('last-event-id')
      const answer = site.events(request, { tag: 'all', retry: 100 })
      if (seen !== null) await answer.stream.sendEvent({ data: { text: 'again after ' + seen }, id: seen })
      return answer
    }
    if (pathname === '/socket') return site.webSocket(request, { tag: 'talking', protocol: 'room.1' })
    return Response.html(html)
  },
  async webSocketMessage(socket, { data }, { site, store }) {
    if (data === 'leave') return socket.close({ code: 4000, reason: 'as you wish' })
    if (data === 'lose') {
      for (const one of await site.open('all')) await one.close()
      return
    }
    const id = (store.get('id') ?? 0) + 1
    store.set('id', id)
    await socket.send(typeof data === 'string' ? data.toUpperCase() : data.map((byte) => byte + 1))
    await site.tagged('all').sendEvent({ data: { text: typeof data === 'string' ? data : 'bytes' }, id: String(id) })
  },
}
`

const shows = (page: Page, text: string) => page.locator('li', { hasText: text }).first().waitFor()

async function talk(page: Page, other: Page): Promise<void> {
  for (const one of [page, other]) await one.getByText('open room.1').waitFor()
  await page.evaluate(`socket.send('grüße')`)
  await shows(page, 'socket: GRÜSSE')
  for (const one of [page, other]) await shows(one, ': grüße')
  await other.evaluate(`socket.send(Uint8Array.of(1, 2, 254))`)
  await shows(other, 'socket: 2 3 255')
  await shows(page, ': bytes')
  // what is lost is taken up again by the browser, from where it was
  await page.evaluate(`socket.send('lose')`)
  await shows(page, 'again after ')
  await page.evaluate(`socket.send('leave')`)
  await shows(page, 'closed: 4000 as you wish')
}

test('EventSource and WebSocket of a browser talk with a program, at its page and through holt program dev', async (t) => {
  const folder = await temporaryFolder(t)
  const node = new TestNode(join(folder, 'data'))
  afterwards(t, () => node.kill())
  await node.start()
  await node.call('node.init', {})
  await mkdir(join(folder, 'room'))
  await writeFile(join(folder, 'room', 'program.json'), JSON.stringify(project))
  await writeFile(join(folder, 'room', 'main.js'), source)
  const dev = spawn(process.execPath, [launcher, 'program', 'dev', 'room', '--grant', 'site'], {
    cwd: folder,
    env: { ...process.env, HOLT_DATA: node.dataFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(dev, 'exit') as Promise<[number | null]>
  t.after(() => dev.kill('SIGKILL'))
  let [out, err] = ['', '']
  dev.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()))
  dev.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()))
  const devUrl = await until('its address', async () => {
    assert.equal(dev.exitCode, null, err)
    return /^http:\/\/localhost:\d+\//m.exec(out)?.[0] ?? null
  })
  const own = (await node.call('programs.list', {})).programs[0]?.page?.url ?? ''
  for (const url of [own, devUrl]) {
    const { page, complaints } = await openPage(browser, url)
    const other = await page.context().newPage()
    await other.goto(url)
    await talk(page, other)
    assert.deepEqual(complaints, [], url)
    await page.context().close()
  }
  dev.kill('SIGINT')
  assert.equal((await ended)[0], 0, err)
})
