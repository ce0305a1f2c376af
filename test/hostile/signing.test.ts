import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProgramGrant } from '@holt/control/programs.ts'
import { concatBytes, utf8 } from '@holt/core/bytes.ts'
import { signPackage, verifyPackage } from '@holt/core/package/signature.ts'
import { manifestCid } from '@holt/core/package/manifest.ts'
import { principalFromText } from '@holt/core/principal.ts'
import { nodejsCrypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import { cagedWorld, codes, Relay } from '../peers/relays.ts'

const powers = [{ kind: 'signing' as const, name: 'seal', reason: 'to show whose words these are', optional: true as const }]
const seal: ProgramGrant = { kind: 'signing', name: 'seal' }
const bytesOf = (text: string) => new TextEncoder().encode(text)

for (const code of codes) {
  test(`a program in ${code} signs with its own key, with no other, and nothing that Holt takes for its own`, async (t) => {
    const world = await cagedWorld(t)
    const relay = await Relay.install(world, code, { powers, grants: [seal] })
    const other = await Relay.install(world, code, { powers, grants: [seal], name: 'other', title: 'Another' })
    const keyOf = async (of: Relay) => (await of.done('signing.key', { power: 'seal' })).head as { key: string; program: string }
    const [own, others] = [await keyOf(relay), await keyOf(other)]
    assert.notEqual(own.key, others.key)
    assert.deepEqual([own.program, others.program], [relay.id, other.id])
    const sign = async (message: Uint8Array) => (await relay.done('signing.sign', { power: 'seal' }, message)).body
    const verify = async (by: Record<string, unknown>, signature: Uint8Array, message: Uint8Array) =>
      (await other.done('signing.verify', { power: 'seal', ...by }, concatBytes([signature, message]))).head['valid']

    const signature = await sign(bytesOf('wald'))
    assert.equal(signature.length, 64)
    assert.equal(await verify(own, signature, bytesOf('wald')), true)
    assert.equal(await verify(own, signature, bytesOf('wold')), false)
    assert.equal(await verify(others, signature, bytesOf('wald')), false)
    assert.equal(await verify({ ...own, program: others.program }, signature, bytesOf('wald')), false, 'it speaks for itself only')
    assert.equal(await verify({ ...own, key: others.key }, signature, bytesOf('wald')), false)
    assert.equal(await verify(own, signature.subarray(0, 63), new Uint8Array(0)), false)

    // with the key of another program, in its name, with a key that it has not, as the author of packages
    const author = (await world.call('programs.author', {})).author
    for (const [head, refused] of [
      [{ key: others.key }, 'NOT_AUTHORIZED'],
      [{ program: others.program }, 'NOT_AUTHORIZED'],
      [{ key: author }, 'NOT_AUTHORIZED'],
      [{ key: 'x' }, 'NOT_AUTHORIZED'],
      [{ key: 7 }, 'MALFORMED'],
      [{ power: 'another' }, 'NOT_AUTHORIZED'],
    ] as const)
      assert.equal(await relay.use('signing.sign', { power: 'seal', ...head }, bytesOf('wald')), refused, JSON.stringify(head))
    for (const power of ['signing.export', 'signing.__proto__', 'programs.sign', 'signing'])
      assert.equal(await relay.use(power, { power: 'seal' }), 'NOT_AUTHORIZED', power)
    assert.equal(await relay.use('signing.sign', { power: 'seal' }, new Uint8Array((1 << 20) + 1)), 'TOO_LARGE')

    // what it signs is no signature of a package, though it is made of the very bytes that are signed for one
    const cid = manifestCid(bytesOf('a manifest'))
    const key = principalFromText(own.key)
    let signedForPackage = new Uint8Array(0)
    const spying = {
      ...nodejsCrypto,
      sign: (_seed: Uint8Array, message: Uint8Array) => ((signedForPackage = message.slice()), new Uint8Array(64)),
    }
    const package_ = signPackage(spying, { package: cid }, { seed: new Uint8Array(32), publicKey: key })
    assert.ok(signedForPackage.length > 0)
    const forged = { ...package_, sig: await sign(signedForPackage) }
    const manifest = { author: key, name: 'relay' } as Parameters<typeof verifyPackage>[2]['manifest']
    assert.throws(() => verifyPackage(nodejsCrypto, forged, { package: cid, manifest }), { code: 'SIGNATURE_INVALID' })
    assert.equal(nodejsCrypto.verify(key, utf8('wald'), await sign(utf8('wald'))), false, 'nor of a bare message')

    await world.call('programs.revoke', { id: relay.id, power: 'seal' })
    assert.equal(await relay.use('signing.sign', { power: 'seal' }, bytesOf('wald')), 'NOT_AUTHORIZED')
    await world.restart()
    assert.deepEqual(await keyOf(other), others, 'the key stays the same')
    const { uses } = await world.call('programs.audit', { id: other.id })
    assert.ok(uses.some(({ what, power }) => what === 'key' && power === 'seal'))
  })
}
