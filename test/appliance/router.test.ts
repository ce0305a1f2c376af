import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { OUTSIDE_HOST, PROVIDER, Street } from './street.ts'
import { until } from './lab.ts'

/** The generated files with the real kernel, systemd-networkd, nftables and dnsmasq, seen from all sides. */

let street: Street
before(async () => {
  street = await Street.open()
  street.serve('outside', 80, 'provider')
  street.serve('page', 80)
  street.serve('ssh', 22)
  street.serve('laptop', 80, 'home')
  street.serve('guest', 80, 'guests')
})
after(() => street?.close())

test('a laptop gets its address, the box as router and name server, and the name of the network', async () => {
  assert.deepEqual(await street.lease('home'), ['192.168.77.5', '192.168.77.1', '192.168.77.1', 'lan'], 'the address reserved for it')
  const [address, router, names] = await street.lease('guests')
  assert.match(address as string, /^192\.168\.78\.(1\d\d|2[0-4]\d)$/)
  assert.deepEqual([router, names], ['192.168.78.1', '192.168.78.1'])
})

const resolve = async (name: string, server: string, place: string) =>
  (
    await street.lab.must(
      process.execPath,
      [
        '-e',
        `const { Resolver } = require('node:dns').promises; const r = new Resolver({ timeout: 1500, tries: 2 }); r.setServers([process.argv[2]]); r.resolve4(process.argv[1]).then((all) => console.log(all.join()), (e) => console.log(e.code))`,
        name,
        server,
      ],
      place,
    )
  ).trim()

test('names: the box, a device at home, the outside; an outside name that points inside is refused', async () => {
  assert.equal(await resolve('holt.lan', '192.168.77.1', 'home'), '192.168.77.1')
  assert.equal(await resolve('server.lan', '192.168.77.1', 'home'), '192.168.77.5')
  assert.equal(await resolve('outside.example', '192.168.77.1', 'home'), OUTSIDE_HOST)
  assert.equal(await resolve('outside.example', '192.168.78.1', 'guests'), OUTSIDE_HOST)
  assert.notEqual(await resolve('rebind.example', '192.168.77.1', 'home'), '192.168.77.5')
  assert.notEqual(await resolve('nothing.lan', '192.168.77.1', 'home'), '')
})

test('home and guests reach the outside, which sees only the box', async () => {
  await until('the server outside', async () => (await street.ask(OUTSIDE_HOST, 80, 'home')).startsWith('outside'))
  for (const place of ['home', 'guests']) assert.equal(await street.ask(OUTSIDE_HOST, 80, place), `outside ::ffff:${street.boxAddress}`)
})

test('home reaches the page of the box', async () => {
  for (const port of [80, 22]) assert.match(await street.ask('192.168.77.1', port, 'home'), /192\.168\.77\.5$/)
})

test('guests reach neither home, nor the box, whichever of its addresses they name', async () => {
  assert.equal(await street.ask('192.168.77.5', 80, 'home'), 'laptop ::ffff:192.168.77.5', 'it is there')
  for (const host of ['192.168.77.5', '192.168.77.1', '192.168.78.1', street.boxAddress]) {
    for (const port of [80, 22]) assert.equal(await street.ask(host, port, 'guests'), 'silence', `${host} ${port}`)
  }
  assert.equal((await street.lab.run('ping', ['-c', '1', '-W', '1', '192.168.77.5'], 'guests')).exitCode, 1)
})

test('home and guests cannot call each other', async () => {
  const guest = (await street.lab.must('ip', ['-4', '-o', 'address', 'show', 'dev', 'eth0'], 'guests')).match(
    /inet ([\d.]+)/,
  )?.[1] as string
  assert.equal(await street.ask(guest, 80, 'home'), 'silence')
})

/** Connects to every port in turn, many at once; says those that answered in any way. */
const SCAN = `
const { createConnection } = require('node:net')
const [host, ...ports] = process.argv.slice(1)
let left = ports.length
const found = []
const done = () => --left === 0 && console.log(found.join())
for (const port of ports) {
  const socket = createConnection({ host, port: Number(port) })
  const timer = setTimeout(() => { socket.destroy(); done() }, 2500)
  const answered = (how) => { clearTimeout(timer); found.push(port + ' ' + how); socket.destroy(); done() }
  socket.once('connect', () => answered('open'))
  socket.once('error', (error) => answered(error.code))
}
`

test('from outside the box is not there: no port answers, no ping, but the one that was opened', async () => {
  const ports = [...Array.from({ length: 1024 }, (_, i) => i + 1), 4658, 5353, 5355, 8080, 51820].map(String)
  const found = await street.lab.must(process.execPath, ['-e', SCAN, street.boxAddress, ...ports], 'provider')
  assert.deepEqual(found.trim().split(','), ['8080 open'])
  assert.equal((await street.lab.run('ping', ['-c', '1', '-W', '1', street.boxAddress], 'provider')).exitCode, 1)
  assert.equal(await resolve('outside.example', street.boxAddress, 'provider'), 'ETIMEOUT', 'nor does its name server')
})

test('who stands outside and knows the way still does not get in', async () => {
  await street.lab.must('ip', ['route', 'add', '192.168.77.0/24', 'via', street.boxAddress], 'provider')
  await street.lab.must('ip', ['route', 'add', '192.168.78.0/24', 'via', street.boxAddress], 'provider')
  for (const host of ['192.168.77.1', '192.168.77.5', '192.168.78.1']) assert.equal(await street.ask(host, 80, 'provider'), 'silence', host)
  await street.lab.must('ip', ['route', 'del', '192.168.77.0/24'], 'provider')
})

test('a forward leads to the laptop, from outside and by the same address from home', async () => {
  assert.equal(await street.ask(street.boxAddress, 8080, 'provider'), `laptop ::ffff:${PROVIDER}`)
  assert.match(await street.ask(street.boxAddress, 8080, 'home'), /^laptop /)
  assert.equal(await street.ask(street.boxAddress, 80, 'home'), 'page ::ffff:192.168.77.5', 'home may see the page under any address')
})

test('the box announces a prefix of its own at home, and guests get another', async () => {
  const address = (place: string, prefix: string) =>
    until(`an address of ${prefix}`, async () => {
      const { stdout } = await street.lab.run('ip', ['-6', '-o', 'address', 'show', 'dev', 'eth0', 'scope', 'global'], place)
      return new RegExp(`inet6 (${prefix}[0-9a-f:]+)`).exec(stdout)?.[1] ?? null
    })
  const laptop = await address('home', 'fd12:3456:789a:')
  await address('guests', 'fd12:3456:789a:1:')
  assert.match(await street.ask('fd12:3456:789a::1', 80, 'home'), /^page fd12:/)
  assert.equal(await street.ask('fd12:3456:789a::1', 80, 'guests'), 'silence')
  assert.equal(await street.ask(laptop, 80, 'guests'), 'silence')
})
