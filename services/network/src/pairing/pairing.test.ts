import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HoltError } from '@holt/core/errors.ts'
import { Caller } from '../rpc/caller.ts'
import { Town } from '../testing/simulated-people.ts'
import { confirmationTag, scalarOf, sessionKey, share, sharedPoint } from './cpace.ts'
import { locatorOf, newPairingCode, readPairingCode, showPairingCode } from './pairing-code.ts'
import { encodeGuestWord, inputsOf, pairing } from './pairing-protocol.ts'

async function two() {
  const town = new Town(1)
  const [anna, ben] = [await town.settle('Anna'), await town.settle('Ben')]
  const wait = <T>(work: Promise<T>) => town.world.clock.until(work)
  const outcome = <T>(work: Promise<T>) => wait(town.world.outcome(work))
  return { town, anna, ben, wait, outcome }
}

test('a code is read as people type it, and says which node is meant', () => {
  const { world, crypto } = new Town(1)
  const node = world.principal()
  const code = newPairingCode(crypto, node)
  assert.equal(code.text.slice(0, 2), locatorOf(node))
  assert.match(showPairingCode(code), /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/)
  assert.deepEqual(readPairingCode(` ${showPairingCode(code).toLowerCase()} `), code)
  assert.equal(readPairingCode('oil0-1234').text, '01101234')
  for (const wrong of ['', 'K7M2-9XP', 'K7M2-9XPQQ', 'K7M2-9XPU', 'ab'.repeat(100)])
    assert.throws(() => readPairingCode(wrong), { code: 'PAIRING_FAILED' })
})

test('two people pair by a code; both keep the same relation, also over a restart, and a code is good once', async () => {
  const { town, anna, ben, wait, outcome } = await two()
  const { code } = anna.network.showCode({ relation: 'friend', name: 'Anna at home' })
  const join = { code: showPairingCode(code), name: 'Ben', relation: 'friend' as const, at: [anna.address] }
  const made = await wait(ben.network.join(join))
  assert.equal(made.host.name, 'Anna at home')
  assert.equal(made.guest.name, 'Ben')
  assert.deepEqual(anna.network.relations.list(), [made])
  assert.deepEqual(ben.network.relations.list(), [made])
  assert.deepEqual(anna.network.shownCode?.paired, made)
  assert.equal(await outcome(ben.network.join(join)), 'PAIRING_FAILED')
  await wait(ben.network.stop())
  await wait(ben.start())
  assert.deepEqual(ben.network.relations.list(), [made])
  await town.world.clock.pass(60_000)
  const [seen] = anna.network.peers()
  assert.equal(seen?.name, 'Ben')
  assert.equal(seen?.problem, null)
  assert.deepEqual(town.warnings, [])
  await town.close()
})

test('three wrong tries end a code, whoever makes them; its time ends it too', async () => {
  const { town, anna, ben, outcome } = await two()
  const mallory = await town.settle('Mallory')
  const show = () => anna.network.showCode({ relation: 'friend', name: 'Anna' }).code.text
  const wrong = (code: string) => code.slice(0, 2) + (code.endsWith('000000') ? '111111' : '000000')
  const join = (who: typeof ben, code: string) => outcome(who.network.join({ code, name: 'x', relation: 'friend', at: [anna.address] }))
  const first = show()
  for (const who of [mallory, mallory, ben]) assert.equal(await join(who, wrong(first)), 'PAIRING_FAILED')
  assert.equal(anna.network.shownCode?.triesLeft, 0)
  assert.equal(await join(ben, first), 'PAIRING_FAILED', 'the right one comes too late')
  const second = show()
  for (const who of [mallory, mallory]) assert.equal(await join(who, wrong(second)), 'PAIRING_FAILED')
  assert.equal(typeof (await join(ben, second)), 'object', 'after two wrong ones the right one is taken')
  const third = show()
  await town.world.clock.pass(10 * 60_000)
  assert.equal(anna.network.shownCode, null)
  assert.equal(await join(mallory, third), 'PAIRING_FAILED')
  assert.equal(anna.network.relations.list().length, 1)
  assert.equal(mallory.network.relations.list().length, 0)
  await town.close()
})

test('what is agreed must be what both want, and possible between their owners', async () => {
  const { town, anna, ben, outcome } = await two()
  const second = await town.settle('Anna 2', anna)
  const attempt = (host: typeof ben, offered: 'mine' | 'friend', guest: typeof ben, wanted: 'mine' | 'friend') => {
    const { code } = host.network.showCode({ relation: offered, name: 'x' })
    return outcome(guest.network.join({ code: code.text, name: 'y', relation: wanted, at: [host.address] }))
  }
  assert.equal(await attempt(anna, 'mine', ben, 'mine'), 'NOT_AUTHORIZED')
  assert.equal(await attempt(anna, 'friend', second, 'friend'), 'NOT_AUTHORIZED')
  assert.equal(await attempt(anna, 'friend', ben, 'mine'), 'CONFLICT')
  assert.deepEqual(
    [anna, ben, second].map(({ network }) => network.relations.list().length),
    [0, 0, 0],
  )
  assert.equal(typeof (await attempt(anna, 'mine', second, 'mine')), 'object')
  await town.close()
})

test('who stands between the two, with keys of their own, gets nothing and uses up a try', async () => {
  const { town, anna, ben, wait, outcome } = await two()
  const mallory = await town.settle('Mallory')
  const { code } = anna.network.showCode({ relation: 'friend', name: 'Anna' })
  // Mallory shows Ben's exchange to Anna, and Anna's to Ben, word for word
  const toAnna = new Caller(mallory.network.host, anna.keys.node.publicKey, pairing, { clock: town.world.clock })
  await mallory.network.host.learn(anna.keys.node.publicKey, [anna.address.address])
  const heard = await wait(toAnna.call('begin', { nonce: new Uint8Array(16) }))
  const sid = new Uint8Array(32)
  sid.set(heard.nonce, 16)
  const nodes = { guest: ben.keys.node.publicKey, host: anna.keys.node.publicKey }
  const scalar = scalarOf(ben.keys.node.seed)
  const said = (node: Uint8Array) => encodeGuestWord({ owner: ben.keys.owner.publicKey, node, name: 'Ben' })
  // as Ben: refused at once, for the transport says who is there
  assert.equal(
    await outcome(toAnna.call('exchange', { y: share(inputsOf(code, { sid, nodes }), scalar), ad: said(ben.keys.node.publicKey) })),
    'PAIRING_FAILED',
  )
  // as Mallory, with the share that Ben made for the same code: another channel, so another key
  const a = { y: share(inputsOf(code, { sid, nodes }), scalar), ad: said(mallory.keys.node.publicKey) }
  const b = await wait(toAnna.call('exchange', a))
  const isk = sessionKey(sharedPoint(scalar, b.y), { sid, a, b })
  assert.equal(await outcome(toAnna.call('confirm', { tag: confirmationTag(isk, { sid, own: a }) })), 'PAIRING_FAILED')
  assert.equal(anna.network.shownCode?.triesLeft, 2)
  toAnna.close()
  await town.close()
})

test('a peer that skips steps, repeats them or sends none of the group is refused', async () => {
  const { town, anna, ben, wait, outcome } = await two()
  await ben.network.host.learn(anna.keys.node.publicKey, [anna.address.address])
  const caller = new Caller(ben.network.host, anna.keys.node.publicKey, pairing, { clock: town.world.clock })
  const ad = encodeGuestWord({ owner: ben.keys.owner.publicKey, node: ben.keys.node.publicKey, name: 'Ben' })
  const nonce = new Uint8Array(16)
  const none = new Uint8Array(64)
  assert.equal(await outcome(caller.call('begin', { nonce })), 'PAIRING_FAILED', 'no code is shown')
  anna.network.showCode({ relation: 'friend', name: 'Anna' })
  const y = share({ prs: nonce, ci: nonce, sid: nonce }, 7n)
  assert.equal(await outcome(caller.call('exchange', { y, ad })), 'PAIRING_FAILED')
  assert.equal(await outcome(caller.call('confirm', { tag: none })), 'PAIRING_FAILED')
  assert.equal(await outcome(caller.call('sign', { signatures: { owner: none, node: none } })), 'PAIRING_FAILED')
  assert.equal(anna.network.shownCode?.triesLeft, 3)
  await wait(caller.call('begin', { nonce }))
  assert.equal(await outcome(caller.call('exchange', { y: new Uint8Array(32), ad })), 'PAIRING_FAILED')
  assert.equal(await outcome(caller.call('exchange', { y, ad })), 'PAIRING_FAILED', 'one share for each beginning')
  assert.equal(anna.network.shownCode?.triesLeft, 2)
  caller.close()
  await town.close()
})

test('a host that cannot write says so to its owner, and no more than that to the guest', async () => {
  const { town, anna, ben, outcome } = await two()
  const write = anna.disk.replaceFile.bind(anna.disk)
  anna.disk.replaceFile = (path, bytes) =>
    path.startsWith('relations/') ? Promise.reject(new HoltError('IO_FAILED', 'the drive of Anna fails')) : write(path, bytes)
  assert.equal(await outcome(ben.pairWith(anna)), 'PEER_FAILED')
  assert.ok(town.warnings.some((text) => /^Anna: .*sign.*the drive of Anna fails/.test(text)))
  assert.equal(anna.network.relations.list().length, 0)
  anna.disk.replaceFile = write
  await town.world.clock.pass(60 * 60_000)
  assert.equal(anna.network.relations.list().length, 1, 'it was made up for')
  await town.close()
})

test('a relation whose last word was lost is made up for at the next meeting; one that was ended stays so', async () => {
  const { town, anna, ben, wait } = await two()
  const { code } = anna.network.showCode({ relation: 'friend', name: 'Anna' })
  const joined = ben.network.join({ code: code.text, name: 'Ben', relation: 'friend', at: [anna.address] })
  // as soon as Ben has it on his disk, the line is cut
  const watch = async (): Promise<void> => {
    while (ben.network.relations.list().length === 0) await town.world.clock.sleep(1)
    town.world.network.cut(anna.keys.node.publicKey, ben.keys.node.publicKey)
    town.world.network.reset(anna.keys.node.publicKey, ben.keys.node.publicKey)
  }
  await wait(Promise.all([joined, watch()]))
  const before = anna.network.relations.list().length
  anna.network.hideCode()
  town.world.network.join(anna.keys.node.publicKey, ben.keys.node.publicKey)
  await town.world.clock.pass(60 * 60_000)
  assert.equal(anna.network.relations.list().length, 1, `${before} before`)
  const [relation] = anna.network.relations.list()
  await wait(anna.network.endRelation(relation?.id as Uint8Array))
  await town.world.clock.pass(60 * 60_000)
  assert.equal(anna.network.relations.list().length, 0)
  assert.equal(ben.network.peers()[0]?.problem, 'CAP_REVOKED')
  await town.close()
})
