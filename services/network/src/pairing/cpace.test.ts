import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { fromHex, toHex, utf8 } from '@holt/core/bytes.ts'
import { sha512 } from '@noble/hashes/sha2.js'
import { confirmationTag, generator, generatorString, isSameTag, lvCat, scalarOf, sessionKey, share, sharedPoint } from './cpace.ts'

const hex = (text: string): Uint8Array => fromHex(text.replace(/\s/g, '')) as Uint8Array

/** draft-irtf-cfrg-cpace, test vectors for ristretto255 and SHA-512. */
const inputs = {
  prs: utf8('Password'),
  ci: hex('0b415f696e69746961746f720b425f726573706f6e646572'),
  sid: hex('7e4b4791d6a8ef019b936c79fb7f2c57'),
}
const ya = hex('da3d23700a9e5699258aef94dc060dfda5ebb61f02a5ea77fad53f4ff0976d08')
const yb = hex('d2316b454718c35362d83d69df6320f38578ed5984651435e2949762d900b80d')
const a = { y: hex('d6bac480f2c386c394efc7c47adb9925dcd2630b64f240c50f8d0eec482b9157'), ad: utf8('ADa') }
const b = { y: hex('3ea7e0b19560d7c0b0f5734f63b955286dfa8232b5ebe63324e2d9e7433f7258'), ad: utf8('ADb') }
const k = hex('80b69a8a76457ab6a4d7f887a4bf6b55a2f80ac19c333f917a05fc9887c8b40f')

test('the generator is that of the draft', () => {
  assert.equal(generatorString(inputs).length, 170)
  assert.equal(
    toHex(sha512(generatorString(inputs))),
    'da6d3ddc8802fca9058755ffd3ebde08a9c2c74945901a258482a288b6663af06bf645c93cd1c51512307199c80e84908916d983b34af77205f90851a657ee27',
  )
  assert.equal(toHex(generator(inputs).toBytes()), '222b6b195fe84b1652badb6f6a3ae3d24341e7306967f0b8115b40d5698c7e56')
})

test('shares, the secret point and the key are those of the draft', () => {
  assert.equal(toHex(share(inputs, scalarOf(ya))), toHex(a.y))
  assert.equal(toHex(share(inputs, scalarOf(yb))), toHex(b.y))
  assert.equal(toHex(sharedPoint(scalarOf(ya), b.y)), toHex(k))
  assert.equal(toHex(sharedPoint(scalarOf(yb), a.y)), toHex(k))
  assert.equal(
    toHex(sessionKey(k, { sid: inputs.sid, a, b })),
    'b69effbf61b51d56401c0f65601abe428de8206feaaf0e32198896dcae7b35cd2b38950a39dfd5d4a79164614c2984f7daa460b588c1e80c3fa2068af7900447',
  )
})

test('what is no point of the group, and its neutral element, end the exchange', () => {
  const s = scalarOf(hex('7cd0e075fa7955ba52c02759a6c90dbbfc10e6d40aea8d283e407d88cf538a05'))
  const x = hex('2c3c6b8c4f3800e7aef6864025b4ed79bd599117e427c41bd47d93d654b4a51c')
  assert.equal(toHex(sharedPoint(s, x)), '7c13645fe790a468f62c39beb7388e541d8405d1ade69d1778c5fe3e7f6b600e')
  for (const wrong of ['2b3c6b8c4f3800e7aef6864025b4ed79bd599117e427c41bd47d93d654b4a51c', '00'.repeat(32), 'ff'.repeat(32)])
    assert.throws(() => sharedPoint(s, hex(wrong)), { code: 'PAIRING_FAILED' })
})

test('lengths are written as LEB128', () => {
  assert.equal(toHex(lvCat(utf8('1234'), utf8('5'), new Uint8Array(0), utf8('678'))), '04313233340135000336' + '3738')
  assert.deepEqual([...lvCat(new Uint8Array(128)).subarray(0, 2)], [0x80, 0x01])
})

test('both come to one key when all inputs are the same, and to none when any differs', () => {
  const run = (one: typeof inputs, other: typeof inputs, heard = a.ad) => {
    const [sa, sb] = [scalarOf(randomBytes(32)), scalarOf(randomBytes(32))]
    const [ma, mb] = [
      { y: share(one, sa), ad: a.ad },
      { y: share(other, sb), ad: b.ad },
    ]
    const keyA = sessionKey(sharedPoint(sa, mb.y), { sid: one.sid, a: ma, b: mb })
    const keyB = sessionKey(sharedPoint(sb, ma.y), { sid: other.sid, a: { ...ma, ad: heard }, b: mb })
    return isSameTag(confirmationTag(keyA, { sid: one.sid, own: ma }), confirmationTag(keyB, { sid: other.sid, own: { ...ma, ad: heard } }))
  }
  assert.equal(run(inputs, inputs), true)
  assert.equal(run(inputs, { ...inputs, prs: utf8('password') }), false)
  assert.equal(run(inputs, { ...inputs, ci: utf8('another channel') }), false)
  assert.equal(run(inputs, { ...inputs, sid: new Uint8Array(16) }), false)
  assert.equal(run(inputs, inputs, utf8('altered')), false)
})
