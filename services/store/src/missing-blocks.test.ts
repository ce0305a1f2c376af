import assert from 'node:assert/strict'
import test from 'node:test'
import { type Cid, cidOf } from '@holt/core/cid.ts'
import { HoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { NAMES_CLASS } from './class-names.ts'
import { MemoryKeeper } from './memory-keeper.ts'
import { bytesFrom, headOf, openedStore } from './test-world.ts'

const body = bytesFrom(7, 5000)
const cid = cidOf(body)

test('what a store lacks is got from elsewhere once, and kept in its class', async () => {
  const [disk, keeper] = [new MemoryDisk(), new MemoryKeeper()]
  const store = await openedStore(disk, keeper)
  let asked = 0
  const get = async () => {
    asked++
    await new Promise((resolve) => setImmediate(resolve))
    return { sealed: body, redundancyClass: NAMES_CLASS }
  }
  store.askElsewhere({ get })
  assert.deepEqual(await Promise.all([store.get(cid), store.get(cid)]), [body, body])
  assert.equal(asked, 1)
  const spot = await store.locate(cid)
  assert.equal(spot && store.packFact(spot.pack)?.redundancyClass, NAMES_CLASS)
  store.askElsewhere(null)
  assert.deepEqual(await store.getHere(cid), body)
  await store.commit([headOf(1, 1)])
  await store.close()
  assert.deepEqual(await (await openedStore(disk, keeper)).get(cid), body)
})

test('what is not the block that was asked for is not taken, and nobody is asked for what is here', async () => {
  const store = await openedStore(new MemoryDisk(), new MemoryKeeper())
  const other = bytesFrom(8, 5000)
  const here = await store.put(other)
  const asked: Cid[] = []
  const get = async (wanted: Cid) => {
    asked.push(wanted)
    return { sealed: other, redundancyClass: 'standard' }
  }
  store.askElsewhere({ get })
  await assert.rejects(store.get(cid), { code: 'BLOCK_NOT_FOUND' })
  await assert.rejects(store.getHere(cid), { code: 'BLOCK_NOT_FOUND' })
  await store.get(here)
  assert.deepEqual(asked, [cid])
  store.askElsewhere({ get: async () => null })
  await assert.rejects(store.get(cid), { code: 'BLOCK_NOT_FOUND' })
})

test('what cannot be kept is not given out either: nothing is committed on top of it', async () => {
  const disk = new MemoryDisk()
  const store = await openedStore(disk, new MemoryKeeper())
  store.askElsewhere({ get: async () => ({ sealed: body, redundancyClass: 'standard' }) })
  disk.fault = (operation) => {
    if (operation === 'write' || operation === 'open') throw new HoltError('DISK_FULL', 'the disk is full')
  }
  await assert.rejects(store.get(cid), { code: 'DISK_FULL' })
})
