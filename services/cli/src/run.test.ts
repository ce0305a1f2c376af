import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { FakeControl } from '@holt/control/fake-control.ts'
import { HoltError, holtErrorCodes } from '@holt/core/errors.ts'
import { allCommands } from './commands.ts'
import { exitCodeOf, exitMeanings } from './exit-codes.ts'
import { FakeTerminal, holt } from './fake-terminal.ts'
import { measureLocals } from './measure-locals.ts'
import { ProgressLine } from './progress-line.ts'
import { CLI_VERSION } from './version.ts'

const idle = { control: new FakeControl() }

test('wrong use ends with 2, says what is wrong and where help is', async () => {
  for (const [args, says] of [
    [['frobnicate'], "there is no command 'frobnicate'; 'holt help' lists them"],
    [['lss'], "did you mean 'holt ls'?"],
    [['stauts'], "did you mean 'holt status'?"],
    [['key'], "did you mean 'holt key backup'?"],
    [['ls', '--colour'], "Unknown option '--colour'; see 'holt ls --help'"],
    [['ls', 'a', 'b'], "one argument too many: 'b'; see 'holt ls --help'"],
    [['put', 'a'], "missing: PATH; see 'holt put --help'"],
    [['mv'], "missing: FROM; see 'holt mv --help'"],
    [['ls', '--at'], 'argument missing'],
    [['--quiet'], 'which command?'],
    [['ls', '..'], "'..' has no meaning in the tree"],
    [['ls', '--at', 'whenever'], 'neither the number of a version nor a date'],
  ] as const) {
    const { exitCode, err, out } = await holt(args, idle)
    assert.equal(exitCode, 2, args.join(' '))
    assert.ok(err.includes(says), `${args.join(' ')}: ${err}`)
    assert.equal(out, '')
  }
})

test('with --json an error is one JSON document on stderr, also when the line does not parse', async () => {
  for (const args of [
    ['ls', '--json', '--colour'],
    ['nothing', '--json'],
    ['ls', '..', '--json'],
  ]) {
    const { exitCode, err, out } = await holt(args, idle)
    assert.equal(exitCode, 2)
    assert.equal(out, '')
    const document = JSON.parse(err) as { error: { code: string; message: string } }
    assert.match(document.error.code, /^(INPUT|PATH)_INVALID$/)
  }
})

test('every error code of the node becomes its exit code, and every exit code is explained', async () => {
  for (const code of holtErrorCodes) {
    const control = new FakeControl({
      'node.status': () => {
        throw new HoltError(code, 'no \u001b[2Jluck')
      },
    })
    const { exitCode, err } = await holt(['status'], { control })
    assert.equal(exitCode, exitCodeOf[code])
    assert.ok(exitMeanings[exitCode] !== undefined, `${exitCode} is explained`)
    assert.ok(err.startsWith('holt: no \\x1b[2Jluck'), err)
  }
})

test('the data folder comes from --data before or after the command, HOLT_DATA, or the home folder', async () => {
  const folderOf = async (args: string[], environment = {}) =>
    JSON.parse((await holt([...args, '--json'], { control: null, environment })).err).error.data.folder
  assert.equal(await folderOf(['--data', 'box', 'status']), '/home/ann/box')
  assert.equal(await folderOf(['status', '--data', '/mnt/box']), '/mnt/box')
  assert.equal(await folderOf(['status', '--data=/mnt/box'], { HOLT_DATA: '/other' }), '/mnt/box')
  assert.equal(await folderOf(['status'], { HOLT_DATA: 'other' }), '/home/ann/other')
  assert.equal(await folderOf(['status']), '/home/me/.holt')
})

test('without a node it says how to start one on the same folder', async () => {
  const near = await holt(['ls'], { control: null })
  assert.equal(near.exitCode, 5)
  assert.equal(near.err, 'holt: no node is running on /home/me/.holt; start one with: holt start\n')
  const far = await holt(['ls', '--data', '/mnt/box'], { control: null })
  assert.match(far.err, /start one with: holt start --data \/mnt\/box\n/)
})

test('help: an overview, one command, exit codes; by help and by --help', async () => {
  const overview = await holt([], idle)
  for (const { name, summary } of allCommands)
    if (!name.startsWith('_')) assert.ok(overview.out.includes(`  ${name}`) && overview.out.includes(summary), name)
  assert.equal((await holt(['--help'], idle)).out, overview.out)
  assert.equal((await holt(['help'], idle)).out, overview.out)
  const put = await holt(['put', '--help'], idle)
  assert.match(put.out, /^Usage: holt put LOCAL… PATH \[options\]\n\nCopies local files/)
  assert.equal((await holt(['help', 'put'], idle)).out, put.out)
  assert.match((await holt(['help', 'drives', 'add'], idle)).out, /^Usage: holt drives add DIR…/)
  assert.match((await holt(['help', 'exit-codes'], idle)).out, /\n {4}5 {2}no node/)
  assert.equal((await holt(['help', 'nonsense'], idle)).exitCode, 2)
  assert.equal((await holt(['--version'], idle)).out, `holt ${CLI_VERSION}\n`)
})

test('the version is the one of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  assert.equal(CLI_VERSION, version)
})

test('every command has a summary, examples that parse, and options that are explained', async () => {
  for (const command of allCommands.filter(({ name }) => !name.startsWith('_'))) {
    assert.ok(command.examples.length > 0 && command.summary.length > 5, command.name)
    for (const { line } of command.examples) assert.match(line, /(^|\| |&& )holt /)
    for (const [name, { help, type, value }] of Object.entries(command.options)) {
      assert.ok(help.length > 5 && (type === 'flag') === (value === undefined), `${command.name} --${name}`)
    }
  }
})

test('an interrupt reaches the call, and the command ends with 130 and says what is kept', async () => {
  const interrupt = new AbortController()
  const control = new FakeControl({
    'files.stat': () => {
      throw new HoltError('NOT_FOUND', 'not there')
    },
    'files.importLocal': (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new HoltError('CANCELLED', 'cancelled')))
        interrupt.abort()
      }),
  })
  const { exitCode, err } = await holt(['put', 'a', '/b'], { control, surroundings: { interrupted: interrupt.signal } })
  assert.equal(exitCode, 130)
  assert.match(err, /what was copied before is kept/)
})

test('progress goes to stderr: a changing line on a terminal, nothing with --quiet or --json', async () => {
  const control = new FakeControl({
    'store.settle': (_, { onProgress }) => {
      onProgress?.({ phase: 'spread', doneBytes: 512, totalBytes: 1024, doneItems: 1, totalItems: 2, path: '/a\u001b[2J' })
      return {}
    },
  })
  const shown = await holt(['wait'], { control, answers: [], columns: 120 })
  assert.match(shown.err.replaceAll('\u001b', 'ESC'), /^\rspread {3}\[#+-+\] {3}50 % .*\/a\\x1b\[2JESC\[K\rESC\[K$/)
  assert.equal(shown.out, 'Everything is on its drives.\n')
  assert.equal((await holt(['wait', '-q'], { control, answers: [] })).err, '')
  assert.equal((await holt(['wait', '--json'], { control, answers: [] })).err, '')
  assert.equal((await holt(['wait'], { control })).err, '')
})

test('while the node does not know how much there is, the bar has what the command counts itself', async () => {
  const terminal = new FakeTerminal({ answers: [], columns: 100 })
  let expected: { bytes: number; items: number } | null = null
  let now = 0
  const line = new ProgressLine(terminal, { expected: () => expected, now: () => now })
  const progress = (doneBytes: number, totalBytes = 0) => ({
    phase: 'put',
    doneBytes,
    totalBytes,
    doneItems: 1,
    totalItems: totalBytes === 0 ? 0 : 9,
  })
  const shown = () => terminal.err.slice(terminal.err.lastIndexOf('\r'))
  line.show(progress(512))
  assert.doesNotMatch(shown(), /%/)
  expected = { bytes: 4096, items: 4 }
  now = 1000
  line.show(progress(1024))
  assert.match(shown(), / 25 % {2}1\.0 KiB of 4\.0 KiB {2}512 B\/s {2}0:06 left {2}1 of 4/)
  line.show(progress(1024, 2048))
  assert.match(shown(), / 50 % .* 1 of 9/, 'what the node knows goes first')
  line.show(progress(8192))
  assert.match(shown(), /100 %/, 'more than was counted does not go over')
})

test('without a terminal there is a line every ten seconds', () => {
  const terminal = new FakeTerminal()
  let now = 0
  const line = new ProgressLine(terminal, { now: () => now })
  for (; now <= 25_000; now += 100) line.show({ phase: 'put', doneBytes: now, totalBytes: 50_000, doneItems: 0, totalItems: 0 })
  line.clear()
  assert.equal(terminal.err.split('\n').length - 1, 2)
  assert.match(terminal.err, /^put .* 20 % .*\nput .* 40 % .*\n$/)
})

test('what is to be put is counted: files, directories, symlinks and their bytes', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'holt-measure-'))
  context.after(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'a/b'), { recursive: true })
  await writeFile(join(folder, 'a/b/file'), 'x'.repeat(1000))
  await symlink('nowhere', join(folder, 'a/link'))
  const measured = measureLocals([join(folder, 'a'), join(folder, 'a/b/file')], new AbortController().signal)
  while (measured() === null) await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(measured(), { bytes: 2000, items: 5 })
})
