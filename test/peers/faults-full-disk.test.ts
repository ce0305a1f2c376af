import assert from 'node:assert/strict'
import { mkdir, open, readFile, rm, statfs } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { test, type TestContext } from 'node:test'
import type { DriveInfo, Entry, Status } from '@holt/control/schema.ts'
import { isHoltError } from '@holt/core/errors.ts'
import {
  assertReadsAs,
  doctor,
  fatten,
  holt,
  holtFails,
  holtOk,
  initialized,
  leftProblems,
  makeHardTree,
  type World,
} from './fault-world.ts'
import { afterwards, folders, run, startedNode, temporaryFolder } from './harness.ts'
import { compareTrees } from './trees.ts'

/** Set in the process whose mounts are its own, and go when it ends. */
const INSIDE = 'HOLT_TEST_OWN_MOUNTS'

const MIB = 1 << 20

/** A small file system of its own at a new folder. */
async function mountSmall(context: TestContext, folder: string, sizeBytes: number): Promise<void> {
  await mkdir(folder)
  const { exitCode, stderr } = await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', folder])
  assert.equal(exitCode, 0, stderr)
  afterwards(context, () => run('umount', ['-l', folder]))
}

async function freeBytes(folder: string): Promise<number> {
  const { bsize, bavail } = await statfs(folder)
  return bsize * bavail
}

/** Takes all but so many bytes of a file system. @returns what gives them back. */
async function fill(folder: string, name: string, leftBytes: number): Promise<() => Promise<void>> {
  const file = await open(`${folder}/${name}`, 'w')
  try {
    for (let wanted = (await freeBytes(folder)) - leftBytes; wanted > 0; wanted -= MIB)
      await file.write(Buffer.alloc(Math.min(MIB, wanted), 1))
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC')
  } finally {
    await file.close()
  }
  return () => rm(`${folder}/${name}`)
}

/** Everything that can be read must be right, whatever of it is there. */
async function assertPartReadsAs(world: World, path: string, original: string): Promise<void> {
  const copy = world.path('copy')
  await holtOk(world, 'get', path, copy)
  assert.deepEqual(await compareTrees(original, copy, { partial: true }), [])
  await rm(copy, { recursive: true })
}

async function names(world: World, path: string): Promise<string[]> {
  const { entries } = (await holtOk(world, 'ls', path)) as { entries: Entry[] }
  return entries.map(({ name }) => name)
}

async function dataAndDrivesOnOneSmallDisk(context: TestContext): Promise<void> {
  const folder = await temporaryFolder(context)
  const path = (...parts: string[]): string => [folder, ...parts].join('/')
  await mountSmall(context, path('small'), 160 * MIB)
  const node = await startedNode(context, path('small'))
  const world = await initialized({ folder, node, path, drives: await folders(path('small'), ['d1', 'd2', 'd3']) })
  await makeHardTree(path('first'), { seed: 51, files: 60 })
  await fatten(path('too much'), { seed: 52, bytes: 120 * MIB })
  await holtOk(world, 'put', path('first'), '/first', '--wait')
  const giveBack = await fill(path('small'), 'ballast', 24 * MIB)

  assert.deepEqual(await holtFails(world, 'put', path('too much'), '/too much'), { code: 'DISK_FULL', exitCode: 8 })
  const status = (await holtOk(world, 'status')) as Status
  assert.deepEqual([status.state, status.pid], ['ready', node.pid])
  await assertReadsAs(world, '/first', path('first'))
  if ((await names(world, '/')).includes('too much')) await assertPartReadsAs(world, '/too much', path('too much'))

  // Acknowledged or refused, until not even a directory fits; then once more after kill -9.
  const made: string[] = []
  const wastes = [await fill(path('small'), 'waste', 0)]
  const fits = async (): Promise<boolean> => {
    try {
      await node.call('files.mkdir', { path: `/dir ${made.length}` })
      return made.push(`dir ${made.length}`) > 0
    } catch (error) {
      assert.ok(isHoltError(error, 'DISK_FULL'), String(error))
      return false
    }
  }
  while (await fits()) if (made.length % 50 === 0) wastes.push(await fill(path('small'), `waste ${made.length}`, 0))
  await node.kill()
  wastes.push(await fill(path('small'), 'more waste', 0))
  await node.start()
  await assertReadsAs(world, '/first', path('first'))
  assert.equal(await fits(), false)
  for (const giveBack of wastes) await giveBack()
  await giveBack()

  await makeHardTree(path('second'), { seed: 53, files: 20 })
  await holtOk(world, 'put', path('second'), '/second')
  await assertReadsAs(world, '/second', path('second'))
  const there = new Set(await names(world, '/'))
  assert.deepEqual(
    made.filter((name) => !there.has(name)),
    [],
  )

  await holtOk(world, 'rm', '-r', ...[...there].filter((name) => name.startsWith('dir ') || name === 'too much').map((name) => `/${name}`))
  await holtOk(world, 'wait')
  await node.restart()
  await assertReadsAs(world, '/first', path('first'))
  assert.deepEqual(leftProblems(await doctor(world)), [])
}

async function drivesAloneOnSmallDisks(context: TestContext): Promise<void> {
  const folder = await temporaryFolder(context)
  const path = (...parts: string[]): string => [folder, ...parts].join('/')
  const drives = ['d1', 'd2', 'd3'].map((name) => path(name, 'holt'))
  for (const name of ['d1', 'd2', 'd3']) await mountSmall(context, path(name), 72 * MIB)
  const node = await startedNode(context, folder)
  const world = await initialized({ folder, node, path, drives })
  await makeHardTree(path('first'), { seed: 54, files: 60 })
  await fatten(path('large'), { seed: 55, bytes: 66 * MIB })
  await holtOk(world, 'put', path('first'), '/first', '--wait')
  const giveBack = await Promise.all(['d1', 'd2', 'd3'].map((name) => fill(path(name), 'ballast', 2 * MIB)))

  // What is put is safe in the data folder, as long as it cannot be spread.
  await holtOk(world, 'put', path('large'), '/large')
  assert.deepEqual(await holtFails(world, 'wait'), { code: 'NOT_ENOUGH_DRIVES', exitCode: 8 })
  const { store } = (await holtOk(world, 'status')) as Status
  assert.ok(store.unspreadBytes > 64 * MIB)
  const { drives: full } = (await holtOk(world, 'drives')) as { drives: DriveInfo[] }
  assert.deepEqual(
    full.map(({ state }) => state),
    ['full', 'full', 'full'],
  )
  await assertReadsAs(world, '/large', path('large'))
  await node.kill()
  await node.start()
  await assertReadsAs(world, '/large', path('large'))

  for (const give of giveBack) await give()
  await holtOk(world, 'wait')
  assert.deepEqual(leftProblems(await doctor(world)), [])
  await rm(drives[0] as string, { recursive: true })
  await assertReadsAs(world, '/large', path('large'))
  await assertReadsAs(world, '/first', path('first'))
}

async function copiesOutToASmallDisk(context: TestContext): Promise<void> {
  const folder = await temporaryFolder(context)
  const path = (...parts: string[]): string => [folder, ...parts].join('/')
  await mountSmall(context, path('small'), 4 * MIB)
  const node = await startedNode(context, folder)
  const world = await initialized({ folder, node, path, drives: await folders(folder, ['d1']) })
  await makeHardTree(path('first'), { seed: 56, files: 60 })
  await holtOk(world, 'put', path('first'), '/first')
  assert.deepEqual(await holtFails(world, 'get', '/first', path('small', 'copy')), { code: 'DISK_FULL', exitCode: 8 })
  assert.equal((await holt(world, 'put', path('words'), '/words')).exitCode, 0, 'the node itself has room')
  await assertReadsAs(world, '/first', path('first'))
  assert.equal((await holt(world, 'cat', '/words')).stdout, await readFile(path('words'), 'utf8'))
}

if (process.env[INSIDE] === '1') {
  test('data folder and drives on one disk that gets full', dataAndDrivesOnOneSmallDisk)
  test('drives that get full while the data folder has room', drivesAloneOnSmallDisks)
  test('a get to a disk that gets full', copiesOutToASmallDisk)
} else {
  test('a full disk is told as one, loses nothing that was acknowledged, and is used again when there is room', async () => {
    const own = process.getuid?.() === 0 ? ['--mount'] : ['--map-root-user', '--mount']
    const here = fileURLToPath(import.meta.url)
    const inside = ['--', process.execPath, '--import', 'tsx', '--test-reporter=spec', here]
    const { stdout, stderr, exitCode } = await run('unshare', [...own, ...inside], {
      env: { NODE_TEST_CONTEXT: '', [INSIDE]: '1' },
    })
    assert.equal(
      exitCode,
      0,
      `with mounts of its own (unshare ${own.join(' ')}; needs util-linux, and root or user namespaces):\n${stderr}\n${stdout}`,
    )
    assert.match(stdout, /pass 3\b/)
  })
}
