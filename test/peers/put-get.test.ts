import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { isHoltError } from '@holt/core/errors.ts'
import { folders, startedNode, temporaryFolder } from './harness.ts'
import { compareTrees, makeLargeFiles, makeTree } from './trees.ts'

const sixDrives = ['d1', 'd2', 'd3', 'd4', 'd5', 'd6']

test('what is put comes back the same, also after a restart, as it was before a change, and with two of six drives lost', async (context) => {
  const folder = await temporaryFolder(context)
  const original = join(folder, 'original')
  await makeTree(original, { seed: 7, files: 400 })
  await makeLargeFiles(join(original, 'large'), { seed: 7, files: 20, sizeBytes: 5 << 20 })
  const drives = await folders(folder, sixDrives)
  const node = await startedNode(context, folder)
  await node.call('node.init', { drives })
  const out = (name: string): string => join(folder, name)

  const put = await node.call('files.importLocal', { locals: [original], path: '/kept', place: 'as' })
  assert.deepEqual(put.skipped, [])
  await node.call('files.exportLocal', { path: '/kept', local: out('at once') })
  assert.deepEqual(await compareTrees(original, out('at once')), [])

  const again = await node.call('files.importLocal', { locals: [original], path: '/kept', place: 'as' })
  assert.equal(again.files, 0, 'a second put finds everything there')
  assert.equal(again.unchanged, put.files)

  await node.restart()
  await node.call('files.exportLocal', { path: '/kept', local: out('after a restart') })
  assert.deepEqual(await compareTrees(original, out('after a restart')), [])

  await node.call('files.remove', { paths: ['/kept'], recursive: true })
  await assert.rejects(node.call('files.stat', { path: '/kept' }), (error) => isHoltError(error, 'NOT_FOUND'))
  await node.call('files.exportLocal', { path: '/kept', local: out('before the removal'), at: put.sequence })
  assert.deepEqual(await compareTrees(original, out('before the removal')), [])
  await node.call('files.restore', { path: '/kept', at: put.sequence })

  await node.call('store.settle', {})
  const { classes } = await node.call('classes.list', {})
  const standard = classes.find(({ name }) => name === 'standard')
  assert.deepEqual([standard?.dataFragments, standard?.totalFragments, standard?.lossesSurvived], [4, 6, 2])
  for (const lost of drives.slice(0, 2)) await rm(lost, { recursive: true })
  await node.call('files.exportLocal', { path: '/kept', local: out('with two drives lost') })
  assert.deepEqual(await compareTrees(original, out('with two drives lost')), [])
})

test('doctor --repair brings full redundancy back onto new drives; after that two more may be lost', async (context) => {
  const folder = await temporaryFolder(context)
  const original = join(folder, 'original')
  await makeTree(original, { seed: 8, files: 150 })
  await makeLargeFiles(join(original, 'large'), { seed: 8, files: 20, sizeBytes: 5 << 20 })
  const drives = await folders(folder, sixDrives)
  const node = await startedNode(context, folder)
  await node.call('node.init', { drives })
  await node.call('files.importLocal', { locals: [original], path: '/kept', place: 'as', waitForSpread: true })

  for (const lost of drives.slice(0, 2)) await rm(lost, { recursive: true })
  const sick = await node.call('doctor.run', {})
  assert.equal(sick.healthy, false)
  assert.ok(sick.problems.some(({ what }) => what === 'drive-missing' || what === 'fragment-missing'))
  for (const lost of drives.slice(0, 2)) await node.call('drives.remove', { folder: lost, force: true })
  for (const fresh of await folders(folder, ['n1', 'n2'])) await node.call('drives.add', { folder: fresh })
  await node.call('doctor.run', { repair: true })
  const well = await node.call('doctor.run', {})
  assert.deepEqual([well.healthy, well.problems], [true, []])

  for (const lost of drives.slice(2, 4)) await rm(lost, { recursive: true })
  await node.restart()
  await node.call('files.exportLocal', { path: '/kept', local: join(folder, 'copy') })
  assert.deepEqual(await compareTrees(original, join(folder, 'copy')), [])
})

test('a third loss is reported with exact paths, and the rest still reads', async (context) => {
  const folder = await temporaryFolder(context)
  const [first, second] = [join(folder, 'first'), join(folder, 'second')]
  await makeLargeFiles(first, { seed: 9, files: 30, sizeBytes: 5 << 20 })
  await makeLargeFiles(second, { seed: 10, files: 15, sizeBytes: 5 << 20 })
  const drives = await folders(folder, sixDrives)
  const node = await startedNode(context, folder)
  await node.call('node.init', { drives })
  await node.call('classes.set', { name: 'tough', dataFragments: 1, totalFragments: 6 })
  for (const path of ['/weak', '/tough']) await node.call('files.mkdir', { path })
  await node.call('files.setClass', { path: '/tough', redundancyClass: 'tough' })
  await node.call('files.importLocal', { locals: [first], path: '/weak/first', place: 'as' })
  await node.call('files.importLocal', { locals: [second], path: '/tough/second', place: 'as', waitForSpread: true })
  await node.stop()
  for (const lost of drives.slice(0, 3)) await rm(lost, { recursive: true })
  // What is still open or cached in the data folder would hide the loss.
  await node.start()

  await node.call('files.exportLocal', { path: '/tough', local: join(folder, 'tough') })
  assert.deepEqual(await compareTrees(second, join(folder, 'tough/second')), [])
  const { problems } = await node.call('doctor.run', {})
  const lost = problems.filter(({ what }) => what === 'file-lost').map(({ where }) => where)
  assert.ok(lost.length > 0 && lost.length < 30, `${lost.length} files are lost`)
  assert.ok(
    lost.every((path) => path.startsWith('/weak/')),
    lost.join('\n'),
  )
  const exported = await node.call('files.exportLocal', { path: '/weak', local: join(folder, 'weak') })
  assert.deepEqual(exported.skipped.map(({ path }) => path).sort(), lost.sort())
  assert.deepEqual(await compareTrees(first, join(folder, 'weak/first'), { partial: true }), [])
})

test('a tree comes back from its words and drives when the data folder is gone', async (context) => {
  const folder = await temporaryFolder(context)
  const original = join(folder, 'original')
  await makeTree(original, { seed: 11, files: 120 })
  const drives = await folders(folder, sixDrives)
  const node = await startedNode(context, folder)
  const { words, principal } = await node.call('node.init', { drives })
  const { sequence } = await node.call('files.importLocal', { locals: [original], path: '/kept', place: 'as', waitForSpread: true })
  await node.stop()
  await rm(node.dataFolder, { recursive: true })
  for (const lost of drives.slice(4)) await rm(lost, { recursive: true })

  const other = await startedNode(context, folder, 'other data')
  const found = await other.call('node.recover', { words, drives: drives.slice(0, 4) })
  assert.equal(found.principal, principal)
  assert.ok(found.sequence >= sequence)
  assert.equal(found.lostPacks, 0)
  await other.call('files.exportLocal', { path: '/kept', local: join(folder, 'copy') })
  assert.deepEqual(await compareTrees(original, join(folder, 'copy')), [])
  await writeFile(join(folder, 'new'), 'it goes on')
  await other.call('files.importLocal', { locals: [join(folder, 'new')], path: '/new', place: 'as' })
  assert.ok((await other.call('node.status', {})).sequence > sequence)
})
