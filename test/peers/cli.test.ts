import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectControl } from '@holt/control/node/socket.ts'
import { type ProcessResult, folders, repositoryRoot, run, temporaryFolder, until } from './harness.ts'
import { compareTrees, makeTree } from './trees.ts'

const launcher = join(repositoryRoot, 'services/cli/bin/holt.mjs')

/** `holt …` with its own data folder, as typed in `folder`. */
/** Of all files in a folder and below. */
async function bytesBelow(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true })
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (file) => (file.isFile() ? file.size : 0),
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

class Shell {
  readonly folder: string
  readonly dataFolder: string
  readonly #context: TestContext

  constructor(context: TestContext, folder: string) {
    this.#context = context
    this.folder = folder
    this.dataFolder = join(folder, 'data')
  }

  holt(line: readonly string[], options: { input?: string | Buffer } = {}): Promise<ProcessResult> {
    return run(process.execPath, [launcher, ...line], { cwd: this.folder, env: { HOLT_DATA: this.dataFolder }, ...options })
  }

  /** @throws with its stderr unless it ends with 0. */
  async ok(line: readonly string[], options: { input?: string | Buffer } = {}): Promise<string> {
    const { stdout, stderr, exitCode } = await this.holt(line, options)
    assert.equal(exitCode, 0, `holt ${line.join(' ')}: ${stderr}`)
    return stdout
  }

  async json(line: readonly string[]): Promise<unknown> {
    return JSON.parse(await this.ok([...line, '--json'])) as unknown
  }

  /** `holt start` in the background. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [launcher, 'start', '--no-page'], {
      env: { ...process.env, HOLT_DATA: this.dataFolder },
      stdio: 'ignore',
    })
    this.#context.after(() => child.kill('SIGKILL'))
    await until('the node', async () => {
      assert.equal(child.exitCode, null, 'holt start goes on')
      const client = await connectControl(this.dataFolder).catch(() => null)
      client?.close()
      return client !== null
    })
  }
}

test('from init to recovery with nothing but the command line', async (context) => {
  const folder = await temporaryFolder(context)
  const shell = new Shell(context, folder)
  await makeTree(join(folder, 'pictures'), { seed: 21, files: 60 })
  await writeFile(join(folder, 'notes.txt'), 'first\n')
  await folders(folder, ['a', 'b', 'c'])

  assert.equal((await shell.holt(['status'])).exitCode, 5)
  const made = await shell.ok([
    'init',
    '--drive',
    'a',
    '--drive',
    'b',
    '--drive',
    'c',
    '--words-file',
    'words',
    '--passphrase',
    'correct horse',
    '--backup',
    'key.age',
  ])
  assert.match(made, /^Made the root key\. You are 12D3KooW/)
  for (const secret of ['words', 'key.age']) assert.equal((await stat(join(folder, secret))).mode & 0o777, 0o600)
  assert.equal((await shell.holt(['init', '--words-file', 'words2'])).exitCode, 4)

  await shell.start()
  assert.equal((await shell.holt(['start', '--no-page'])).exitCode, 6, 'a second node refuses')
  assert.match(await shell.ok(['put', 'pictures', '/']), /^Put \d+ files/)
  await shell.ok(['put', 'notes.txt', 'texts/'])
  await shell.ok(['put', '-', 'texts/piped'], { input: 'through\u0000 a pipe\n' })
  assert.equal(await shell.ok(['cat', 'texts/piped']), 'through\u0000 a pipe\n')
  assert.equal(await shell.ok(['ls', 'texts']), 'notes.txt\npiped\n')
  assert.match(await shell.ok(['ls', '-l', 'texts']), /^-rw-r--r-- +6 B {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}notes\.txt$/m)
  await shell.ok(['get', 'pictures', 'back/'])
  assert.deepEqual(await compareTrees(join(folder, 'pictures'), join(folder, 'back/pictures')), [])
  await shell.ok(['get', 'pictures', 'back/'])
  assert.deepEqual(await compareTrees(join(folder, 'pictures'), join(folder, 'back/pictures')), [], 'a second get changes nothing')

  const { sequence } = (await shell.json(['status'])) as { sequence: number }
  await writeFile(join(folder, 'notes.txt'), 'second, and longer\n')
  await shell.ok(['put', 'notes.txt', 'texts/'])
  assert.equal(await shell.ok(['cat', 'texts/notes.txt']), 'second, and longer\n')
  assert.equal(await shell.ok(['cat', 'texts/notes.txt', '--at', String(sequence)]), 'first\n')
  const { versions } = (await shell.json(['versions', 'texts/notes.txt'])) as { versions: { entry: { sizeBytes: number } | null }[] }
  assert.deepEqual(
    versions.slice(0, 2).map(({ entry }) => entry?.sizeBytes),
    [19, 6],
  )
  await shell.ok(['restore', 'texts/notes.txt', '--at', String(sequence)])
  assert.equal(await shell.ok(['cat', 'texts/notes.txt']), 'first\n')

  await shell.ok(['mkdir', '-p', 'deep/er'])
  await shell.ok(['mv', 'texts/notes.txt', 'texts/piped', 'deep/er/'])
  assert.equal(await shell.ok(['ls', 'deep/er']), 'notes.txt\npiped\n')
  assert.equal((await shell.holt(['rm', 'deep'])).exitCode, 4)
  await shell.ok(['rm', '-r', 'texts'])
  assert.equal((await shell.holt(['ls', 'texts'])).exitCode, 3)

  assert.match(await shell.ok(['drives']), /^ok .*\/a$/m)
  assert.match(await shell.ok(['class', 'list']), /^standard {2}\d-of-3/m)
  await shell.ok(['wait'])
  assert.match(await shell.ok(['doctor']), /Everything is well\.\n$/)
  assert.match(await shell.ok(['retention']), /^All versions for 24 hours/)
  await shell.ok(['gc'])
  assert.deepEqual((await shell.ok(['__complete', '--', 'ls', 'deep/'])).trim(), 'deep/er/')
  assert.equal(`${await shell.ok(['key', 'words'])}`, await readFile(join(folder, 'words'), 'utf8'))
  await shell.ok(['key', 'backup', 'second.age', '--passphrase', 'battery staple'])
  assert.equal(await shell.ok(['stop']), 'The node has ended.\n')
  assert.equal((await shell.holt(['ls'])).exitCode, 5)

  await rm(shell.dataFolder, { recursive: true })
  await rm(join(folder, 'b'), { recursive: true })
  assert.equal((await shell.holt(['key', 'restore', 'second.age', '--passphrase', 'wrong staple', '--drive', 'a'])).exitCode, 10)
  assert.match(
    await shell.ok(['key', 'restore', 'second.age', '--passphrase', 'battery staple', '--drive', 'a', '--drive', 'c']),
    /^Recovered version \d+/,
  )
  await shell.start()
  await shell.ok(['get', 'pictures', 'again/'])
  assert.deepEqual(await compareTrees(join(folder, 'pictures'), join(folder, 'again/pictures')), [])
  await shell.ok(['stop'])

  await rm(shell.dataFolder, { recursive: true })
  assert.match(await shell.ok(['recover', '--words-file', 'words', '--drive', 'a', '--drive', 'c']), /^Recovered version \d+/)
})

test('Debian’s age opens the backup of the root key', async (context) => {
  const folder = await temporaryFolder(context)
  const shell = new Shell(context, folder)
  await shell.ok(['init', '--words-file', 'words', '--passphrase', 'correct horse', '--backup', 'key.age'])
  // age asks on a terminal only.
  const { stdout, exitCode } = await run('script', ['-qec', `age -d ${join(folder, 'key.age')}`, '/dev/null'], { input: 'correct horse\n' })
  assert.equal(exitCode, 0, stdout)
  assert.ok(stdout.replaceAll('\r', '').includes(await readFile(join(folder, 'words'), 'utf8')), stdout)
})

test('Ctrl-C ends a put with 130, what was copied is kept, and the same put goes on from there', async (context) => {
  const folder = await temporaryFolder(context)
  const shell = new Shell(context, folder)
  await shell.ok(['init', '--words-file', 'words'])
  await shell.start()
  await makeTree(join(folder, 'many'), { seed: 22, files: 1500 })
  const child = spawn(process.execPath, [launcher, 'put', 'many', '/'], {
    cwd: folder,
    env: { ...process.env, HOLT_DATA: shell.dataFolder },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  const closed = once(child, 'close')
  // in the midst of it, once something of it is on the disk
  const before = await bytesBelow(shell.dataFolder)
  while (child.exitCode === null && (await bytesBelow(shell.dataFolder)) < before + 200_000) await sleep(20)
  child.kill('SIGINT')
  const [exitCode] = (await closed) as [number | null]
  // On a fast machine all may have been copied by then.
  console.log('EXIT', exitCode)
  if (exitCode !== 0) assert.deepEqual([exitCode, /what was copied before is kept/.test(said)], [130, true], said)
  await shell.ok(['put', 'many', '/'])
  await shell.ok(['get', 'many', 'copy'])
  assert.deepEqual(await compareTrees(join(folder, 'many'), join(folder, 'copy')), [])
  await shell.ok(['stop'])
})

test('a reader that stops reading ends cat quietly', async (context) => {
  const folder = await temporaryFolder(context)
  const shell = new Shell(context, folder)
  await mkdir(join(folder, 'd'))
  await shell.ok(['init', '--words-file', 'words'])
  await shell.start()
  await shell.ok(['put', '-', 'large'], { input: Buffer.alloc(8 << 20, 'x') })
  const { stdout, stderr } = await run('bash', ['-c', `${process.execPath} ${launcher} cat large | head -c 3; echo " \${PIPESTATUS[0]}"`], {
    env: { HOLT_DATA: shell.dataFolder },
  })
  assert.equal(stdout, 'xxx 141\n')
  assert.equal(stderr, '')
  await shell.ok(['stop'])
})
