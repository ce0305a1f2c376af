import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { type Ran, root, run, scratchFolder, writeFiles } from './scratch.ts'

/** A repository that looks like Buildroot's, with one tag; and what a pin of it says. */
const folder = scratchFolder()
const repository = join(folder, 'repository')
let pin: { version: string; repository: string; commit: string; archiveSha256: string }

const git = (...args: string[]): string => {
  const ran = run('git', ['-C', repository, '-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'commit.gpgsign=false', ...args])
  assert.equal(ran.status, 0, ran.err)
  return ran.out
}

/** Calls one function of a module of the builder. @returns what it gives, printed as JSON. */
function call(module: string, expression: string): Ran {
  const program = `import * as m from ${JSON.stringify(join(root, 'image/release', module))}; console.log(JSON.stringify(await (${expression}) ?? null))`
  return run(process.execPath, ['--input-type=module', '-e', program])
}

const source = (into: string, options: object): Ran =>
  call('buildroot.mjs', `m.buildrootSource(${JSON.stringify(into)}, ${JSON.stringify(options)})`)

before(() => {
  writeFiles(repository, { Makefile: 'export BR2_VERSION := 1.0\n', 'package/x/x.mk': 'X = 1\n' })
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '-m', 'first')
  git('tag', '-a', '1.0', '-m', 'one')
  const commit = git('rev-parse', 'HEAD')
  git('archive', '--format=tar', `--output=${join(folder, 'archive.tar')}`, commit)
  const archiveSha256 = run('sha256sum', [join(folder, 'archive.tar')]).out.slice(0, 64)
  pin = { version: '1.0', repository, commit, archiveSha256 }
})

test('fetches the pinned Buildroot by git, checks it, and does not fetch it twice', () => {
  const into = join(folder, 'fetched')
  const ran = source(into, { pin })
  assert.equal(ran.status, 0, ran.err)
  assert.equal(readFileSync(join(into, 'buildroot-1.0/package/x/x.mk'), 'utf8'), 'X = 1\n')
  const made = statSync(join(into, 'buildroot-1.0/Makefile')).ctimeMs
  assert.equal(source(into, { pin: { ...pin, repository: '/nowhere' } }).status, 0)
  assert.equal(statSync(join(into, 'buildroot-1.0/Makefile')).ctimeMs, made)
})

test('takes it from a mirror folder without a network; refuses one that has it not, or another one', () => {
  const mirror = join(folder, 'mirror')
  mkdirSync(join(mirror, 'buildroot'), { recursive: true })
  cpSync(join(folder, 'archive.tar'), join(mirror, 'buildroot', `buildroot-${pin.commit}.tar`))
  const offline = { ...pin, repository: '/nowhere' }
  assert.equal(source(join(folder, 'from-mirror'), { mirror, pin: offline }).status, 0)
  assert.equal(source(join(folder, 'no-mirror'), { mirror: folder, pin: offline }).status, 1)
  const other = source(join(folder, 'other'), { mirror, pin: { ...offline, archiveSha256: 'f'.repeat(64) } })
  assert.equal(other.status, 1)
  assert.match(other.err, /f{64} is pinned/)
  assert.ok(!existsSync(join(folder, 'other/buildroot-1.0')))
})

test('a Buildroot that moved its tag is refused', () => {
  writeFiles(repository, { Makefile: 'export BR2_VERSION := 1.0\nevil:\n' })
  git('commit', '--quiet', '-am', 'second')
  git('tag', '-f', '-a', '1.0', '-m', 'moved')
  assert.equal(source(join(folder, 'moved'), { pin }).status, 1)
})

test('a symbol that Kconfig drops, changes or switches on is called lost', () => {
  const settings = [
    ['BR2_KEPT', 'y'],
    ['BR2_DROPPED', 'y'],
    ['BR2_CHANGED', '"a"'],
    ['BR2_OFF', null],
    ['BR2_ON_ALL_THE_SAME', null],
  ]
  const config = 'BR2_KEPT=y\n# BR2_DROPPED is not set\nBR2_CHANGED="b"\nBR2_ON_ALL_THE_SAME=y\n'
  const ran = call('source-check.mjs', `m.lostSettings(new Map(${JSON.stringify(settings)}), ${JSON.stringify(config)})`)
  const lost = (JSON.parse(ran.out) as string[]).map((line) => line.split('=')[0])
  assert.deepEqual(lost, ['BR2_DROPPED', 'BR2_CHANGED', 'BR2_ON_ALL_THE_SAME'])
})

test('progress is what Buildroot says it begins', () => {
  const step = (line: string): unknown => JSON.parse(call('build.mjs', `m.stepIn(${JSON.stringify(line)})`).out)
  assert.deepEqual(step('\u001b[7m>>> rauc 1.15.2 Building\u001b[27m'), { name: 'rauc', what: 'Building' })
  assert.deepEqual(step('>>> host-skeleton  Installing to host directory'), { name: 'host-skeleton', what: 'Installing to host directory' })
  assert.equal(step('gcc -o x x.c'), null)
})

test('the bill of materials names what is in the image and where it came from', () => {
  const facts = (more: object): object => ({ type: 'target', virtual: false, version: '1', licenses: 'MIT', ...more })
  const info = {
    rauc: facts({
      'cpe-id': 'cpe:2.3:a:x:rauc:1',
      downloads: [{ source: 'rauc-1.tar.xz', uris: ['https+https://example.org/rauc', 'https+https://other'] }],
    }),
    udev: { type: 'target', virtual: true },
    'host-cmake': facts({ type: 'host' }),
    holt: facts({ downloads: [{ source: 'holt.tar', uris: ['local+/somewhere/dist'] }] }),
  }
  const { components } = JSON.parse(call('bill.mjs', `m.systemBill(${JSON.stringify(info)}, { name: 'holt', version: '1' })`).out)
  assert.deepEqual(
    components.map(({ name }: { name: string }) => name),
    ['holt', 'rauc'],
  )
  assert.deepEqual(components[0].externalReferences, [])
  assert.deepEqual(components[1].externalReferences, [{ type: 'distribution', url: 'https://example.org/rauc/rauc-1.tar.xz' }])
  assert.equal(components[1].cpe, 'cpe:2.3:a:x:rauc:1')
})
