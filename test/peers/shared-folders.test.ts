import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { FoldersStatus } from '@holt/control/folders.ts'
import { afterwards, distFolder, freePort, run, temporaryFolder, TestNode, until } from './harness.ts'

/** Two owners share a folder by `holt`, with real nodes on loopback, which are killed in between. */

async function started(context: TestContext, folder: string, name: string): Promise<TestNode> {
  const node = new TestNode(join(folder, name), { peers: ['--peer-port', String(await freePort()), '--peer-interface', 'lo'] })
  afterwards(context, () => node.kill())
  await node.start()
  await node.call('node.init', {})
  await among(node)
  return node
}

const among = (node: TestNode) => until('a node among others', async () => (await node.call('peers.list', {})).running)

async function holt(node: TestNode, ...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await run(process.execPath, [join(distFolder, 'cli.mjs'), '--data', node.dataFolder, ...args])
  assert.equal(exitCode, 0, `holt ${args.join(' ')}: ${stderr}`)
  return stdout
}

const has = (node: TestNode, path: string) => until(path, () => node.call('files.stat', { path }).catch(() => null))
const folders = (node: TestNode, isSo: (status: FoldersStatus) => boolean) =>
  until('folders as they should be', async () => {
    const status = await node.call('folders.list', {})
    return isSo(status) ? status : null
  })

test('a folder is shared, taken, written in and taken back by holt, and outlives kill -9 of both', async (context) => {
  const folder = await temporaryFolder(context)
  const [anna, ben] = [await started(context, folder, 'anna'), await started(context, folder, 'ben')]
  const { link } = await anna.call('peers.showCode', { relation: 'friend', name: 'Anna' })
  await holt(ben, 'pair', link, '--name', 'Ben')
  await writeFile(join(folder, 'first.txt'), 'of Anna')
  await holt(anna, 'put', join(folder, 'first.txt'), 'photos/')
  assert.equal(await holt(anna, 'share', 'photos', '--with', 'Ben'), 'Ben can take /photos now, and read it.\n')
  const { taken } = await folders(ben, (status) => status.taken.length === 1)
  const id = taken[0]?.id as string
  assert.match(await holt(ben, 'folders'), new RegExp(`${id.slice(0, 8)} +photos +Anna +offered`))
  await holt(ben, 'folders', 'take', id.slice(0, 8))
  await has(ben, '/shared/Anna/photos/first.txt')

  await holt(ben, 'requests', 'ask', id.slice(0, 8), '--note', 'I have more')
  const asked = await until('a request', async () => (await anna.call('folders.list', {})).given[0]?.requests[0] ?? null)
  assert.match(await holt(anna, 'requests'), /Ben +\/photos .* I have more/)
  await holt(anna, 'requests', 'approve', asked.id, '--days', '7')
  await folders(ben, (status) => status.taken[0]?.writable.length === 1)
  await writeFile(join(folder, 'of-ben.txt'), 'of Ben')
  await holt(ben, 'put', join(folder, 'of-ben.txt'), 'shared/Anna/photos/')
  // one after the other: whoever is elsewhere afterwards is found by the one who stayed
  for (const node of [anna, ben]) {
    await node.kill()
    await node.start()
    await among(node)
    await until('both are met', async () => (await node.call('peers.list', {})).peers.some(({ connected }) => connected))
  }
  await has(anna, '/photos/of-ben.txt')
  assert.equal(await holt(anna, 'cat', 'photos/of-ben.txt'), 'of Ben')

  await holt(anna, 'requests', 'revoke', id.slice(0, 8), 'Ben')
  await folders(ben, (status) => status.taken[0]?.lost === 'CAP_REVOKED')
  const args = ['--data', ben.dataFolder, 'put', join(folder, 'first.txt'), 'shared/Anna/photos/late.txt']
  const late = await run(process.execPath, [join(distFolder, 'cli.mjs'), ...args])
  assert.notEqual(late.exitCode, 0)
  assert.match(late.stderr, /took the right to change this folder back/)
  await holt(anna, 'folders', 'end', id.slice(0, 8), '--with', 'Ben')
  await folders(ben, (status) => status.taken[0]?.state === 'ended')
  assert.equal(await holt(ben, 'cat', 'shared/Anna/photos/of-ben.txt'), 'of Ben')
})
