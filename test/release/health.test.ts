import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { overlayFile, scratchFolder } from './scratch.ts'

/** Runs the box's own check. The first look counts: it is given less time than a second one would need. */
async function check(dataFolder: string, limitSeconds = 1): Promise<{ code: number | null; out: string }> {
  const args = [overlayFile('usr/lib/holt/health.mjs'), '--data', dataFolder, '--limit', String(limitSeconds), '--every', '100']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: 60_000 })
  let out = ''
  child.stdout.on('data', (bytes: Buffer) => {
    out += bytes.toString()
  })
  return new Promise((done) => child.on('close', (code) => done({ code, out: out.trim() })))
}

async function listening<S extends Server>(server: S, where: string | number): Promise<S> {
  await new Promise<void>((done) => server.listen(where, done))
  after(() => server.close())
  return server
}

/** A page that answers with `status`; its address. */
async function page(status: number): Promise<string> {
  const server = await listening(
    createHttpServer((_, answer) => answer.writeHead(status).end('page')),
    0,
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** The control socket of a node that answers node.status with `answer`, in pieces as a busy socket does. */
async function node(answer: object): Promise<{ folder: string; asked: string[] }> {
  const folder = scratchFolder()
  const asked: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      asked.push(bytes.toString().split('\r\n\r\n')[1] ?? '')
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, ...answer })
      socket.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 20)}`)
      setTimeout(() => socket.write(body.slice(20)), 20)
    })
  })
  await listening(server, join(folder, 'control.sock'))
  return { folder, asked }
}

test('a node that opened its store and whose page answers is healthy; so is one that waits for its owner', async () => {
  for (const state of ['new', 'ready', 'recovering']) {
    const { folder, asked } = await node({ result: { state, pageUrl: await page(state === 'new' ? 302 : 200) } })
    const { code, out } = await check(folder)
    assert.equal(code, 0, out)
    assert.deepEqual(JSON.parse(asked[0] ?? ''), { jsonrpc: '2.0', id: 1, method: 'node.status', params: {} })
  }
})

test('says what is wrong: no node, a failed store, no page, a page that breaks', async () => {
  const cases: [RegExp, string][] = [
    [/the node is not there/, scratchFolder()],
    [/the node is failed: disk gone/, (await node({ result: { state: 'failed', problem: 'disk gone', pageUrl: await page(200) } })).folder],
    [/the page is not served/, (await node({ result: { state: 'ready', pageUrl: null } })).folder],
    [/ECONNREFUSED/, (await node({ result: { state: 'ready', pageUrl: 'http://127.0.0.1:10009/' } })).folder],
    [/the page answers 500/, (await node({ result: { state: 'ready', pageUrl: await page(500) } })).folder],
    [/the node refuses: broken/, (await node({ error: { code: -32603, message: 'broken' } })).folder],
  ]
  for (const [problem, folder] of cases) {
    const { code, out } = await check(folder)
    assert.equal(code, 1, out)
    assert.match(out, problem)
  }
})

test('waits for a node that is still starting', async () => {
  const folder = scratchFolder()
  const waiting = check(folder, 50)
  await new Promise((done) => setTimeout(done, 1_000))
  const started = await node({ result: { state: 'ready', pageUrl: await page(200) } })
  symlinkSync(join(started.folder, 'control.sock'), join(folder, 'control.sock'))
  const { code, out } = await waiting
  assert.equal(code, 0, out)
})
