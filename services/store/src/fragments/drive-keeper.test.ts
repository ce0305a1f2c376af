import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MemoryDisk } from '@holt/core/memory-disk.ts'
import { MARKER_PATH } from './drive-folder.ts'
import { KeeperWorld } from './keeper-world.ts'

/** All ways to choose `count` of 0 … n−1. */
function* subsets(n: number, count: number, from = 0): Generator<number[]> {
  if (count === 0) return yield []
  for (let first = from; first <= n - count; first++) for (const rest of subsets(n, count - 1, first + 1)) yield [first, ...rest]
}

async function takeAway(disk: MemoryDisk): Promise<void> {
  await disk.rename(MARKER_PATH, 'away')
  disk.fault = (_, path) => {
    if (path !== MARKER_PATH && path !== 'away') throw new Error(`the drive is gone, yet ${path} was used`)
  }
}

async function bringBack(disk: MemoryDisk): Promise<void> {
  disk.fault = null
  await disk.rename('away', MARKER_PATH)
}

for (let drives = 1; drives <= 7; drives++) {
  test(`with ${drives} drives every tolerated loss still reads, one more is told`, async () => {
    const world = await KeeperWorld.withDrives(drives)
    const { pack, bytes } = await world.spreadNew(100_003)
    const [kept] = world.keeper.packs()
    assert.ok(kept)
    assert.equal(kept.totalFragments, drives)
    assert.equal(kept.presentFragments, drives)
    const losses = drives - kept.dataFragments
    for (let lost = 0; lost <= losses + 1 && lost <= drives; lost++) {
      for (const subset of subsets(drives, lost)) {
        for (const i of subset) await takeAway(world.disks[i] as MemoryDisk)
        const keeper = await world.reopen()
        assert.equal(keeper.packs()[0]?.presentFragments, drives - lost)
        const whole = await keeper.read(pack.id, 0, bytes.length)
        const middle = await keeper.read(pack.id, 33_000, 20_000)
        if (lost <= losses) {
          assert.deepEqual(whole, bytes)
          assert.deepEqual(middle, bytes.slice(33_000, 53_000))
        } else assert.equal(whole, null)
        for (const i of subset) await bringBack(world.disks[i] as MemoryDisk)
      }
    }
    assert.deepEqual(await (await world.reopen()).read(pack.id, 0, bytes.length), bytes)
  })
}
