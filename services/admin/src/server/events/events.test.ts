import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { invited } from '../../testing/invite.ts'
import { MemoryNode } from '../../testing/memory-node.ts'
import { TestAdmin, type TestBrowser } from '../../testing/test-admin.ts'
import { LiveEvents } from './live-events.ts'

let admin: TestAdmin
let owner: TestBrowser
let node: MemoryNode
let port: number
before(async () => {
  node = new MemoryNode()
  ;({ admin, browser: owner } = await TestAdmin.ready(node))
  await admin.admin.app.listen({ host: '127.0.0.1', port: 0 })
  port = (admin.admin.app.server.address() as AddressInfo).port
})
after(() => admin.close())

interface Told {
  id: string
  event: string
  data: { path?: string }
}

/** Listens as a browser does; each `next` waits for one event of some kind, with a bound. */
class Listener {
  readonly told: Told[] = []
  id = ''
  #text = ''
  readonly #response: IncomingMessage

  constructor(response: IncomingMessage) {
    this.#response = response
    response.setEncoding('utf8')
    response.on('data', (text: string) => this.#read(text))
  }

  static async open(browser: TestBrowser, lastId?: string): Promise<Listener> {
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { cookie, ...(lastId === undefined ? {} : { 'last-event-id': lastId }) }
    const asked = request({ host: '127.0.0.1', port, path: '/api/events', headers }).end()
    const [response] = (await once(asked, 'response', { signal: AbortSignal.timeout(20_000) })) as [IncomingMessage]
    assert.equal(response.statusCode, 200)
    assert.match(String(response.headers['content-type']), /^text\/event-stream/)
    const listener = new Listener(response)
    while (listener.id === '') await once(response, 'data', { signal: AbortSignal.timeout(20_000) })
    return listener
  }

  async next(event: string): Promise<Told> {
    for (;;) {
      const at = this.told.findIndex((one) => one.event === event)
      if (at >= 0) return this.told.splice(0, at + 1).at(-1) as Told
      await once(this.#response, 'data', { signal: AbortSignal.timeout(20_000) })
    }
  }

  close(): void {
    this.#response.destroy()
  }

  #read(text: string): void {
    const parts = (this.#text + text).split('\n\n')
    this.#text = parts.pop() ?? ''
    for (const part of parts) {
      const fields = Object.fromEntries(
        part.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      )
      if (fields['id'] !== undefined) this.id = fields['id']
      if (fields['event'] !== undefined) this.told.push({ id: this.id, event: fields['event'], data: JSON.parse(fields['data'] ?? '{}') })
    }
  }
}

test('after a lost connection what was missed comes, once and in order', async () => {
  const first = await Listener.open(owner)
  node.tell({ kind: 'changed', path: '/a' })
  assert.equal((await first.next('changed')).data.path, '/a')
  const { id } = first
  first.close()
  const other = await Listener.open(owner)
  for (const path of ['/b', '/c']) node.tell({ kind: 'changed', path })
  await other.next('changed')
  await other.next('changed')
  other.close()
  const again = await Listener.open(owner, id)
  assert.equal((await again.next('changed')).data.path, '/b')
  assert.equal((await again.next('changed')).data.path, '/c')
  node.tell({ kind: 'changed', path: '/d' })
  assert.equal((await again.next('changed')).data.path, '/d')
  again.close()
})

test('who was away too long, or heard another start, is told that there is a gap', async () => {
  const first = await Listener.open(owner)
  const { id } = first
  for (let i = 0; i < 1500; i++) admin.admin.events.add({ kind: 'changed', path: `/many/${i}` })
  for (let i = 0; i < 1500; i++) if ((await first.next('changed')).data.path === '/many/1499') break
  first.close()
  for (const old of [id, '00000000-7', `${id}9999`, 'nonsense']) {
    const late = await Listener.open(owner, old)
    await late.next('gap')
    late.close()
  }
})

test('a member hears of what is theirs and of nothing else', async () => {
  const { browser: anna } = await invited(admin, owner)
  const [hers, his] = [await Listener.open(anna), await Listener.open(owner)]
  for (const path of ['/private/x', '/people/Anna2/y', '/people/Anna/mine']) node.tell({ kind: 'changed', path })
  node.tell({ kind: 'drive', text: 'drive /secret/folder is missing' })
  node.tell({ kind: 'changed', path: '/people/Anna/last' })
  assert.equal((await hers.next('changed')).data.path, '/people/Anna/mine')
  assert.equal((await hers.next('changed')).data.path, '/people/Anna/last')
  assert.deepEqual(hers.told, [])
  await his.next('drive')
  hers.close()
  his.close()
})

test('what somebody does and long work show to the owner as they happen', async () => {
  const listener = await Listener.open(owner)
  await owner.post('/api/jobs', { kind: 'verify' })
  await listener.next('job')
  await owner.post('/api/files/directories', { path: '/made' })
  await owner.get('/api/activity')
  await listener.next('activity')
  listener.close()
})

test('streams of one person are bounded', async () => {
  const open: Listener[] = []
  for (let i = 0; i < 32; i++) open.push(await Listener.open(owner))
  assert.equal((await owner.get('/api/events')).statusCode, 429)
  for (const listener of open) listener.close()
})

test('a node that cannot answer yet is asked again', async () => {
  let asked = 0
  const events = new LiveEvents({
    call: async () => {
      asked++
      throw new Error('not yet')
    },
  })
  const stop = new AbortController()
  const watching = events.watch(undefined, stop.signal).next()
  events.add({ kind: 'drive', text: 'ours' })
  assert.equal((await watching).value?.[0]?.event.text, 'ours')
  assert.equal(asked, 1)
  await events.close()
})
