import assert from 'node:assert/strict'
import test from 'node:test'
import { searchNames } from './search-names.ts'
import { symlink, TreeWorld } from './tree-world.ts'
import type { Volume } from './types.ts'

async function worldOf(paths: readonly string[]): Promise<Volume> {
  const volume = await new TreeWorld().create()
  await volume.edit(async (edit) => {
    for (const path of paths) {
      const [directory, name] = [path.slice(0, path.lastIndexOf('/')) || '/', path.slice(path.lastIndexOf('/') + 1)]
      await edit.makeDirectory(directory, { parents: true }).catch(() => {})
      if (name !== '') await edit.putEntries(directory, [{ name, entry: symlink('x') }])
    }
  })
  return volume
}

async function all(volume: Volume, path: string, after?: string, matches: (name: string) => boolean = () => true): Promise<string[]> {
  const found: string[] = []
  for await (const step of searchNames(volume.current(), path, { matches, after })) found.push(...step.found.map((one) => one.path))
  return found
}

const paths = ['/a', '/b/', '/b/c', '/b/d/e', '/b/d/f', '/b.x', '/g/h/i/j', '/k']

test('looks at every name, directories before what is in them', async () => {
  const volume = await worldOf(paths)
  const every = ['/a', '/b', '/b/c', '/b/d', '/b/d/e', '/b/d/f', '/b.x', '/g', '/g/h', '/g/h/i', '/g/h/i/j', '/k']
  assert.deepEqual(await all(volume, '/'), every)
  assert.deepEqual(await all(volume, '/b'), ['/b/c', '/b/d', '/b/d/e', '/b/d/f'])
  assert.deepEqual(await all(volume, '/', undefined, (name) => name > 'i'), ['/g/h/i/j', '/k'])
  await assert.rejects(all(volume, '/none'), { code: 'NOT_FOUND' })
  await assert.rejects(all(volume, '/a'), { code: 'NOT_A_DIRECTORY' })
})

test('goes on behind any path, also one that has gone meanwhile', async () => {
  const volume = await worldOf(paths)
  const every = await all(volume, '/')
  for (const [i, path] of every.entries()) assert.deepEqual(await all(volume, '/', path), every.slice(i + 1), path)
  await volume.edit((edit) => edit.remove('/b/d', { recursive: true }))
  assert.deepEqual(await all(volume, '/', '/b/d/e'), ['/b.x', '/g', '/g/h', '/g/h/i', '/g/h/i/j', '/k'])
  assert.deepEqual(await all(volume, '/b', '/elsewhere'), ['/b/c'], 'what is not below begins anew')
})

test('a step is one page of one directory, and a cancelled search ends', async () => {
  const volume = await worldOf(Array.from({ length: 1500 }, (_, i) => `/d/${String(i).padStart(4, '0')}`))
  const stop = new AbortController()
  const steps = searchNames(volume.current(), '/', { matches: () => false, signal: stop.signal })
  let scanned = 0
  await assert.rejects(async () => {
    for await (const step of steps) {
      assert.ok(step.scanned <= 512)
      scanned += step.scanned
      if (scanned > 600) stop.abort()
    }
  })
  assert.ok(scanned < 1500)
})
