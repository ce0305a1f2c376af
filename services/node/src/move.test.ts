import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { bodyOf, caller, NodeWorld, textOf } from './node-world.ts'

const signal = new AbortController().signal

/** A node whose data folder is gone; what is left are two drives, one of them below a folder that people would name. */
async function oldDrives(t: TestContext) {
  const world = new NodeWorld(t)
  mkdirSync(world.path('usb'))
  const drives = [world.path('usb/holt'), world.path('d2')]
  const first = await world.start()
  const { words } = await caller(first.control)('node.init', { drives })
  await first.files.write('/kept', bodyOf('from the old box'), { signal })
  await caller(first.control)('store.settle', {})
  await world.stop()
  rmSync(world.path('data'), { recursive: true })
  return { world, words, drives }
}

/** Every file below a folder, with its time. */
function contentOf(folder: string): Map<string, string> {
  const content = new Map<string, string>()
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const path = join(folder, name)
    const { mtimeMs } = statSync(path)
    content.set(name, `${mtimeMs} ${statSync(path).isFile() ? readFileSync(path).toString('base64') : 'folder'}`)
  }
  return content
}

test('drives are found by what lies in the folders named, without any key', async (t) => {
  const { world, drives } = await oldDrives(t)
  const { control } = await world.start()
  const { found } = await caller(control)('drives.find', { folders: [world.path('usb'), world.path('d2'), world.path('nowhere')] })
  assert.deepEqual(
    found.map(({ folder }) => folder),
    drives,
  )
  assert.equal(found[0]?.owner, found[1]?.owner)
  assert.ok(found.every(({ fragments, openPacks, usedBytes }) => fragments + openPacks > 0 && usedBytes > 0))
  await assert.rejects(caller(control)('drives.find', { folders: ['usb'] }), { code: 'INPUT_INVALID' })
})

test('a node moves from old drives to a new one: copied, recovered, and the old ones are as they were', async (t) => {
  const { world, words, drives } = await oldDrives(t)
  const before = drives.map(contentOf)
  const { control, files } = await world.start()
  const call = caller(control)
  const to = world.path('new')
  const phases = new Set<string>()
  const moved = await control.call('node.recover', { words, drives, copyTo: [to] }, { onProgress: ({ phase }) => void phases.add(phase) })
  assert.ok((moved.copied?.files ?? 0) > 0)
  assert.deepEqual([moved.copied?.damaged, moved.lostPacks], [0, 0])
  assert.ok(phases.has('copy'))
  assert.equal(await textOf((await files.read('/kept')).body), 'from the old box')
  assert.deepEqual(
    (await call('drives.list', {})).drives.map(({ folder }) => folder),
    [to],
  )
  await files.write('/new', bodyOf('written here'), { signal })
  await call('store.settle', {})
  assert.deepEqual(drives.map(contentOf), before)
})

test('the words of somebody else move nothing and make nothing', async (t) => {
  const { world, drives } = await oldDrives(t)
  const before = drives.map(contentOf)
  const { control } = await world.start()
  const words = `${'abandon '.repeat(23)}art`
  await assert.rejects(caller(control)('node.recover', { words, drives, copyTo: [world.path('new')] }), { code: 'DRIVE_FOREIGN' })
  assert.deepEqual(drives.map(contentOf), before)
  assert.equal((await caller(control)('node.status', {})).state, 'new')
  assert.deepEqual(readdirSync(world.path('new')), [])
})
