import assert from 'node:assert/strict'
import test from 'node:test'
import { toBase64Url, fromBase64Url, utf8 } from '@holt/core/bytes.ts'
import { partsOf } from '@holt/core/package/archive.ts'
import { encodeManifest, type Manifest, manifestCid } from '@holt/core/package/manifest.ts'
import { decodeSignature, verifyPackage } from '@holt/core/package/signature.ts'
import { principalFromText, principalToText } from '@holt/core/principal.ts'
import { nodejsCrypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import { caller, NodeWorld } from '../node-world.ts'

test('an owner signs what names them as its author, hands programs over, and has the same key on every node', async (t) => {
  const anna = caller((await new NodeWorld(t).start()).control)
  const ben = caller((await new NodeWorld(t).start()).control)
  const { words } = await anna('node.init', {})
  await ben('node.init', {})
  const [annas, bens] = [(await anna('programs.author', {})).author, (await ben('programs.author', {})).author]
  const manifestOf = (author: string): Manifest => ({
    v: 1,
    kind: 'program',
    name: 'book',
    title: 'Book',
    about: 'A book.',
    version: [1, 0, 0],
    author: principalFromText(author),
    code: 'javascript',
    main: 'main.js',
    files: [{ path: 'main.js', size: 1, parts: partsOf(utf8('1')) }],
    powers: [],
    limits: {},
  })
  const signed = async (by: typeof anna, author: string, handOvers?: string[]) => {
    const manifest = manifestOf(author)
    const block = encodeManifest(manifest)
    const { signature } = await by('programs.sign', { manifest: toBase64Url(block), ...(handOvers === undefined ? {} : { handOvers }) })
    const decoded = decodeSignature(fromBase64Url(signature) as Uint8Array)
    return principalToText(verifyPackage(nodejsCrypto, decoded, { package: manifestCid(block), manifest }))
  }
  assert.equal(await signed(anna, annas), annas)
  await assert.rejects(signed(anna, bens), { code: 'NOT_AUTHORIZED' })
  await assert.rejects(anna('programs.sign', { manifest: 'AAAA' }), { code: 'MALFORMED' })
  const { handOver } = await anna('programs.handOver', { program: 'book', to: bens })
  assert.equal(await signed(ben, bens, [handOver]), annas)
  await assert.rejects(signed(anna, annas, [handOver]), { code: 'NOT_AUTHORIZED' })
  await assert.rejects(anna('programs.handOver', { program: 'No Name', to: bens }), { code: 'INPUT_INVALID' })
  const again = caller((await new NodeWorld(t).start()).control)
  await again('node.init', { words })
  assert.equal((await again('programs.author', {})).author, annas)
})
