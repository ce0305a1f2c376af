import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { mountWorld, runIn } from './world.ts'

/** Programs that find out what a file system does wrong. */

test('programs use a mounted folder without noticing', async (context) => {
  const { folder } = await mountWorld(context)
  const place = async (name: string): Promise<string> => {
    await mkdir(join(folder, name))
    return join(folder, name)
  }

  await context.test('git', async () => {
    const work = await place('git')
    const git = (...words: string[]) =>
      runIn(work, 'git', ['-c', 'user.name=x', '-c', 'user.email=x@y', '-c', 'init.defaultBranch=main', ...words])
    await git('init')
    for (let i = 0; i < 60; i++) await writeFile(join(work, `file ${i}.txt`), `line ${i}\n`.repeat(i))
    await git('add', '.')
    await git('commit', '-m', 'all')
    await git('gc', '--quiet')
    await git('clone', '--quiet', '.', 'copy')
    await runIn(join(work, 'copy'), 'git', ['fsck', '--strict'])
    assert.equal(await runIn(join(work, 'copy'), 'git', ['status', '--porcelain']), '')
  })

  await context.test('SQLite, with a journal and with a log', async () => {
    const work = await place('sqlite')
    for (const mode of ['delete', 'wal']) {
      const program = `
import sqlite3, sys
db = sqlite3.connect('${mode}.db')
assert db.execute('pragma journal_mode=${mode}').fetchone()[0] == '${mode}'
db.execute('create table t (a integer primary key, b blob)')
for i in range(20):
    with db: db.executemany('insert into t values (?, ?)', [(i * 100 + j, bytes([j]) * (j * 37 % 3000)) for j in range(100)])
    with db: db.execute('delete from t where a % 7 = ?', (i % 7,))
with db: db.execute('update t set b = zeroblob(500) where a % 5 = 0')
db.execute('vacuum')
assert db.execute('pragma integrity_check').fetchone()[0] == 'ok'
db.close()
db = sqlite3.connect('${mode}.db')
assert db.execute('pragma integrity_check').fetchone()[0] == 'ok'
`
      await runIn(work, 'python3', ['-c', program])
    }
  })

  await context.test('fio finds every block as it wrote it', async () => {
    const work = await place('fio')
    const job = ['--name=v', '--size=4m', '--verify=crc32c', '--verify_fatal=1', '--randseed=7', '--minimal', '--fallocate=none']
    await runIn(work, 'fio', [...job, '--rw=randwrite', '--bsrange=512-65536', '--bs_unaligned=1', '--ioengine=psync', '--fsync=64'])
    await runIn(work, 'fio', [...job, '--rw=randwrite', '--bs=4k', '--ioengine=mmap'])
    await runIn(work, 'fio', [...job, '--rw=write', '--bs=1m', '--ioengine=psync', '--end_fsync=1'])
  })

  await context.test("stress-ng's stressors of file systems", async () => {
    const work = await place('stress')
    // not those that want links, pipes or change what is no file
    const stressors =
      'access chdir chmod copy-file dentry dir dirdeep fallocate fpunch getdent hdd rename seek sync-file utime xattr'.split(' ')
    const words = stressors.flatMap((name) => [`--${name}`, '1', `--${name}-ops`, '20'])
    await runIn(work, 'stress-ng', ['--temp-path', work, '--sequential', '1', '--timeout', '1', '--verify', ...words])
  })
})
