import assert from 'node:assert/strict'
import test from 'node:test'
import { bodyOf, caller, NodeWorld } from './node-world.ts'

const signal = new AbortController().signal

test('a folder has a version for each change below it, also the top, and each can be listed and picked from', async (t) => {
  const node = await new NodeWorld(t).start()
  const call = caller(node.control)
  await call('node.init', {})
  await call('files.mkdir', { path: '/d/deep', parents: true })
  const write = (path: string, text: string) => node.files.write(path, bodyOf(text), { signal, replace: true })
  await write('/d/deep/a', 'old')
  await write('/other', 'x')
  await write('/d/deep/a', 'new')
  await call('files.remove', { paths: ['/d/deep/a'] })
  const versionsOf = async (path: string) => (await call('files.versions', { path })).versions.filter(({ entry }) => entry !== null)
  const [top, folder] = [await versionsOf('/'), await versionsOf('/d')]
  assert.equal(folder.length, 4)
  assert.ok(top.length >= 5)
  const [, , old] = folder
  const { entries } = await call('files.list', { path: '/d/deep', at: old?.sequence as number })
  assert.deepEqual(
    entries.map(({ name, sizeBytes }) => [name, sizeBytes]),
    [['a', 3]],
  )
  await call('files.restore', { path: '/d/deep/a', at: old?.sequence as number })
  const parts: Uint8Array[] = []
  for await (const bytes of (await node.files.read('/d/deep/a')).body) parts.push(bytes.slice())
  assert.equal(Buffer.concat(parts).toString(), 'old')
  assert.equal((await call('files.stat', { path: '/other' })).sizeBytes, 1)
})
