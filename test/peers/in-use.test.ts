import assert from 'node:assert/strict'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { repositoryRoot, run, startedNode, TestNode, temporaryFolder } from './harness.ts'

test('a second node on the folder refuses, by whatever path, and the first goes on', async (context) => {
  const folder = await temporaryFolder(context)
  const first = await startedNode(context, folder)
  await symlink(first.dataFolder, join(folder, 'alias'))
  for (const path of [first.dataFolder, join(folder, 'alias')]) {
    const { exitCode, stderr } = await run(process.execPath, [
      join(repositoryRoot, 'dist/daemon.mjs'),
      '--data',
      path,
      '--no-page',
      '--no-peers',
    ])
    assert.equal(exitCode, 6)
    assert.match(stderr, /STORE_IN_USE/)
  }
  assert.equal((await first.call('node.status', {})).pid, first.pid)
})

test('of two started at the same moment one runs', async (context) => {
  const folder = await temporaryFolder(context)
  const nodes = [new TestNode(join(folder, 'data')), new TestNode(join(folder, 'data'))]
  context.after(() => Promise.all(nodes.map((node) => node.kill())))
  await Promise.allSettled(nodes.map((node) => node.start()))
  assert.equal(nodes.filter((node) => node.log.includes('STORE_IN_USE')).length, 1)
})

test('after kill -9 the folder is free at once', async (context) => {
  const folder = await temporaryFolder(context)
  const node = await startedNode(context, folder)
  for (let i = 0; i < 3; i++) {
    const { pid } = await node.call('node.status', {})
    await node.kill()
    assert.notEqual((await node.start()).pid, pid)
  }
})
