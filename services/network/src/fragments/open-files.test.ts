import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Disk, DiskFile } from '@holt/core/disk.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { OpenFiles } from './open-files.ts'

/** A disk that counts what is open, and never lets a file be closed twice or used after. */
function counting() {
  const memory = new MemoryDisk()
  const seen = { open: 0, opened: 0 }
  const open: Disk['open'] = async (path, options) => {
    const file = await memory.open(path, options)
    if (file === null) return null
    seen.open++
    seen.opened++
    let isOpen = true
    const mustBeOpen = (): DiskFile => {
      assert.ok(isOpen, 'a file that was closed')
      return file
    }
    return {
      read: (...range) => mustBeOpen().read(...range),
      write: (...range) => mustBeOpen().write(...range),
      sync: () => mustBeOpen().sync(),
      truncate: (size) => mustBeOpen().truncate(size),
      size: () => mustBeOpen().size(),
      close: async () => {
        await mustBeOpen().close()
        isOpen = false
        seen.open--
      },
    }
  }
  return { disk: { ...bound(memory), open }, seen, memory }
}

function bound(memory: MemoryDisk): Disk {
  return new Proxy(memory, {
    get: (of, name) => (typeof Reflect.get(of, name) === 'function' ? Reflect.get(of, name).bind(of) : Reflect.get(of, name)),
  })
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

test('a file is opened once for many uses, and no more than so many stay open', async () => {
  const { disk, seen } = counting()
  const files = new OpenFiles(disk, 3)
  for (let round = 0; round < 4; round++) await files.using('a', async (file) => file?.write(round, Uint8Array.of(round)), { create: true })
  assert.deepEqual(seen, { open: 1, opened: 1 })
  for (const name of ['b', 'c', 'd', 'e', 'f']) await files.using(name, async (file) => file?.write(0, Uint8Array.of(1)), { create: true })
  await settled()
  assert.equal(seen.open, 3)
  assert.deepEqual(await files.using('a', async (file) => [...((await file?.read(0, 4)) ?? [])]), [0, 1, 2, 3])
  files.close()
  await settled()
  assert.equal(seen.open, 0)
})

test('what is not there, fails or is removed meanwhile is opened anew, and closed by who uses it last', async () => {
  const { disk, seen, memory } = counting()
  const files = new OpenFiles(disk, 3)
  assert.equal(await files.using('a', async (file) => file), null)
  await files.using('a', async (file) => file?.write(0, Uint8Array.of(1)), { create: true })
  await assert.rejects(
    files.using('a', () => Promise.reject(new Error('the drive is gone'))),
    /gone/,
  )
  assert.equal(seen.open, 0)
  let release: () => void = () => {}
  const busy = new Promise<void>((resolve) => (release = resolve))
  const uses = [1, 2].map(() => files.using('a', async (file) => busy.then(() => file?.read(0, 1))))
  await settled()
  files.forget('a')
  await memory.remove('a')
  await files.using('a', async (file) => file?.write(0, Uint8Array.of(2)), { create: true })
  assert.equal(seen.open, 2)
  release()
  await Promise.all(uses)
  assert.deepEqual([seen.open, seen.opened], [1, 3])
  assert.deepEqual([...((await files.using('a', async (file) => file?.read(0, 1))) ?? [])], [2])
  files.close()
  await settled()
  assert.equal(seen.open, 0)
})

test('random uses, failures and removals side by side leave nothing open and close nothing twice', async () => {
  const { disk, seen } = counting()
  const files = new OpenFiles(disk, 2)
  let state = 7
  const below = (n: number): number => (state = (state * 1103515245 + 12345) % 2 ** 31) % n
  await Promise.all(
    Array.from({ length: 400 }, async (_, i) => {
      const path = `file ${below(5)}`
      if (below(4) === 0) return files.forget(path)
      const work = async (file: DiskFile | null): Promise<void> => {
        for (let turns = below(4); turns > 0; turns--) await settled()
        await file?.write(0, Uint8Array.of(i % 256))
        if (i % 7 === 0) throw new Error('fails')
      }
      await files.using(path, work, { create: true }).catch(() => {})
    }),
  )
  await settled()
  assert.ok(seen.open <= 2)
  files.close()
  await settled()
  assert.equal(seen.open, 0)
})
