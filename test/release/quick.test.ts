import assert from 'node:assert/strict'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { root, run, scratchFolder } from './scratch.ts'

interface Named {
  name: string
  id: string
}

/** The builder is plain JavaScript, as it runs before anything is installed. */
const part = async <T>(path: string): Promise<T> => (await import(pathToFileURL(join(root, 'image', path)).href)) as T
const { writeCpio } = await part<{ writeCpio: (folder: string, output: string) => void }>('initramfs/cpio.mjs')
const { neededLibraries, readDynamic } = await part<{
  neededLibraries: (tree: string, program: string) => string[]
  readDynamic: (path: string) => { interpreter: string | null; needed: string[] }
}>('initramfs/elf.mjs')
const { step } = await part<{
  step: (options: {
    name: string
    inputs: readonly (string | { path: string })[]
    outputs: readonly string[]
    work: () => void
  }) => Promise<string>
}>('quick/steps.mjs')
const { readUsers } = await part<{ readUsers: (text: string) => { users: Named[]; groups: Named[] } }>('quick/users.mjs')

test('a step is left alone until what goes into it changes: content and modes count, times do not', async () => {
  const folder = scratchFolder()
  const input = join(folder, 'input')
  mkdirSync(input)
  writeFileSync(join(input, 'file'), 'one')
  let made = 0
  const build = () =>
    step({
      name: 'test',
      inputs: ['text', { path: input }],
      outputs: [join(folder, 'output')],
      work: () => {
        made++
        writeFileSync(join(folder, 'output'), 'made')
      },
    })
  await build()
  writeFileSync(join(input, 'file'), 'one')
  await build()
  assert.equal(made, 1)
  chmodSync(join(input, 'file'), 0o755)
  await build()
  assert.equal(made, 2)
  symlinkSync('nowhere', join(input, 'link'))
  await build()
  assert.equal(made, 3)
})

test('a step that broke off is done again', async () => {
  const output = join(scratchFolder(), 'output')
  const build = (work: () => void) => step({ name: 'test', inputs: [], outputs: [output], work })
  await build(() => writeFileSync(output, 'whole'))
  writeFileSync(`${output}.made-from`, '')
  let again = false
  await build(() => {
    again = true
  })
  assert.ok(again)
})

test('the initramfs archive is what cpio reads, the same bytes for the same folder', () => {
  const folder = scratchFolder()
  const content = join(folder, 'content')
  mkdirSync(join(content, 'usr/bin'), { recursive: true })
  writeFileSync(join(content, 'usr/bin/odd'), 'x'.repeat(4097), { mode: 0o755 })
  symlinkSync('usr/bin', join(content, 'bin'))
  writeCpio(content, join(folder, 'one.cpio'))
  writeCpio(content, join(folder, 'two.cpio'))
  assert.deepEqual(readFileSync(join(folder, 'one.cpio')), readFileSync(join(folder, 'two.cpio')))
  const out = join(folder, 'out')
  mkdirSync(out)
  const read = run('sh', ['-c', `cd ${out} && busybox cpio -idm < ../one.cpio && ls -l bin usr/bin/odd`])
  assert.equal(read.status, 0, read.out)
  assert.equal(readFileSync(join(out, 'bin/odd'), 'utf8'), 'x'.repeat(4097))
  assert.match(read.out, /rwxr-xr-x.* usr\/bin\/odd/)
})

test('the libraries of a program are found in a tree, with those they need in turn', () => {
  const tree = scratchFolder()
  const listed = run('ldd', ['/usr/bin/openssl'])
  const libraries = [...listed.out.matchAll(/(\/\S+)(?= \(0x)/g)].map(([, path]) => path as string)
  assert.ok(libraries.length >= 4, listed.out)
  for (const path of ['/usr/bin/openssl', ...libraries]) {
    const to = join(tree, path.startsWith('/usr') ? path : `/usr${path}`)
    mkdirSync(dirname(to), { recursive: true })
    cpSync(path, to, { dereference: true })
  }
  const names = (paths: string[]) => paths.map((path) => path.split('/').at(-1) as string).sort()
  assert.deepEqual(names(neededLibraries(tree, 'usr/bin/openssl')), names(libraries))
})

test('a program without libraries, or a script, needs none', () => {
  assert.deepEqual(readDynamic(join(root, 'image/initramfs/init')), { interpreter: null, needed: [] })
})

test('every user and group of the image has one fixed number, and members are of groups that exist', () => {
  const { users, groups } = readUsers(readFileSync(join(root, 'overlay/usr/lib/sysusers.d/holt.conf'), 'utf8'))
  for (const list of [users, groups]) {
    assert.equal(new Set(list.map(({ id }) => id)).size, list.length)
    for (const { name, id } of list) assert.match(id, /^\d+$/, name)
  }
  assert.ok(users.some(({ name, id }) => name === 'holt' && id === '990'))
})

test('what the overlay names exists: units of the preset, programs of the units', () => {
  const units = join(root, 'overlay/usr/lib/systemd/system')
  const preset = readFileSync(join(root, 'overlay/usr/lib/systemd/system-preset/10-holt.preset'), 'utf8')
  const ours = [...preset.matchAll(/^enable (\S*(?:holt|efi|var|tmp|data)\S*)/gm)].map(([, name]) => name as string)
  assert.ok(ours.length >= 10)
  for (const name of ours) {
    const unit = readFileSync(join(units, name), 'utf8')
    for (const [, program] of unit.matchAll(/^Exec\w+=[-+!]*(\/usr\/lib\/holt\/\S+)/gm)) {
      if (program !== '/usr/lib/holt/node') assert.ok(existsSync(join(root, 'overlay', program as string)), `${name}: ${program}`)
    }
  }
})
