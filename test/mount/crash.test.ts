import assert from 'node:assert/strict'
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { open, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../peers/harness.ts'
import { mountWorld } from './world.ts'

/** Writes files of growing size, each synced, until the folder fails. @returns how many are durable. */
async function writeUntilItEnds(folder: string): Promise<number> {
  for (let count = 0; ; count++) {
    await new Promise((resolve) => setImmediate(resolve))
    // not file handles: those whose close fails end the process when they are collected
    let file: number | null = null
    try {
      file = openSync(join(folder, `file ${count}`), 'w')
      writeSync(file, Buffer.alloc(count * 4321, count))
      fsyncSync(file)
    } catch {
      return count
    } finally {
      if (file !== null) closeQuietly(file)
    }
  }
}

function closeQuietly(file: number): void {
  try {
    closeSync(file)
  } catch {}
}

for (const who of ['node', 'process that serves the folder'] as const) {
  test(`what was synced is there after kill -9 of the ${who}, and the other lives on`, async (context) => {
    const world = await mountWorld(context)
    const server = await world.server()
    const writing = writeUntilItEnds(world.folder)
    await until('some files', () => stat(join(world.folder, 'file 12')).catch(() => null))
    if (who === 'node') await world.node.kill()
    else process.kill(server, 'SIGKILL')
    const count = await writing
    assert.ok(count >= 12)
    await world.serverEnded(server)
    // nothing hangs, and the folder says that nobody is there
    await assert.rejects(readFile(join(world.folder, 'file 3')))
    await world.ok('unmount', '--force', world.folder)
    if (who === 'node') await world.node.start()
    else assert.equal((await world.node.call('node.status', {})).state, 'ready')
    await world.mount()
    for (let i = 0; i < count; i++) assert.deepEqual(await readFile(join(world.folder, `file ${i}`)), Buffer.alloc(i * 4321, i))
    await writeFile(join(world.folder, 'after'), 'x')
  })
}

test('unmounting makes everything durable, and waits for files that are open', async (context) => {
  const world = await mountWorld(context)
  const handle = await open(join(world.folder, 'open'), 'w')
  await handle.writeFile('not synced')
  assert.notEqual((await world.holt('unmount', world.folder)).exitCode, 0)
  await handle.close()
  const { ino, dev } = await stat(join(world.folder, 'open'))
  await world.unmount()
  await world.node.kill()
  await world.node.start()
  await world.mount()
  assert.equal(await readFile(join(world.folder, 'open'), 'utf8'), 'not synced')
  assert.equal((await stat(join(world.folder, 'open'))).ino, ino)
  // as it was is not the same file, or programs would not copy the one over the other
  const versions = join(world.folder, '.holt/versions/open')
  for (const name of await readdir(versions)) {
    const then = await stat(join(versions, name))
    assert.notDeepEqual([then.ino, then.dev], [ino, dev])
  }
})

test('a file that is renamed over another without a sync has its content in the tree by then', async (context) => {
  const world = await mountWorld(context)
  const at = (name: string): string => join(world.folder, name)
  await writeFile(at('letter'), 'as it was')
  const directory = await open(world.folder)
  await directory.sync()
  await directory.close()
  for (let i = 0; i < 5; i++) {
    await writeFile(at('letter.new'), `written anew ${i}`)
    await rename(at('letter.new'), at('letter'))
    // what the tree itself has, which is durable in the order in which it came to be
    const exported = world.place(`exported ${i}`)
    await world.node.call('files.exportLocal', { path: '/letter', local: exported })
    assert.equal(await readFile(exported, 'utf8'), `written anew ${i}`)
  }
})
