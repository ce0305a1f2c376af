import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { afterwards, until } from '../peers/harness.ts'
import { mountWorld, runIn } from './world.ts'

/** Writes numbers into a database, one transaction each with others it takes back, and tells each that is committed. */
const writer = `
import sqlite3, sys
mode, name = sys.argv[1:]
db = sqlite3.connect(name, isolation_level=None)
db.execute('pragma journal_mode=' + mode)
# 'extra' syncs that the journal is removed, too: with 'full' the last transaction may be taken back after the power went, on any disk
db.execute('pragma synchronous=extra')
db.execute('create table if not exists t (a integer primary key, b blob)')
first = db.execute('select coalesce(max(a), 0) from t').fetchone()[0]
for i in range(first + 1, first + 100000):
    db.execute('begin immediate')
    db.execute('insert into t values (?, ?)', (i, bytes([i % 256]) * (i * 37 % 9000)))
    db.execute('delete from t where a = ?', (i - 40,))
    db.execute('commit')
    print(i, flush=True)
`

/** @returns the greatest number that is there. */
const reader = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
assert db.execute('pragma integrity_check').fetchone()[0] == 'ok'
rows = db.execute('select a, b from t order by a').fetchall()
for a, b in rows: assert b == bytes([a % 256]) * (a * 37 % 9000), a
assert [a for a, _ in rows] == list(range(max(1, rows[-1][0] - 39), rows[-1][0] + 1)), rows
print(rows[-1][0])
`

const MODES = ['delete', 'wal'] as const

class Writer {
  readonly mode: string
  readonly #child
  committed = 0

  constructor(context: TestContext, folder: string, mode: string) {
    this.mode = mode
    this.#child = spawn('python3', ['-c', writer, mode, `${mode}.db`], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] })
    this.#child.stdout.on('data', (bytes: Buffer) => {
      for (const line of bytes.toString().split('\n')) if (line !== '') this.committed = Number(line)
    })
    afterwards(context, () => this.#child.kill('SIGKILL'))
  }

  async wrote(count: number): Promise<void> {
    await until(`${count} transactions, ${this.mode}`, async () => this.committed >= count || this.#child.exitCode !== null)
    assert.equal(this.#child.exitCode, null)
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.ended()
  }

  async ended(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close')
  }
}

test('databases are whole and have every transaction that was committed: kill -9 of the program, then of the node', async (context) => {
  const world = await mountWorld(context)
  const begin = (): Writer[] => MODES.map((mode) => new Writer(context, world.folder, mode))
  const check = async (writers: readonly Writer[]): Promise<number[]> =>
    Promise.all(
      writers.map(async ({ mode, committed }) => {
        const greatest = Number(await runIn(world.folder, 'python3', ['-c', reader, `${mode}.db`]))
        assert.ok(greatest >= committed, `${mode}: ${committed} was committed, ${greatest} is there`)
        return greatest
      }),
    )

  const first = begin()
  for (const one of first) await one.wrote(25)
  for (const one of first) await one.kill()
  const counts = await check(first)

  const second = begin()
  for (const [i, one] of second.entries()) await one.wrote((counts[i] as number) + 25)
  const server = await world.server()
  await world.node.kill()
  for (const one of second) await one.ended()
  await world.serverEnded(server)
  await world.ok('unmount', '--force', world.folder)
  await world.node.start()
  await world.mount()
  await check(second)
})
