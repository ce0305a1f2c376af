import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { folders, repositoryRoot, run, startedNode, temporaryFolder } from './harness.ts'
import { compareTrees, makeTree } from './trees.ts'

const reader = join(repositoryRoot, 'test/vectors/reader/open_tree.py')

test('what a killed node left on its drives is read by a program that shares no code with it', async (context) => {
  const folder = await temporaryFolder(context)
  const original = join(folder, 'original')
  await makeTree(original, { seed: 11, files: 200, largestBytes: 300_000 })
  const drives = await folders(folder, ['d1', 'd2', 'd3'])
  const node = await startedNode(context, folder)
  const { words } = await node.call('node.init', { drives })
  await node.call('files.importLocal', { locals: [original], path: '/kept', place: 'as' })
  await node.call('files.mkdir', { path: '/kept/later' })
  await node.call('files.remove', { paths: ['/kept/later'] })
  await node.call('store.settle', {})
  await node.kill()
  await rm(node.dataFolder, { recursive: true })
  await rm(drives[0] as string, { recursive: true })

  const wordsFile = join(folder, 'words.txt')
  await writeFile(wordsFile, words)
  const out = join(folder, 'out')
  const { exitCode, stderr } = await run('/usr/bin/python3', [reader, '--words', wordsFile, '--out', out, ...drives], {
    env: { PYTHONDONTWRITEBYTECODE: '1' },
  })
  assert.equal(exitCode, 0, stderr)
  const changed = await compareTrees(original, join(out, 'kept'))
  assert.deepEqual(
    changed.filter((line) => !line.startsWith('".": ')),
    [],
    'all but the time of the directory that was changed',
  )
})
