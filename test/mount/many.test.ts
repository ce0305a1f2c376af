import assert from 'node:assert/strict'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { open, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { mountWorld } from './world.ts'

const COUNT = 100_000
const name = (i: number): string => `entry ${String(i).padStart(6, '0')}`

test('a directory of a hundred thousand entries lists them all, once each, and changes as any other', async (context) => {
  const world = await mountWorld(context)
  const local = world.place('local')
  mkdirSync(local)
  for (let i = 0; i < COUNT; i++) closeSync(openSync(join(local, name(i)), 'wx'))
  await world.node.call('files.importLocal', { locals: [local], path: '/many', place: 'as' })

  const folder = join(world.folder, 'many')
  const at = (i: number): string => join(folder, name(i))
  const names = await readdir(folder)
  assert.equal(names.length, COUNT)
  assert.equal(new Set(names).size, COUNT)
  for (let i = 0; i < COUNT; i += 997) assert.equal((await stat(at(i))).size, 0)
  await assert.rejects(stat(at(COUNT)), (error: NodeJS.ErrnoException) => error.code === 'ENOENT')
  await writeFile(at(COUNT), 'one more')
  await writeFile(at(50_000), 'changed')
  await rename(at(1), at(2))
  await unlink(at(99_999))
  const directory = await open(folder)
  await directory.sync()
  await directory.close()
  assert.equal(await readFile(at(50_000), 'utf8'), 'changed')
  const expected = Array.from({ length: COUNT + 1 }, (_, i) => name(i)).filter((one) => one !== name(1) && one !== name(99_999))
  assert.deepEqual((await readdir(folder)).sort(), expected)
  await world.unmount()
  await world.mount()
  assert.deepEqual((await readdir(folder)).sort(), expected)
})
