import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { toBase64Url } from '@holt/core/bytes.ts'
import { cidToText } from '@holt/core/cid.ts'
import { decodeArchive } from '@holt/core/package/archive.ts'
import { manifestCid } from '@holt/core/package/manifest.ts'
import { decodeHandOver, encodeHandOver, encodeSignature, signHandOver, signPackage, verifyPackage } from '@holt/core/package/signature.ts'
import { principalFromText, principalToText } from '@holt/core/principal.ts'
import { createWebCrypto } from '@holt/core/web-crypto.ts'
import { type FakeAnswers, FakeControl } from '@holt/control/fake-control.ts'
import { covering, temporaryFolder } from '../command-world.ts'
import { holt } from '../fake-terminal.ts'

const { both, shownBothWays } = covering('programs')
const crypto = createWebCrypto(() => webcrypto as unknown as globalThis.Crypto)
const seed = new Uint8Array(32).fill(9)
const me = { seed, publicKey: crypto.ed25519PublicKey(seed) }
const author = principalToText(me.publicKey)
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))

/** A node that signs. */
const answers: FakeAnswers = {
  'programs.author': () => ({ author }),
  'programs.sign': ({ manifest, handOvers = [] }) => {
    const chain = handOvers.map((text) => decodeHandOver(bytes(text)))
    return { signature: toBase64Url(encodeSignature(signPackage(crypto, { package: manifestCid(bytes(manifest)), chain }, me))) }
  },
  'programs.handOver': ({ program, to }) => ({
    handOver: toBase64Url(encodeHandOver(signHandOver(crypto, { program, to: principalFromText(to), made: 7 }, me))),
  }),
}

const node = (): FakeControl => new FakeControl(answers)

async function begun(t: TestContext): Promise<string> {
  const currentFolder = await temporaryFolder(t)
  assert.equal((await holt(['program', 'new', 'visitor-book'], { control: node(), currentFolder })).exitCode, 0)
  return join(currentFolder, 'visitor-book')
}

test('a program is begun, built and signed; twice is the same package, and what others can check', async (t) => {
  for (const template of ['javascript', 'typescript', 'c']) {
    const [one, other] = [await temporaryFolder(t), await temporaryFolder(t)]
    const cids: string[] = []
    for (const currentFolder of [one, other]) {
      const made = await holt(['program', 'new', 'visitor-book', '--template', template], { control: node(), currentFolder })
      assert.equal(made.exitCode, 0, made.err)
      const built = await both(['program', 'build', 'visitor-book'], {}, { currentFolder })
      assert.equal(built.text.exitCode, 0, built.text.err)
      const { file, cid } = built.json as { file: string; cid: string }
      assert.equal(file, join(currentFolder, 'visitor-book/visitor-book-0.1.0.holt'))
      cids.push(cid)
      const signed = await both(['program', 'sign', file], answers, { currentFolder })
      assert.deepEqual(signed.json, { file, cid, author })
      const read = decodeArchive(new Uint8Array(await readFile(file)))
      assert.ok(read.signature !== null)
      verifyPackage(crypto, read.signature, { package: read.cid, manifest: read.manifest })
      const main = template === 'c' ? 'main.wasm' : 'main.js'
      assert.deepEqual([cidToText(read.cid), read.manifest.title, read.manifest.main], [cid, 'Visitor book', main])
      assert.equal(new TextDecoder().decode(read.file(main)).includes(currentFolder), false, 'where it was built is not told')
    }
    assert.equal(cids[0], cids[1])
  }
})

test('nothing is begun where something is, nor under a name that is none', async (t) => {
  const currentFolder = await temporaryFolder(t)
  const asJson = await holt(['--json', 'program', 'new', 'a'], { control: node(), currentFolder })
  assert.deepEqual(JSON.parse(asJson.out), { folder: join(currentFolder, 'a'), files: ['program.json', 'main.js'] })
  shownBothWays('program new')
  for (const [line, exitCode] of [
    [['new', 'a'], 4],
    [['new', 'Bad_Name'], 2],
    [['new', 'b', '--template', 'cobol'], 2],
    [['build', 'nowhere'], 3],
    [['sign', 'nowhere.holt'], 3],
  ] as const)
    assert.equal((await holt(['program', ...line], { control: node(), currentFolder })).exitCode, exitCode, line.join(' '))
})

test('what program.json says wrong is named; nothing outside of the folder goes in', async (t) => {
  const folder = await begun(t)
  const good = JSON.parse(await readFile(join(folder, 'program.json'), 'utf8')) as Record<string, unknown>
  await mkdir(join(folder, 'pages/node_modules'), { recursive: true })
  await writeFile(join(folder, 'pages/index.html'), 'hello')
  await writeFile(join(folder, 'pages/.secret'), 'x')
  await writeFile(join(folder, 'pages/node_modules/x'), 'x')
  const build = async (changes: Record<string, unknown>) => {
    await writeFile(join(folder, 'program.json'), JSON.stringify({ ...good, ...changes }))
    return holt(['--json', 'program', 'build', folder], { control: null })
  }
  const field = (shown: { err: string }) => (JSON.parse(shown.err) as { error: { data: { field?: string } } }).error.data.field
  for (const [changes, name] of [
    [{ version: '1' }, 'version'],
    [{ title: '' }, 'title'],
    [{ powers: [{ kind: 'page', name: 'site' }] }, 'powers[0].reason'],
    [{ powers: [{ kind: 'everything', name: 'a', reason: 'b' }] }, 'powers[0]'],
    [{ colour: 'red' }, 'colour'],
    [{ files: ['../..'] }, 'files'],
    [{ main: 'main.py' }, 'main'],
  ] as const)
    assert.equal(field(await build(changes)), name, JSON.stringify(changes))
  const built = JSON.parse((await build({ pages: 'pages' })).out) as { file: string }
  const { manifest } = decodeArchive(new Uint8Array(await readFile(built.file)))
  assert.deepEqual(
    manifest.files.map(({ path }) => path),
    ['main.js', 'pages/index.html'],
  )
  await writeFile(join(folder, 'main.js'), 'export default {')
  assert.equal(field(await build({})), 'main')
  await symlink('/etc/hostname', join(folder, 'pages/link'))
  await writeFile(join(folder, 'main.js'), 'export default {}')
  assert.equal(field(await build({ pages: 'pages' })), 'files', 'a link could lead anywhere')
})

test('a program in C that does not compile says where, and one that is of several files is one module', async (t) => {
  const currentFolder = await temporaryFolder(t)
  await holt(['program', 'new', 'counter', '--template', 'c'], { control: node(), currentFolder })
  const built = async () => holt(['--json', 'program', 'build', 'counter'], { control: null, currentFolder })
  const cidOf = (shown: { out: string }) => (JSON.parse(shown.out) as { cid: string }).cid
  const first = cidOf(await built())
  await writeFile(join(currentFolder, 'counter/more.c'), 'int more(int n) { return n + MORE; }\n')
  const { exitCode, err } = await built()
  assert.equal(exitCode, 2)
  assert.match(err, /more\.c:1:30: error: use of undeclared identifier 'MORE'/)
  await writeFile(join(currentFolder, 'counter/more.c'), 'int more(int n) { return n + 1; }\n')
  const main = await readFile(join(currentFolder, 'counter/main.c'), 'utf8')
  await writeFile(
    join(currentFolder, 'counter/main.c'),
    main.replace('int main', 'int more(int n);\nint main').replace('return 0;\n}', 'return more(-1);\n}'),
  )
  assert.notEqual(cidOf(await built()), first)
})

test('an author is shown, and hands a program over', async () => {
  assert.equal((await both(['program', 'author'], answers)).text.out, `${author}\n`)
  const to = principalToText(crypto.ed25519PublicKey(new Uint8Array(32).fill(8)))
  const { text, json } = await both(['program', 'hand-over', 'visitor-book', to], answers)
  assert.equal((json as { handOver: string }).handOver, text.out.trim())
  assert.equal(decodeHandOver(bytes(text.out.trim())).program, 'visitor-book')
})
