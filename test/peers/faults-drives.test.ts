import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { test } from 'node:test'
import type { ClassInfo, DriveInfo } from '@holt/control/schema.ts'
import {
  assertReadsAs,
  doctor,
  fatten,
  SEALS_A_PACK_BYTES,
  holt,
  holtFails,
  holtOk,
  initializedWorld,
  leftProblems,
  makeHardTree,
  type World,
} from './fault-world.ts'
import { folders } from './harness.ts'
import { compareTrees, makeTree } from './trees.ts'

async function survivedLosses(world: World): Promise<number[]> {
  const { classes } = (await holtOk(world, 'class', 'list')) as { classes: ClassInfo[] }
  const spread = classes.filter(({ packs }) => packs > 0)
  assert.ok(spread.length > 0, 'packs were spread')
  for (const { dataFragments, totalFragments } of spread) assert.deepEqual([dataFragments, totalFragments], [4, 6])
  return spread.map(({ lossesSurvived }) => lossesSurvived)
}

async function states(world: World): Promise<Record<string, string>> {
  const { drives } = (await holtOk(world, 'drives')) as { drives: DriveInfo[] }
  return Object.fromEntries(drives.map(({ folder, state }) => [folder, state]))
}

async function lose(drives: readonly string[]): Promise<void> {
  for (const drive of drives) await rm(drive, { recursive: true })
}

test('two drives of six lost, repaired onto two new ones, and two old ones lost after that: all of it is there all the time', async (context) => {
  const world = await initializedWorld(context)
  const original = world.path('original')
  await makeHardTree(original, { seed: 31, files: 200 })
  await fatten(original, { seed: 32, bytes: SEALS_A_PACK_BYTES })
  await holtOk(world, 'put', original, '/kept', '--wait')
  assert.deepEqual(await survivedLosses(world), [2])
  assert.deepEqual(leftProblems(await doctor(world)), [])

  const lost = world.drives.slice(0, 2)
  await lose(lost)
  await assertReadsAs(world, '/kept', original)
  const sick = await doctor(world)
  assert.deepEqual(
    sick.problems
      .filter(({ what }) => what === 'drive-missing')
      .map(({ where }) => where)
      .sort(),
    lost,
  )
  assert.deepEqual(
    sick.problems.filter(({ what }) => what === 'file-lost' || what === 'pack-lost'),
    [],
  )
  assert.deepEqual(await survivedLosses(world), [0])
  for (const drive of lost) assert.equal((await states(world))[drive], 'missing')
  assert.deepEqual(await holtFails(world, 'drives', 'remove', lost[0] as string), { code: 'DRIVE_MISSING', exitCode: 8 })

  const fresh = await folders(world.folder, ['n1', 'n2'])
  await holtOk(world, 'drives', 'add', ...fresh)
  for (const drive of lost) await holtOk(world, 'drives', 'remove', drive, '--force')
  assert.deepEqual(leftProblems(await doctor(world, '--repair')), [])
  assert.deepEqual(leftProblems(await doctor(world)), [])
  assert.deepEqual(await survivedLosses(world), [2])
  const expected = [...world.drives.slice(2), ...fresh].map((drive) => [drive, 'ok'])
  assert.deepEqual(await states(world), Object.fromEntries(expected))

  await lose(world.drives.slice(2, 4))
  await assertReadsAs(world, '/kept', original)
  await world.node.restart()
  await assertReadsAs(world, '/kept', original)
})

test('a third loss before repair: exactly the lost files are named, and all others read', async (context) => {
  const world = await initializedWorld(context)
  const weak = world.path('weak')
  const strong = world.path('strong')
  await makeHardTree(weak, { seed: 33, files: 120 })
  await fatten(weak, { seed: 34, bytes: SEALS_A_PACK_BYTES })
  await makeTree(strong, { seed: 35, files: 60 })
  await fatten(strong, { seed: 36, bytes: SEALS_A_PACK_BYTES })
  await holtOk(world, 'mkdir', '/low', '/high')
  await holtOk(world, 'class', '/high', 'precious')
  await holtOk(world, 'put', weak, '/low', '--wait')
  await holtOk(world, 'put', strong, '/high', '--wait')
  assert.deepEqual(leftProblems(await doctor(world)), [])

  await lose(world.drives.slice(1, 4))
  const report = await doctor(world)
  const lost = report.problems.filter(({ what }) => what === 'file-lost').map(({ where }) => where)
  assert.ok(lost.length > 0, 'something is lost')
  assert.ok(report.problems.some(({ what }) => what === 'pack-lost'))
  assert.ok(
    lost.every((path) => path.startsWith('/low/weak/')),
    lost.join('\n'),
  )

  await assertReadsAs(world, '/high/strong', strong)
  const { stdout, exitCode } = await holt(world, 'get', '/low/weak', world.path('rest'), '--json')
  assert.equal(exitCode, 15, 'partly done')
  const { skipped } = JSON.parse(stdout) as { skipped: { path: string; reason: string }[] }
  assert.deepEqual(skipped.map(({ path }) => path).sort(), lost.sort())
  assert.deepEqual(new Set(skipped.map(({ reason }) => reason.split(':')[0])), new Set(['PACK_UNRECOVERABLE']))
  assert.deepEqual(await missingBelow(weak, world.path('rest')), lost.map((path) => path.slice('/low/weak/'.length)).sort())
  const [one] = lost as [string]
  assert.deepEqual(await holtFails(world, 'cat', one), { code: 'PACK_UNRECOVERABLE', exitCode: 9 })
  assert.ok((await holtFails(world, 'cat', '/low/weak/not there')).code === 'NOT_FOUND', 'lost is not absent')

  const repaired = await doctor(world, '--repair')
  assert.equal(repaired.healthy, false)
  assert.deepEqual(
    repaired.problems
      .filter(({ what }) => what === 'file-lost')
      .map(({ where }) => where)
      .sort(),
    lost,
  )
  await assertReadsAs(world, '/high/strong', strong)
})

/** What of a tree did not come back; what did must be equal. */
async function missingBelow(original: string, copy: string): Promise<string[]> {
  assert.deepEqual(await compareTrees(original, copy, { partial: true }), [])
  const differences = await compareTrees(original, copy, { contentsOnly: true })
  return differences.map((line) => JSON.parse(line.replace(/: is missing$/, '')) as string).sort()
}
