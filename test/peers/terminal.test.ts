import assert from 'node:assert/strict'
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { repositoryRoot, temporaryFolder, until } from './harness.ts'
import { makeLargeFiles } from './trees.ts'

const launcher = join(repositoryRoot, 'services/cli/bin/holt.mjs')

/** `holt …` on a real terminal: `script` gives it one and passes on what is typed. */
class TerminalSession {
  output = ''
  readonly #child: ChildProcessWithoutNullStreams
  #seen = 0

  constructor(context: TestContext, line: string, { folder }: { folder: string }) {
    const env = { ...process.env, HOLT_DATA: join(folder, 'data'), TERM: 'xterm', COLUMNS: '100' }
    this.#child = spawn('script', ['-qefc', `exec ${process.execPath} ${launcher} ${line}`, '/dev/null'], { cwd: folder, env })
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.output += text
    })
    context.after(() => this.#child.kill('SIGKILL'))
  }

  /** Waits for what comes after what was waited for before. */
  async shows(pattern: RegExp): Promise<RegExpExecArray> {
    const found = await until(`${pattern} on the terminal`, async () => pattern.exec(this.output.slice(this.#seen)), {
      limitMs: 30_000,
    }).catch((error: Error) => {
      throw new Error(`${error.message}; there was:\n${JSON.stringify(this.output.slice(this.#seen))}`)
    })
    this.#seen += found.index + found[0].length
    return found
  }

  type(keys: string): void {
    this.#child.stdin.write(keys)
  }

  async exitCode(): Promise<number | null> {
    if (this.#child.exitCode === null) await once(this.#child, 'exit')
    return this.#child.exitCode
  }
}

const CTRL_C = '\u0003'

test('init on a terminal: words shown, wiped, two asked back; a passphrase that is not echoed; a backup file', async (context) => {
  const folder = await temporaryFolder(context)
  const session = new TerminalSession(context, 'init', { folder })
  await session.shows(/on paper\./)
  const shown = session.output.slice(session.output.indexOf('Write them down'))
  const words = new Map([...shown.matchAll(/(\d+) ([a-z]+)\s/g)].map(([, number, word]) => [number, word]))
  assert.equal(words.size, 24)
  session.type('\r')
  for (let i = 0; i < 2; i++) {
    const [, number = ''] = await session.shows(/Word (\d+):/)
    session.type(`${words.get(number)}\r`)
  }
  assert.ok(session.output.includes('[12A'), 'the words were taken off the screen')
  await session.shows(/none\]:/)
  session.type('key.age\r')
  await session.shows(/Passphrase:/)
  session.type('correct horse\r')
  await session.shows(/Once more:/)
  session.type('correct horse\r')
  await session.shows(/Made the root key\. You are 12D3KooW/)
  assert.equal(await session.exitCode(), 0)
  assert.doesNotMatch(session.output, /horse/)
  assert.equal((await stat(join(folder, 'key.age'))).mode & 0o777, 0o600)
})

test('Ctrl-C at a question ends init with 130 and leaves nothing behind', async (context) => {
  const folder = await temporaryFolder(context)
  const session = new TerminalSession(context, 'init --backup key.age', { folder })
  await session.shows(/on paper\./)
  session.type(CTRL_C)
  assert.equal(await session.exitCode(), 130)
  await assert.rejects(stat(join(folder, 'key.age')), { code: 'ENOENT' })
})

test('start says where the node is, put shows a bar, and Ctrl-C ends each in good order', async (context) => {
  const folder = await temporaryFolder(context)
  await makeLargeFiles(join(folder, 'large'), { seed: 1, files: 60, sizeBytes: 8 << 20 })
  const init = new TerminalSession(context, 'init --words-file words', { folder })
  assert.equal(await init.exitCode(), 0, init.output)
  const node = new TerminalSession(context, 'start --no-page', { folder })
  await node.shows(/Holt is running\./)
  const put = new TerminalSession(context, 'put large /', { folder })
  await put.shows(/\[#*-*\] +\d+ % .*MiB/)
  put.type(CTRL_C)
  // On a fast machine it may be done by then.
  if ((await put.exitCode()) !== 0) {
    assert.equal(await put.exitCode(), 130)
    assert.match(put.output, /what was copied before is kept/)
  }
  node.type(CTRL_C)
  assert.equal(await node.exitCode(), 0, node.output)
})
