import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { ProgramGrant } from '@holt/control/programs.ts'
import type { StartHost } from '@holt/network/host.ts'
import { startLanHost } from '@holt/platform-nodejs/network/lan-host.ts'
import { until } from './harness.ts'
import { cagedWorld, type Code, codes, Relay } from './relays.ts'

const powers = [{ kind: 'messages' as const, name: 'post', reason: 'to talk with friends', optional: true as const }]
const post = { kind: 'messages', name: 'post', with: null } satisfies ProgramGrant
const bytesOf = (text: string) => new TextEncoder().encode(text)

/** A node with libp2p over loopback, whose programs run in the real cage. */
async function startNode(t: TestContext) {
  // the same after a restart: the two find each other by where they were
  let port = 0
  const startHost: StartHost = (options) => startLanHost({ ...options, port, interfaces: ['lo'] })
  const world = await cagedWorld(t, { platform: { startHost } })
  const isRunning = async () => (await world.call('peers.list', {})).running
  await until('a node among others', isRunning)
  const { addresses } = await world.call('peers.list', {})
  port = Number(/\/ip4\/127\.0\.0\.1\/tcp\/(\d+)/.exec(addresses.join())?.[1])
  return { world, isRunning }
}

type TestNode = Awaited<ReturnType<typeof startNode>>

async function pair(anna: TestNode, ben: TestNode): Promise<{ annaOwner: string; benOwner: string }> {
  const { code } = await anna.world.call('peers.showCode', { relation: 'friend', name: 'Anna' })
  const at = (await anna.world.call('peers.list', {})).addresses
  await ben.world.call('peers.pair', { code, relation: 'friend', name: 'Ben', at })
  const ownerSeenBy = async ({ world }: TestNode) => (await world.call('peers.list', {})).peers[0]?.relation?.owner as string
  return { benOwner: await ownerSeenBy(anna), annaOwner: await ownerSeenBy(ben) }
}

async function heard(relay: Relay, text: string): Promise<{ from: unknown; program: unknown }> {
  const found = await until(`the message '${text}'`, async () => {
    const message = await relay.delivered('message')
    return message !== null && new TextDecoder().decode(message.body) === text ? message : null
  })
  return { from: found.head['from'], program: found.head['program'] }
}

for (const code of codes) {
  const other: Code = code === 'wasm' ? 'javascript' : 'wasm'
  test(`a program in ${code} talks with one in ${other} at a friend's, who may be away, and who chooses whom it hears`, async (t) => {
    const [anna, ben] = [await startNode(t), await startNode(t)]
    const { annaOwner, benOwner } = await pair(anna, ben)
    const from = await Relay.install(anna.world, code, { powers, grants: [post] })
    const to = await Relay.install(ben.world, other, { powers, grants: [post] })
    const say = (text: string) => from.use('messages.send', { power: 'post', to: benOwner, program: to.id }, bytesOf(text))

    const { head } = await from.done('messages.who', { power: 'post' })
    assert.deepEqual(head, { self: { owner: annaOwner, program: from.id }, others: [{ owner: benOwner, name: 'Ben' }] })
    await say('hello')
    assert.deepEqual(await heard(to, 'hello'), { from: annaOwner, program: from.id })
    await to.done('messages.send', { power: 'post', to: annaOwner, program: from.id }, bytesOf('and you'))
    assert.deepEqual(await heard(from, 'and you'), { from: benOwner, program: to.id })

    // what is sent while the other node is away comes when it is back, also after a restart of one's own
    await ben.world.world.stop()
    await say('are you there')
    await say('hello again')
    await anna.world.restart()
    await until('a node among others', anna.isRunning)
    const waiting = async () =>
      ((await from.done('messages.waiting', { power: 'post' })).head['waiting'] as { count: number }[])[0]?.count ?? 0
    assert.equal(await waiting(), 2)
    await ben.world.restart()
    await until('a node among others', ben.isRunning)
    await heard(to, 'hello again')
    await until('the answer', async () => (await waiting()) === 0)

    // it listens to others only, then to nobody, then again
    await ben.world.call('programs.grant', { id: to.id, grant: { ...post, with: [benOwner] } })
    await say('to closed ears')
    const problem = async () =>
      ((await from.done('messages.waiting', { power: 'post' })).head['waiting'] as { problem: string }[])[0]?.problem
    await until('a refusal', async () => (await problem()) === 'NOT_AUTHORIZED')
    assert.equal(await to.use('messages.send', { power: 'post', to: annaOwner }), 'NOT_AUTHORIZED')
    await ben.world.call('programs.revoke', { id: to.id, power: 'post' })
    assert.equal(await to.use('messages.who', { power: 'post' }), 'NOT_AUTHORIZED')
    await ben.world.call('programs.grant', { id: to.id, grant: post })
    await heard(to, 'to closed ears')

    for (const [args, refused] of [
      [{ to: 'nobody' }, 'INPUT_INVALID'],
      [{ to: benOwner, program: 'x' }, 'INPUT_INVALID'],
      [{}, 'MALFORMED'],
    ] as const)
      assert.equal(await from.use('messages.send', { power: 'post', ...args }), refused, JSON.stringify(args))
    assert.equal(await from.use('messages.send', { power: 'post', to: benOwner }, new Uint8Array(65_537)), 'TOO_LARGE')
    const { uses } = await ben.world.call('programs.audit', { id: to.id })
    assert.ok(
      uses.some(({ what, about, code: refusal }) => what === 'hear' && about === annaOwner && refusal === null),
      JSON.stringify(uses),
    )
  })
}
