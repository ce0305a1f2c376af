import assert from 'node:assert/strict'
import test from 'node:test'
import { CrashDisk } from './crash-disk.ts'
import { diskCases } from './disk-cases.ts'
import type { DiskFile } from './disk.ts'

for (const { name, run } of diskCases) test(`CrashDisk: ${name}`, () => run(new CrashDisk()))

const sector = (value: number, count = 1): Uint8Array => new Uint8Array(512 * count).fill(value)

async function created(disk: CrashDisk, path: string): Promise<DiskFile> {
  const file = await disk.open(path, { create: 'new' })
  assert.ok(file)
  return file
}

/** What `path` may hold after a cut right now, each state as the values of its sectors; 'absent' when there is no such file. */
async function outcomes(disk: CrashDisk, path: string): Promise<Set<string>> {
  const seen = new Set<string>()
  for (const state of disk.states(disk.position)) {
    const bytes = await state.readFile(path)
    seen.add(bytes ? [...bytes].filter((_, i) => i % 512 === 0).join() : 'absent')
  }
  return seen
}

test('what was synced, and its name too, is in every state', async () => {
  const disk = new CrashDisk()
  const file = await created(disk, 'a')
  await file.write(0, sector(1))
  await file.sync()
  await disk.syncFolder('')
  assert.deepEqual(await outcomes(disk, 'a'), new Set(['1']))
})

test('a name whose folder was not synced may be missing, however well the file was', async () => {
  const disk = new CrashDisk()
  const file = await created(disk, 'a')
  await file.write(0, sector(1))
  await file.sync()
  assert.deepEqual(await outcomes(disk, 'a'), new Set(['1', 'absent']))
})

test('unsynced writes are lost, kept, reordered and torn', async () => {
  const disk = new CrashDisk()
  const file = await created(disk, 'a')
  await disk.syncFolder('')
  await file.write(0, sector(1, 2))
  await file.write(1024, sector(2))
  const seen = await outcomes(disk, 'a')
  for (const state of ['', '1,1', '1,1,2', '0,0,2', '1,0', '0,1', '1,0,2', '0,1,2', '0,0', '1,1,0']) {
    assert.ok(seen.has(state), `${state} in ${[...seen].join(' | ')}`)
  }
})

test('an overwritten sector shows the old or the new bytes', async () => {
  const disk = new CrashDisk()
  const file = await created(disk, 'a')
  await file.write(0, sector(1))
  await file.sync()
  await disk.syncFolder('')
  await file.write(0, sector(2))
  assert.deepEqual(await outcomes(disk, 'a'), new Set(['1', '2']))
})

test('a sync covers only what was written before it began', async () => {
  const disk = new CrashDisk()
  const file = await created(disk, 'a')
  await disk.syncFolder('')
  await file.write(0, sector(1))
  const syncing = file.sync()
  await file.write(512, sector(2))
  await syncing
  assert.deepEqual(await outcomes(disk, 'a'), new Set(['1', '1,2', '1,0']))
})

test('replaceFile leaves the old or the new content at every cut, and the new one at the end', async () => {
  const disk = new CrashDisk()
  await disk.replaceFile('a', sector(1))
  const before = disk.position
  await disk.replaceFile('a', sector(2, 2))
  for (let cut = before; cut <= disk.position; cut++) {
    for (const state of disk.states(cut)) {
      const bytes = await state.readFile('a')
      const values = [...(bytes ?? [])].filter((_, i) => i % 512 === 0).join()
      assert.ok(cut === disk.position ? values === '2,2' : values === '1' || values === '2,2', `cut ${cut}: ${values}`)
    }
  }
})

test('a rename without a sync of the file before it may name an empty file: the classic mistake is seen', async () => {
  const disk = new CrashDisk()
  await disk.replaceFile('a', sector(1))
  const beside = await created(disk, 'b')
  await beside.write(0, sector(2))
  await disk.rename('b', 'a')
  await disk.syncFolder('')
  assert.ok((await outcomes(disk, 'a')).has(''))
})

test('random states are legal ones, and the same for the same random numbers', async () => {
  const disk = new CrashDisk()
  const file = await created(disk, 'a')
  await file.write(0, sector(1))
  await file.sync()
  await disk.syncFolder('')
  await file.write(512, sector(2, 3))
  const seen = new Set<string>()
  for (let seed = 1; seed < 200; seed++) {
    const run = (): Promise<Uint8Array | null> => disk.randomState(disk.position, numbersFrom(seed)).readFile('a')
    const [first, again] = await Promise.all([run(), run()])
    assert.deepEqual(first, again)
    assert.equal(first?.[0], 1)
    seen.add([...(first ?? [])].filter((_, i) => i % 512 === 0).join())
  }
  assert.ok(seen.has('1') && seen.has('1,2,2,2') && seen.has('1,0,2,0'), [...seen].join(' | '))
})

function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
