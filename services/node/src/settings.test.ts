import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encode } from '@holt/core/codec.ts'
import { readTwice, writeTwice } from '@holt/core/kept-twice.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { newSettings, readSettings, writeSettings } from './settings.ts'

const reach = { start: ['/ip4/203.0.113.7/tcp/4660/p2p/12D3KooWOther'], announce: [], relay: true, mapPort: false }

test('how far a node goes is kept as it was said, and a file without it means its local networks', async () => {
  const disk = new MemoryDisk()
  await writeSettings(disk, { ...newSettings(), reach })
  assert.deepEqual((await readSettings(disk))?.reach, reach)
  await writeSettings(disk, newSettings())
  assert.equal((await readSettings(disk))?.reach, null)
  const written = (await readTwice(disk, 'settings'))?.content as Uint8Array
  assert.ok(!Buffer.from(written).includes('reach'), 'an earlier version reads it')
})

test('settings of a reach that is not known are refused', async () => {
  const { drives, classes, retention } = newSettings()
  for (const wrong of [
    { ...reach, relay: 2, mapPort: 0 },
    { start: [], announce: [], relay: 1 },
    { ...reach, relay: 1, mapPort: 0, more: 1 },
  ]) {
    const disk = new MemoryDisk()
    const content = encode({ v: 1, kind: 'settings', drives, classes, retention, keyBackedUp: 0, reach: wrong })
    await writeTwice(disk, 'settings', content)
    await assert.rejects(readSettings(disk), { code: 'MALFORMED' })
  }
})
