import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bodyOf, caller, NodeWorld, textOf } from '@holt/node/node-world.ts'
import { SharedInbox } from './shared-inbox.ts'

test('what was shared waits for a tree, goes there once, whatever it is called, and stays in the inbox until it is there', async (t) => {
  const world = new NodeWorld(t)
  const node = await world.start()
  const call = caller(node.control)
  const folder = world.path('inbox')
  mkdirSync(folder)
  const put = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  const warnings: string[] = []
  const inbox = new SharedInbox({ folder, control: node.control, files: node.files, warn: (text) => warnings.push(text) })
  put('17000001~note.txt', 'first')
  await inbox.take()
  assert.deepEqual(readdirSync(folder), ['17000001~note.txt'])
  assert.deepEqual(warnings, [], 'before the set-up there is nothing to warn of')

  await call('node.init', {})
  const names = async (): Promise<string[]> => (await call('files.list', { path: '/Received' })).entries.map(({ name }) => name)
  await inbox.take()
  assert.deepEqual(await names(), ['note.txt'])
  // killed before it was removed
  put('17000001~note.txt', 'first')
  put('17000002~note.txt', 'other')
  put('17000003~note.txt', 'otherwise')
  put('17000004~a~b.', 'tilde')
  put('17000005.part', 'half')
  put('17000000.part', 'of a copy that was killed')
  utimesSync(join(folder, '17000000.part'), 0, Date.now() / 1000 - 90_000)
  await call('files.mkdir', { path: '/Received/folder' })
  put('17000006~folder', 'a file')
  await inbox.take()
  assert.deepEqual(await names(), ['a~b.', 'folder', 'folder (2)', 'note (2).txt', 'note (3).txt', 'note.txt'])
  assert.deepEqual(readdirSync(folder), ['17000005.part'])
  assert.equal(await textOf((await node.files.read('/Received/note (2).txt')).body), 'other')

  await call('files.remove', { paths: ['/Received'], recursive: true })
  await node.files.write('/Received', bodyOf('a file in the way'), { signal: new AbortController().signal })
  put('17000007~late.txt', 'late')
  await inbox.take()
  assert.deepEqual(readdirSync(folder).sort(), ['17000005.part', '17000007~late.txt'])
  assert.equal(warnings.length, 1)
  await inbox.close()
})
