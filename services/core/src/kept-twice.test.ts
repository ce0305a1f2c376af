import assert from 'node:assert/strict'
import { test } from 'node:test'
import { utf8 } from './bytes.ts'
import { isHoltError } from './errors.ts'
import { isKept, readTwice, removeTwice, writeTwice } from './kept-twice.ts'
import { MemoryDisk } from './memory-disk.ts'

const content = utf8('what must not be lost')

async function written(): Promise<MemoryDisk> {
  const disk = new MemoryDisk()
  await writeTwice(disk, 'settings', content)
  return disk
}

test('gives back what was written; null before', async () => {
  assert.equal(await readTwice(new MemoryDisk(), 'settings'), null)
  assert.equal(await isKept(new MemoryDisk(), 'settings'), false)
  const disk = await written()
  assert.deepEqual(await readTwice(disk, 'settings'), { content, mended: false })
  assert.equal(await isKept(disk, 'settings'), true)
})

test('any flipped bit, and the loss, of either file is mended from the other', async () => {
  const disk = await written()
  const size = (await disk.sizeOf('settings')) as number
  for (const path of ['settings', 'settings.copy']) {
    for (let bit = 0; bit < 8 * size; bit++) {
      disk.flip(path, bit >> 3, 1 << (bit & 7))
      assert.deepEqual(await readTwice(disk, 'settings'), { content, mended: true }, `${path}, bit ${bit}`)
      assert.deepEqual(await readTwice(disk, 'settings'), { content, mended: false })
    }
    await disk.remove(path)
    assert.equal(await isKept(disk, 'settings'), true)
    assert.deepEqual((await readTwice(disk, 'settings'))?.content, content)
  }
})

test('after a crash between the two writes the newer one counts', async () => {
  const disk = await written()
  const old = (await disk.readFile('settings.copy')) as Uint8Array
  await writeTwice(disk, 'settings', utf8('newer'))
  await disk.replaceFile('settings.copy', old)
  assert.deepEqual(await readTwice(disk, 'settings'), { content: utf8('newer'), mended: false })
  disk.flip('settings', 0)
  assert.deepEqual((await readTwice(disk, 'settings'))?.content, utf8('newer'), 'the copy was brought up to date')
})

test('damage of both is an error', async () => {
  const disk = await written()
  disk.flip('settings', 3)
  disk.flip('settings.copy', 5)
  await assert.rejects(readTwice(disk, 'settings'), (error) => isHoltError(error, 'MALFORMED') && error.data.path === 'settings')
})

test('what is removed does not come back from the copy', async () => {
  const disk = await written()
  await removeTwice(disk, 'settings')
  assert.equal(await readTwice(disk, 'settings'), null)
  await removeTwice(disk, 'settings')
})
