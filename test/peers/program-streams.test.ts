import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { compileC } from '@holt/cli/program/compile-c.ts'
import { until } from './harness.ts'
import { cagedWorld, codes, Relay } from './relays.ts'
import { Reading, Talking } from './stream-clients.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const power = 'site'
const nothing = { powers: [], grants: [] }

async function told(relay: Relay, name: string, isIt: (head: Record<string, unknown>) => boolean) {
  return until(name, async () => {
    const delivered = await relay.delivered(name)
    return delivered !== null && isIt(delivered.head) ? delivered : null
  })
}

for (const code of codes) {
  test(`a program in ${code} keeps answers open, says more in later deliveries, and is told when one ends`, async (t) => {
    const world = await cagedWorld(t)
    const relay = await Relay.install(world, code, nothing)
    const other = await Relay.install(world, code, { ...nothing, name: 'other', title: 'Another' })
    const list = async (tag?: string) =>
      (await relay.done('streams.list', { power, tag })).head['streams'] as { stream: string; tag: string; webSocket: boolean }[]
    const headers = [['content-type', 'text/event-stream']]
    await relay.answerWith({ status: 200, headers, open: { tag: 'news' } }, bytesOf('retry: 1000\n\n'))
    const [anna, ben] = [await Reading.open(t, relay.port), await Reading.open(t, relay.port)]
    await anna.has('retry: 1000\n\n')
    assert.deepEqual([anna.status, anna.response.headers['content-type']], [200, 'text/event-stream'])
    const open = await list()
    assert.deepEqual(
      open.map(({ tag, webSocket }) => [tag, webSocket]),
      [
        ['news', false],
        ['news', false],
      ],
    )
    assert.deepEqual([(await list('news')).length, await list('other')], [2, []])

    const [first = { stream: '' }] = open
    assert.deepEqual((await relay.done('streams.send', { power, stream: first.stream }, bytesOf('data: to one\n\n'))).head, {
      sent: 1,
      full: [],
    })
    assert.deepEqual((await relay.done('streams.send', { power, tag: 'news' }, bytesOf('data: to both\n\n'))).head, { sent: 2, full: [] })
    assert.equal((await relay.done('streams.send', { power, tag: 'nobody' }, bytesOf('x'))).head['sent'], 0)
    await Promise.all([anna.has('data: to one\n\ndata: to both\n\n'), ben.has('data: to both\n\n')])
    assert.ok(!ben.text.includes('to one'))

    for (const [what, head, refused, by] of [
      ['send', { stream: first.stream }, 'NOT_FOUND', other],
      ['close', { stream: first.stream }, 'NOT_FOUND', other],
      ['send', { stream: 'x' }, 'NOT_FOUND', relay],
      ['send', {}, 'INPUT_INVALID', relay],
      ['send', { stream: first.stream, tag: 'news' }, 'INPUT_INVALID', relay],
      ['close', { stream: first.stream, code: 1006 }, 'INPUT_INVALID', relay],
      ['open', { stream: first.stream }, 'NOT_AUTHORIZED', relay],
      ['send', { power: 'another', stream: first.stream }, 'NOT_AUTHORIZED', relay],
    ] as const)
      assert.equal(await by.use(`streams.${what}`, { power, ...head }), refused, JSON.stringify(head))
    assert.equal(await relay.use('streams.send', { power, tag: 'news' }, new Uint8Array((256 << 10) + 1)), 'TOO_LARGE')

    // one is closed by the program, after what was sent, the other by its reader
    await relay.done('streams.close', { power, stream: first.stream, reason: 'that is all' })
    await anna.ends()
    const isFirst = ({ stream }: Record<string, unknown>) => stream === first.stream
    assert.deepEqual((await told(relay, 'stream.closed', isFirst)).head, {
      stream: first.stream,
      tag: 'news',
      code: 1000,
      reason: 'that is all',
    })
    assert.equal(await relay.use('streams.send', { power, stream: first.stream }, bytesOf('x')), 'NOT_FOUND')
    ben.response.destroy()
    assert.equal((await told(relay, 'stream.closed', (head) => !isFirst(head))).head['code'], 1001)
    assert.deepEqual(await list(), [])

    // with the program its streams end, and none is there when it begins anew
    const last = await Reading.open(t, relay.port)
    await last.has('retry')
    await world.restart()
    await last.ends()
    assert.deepEqual(await list(), [])
    const { uses } = await world.call('programs.audit', { id: relay.id })
    assert.ok(uses.some(({ what, about, code: refusal }) => what === 'send' && about === 'news' && refusal === null))
  })

  test(`a program in ${code} talks over WebSockets, both ways, as text and as bytes`, async (t) => {
    const world = await cagedWorld(t)
    const relay = await Relay.install(world, code, nothing)
    await relay.answerWith({ status: 101, headers: [['sec-websocket-protocol', 'chat.2']], open: { tag: 'room' } })
    const [anna, ben] = [
      await Talking.open(t, relay.port, { protocols: ['chat.1', 'chat.2'], origin: `http://127.0.0.1:${relay.port}` }),
      await Talking.open(t, relay.port, { protocols: ['chat.2'] }),
    ]
    assert.deepEqual([anna.isOpen, anna.socket.protocol, ben.isOpen], [true, 'chat.2', true])

    anna.socket.send('grüße')
    const heard = await told(relay, 'stream.message', ({ text }) => text === true)
    assert.deepEqual([heard.head['tag'], new TextDecoder().decode(heard.body)], ['room', 'grüße'])
    const stream = heard.head['stream'] as string
    ben.socket.send(Uint8Array.of(0, 1, 255))
    const bytes = await told(relay, 'stream.message', ({ text }) => text === false)
    assert.deepEqual([bytes.body, bytes.head['stream'] === stream], [Uint8Array.of(0, 1, 255), false])

    await relay.done('streams.send', { power, stream, text: true }, bytesOf('nur für dich'))
    await relay.done('streams.send', { power, tag: 'room' }, Uint8Array.of(1, 2, 3))
    assert.deepEqual(await anna.hears(2), ['nur für dich', Uint8Array.of(1, 2, 3)])
    assert.deepEqual(await ben.hears(1), [Uint8Array.of(1, 2, 3)])

    ben.socket.close(3001, 'bye')
    assert.deepEqual((await told(relay, 'stream.closed', () => true)).head, {
      stream: bytes.head['stream'],
      tag: 'room',
      code: 3001,
      reason: 'bye',
    })
    await relay.done('streams.close', { power, stream, code: 4000, reason: 'enough' })
    assert.deepEqual(await anna.ends(), { code: 4000, reason: 'enough' })

    // it may as well refuse one, and what asks for none becomes none
    await relay.answerWith({ status: 403, headers: [] }, bytesOf('not you'))
    assert.equal((await Talking.open(t, relay.port)).refused, 403)
    await relay.answerWith({ status: 200, headers: [], open: {} })
    assert.equal((await Talking.open(t, relay.port)).refused, 500)
    await relay.answerWith({ status: 101, headers: [], open: {} })
    assert.equal((await Reading.open(t, relay.port)).status, 500)
    // its owner says how many
    await world.call('programs.limit', { id: relay.id, limits: { streams: 1 } })
    await relay.answerWith({ status: 101, headers: [], open: {} })
    const going = await Talking.open(t, relay.port)
    assert.deepEqual([going.isOpen, (await Talking.open(t, relay.port)).refused], [true, 503])
    going.socket.send('x')
    await told(relay, 'stream.message', () => true)
    const info = (await world.call('programs.list', {})).programs.find(({ id }) => id === relay.id)
    assert.deepEqual([info?.limits.streams, info?.totals?.streams, info?.totals?.receivedBytes], [1, 1, 1])
    await world.call('programs.stop', { id: relay.id })
    assert.equal((await going.ends()).code, 1001)
  })
}

test('what a program in C says to a room is heard by all in it, as messages and as events, and not when it fails', async (t) => {
  const world = await cagedWorld(t)
  const powers = [{ kind: 'page' as const, name: 'site', reason: 'the room' }]
  const main = await compileC(join(import.meta.dirname, 'program-streams'), 'main.c')
  const { page } = await world.install(await world.package(main, { name: 'room', title: 'Room', powers }), [
    { kind: 'page', name: 'site', network: false },
  ])
  const port = page?.port ?? 0
  const live = await Reading.open(t, port, {}, '/live')
  await live.has('data: welcome\n\n')
  const [anna, ben] = [await Talking.open(t, port), await Talking.open(t, port)]
  anna.socket.send('hello')
  assert.deepEqual(await ben.hears(1), ['hello'])
  ben.socket.send('boom')
  assert.equal((await ben.ends()).code, 1011)
  anna.socket.send('still there')
  assert.deepEqual(await anna.hears(2), ['hello', 'still there'])
  await live.has('data: hello\n\ndata: still there\n\n')
})
