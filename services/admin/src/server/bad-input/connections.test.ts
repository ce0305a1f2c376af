import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { TestAdmin, type TestBrowser } from '../../testing/test-admin.ts'

/** One machine may do what it likes with connections: another one is answered. */

let admin: TestAdmin
let browser: TestBrowser
let port: number
before(async () => {
  ;({ admin, browser } = await TestAdmin.ready())
  await admin.admin.app.listen({ host: '127.0.0.1', port: 0 })
  port = (admin.admin.app.server.address() as AddressInfo).port
})
after(() => admin.close())

async function ownerIsAnswered(): Promise<void> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  // Another machine, as far as the server can see.
  const asked = request({
    host: '127.0.0.1',
    localAddress: '127.0.0.2',
    port,
    path: '/api/status',
    headers: { cookie },
    agent: false,
  }).end()
  const [response] = await once(asked, 'response', { signal: AbortSignal.timeout(30_000) })
  assert.equal(response.statusCode, 200)
  response.resume()
  await once(response, 'end')
}

function openSocket(): Socket {
  const socket = connect({ host: '127.0.0.1', port })
  socket.on('error', () => {})
  return socket
}

test('senders who never come to an end hold no place for others', async () => {
  const slow = Array.from({ length: 400 }, () => openSocket())
  for (const socket of slow) socket.write('GET /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ')
  const dribble = setInterval(() => {
    for (const socket of slow) if (socket.writable) socket.write('a')
  }, 50)
  try {
    for (let i = 0; i < 5; i++) await ownerIsAnswered()
    const open = await new Promise<number>((resolve, reject) =>
      admin.admin.app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    )
    assert.ok(open <= 130, `${open} connections are open`)
  } finally {
    clearInterval(dribble)
    for (const socket of slow) socket.destroy()
  }
})

test('ten thousand connections of one machine neither fill the memory nor shut others out', async () => {
  const before = process.memoryUsage().rss
  const kept: Socket[] = []
  for (let round = 0; round < 20; round++) {
    const batch = Array.from({ length: 500 }, () => openSocket())
    kept.push(...batch)
    await Promise.all(batch.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {})))
    if (round % 5 === 4) await ownerIsAnswered()
  }
  assert.ok(process.memoryUsage().rss - before < 300 * 2 ** 20)
  for (const socket of kept) socket.destroy()
  await ownerIsAnswered()
})

test('what is no HTTP is answered shortly and closed', async () => {
  const odd = [
    'GET / HTTP/9.9\r\n\r\n',
    '\u0000\u0001\u0002\u0003\r\n\r\n',
    `GET /${'x'.repeat(70_000)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'y'.repeat(70_000)}\r\n\r\n`,
    'POST /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api HTTP/1.1\r\n\r\n',
    'POST /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n',
    'GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nA: b\r\n c\r\n\r\n',
  ]
  for (const text of odd) {
    const socket = openSocket()
    socket.setEncoding('utf8')
    socket.setTimeout(20_000, () => socket.destroy())
    let answer = ''
    socket.on('data', (part: string) => (answer += part))
    socket.write(text.replace(/\r\n\r\n$/, '\r\nConnection: close\r\n\r\n'))
    socket.end()
    await once(socket, 'close')
    assert.doesNotMatch(answer, /^HTTP\/1\.1 (2|5)/, `${JSON.stringify(text.slice(0, 60))}: ${answer.slice(0, 80)}`)
  }
  await ownerIsAnswered()
})
