import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Disk } from '@holt/core/disk.ts'
import { NodejsDisk } from '@holt/platform-nodejs/nodejs-disk.ts'
import { QuotaDisk } from './quota-disk.ts'

const MIB = 2 ** 20

async function quotaDisk(
  t: { after(work: () => Promise<void>): void },
  quota: { limitBytes?: number; reserveBytes?: number; freeBytes?: number },
) {
  const folder = await mkdtemp(join(tmpdir(), 'holt-quota-'))
  t.after(() => rm(folder, { recursive: true }))
  const inner = new NodejsDisk(folder)
  const { freeBytes = 100 * MIB } = quota
  const phone = Object.assign(Object.create(inner) as Disk, { space: async () => ({ totalBytes: 1000 * MIB, freeBytes }) })
  phone.open = (...call) => inner.open(...call)
  for (const name of ['replaceFile', 'remove', 'list', 'readFile', 'sizeOf'] as const)
    Object.defineProperty(phone, name, { value: (...call: never[]) => (inner[name] as (...call: never[]) => unknown)(...call) })
  return new QuotaDisk(phone, { limitBytes: quota.limitBytes ?? 10 * MIB, reserveBytes: quota.reserveBytes ?? 50 * MIB })
}

async function write(disk: Disk, name: string, lengthBytes: number): Promise<void> {
  const file = await disk.open(name, { create: 'always' })
  assert.ok(file)
  try {
    await file.write(await file.size(), new Uint8Array(lengthBytes).fill(1))
    await file.sync()
  } finally {
    await file.close()
  }
}

test('content is refused beyond the quota, records are not, and what is removed makes room', async (t) => {
  const disk = await quotaDisk(t, {})
  for (let i = 0; i < 9; i++) await write(disk, `pack-${i}`, MIB)
  await assert.rejects(write(disk, 'pack-9', MIB), { code: 'DISK_FULL' })
  await write(disk, 'head', 1000)
  await disk.replaceFile('settings', new Uint8Array(1000))
  const { freeBytes } = await disk.space()
  assert.ok(freeBytes < MIB, `${freeBytes} are said to be free`)
  for (let i = 0; i < 4; i++) await disk.remove(`pack-${i}`)
  await write(disk, 'pack-9', MIB)
})

test('the phone keeps its reserve, whatever the quota says', async (t) => {
  const disk = await quotaDisk(t, { limitBytes: 1000 * MIB, reserveBytes: 99 * MIB, freeBytes: 100 * MIB })
  await assert.rejects(write(disk, 'pack', MIB), { code: 'DISK_FULL' })
  assert.equal((await disk.space()).freeBytes, MIB)
})
