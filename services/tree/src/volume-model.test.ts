import assert from 'node:assert/strict'
import test from 'node:test'
import { type HoltErrorCode, isHoltError } from '@holt/core/errors.ts'
import fc from 'fast-check'
import { ModelTree } from './model-world.ts'
import { compareNames } from './names.ts'
import { TreeWorld } from './tree-world.ts'
import type { Edit, Snapshot, Volume } from './types.ts'

/** A volume against a plain map of paths: random edits, then every retained version is read again. */

const someName = fc.constantFrom('a', 'b', 'c', 'd', '\u{ffff}', '\u{10000}')
const somePath = fc.array(someName, { maxLength: 4 }).map((names) => `/${names.join('/')}`)

type Step =
  | { do: 'put'; path: string; text: string }
  | { do: 'mkdir'; path: string; parents: boolean }
  | { do: 'move'; from: string; to: string; replace: boolean }
  | { do: 'remove'; path: string; recursive: boolean }
  | { do: 'write'; path: string; offset: number; text: string }
  | { do: 'truncate'; path: string; size: number }
  | { do: 'mode'; path: string; mode: number }
  | { do: 'copy'; from: string; to: string }
  | { do: 'revoke'; path: string }

const text = fc.string({ unit: fc.constantFrom('x', 'y'), minLength: 1, maxLength: 9 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('put' as const), path: somePath, text }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('mkdir' as const), path: somePath, parents: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('move' as const), from: somePath, to: somePath, replace: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), path: somePath, recursive: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('write' as const), path: somePath, offset: fc.nat(20), text }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('truncate' as const), path: somePath, size: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('mode' as const), path: somePath, mode: fc.nat(0o777) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('copy' as const), from: somePath, to: somePath }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), path: somePath }) },
)
/** Each inner list is one edit; some edits give up at their end. */
const edits = fc.array(
  fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 6 }), throws: fc.integer({ min: 0, max: 5 }).map((n) => n === 0) }),
  { minLength: 1, maxLength: 12 },
)

async function codeOf(work: () => Promise<void>): Promise<HoltErrorCode | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (isHoltError(error)) return error.code
    throw error
  }
}

function split(path: string): [string, string] {
  const slash = path.lastIndexOf('/')
  return [path.slice(0, slash) || '/', path.slice(slash + 1)]
}

async function applyToVolume(world: TreeWorld, edit: Edit, step: Step): Promise<void> {
  if (step.do === 'put') {
    const [directory, name] = split(step.path)
    await edit.putEntries(directory, [{ name, entry: await world.file(step.text) }])
  } else if (step.do === 'mkdir') await edit.makeDirectory(step.path, { parents: step.parents })
  else if (step.do === 'move') await edit.move(step.from, step.to, { replace: step.replace })
  else if (step.do === 'remove') await edit.remove(step.path, { recursive: step.recursive })
  else if (step.do === 'write') await edit.write(step.path, step.offset, new TextEncoder().encode(step.text))
  else if (step.do === 'truncate') await edit.truncate(step.path, step.size)
  else if (step.do === 'mode') await edit.setAttributes(step.path, { m: step.mode })
  else if (step.do === 'copy') {
    const entry = await edit.stat(step.from)
    const [directory, name] = split(step.to)
    if (entry !== null) await edit.putEntries(directory, [{ name, entry }])
  }
}

function applyToModel(model: ModelTree, step: Step): void {
  if (step.do === 'put') model.put(step.path, step.text)
  else if (step.do === 'mkdir') model.makeDirectory(step.path, step.parents)
  else if (step.do === 'move') model.move(step.from, step.to, step.replace)
  else if (step.do === 'remove') model.remove(step.path, step.recursive)
  else if (step.do === 'write') model.write(step.path, step.offset, step.text)
  else if (step.do === 'truncate') model.truncate(step.path, step.size)
  else if (step.do === 'mode') model.setMode(step.path, step.mode)
  else if (step.do === 'copy') model.copy(step.from, step.to)
}

/** What a snapshot holds, in the model's words. */
async function readSnapshot(snapshot: Snapshot, directory = '/'): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  const { entries } = await snapshot.list(directory)
  const names = entries.map(({ name }) => name)
  assert.deepEqual(names, [...names].sort(compareNames))
  for (const { name, entry } of entries) {
    const path = `${directory === '/' ? '' : directory}/${name}`
    if (entry.t === 'f') found[path] = `${entry.m.toString(8)} ${await (await snapshot.openFile(path)).text()}`
    else {
      found[path] = `${entry.m.toString(8)} directory`
      Object.assign(found, await readSnapshot(snapshot, path))
    }
  }
  return found
}

async function runEdit(
  world: TreeWorld,
  volume: Volume,
  model: ModelTree,
  { steps, throws }: { steps: Step[]; throws: boolean },
): Promise<ModelTree> {
  const trial = model.clone()
  try {
    await volume.edit(async (edit) => {
      for (const step of steps) {
        if (step.do === 'revoke') continue
        const code = await codeOf(() => applyToVolume(world, edit, step))
        const expected = await codeOf(async () => applyToModel(trial, step))
        assert.equal(code, expected, JSON.stringify(step))
      }
      if (throws) throw new Error('given up')
    })
  } catch (error) {
    if (!throws) throw error
    return model
  }
  return trial
}

async function revokeAll(volume: Volume, steps: Step[]): Promise<void> {
  for (const step of steps) {
    if (step.do !== 'revoke' || step.path === '/') continue
    const code = await codeOf(() => volume.revokeReaders(step.path))
    assert.ok(code === null || code === 'NOT_FOUND' || code === 'NOT_A_DIRECTORY', String(code))
  }
}

test('holds what a plain map of paths holds, in every version, also when opened again', async () => {
  await fc.assert(
    fc.asyncProperty(edits, async (edits) => {
      const world = new TreeWorld()
      const volume = await world.create()
      let model = new ModelTree()
      const expected = new Map<number, Record<string, string>>()
      for (const edit of edits) {
        world.nowMs += 1000
        model = await runEdit(world, volume, model, edit)
        await revokeAll(volume, edit.steps)
        assert.deepEqual(await readSnapshot(volume.current()), model.list())
        expected.set(volume.current().sequence, model.list())
      }
      await volume.close()
      const again = await world.reopen({ cacheBytes: 0 })
      const versions: number[] = []
      for await (const version of again.versions()) {
        versions.push(version.sequence)
        const held = expected.get(version.sequence)
        if (held !== undefined) assert.deepEqual(await readSnapshot(await again.at(version.sequence)), held)
      }
      assert.deepEqual(
        versions,
        Array.from({ length: again.current().sequence }, (_, i) => again.current().sequence - i),
      )
    }),
    { numRuns: 120 },
  )
})

test('what live() names is enough to read every version', async () => {
  await fc.assert(
    fc.asyncProperty(edits, async (edits) => {
      const world = new TreeWorld()
      const volume = await world.create()
      let model = new ModelTree()
      const expected = new Map<number, Record<string, string>>()
      for (const edit of edits) {
        model = await runEdit(world, volume, model, edit)
        await revokeAll(volume, edit.steps)
        expected.set(volume.current().sequence, model.list())
      }
      const live: Uint8Array[] = []
      for await (const { cids } of volume.live()) live.push(...cids)
      world.store.keepOnly(live)
      const again = await world.reopen({ cacheBytes: 0 })
      for (const [sequence, held] of expected) assert.deepEqual(await readSnapshot(await again.at(sequence)), held)
    }),
    { numRuns: 40 },
  )
})
