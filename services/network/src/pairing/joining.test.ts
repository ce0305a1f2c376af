import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deriveRootKeys } from '@holt/core/root-key.ts'
import { nodejsCrypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import { Caller } from '../rpc/caller.ts'
import { Guests } from '../rpc/guests.ts'
import { serve } from '../rpc/responder.ts'
import { SimulatedWorld } from '../testing/simulated-world.ts'
import { joinAsGuest } from './joining-guest.ts'
import { JoiningHost } from './joining-host.ts'
import { joining } from './joining-protocol.ts'
import { readPairingCode } from './pairing-code.ts'

/** A node that gives its root key by a code, and any number that would like to have it. */
function world(seed: number, given?: Uint8Array) {
  const simulated = new SimulatedWorld(seed)
  const { clock, network } = simulated
  const randomBytes = (length: number) => Uint8Array.from({ length }, () => simulated.below(256))
  const crypto = { ...nodejsCrypto, randomBytes }
  const rootKey = randomBytes(32)
  const node = { seed: randomBytes(32), publicKey: simulated.principal() }
  const keys = { owner: deriveRootKeys(crypto, rootKey).principal, node }
  const host = new JoiningHost({ crypto, clock, keys, rootKey: async () => given ?? rootKey })
  serve(network.node(node.publicKey), joining, host.handlers(), { clock, guests: new Guests(clock, { kindOf: () => 'stranger' }) })
  const guest = () => network.node(simulated.principal())
  const join = (text: string, links = guest()) =>
    clock.until(joinAsGuest({ links, clock, crypto }, { code: readPairingCode(text), host: node.publicKey }))
  const wrong = (text: string) => `${text.slice(0, 6)}${text.endsWith('00') ? '11' : '00'}`
  return { clock, host, rootKey, join, guest, wrong, node }
}

test('who types the code has the root key, once', async () => {
  const { host, join, rootKey, guest } = world(1)
  const links = guest()
  const { code } = host.show()
  assert.deepEqual(await join(code.text, links), rootKey)
  assert.deepEqual(host.shown?.joined, links.self)
  await assert.rejects(join(code.text), { code: 'PAIRING_FAILED' })
  await assert.rejects(join(code.text, links), { code: 'PAIRING_FAILED' })
})

test('three wrong tries end the code, and none of them learns anything', async () => {
  const { host, join, wrong } = world(2)
  const { code } = host.show()
  for (let left = 2; left >= 0; left--) {
    await assert.rejects(join(wrong(code.text)), { code: 'PAIRING_FAILED' })
    assert.equal(host.shown?.triesLeft, left)
  }
  await assert.rejects(join(code.text), { code: 'PAIRING_FAILED' })
  assert.equal(host.shown?.joined, null)
})

test('nothing is given where no code is shown, after its time, or after it was taken back', async () => {
  const { host, join, clock, wrong } = world(3)
  await assert.rejects(join(wrong('ABCDEFGH')), { code: 'PAIRING_FAILED' })
  const first = host.show().code.text
  host.hide()
  await assert.rejects(join(first), { code: 'PAIRING_FAILED' })
  const second = host.show().code.text
  await clock.pass(11 * 60_000)
  await assert.rejects(join(second), { code: 'PAIRING_FAILED' })
  assert.equal(host.shown, null)
})

test('a key of somebody else than the host says is not taken', async () => {
  const { host, join } = world(4, new Uint8Array(32))
  await assert.rejects(join(host.show().code.text), { code: 'PAIRING_FAILED' })
})

test('who confirms without an exchange, or a second time, gets nothing', async () => {
  const { host, clock, guest, node } = world(5)
  host.show()
  const caller = new Caller(guest(), node.publicKey, joining, { clock })
  const confirm = () => clock.until(caller.call('confirm', { tag: new Uint8Array(64) }))
  await assert.rejects(confirm(), { code: 'PAIRING_FAILED' })
  await clock.until(caller.call('begin', { nonce: new Uint8Array(16) }))
  await assert.rejects(confirm(), { code: 'PAIRING_FAILED' })
  assert.equal(host.shown?.triesLeft, 3)
  caller.close()
})
