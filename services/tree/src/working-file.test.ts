import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALL, randomNumbers } from './working-file-world.ts'
import type { TreeVolume } from './tree-volume.ts'
import { TreeWorld } from './tree-world.ts'
import type { FileEntry } from './types.ts'
import type { WorkingFile } from './working-file.ts'

const CLASS = 'standard'

async function emptyFile(world: TreeWorld): Promise<{ volume: TreeVolume; file: WorkingFile }> {
  const volume = await world.create()
  await world.put(volume, '/file', '', { chunkLog2: 16 })
  return { volume, file: volume.workingFile((await volume.current().stat('/file')) as FileEntry, CLASS) }
}

async function saved(volume: TreeVolume, file: WorkingFile): Promise<FileEntry> {
  const blocks = volume.blockWriter(CLASS)
  const { entry, settle } = await file.save(blocks)
  await blocks.flush()
  settle()
  return entry
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`a file changed in place is what an array of bytes would be, seed ${seed}`, async () => {
    const { volume, file } = await emptyFile(new TreeWorld())
    const random = randomNumbers(seed)
    const most = 600_000
    let model: Uint8Array = new Uint8Array(0)
    for (let step = 0; step < 150; step++) {
      const what = random(10)
      const offset = random(random(2) === 0 ? most : Math.max(1, model.length))
      if (what < 4) {
        const bytes = new Uint8Array(1 + random(random(3) === 0 ? 200_000 : 5000)).fill(1 + random(255))
        await file.write(offset, [bytes.subarray(0, bytes.length >> 1), bytes.subarray(bytes.length >> 1)])
        const grown = new Uint8Array(Math.max(model.length, offset + bytes.length))
        grown.set(model)
        grown.set(bytes, offset)
        model = grown
      } else if (what === 4) {
        await file.resize(offset)
        const resized = new Uint8Array(offset)
        resized.set(model.subarray(0, offset))
        model = resized
      } else if (what === 5) {
        const length = random(150_000)
        await file.clear(offset, length)
        model.fill(0, offset, offset + length)
      } else if (what === 6) {
        const entry = await saved(volume, file)
        assert.equal(entry.z, model.length)
        assert.deepEqual(Buffer.from(await volume.current().openEntry(entry).read(0, ALL)), Buffer.from(model))
      } else if (what === 7) await file.shrink()
      else {
        const length = random(100_000)
        const read = await file.read(offset, length)
        assert.deepEqual(Buffer.from(read), Buffer.from(model.subarray(offset, offset + length)), `step ${step}`)
      }
    }
    const entry = await saved(volume, file)
    assert.deepEqual(Buffer.from(await volume.current().openEntry(entry).read(0, ALL)), Buffer.from(model))
    assert.equal(file.isChanged, false)
  })
}

test('what is written while it is being saved is not lost', async () => {
  const { volume, file } = await emptyFile(new TreeWorld())
  await file.write(0, [new Uint8Array(200_000).fill(1)])
  const blocks = volume.blockWriter(CLASS)
  const saving = file.save(blocks)
  const writing = file.write(70_000, [new Uint8Array(1000).fill(2)])
  const cutting = file.resize(150_000)
  const { settle } = await saving
  await Promise.all([writing, cutting])
  await file.resize(180_000)
  await blocks.flush()
  settle()
  const entry = await saved(volume, file)
  const content = await volume.current().openEntry(entry).read(0, ALL)
  const expected = new Uint8Array(180_000).fill(1, 0, 150_000).fill(2, 70_000, 71_000)
  assert.deepEqual(Buffer.from(content), Buffer.from(expected))
})

test('saving ends when the file is cut and written anew meanwhile', async () => {
  const world = new TreeWorld()
  const { volume, file } = await emptyFile(world)
  for (let i = 0; i < 50; i++) await file.write(0, [new Uint8Array(200_000).fill(i)])
  const append = world.store.append.bind(world.store)
  let [hasBegun, goOn] = [() => {}, () => {}]
  const begun = new Promise<void>((resolve) => (hasBegun = resolve))
  const waiting = new Promise<void>((resolve) => (goOn = resolve))
  world.store.append = async (...words) => {
    hasBegun()
    await waiting
    return append(...words)
  }
  const saving = saved(volume, file)
  await begun
  await file.resize(0)
  await file.write(0, [new Uint8Array(150_000).fill(99)])
  goOn()
  await saving
  const content = await volume
    .current()
    .openEntry(await saved(volume, file))
    .read(0, ALL)
  assert.deepEqual(Buffer.from(content), Buffer.alloc(150_000, 99))
})

test('what is cut and made as long again while it is being saved reads as zeros', async () => {
  const { volume, file } = await emptyFile(new TreeWorld())
  await file.write(0, [new Uint8Array(200_000).fill(1)])
  const blocks = volume.blockWriter(CLASS)
  const { settle } = await file.save(blocks)
  await file.resize(0)
  await file.resize(200_000)
  await blocks.flush()
  settle()
  assert.deepEqual(Buffer.from(await file.read(0, ALL)), Buffer.alloc(200_000))
  await saved(volume, file)
  assert.deepEqual(Buffer.from(await file.read(0, ALL)), Buffer.alloc(200_000))
})

test('a new file that comes from front to end has long chunks, one that is written here and there short ones', async () => {
  const { volume, file } = await emptyFile(new TreeWorld())
  for (let at = 0; at < 3 << 20; at += 1 << 17) await file.write(at, [new Uint8Array(1 << 17).fill(7)])
  assert.equal((await saved(volume, file)).c, 20)
  const other = (await emptyFile(new TreeWorld())).file
  await other.write(1 << 20, [new Uint8Array(10).fill(7)])
  await other.write(0, [new Uint8Array(10).fill(7)])
  assert.equal((await saved(volume, other)).c, 16)
})

test('when the store takes nothing the file stays as it is in memory, and can be saved later', async () => {
  const world = new TreeWorld()
  const { volume, file } = await emptyFile(world)
  await file.write(0, [new Uint8Array(300_000).fill(3)])
  const append = world.store.append.bind(world.store)
  world.store.append = () => Promise.reject(new Error('full'))
  await assert.rejects(saved(volume, file), /full/)
  world.store.append = append
  assert.deepEqual(Buffer.from(await file.read(299_999, 10)), Buffer.from([3]))
  assert.equal(
    (
      await volume
        .current()
        .openEntry(await saved(volume, file))
        .read(0, ALL)
    ).length,
    300_000,
  )
})

test('what was saved and then not flushed is saved by the next one', async () => {
  const { volume, file } = await emptyFile(new TreeWorld())
  await file.write(0, [new Uint8Array(5000).fill(4)])
  await file.save(volume.blockWriter(CLASS))
  const entry = await saved(volume, file)
  assert.deepEqual(Buffer.from(await volume.current().openEntry(entry).read(0, ALL)), Buffer.alloc(5000, 4))
})

test('a hole as long as files can be takes no memory, and what is in its way becomes one', async () => {
  const { volume, file } = await emptyFile(new TreeWorld())
  const last = 2 ** 53 - 1
  await file.resize(last)
  await file.write(2 ** 40 + 5, [new Uint8Array(300_000).fill(7)])
  await file.write(2 ** 52, [Uint8Array.of(8)])
  const entry = await saved(volume, file)
  await file.write(2 ** 41, [Uint8Array.of(9)])
  await file.clear(1, 2 ** 51)
  assert.ok(file.memoryBytes <= 2 << 16, `${file.memoryBytes}`)
  const cleared = await saved(volume, file)
  for (const [offset, expected] of [
    [2 ** 40 + 5, [0, 0]],
    [2 ** 41, [0, 0]],
    [2 ** 52, [8, 0]],
    [last - 2, [0, 0]],
  ] as const)
    assert.deepEqual([...(await volume.current().openEntry(cleared).read(offset, 2))], expected, `at ${offset}`)
  assert.deepEqual(
    [
      ...(await volume
        .current()
        .openEntry(entry)
        .read(2 ** 40 + 5, 1)),
    ],
    [7],
  )
})
