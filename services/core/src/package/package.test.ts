import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { nodejsCrypto as crypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import { toHex, utf8 } from '../bytes.ts'
import { cidToText } from '../cid.ts'
import { encode } from '../codec.ts'
import { isHoltError } from '../errors.ts'
import type { KeyPair } from '../root-key.ts'
import { decodeArchive, encodeArchive, partsOf } from './archive.ts'
import { decodeManifest, encodeManifest, type Manifest, manifestCid, PART_BYTES } from './manifest.ts'
import { checkFollows, type HandOver, programId, signHandOver, signPackage, verifyPackage } from './signature.ts'
import { compareVersions, versionFromText, versionToText } from './version.ts'

const [anna, ben, mallory] = [1, 2, 3].map((first): KeyPair => {
  const seed = new Uint8Array(32).fill(first)
  return { seed, publicKey: crypto.ed25519PublicKey(seed) }
}) as [KeyPair, KeyPair, KeyPair]

const files = new Map([
  ['main.js', utf8('export default {}')],
  ['pages/a', new Uint8Array(PART_BYTES + 5).fill(7)],
  ['pages/b', new Uint8Array(0)],
  ['pages/c', utf8('export default {}')],
])

function manifestOf(author: KeyPair, changes: Partial<Manifest> = {}): Manifest {
  return {
    v: 1,
    kind: 'program',
    name: 'visitor-book',
    title: 'Visitor book',
    about: 'Who was here.',
    version: [1, 0, 0],
    author: author.publicKey,
    code: 'javascript',
    main: 'main.js',
    files: [...files].map(([path, content]) => ({ path, size: content.length, parts: partsOf(content) })),
    powers: [{ kind: 'page', name: 'site', reason: 'visitors read it' }],
    limits: {},
    ...changes,
  }
}

function signed(manifest: Manifest, author: KeyPair, chain: HandOver[] = []): Uint8Array {
  const signature = signPackage(crypto, { package: manifestCid(encodeManifest(manifest)), chain }, author)
  return encodeArchive(manifest, { files, signature })
}

function verified(bytes: Uint8Array) {
  const read = decodeArchive(bytes)
  assert.ok(read.signature !== null)
  return verifyPackage(crypto, read.signature, { package: read.cid, manifest: read.manifest })
}

test('a package is read as it was written, each content once, and the same again is the same bytes and CID', () => {
  const manifest = manifestOf(anna)
  const bytes = signed(manifest, anna)
  assert.deepEqual(signed(manifestOf(anna), anna), bytes)
  const read = decodeArchive(bytes)
  assert.deepEqual(read.manifest, manifest)
  for (const [path, content] of files) assert.deepEqual(read.file(path), content)
  assert.throws(() => read.file('pages'), { code: 'NOT_FOUND' })
  assert.ok(bytes.length < PART_BYTES + 4096, 'what two files have alike is there once')
  const unsigned = decodeArchive(encodeArchive(manifest, { files }))
  assert.deepEqual([cidToText(unsigned.cid), unsigned.signature], [cidToText(read.cid), null], 'signing changes no CID')
  assert.equal(toHex(verified(bytes)), toHex(anna.publicKey))
})

test('every cut, every changed byte and every byte more is refused by a code', () => {
  const small = new Map([['main.js', utf8('x')]])
  const manifest = manifestOf(anna, { files: [{ path: 'main.js', size: 1, parts: partsOf(utf8('x')) }] })
  const signature = signPackage(crypto, { package: manifestCid(encodeManifest(manifest)) }, anna)
  const bytes = encodeArchive(manifest, { files: small, signature })
  const codes = ['MALFORMED', 'UNSUPPORTED_VERSION', 'BLOCK_CORRUPT', 'SIGNATURE_INVALID', 'NOT_AUTHORIZED', 'TOO_LARGE'] as const
  const refused = (changed: Uint8Array, what: string): void => {
    try {
      verified(changed)
    } catch (error) {
      assert.ok(
        codes.some((code) => isHoltError(error, code)),
        `${what}: ${String(error)}`,
      )
      return
    }
    assert.fail(`${what} was taken`)
  }
  for (let length = 0; length < bytes.length; length++) refused(bytes.slice(0, length), `cut at ${length}`)
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice()
    changed[at] = (changed[at] as number) ^ 0x41
    refused(changed, `byte ${at}`)
  }
  refused(new Uint8Array([...bytes, 0]), 'a byte more')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (any) => {
      assert.throws(
        () => decodeArchive(any),
        (error) => isHoltError(error),
      )
    }),
  )
})

test('who signs with another key than the manifest names, or signs another package, is refused', () => {
  const manifest = manifestOf(anna)
  assert.throws(() => verified(signed(manifest, mallory)), { code: 'SIGNATURE_INVALID' })
  const other = signPackage(crypto, { package: manifestCid(encodeManifest(manifestOf(anna, { title: 'Other' }))) }, anna)
  assert.throws(() => verified(encodeArchive(manifest, { files, signature: other })), { code: 'SIGNATURE_INVALID' })
})

test('a program is the same after it was handed over, and the earlier author signs no more', () => {
  const handed = signHandOver(crypto, { program: 'visitor-book', to: ben.publicKey, made: 5 }, anna)
  const [first, second] = [signed(manifestOf(anna), anna), signed(manifestOf(ben), ben, [handed])]
  const id = (bytes: Uint8Array): string => toHex(programId(verified(bytes), 'visitor-book'))
  assert.equal(id(first), id(second))
  assert.notEqual(id(first), id(signed(manifestOf(mallory), mallory)))
  const signatureOf = (bytes: Uint8Array) => decodeArchive(bytes).signature as NonNullable<ReturnType<typeof decodeArchive>['signature']>
  checkFollows(signatureOf(first), signatureOf(first))
  checkFollows(signatureOf(first), signatureOf(second))
  assert.throws(() => checkFollows(signatureOf(second), signatureOf(first)), { code: 'NOT_AUTHORIZED' })
  // chains that lead nowhere, or are of another program
  assert.throws(() => verified(signed(manifestOf(mallory), mallory, [handed])), { code: 'NOT_AUTHORIZED' })
  const ofOther = signHandOver(crypto, { program: 'other', to: ben.publicKey, made: 5 }, anna)
  assert.throws(() => verified(signed(manifestOf(ben), ben, [ofOther])), { code: 'NOT_AUTHORIZED' })
  const forged = { ...signHandOver(crypto, { program: 'visitor-book', to: mallory.publicKey, made: 5 }, mallory), from: anna.publicKey }
  assert.throws(() => verified(signed(manifestOf(mallory), mallory, [forged])), { code: 'SIGNATURE_INVALID' })
})

test('a manifest that could mislead is refused', () => {
  const page = { kind: 'page', name: 'site', reason: 'r' } as const
  const file = (path: string) => ({ path, size: 0, parts: [] })
  const wrong: Record<string, Partial<Record<keyof Manifest, unknown>>> = {
    'a name in capitals': { name: 'Visitor' },
    'a name of other letters': { name: 'vіsitor' },
    'a title that turns the direction of writing': { title: 'a\u202eb' },
    'an empty title': { title: ' ' },
    'a way out': { files: [file('../a'), ...manifestOf(anna).files] },
    'an absolute path': { files: [file('/a'), ...manifestOf(anna).files] },
    'files out of order': { files: manifestOf(anna).files.slice().reverse() },
    'a file within a file': { files: [file('main.js'), file('main.js/a')] },
    'no main': { main: 'else.js' },
    'no pages': { pages: 'nowhere' },
    'two powers of one name': { powers: [page, { ...page, kind: 'clock' }] },
    'two pages': { powers: [page, { ...page, name: 'other' }] },
    'a host that is none': { powers: [{ kind: 'hosts', name: 'feeds', reason: 'r', hosts: ['http://example.org'] }] },
    'all hosts': { powers: [{ kind: 'hosts', name: 'feeds', reason: 'r', hosts: ['*'] }] },
    'a field more': { extra: 1 } as Partial<Manifest>,
  }
  for (const [what, changes] of Object.entries(wrong))
    assert.throws(() => decodeManifest(encode({ ...manifestOf(anna), ...changes })), { code: 'MALFORMED' }, what)
  assert.throws(() => decodeManifest(encode({ ...manifestOf(anna), powers: [{ ...page, kind: 'dance' }] })), {
    code: 'UNSUPPORTED_VERSION',
  })
  assert.throws(() => decodeManifest(encode({ ...manifestOf(anna), v: 2 })), { code: 'UNSUPPORTED_VERSION' })
})

test('versions are compared by number', () => {
  assert.ok(compareVersions(versionFromText('1.10.0'), versionFromText('1.9.9')) > 0)
  assert.equal(versionToText(versionFromText('0.0.1')), '0.0.1')
  for (const text of ['1.0', '01.0.0', '1.0.0-beta', '', '1.0.9999999'])
    assert.throws(() => versionFromText(text), { code: 'INPUT_INVALID' })
})
