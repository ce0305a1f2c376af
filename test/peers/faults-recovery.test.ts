import assert from 'node:assert/strict'
import { open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Result } from '@holt/control/schema.ts'
import {
  assertReadsAs,
  doctor,
  driveOptions,
  fatten,
  holt,
  holtFails,
  holtOk,
  initializedWorld,
  leftProblems,
  makeHardTree,
  SEALS_A_PACK_BYTES,
  type World,
} from './fault-world.ts'
import { afterwards, TestNode } from './harness.ts'

type Recovered = Result<'node.recover'>

/** The house burned down: all that was not on these drives is gone. */
async function loseAllBut(world: World, left: readonly string[]): Promise<void> {
  await world.node.kill()
  await rm(world.node.dataFolder, { recursive: true })
  for (const drive of world.drives) if (!left.includes(drive)) await rm(drive, { recursive: true })
}

/** `holt recover` into a new data folder, and a node on it. */
async function recovered(context: TestContext, world: World, left: readonly string[]): Promise<World & { found: Recovered }> {
  const node = new TestNode(world.path('new data'))
  const found = (await holtOk({ ...world, node }, 'recover', '--words-file', world.path('words'), ...driveOptions(left))) as Recovered
  afterwards(context, () => node.kill())
  await node.start()
  return { ...world, node, drives: [...left], found }
}

/** Drives with a copy of the pack that is still open. */
async function mirrorsOf({ drives }: World): Promise<string[]> {
  const found: string[] = []
  for (const drive of drives) {
    for (const name of await readdir(join(drive, 'open'))) if (name.endsWith('.car')) found.push(join(drive, 'open', name))
  }
  return found
}

function driveOf(mirror: string): string {
  return join(mirror, '../..')
}

test('from 24 words and four of six drives all comes back, the last small commit too', async (context) => {
  const world = await initializedWorld(context)
  const original = world.path('original')
  await makeHardTree(original, { seed: 41, files: 150 })
  await fatten(original, { seed: 42, bytes: SEALS_A_PACK_BYTES })
  await holtOk(world, 'put', original, '/kept', '--wait')
  await writeFile(world.path('note'), 'the last thing written')
  await holtOk(world, 'put', world.path('note'), '/note', '--wait')
  const { sequence } = await world.node.call('node.status', {})
  const mirrors = await mirrorsOf(world)
  assert.equal(mirrors.length, 3 + 4, 'of files two copies may be lost, of names three')

  const lost = [...new Set(mirrors.map(driveOf))].slice(0, 2)
  const left = world.drives.filter((drive) => !lost.includes(drive))
  await loseAllBut(world, left)
  const again = await recovered(context, world, left)
  assert.deepEqual([again.found.sequence, again.found.lostPacks], [sequence, 0])
  await assertReadsAs(again, '/kept', original)
  assert.equal((await holt(again, 'cat', '/note')).stdout, 'the last thing written')

  await holtOk(again, 'put', world.path('note'), '/another', '--wait')
  await again.node.restart()
  assert.equal((await holt(again, 'cat', '/another')).stdout, 'the last thing written')
  assert.deepEqual(leftProblems(await doctor(again, '--repair')), [])
})

test('a commit that nothing but the data folder had may be gone with it, and what was before is whole', async (context) => {
  const world = await initializedWorld(context)
  await makeHardTree(world.path('original'), { seed: 43, files: 40 })
  await holtOk(world, 'put', world.path('original'), '/kept', '--wait')
  const { sequence: before } = await world.node.call('node.status', {})
  for (let i = 0; i < 20; i++) await world.node.call('files.mkdir', { path: `/late ${i}` })
  const { sequence: last } = await world.node.call('node.status', {})
  await loseAllBut(world, world.drives.slice(2))
  const { found, ...again } = await recovered(context, world, world.drives.slice(2))
  assert.ok(found.sequence >= before && found.sequence <= last, `version ${found.sequence} of ${before} to ${last}`)
  await assertReadsAs(again, '/kept', world.path('original'))
  const { entries } = await again.node.call('files.list', { path: '/' })
  const late = Array.from({ length: found.sequence - before }, (_, i) => `late ${i}`)
  assert.deepEqual(entries.map(({ name }) => name).sort(), ['kept', ...late].sort())
  await holtOk(again, 'wait') // copies on drives that are gone are made up for on others
  assert.deepEqual(
    leftProblems(await doctor(again)).filter((line) => !line.startsWith('drive-missing')),
    [],
  )
})

test('a damaged copy of the open pack is made good from another', async (context) => {
  const world = await initializedWorld(context)
  await makeHardTree(world.path('original'), { seed: 44, files: 40 })
  await holtOk(world, 'put', world.path('original'), '/kept', '--wait')
  const [damaged, ...others] = await mirrorsOf(world)
  const { size } = await stat(damaged as string)
  await world.node.kill()
  // one at the beginning, one in a block, one in the last commit
  for (const at of [100, Math.floor(size / 2), size - 10]) await flipByte(damaged as string, at)
  await loseAllBut(
    world,
    world.drives.filter((drive) => drive !== driveOf(others[0] as string)),
  )
  const { found, ...again } = await recovered(
    context,
    world,
    world.drives.filter((drive) => drive !== driveOf(others[0] as string)),
  )
  assert.equal(found.lostPacks, 0)
  await assertReadsAs(again, '/kept', world.path('original'))
  assert.deepEqual(leftProblems(await doctor(again, '--repair')), [])
})

test('recover tells a wrong word, another root key and a folder that is no drive apart, and can be tried again', async (context) => {
  const world = await initializedWorld(context, { driveCount: 3 })
  await holtOk(world, 'put', world.path('words'), '/words', '--wait')
  await loseAllBut(world, world.drives)
  const node = new TestNode(world.path('new data'))
  const tried = { ...world, node }
  const attempt = (file: string, drives: readonly string[]) =>
    holtFails(tried, 'recover', '--words-file', world.path(file), ...driveOptions(drives))
  const words = (await readFile(world.path('words'), 'utf8')).trim().split(' ')
  await writeFile(world.path('swapped'), [words[1], words[0], ...words.slice(2)].join(' '))
  await writeFile(world.path('other'), `${'abandon '.repeat(23)}art`)
  assert.deepEqual(await attempt('swapped', world.drives), { code: 'WORDS_INVALID', exitCode: 12 })
  assert.deepEqual(await attempt('other', world.drives), { code: 'DRIVE_FOREIGN', exitCode: 8 })
  assert.deepEqual(await attempt('words', [world.path('not there')]), { code: 'DRIVE_MISSING', exitCode: 8 })
  const again = await recovered(context, world, world.drives)
  assert.equal((await holt(again, 'cat', '/words')).stdout, await readFile(world.path('words'), 'utf8'))
})

async function flipByte(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, at)
  byte[0] = (byte[0] as number) ^ 0x10
  await file.write(byte, 0, 1, at)
  await file.close()
}
