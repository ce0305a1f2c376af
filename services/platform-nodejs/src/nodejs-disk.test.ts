import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import test from 'node:test'
import { diskCases } from '@holt/core/disk-cases.ts'
import { NodejsDisk } from './nodejs-disk.ts'

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'holt-disk-'))
  try {
    await run(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

for (const { name, run } of diskCases) test(`NodejsDisk: ${name}`, () => withFolder((folder) => run(new NodejsDisk(folder))))

test('makes its own root folder when told', () =>
  withFolder(async (folder) => {
    const disk = new NodejsDisk(path.join(folder, 'a/b'))
    await disk.makeFolder('')
    await disk.replaceFile('c', new Uint8Array([1]))
    assert.deepEqual(await disk.list(''), ['c'])
    assert.equal(disk.localPath('c'), path.join(folder, 'a/b/c'))
  }))

test('a fault that is neither absence nor a full disk keeps its cause', () =>
  withFolder(async (folder) => {
    symlinkSync('loop', path.join(folder, 'loop'))
    const error = await new NodejsDisk(folder).readFile('loop').catch((thrown: unknown) => thrown)
    assert.equal((error as { code: string }).code, 'IO_FAILED')
    assert.equal((error as { cause: { code: string } }).cause.code, 'ELOOP')
  }))

test('a device without space is DISK_FULL', { skip: process.platform !== 'linux' }, () =>
  withFolder(async (folder) => {
    symlinkSync('/dev/full', path.join(folder, 'full'))
    const file = await new NodejsDisk(folder).open('full')
    assert.ok(file)
    await assert.rejects(file.write(0, new Uint8Array(10)), { code: 'DISK_FULL' })
    await file.close()
  }),
)

test('a closed file fails, and never touches another that got its descriptor', () =>
  withFolder(async (folder) => {
    const disk = new NodejsDisk(folder)
    const closed = await disk.open('a', { create: 'new' })
    await closed?.close()
    const other = await disk.open('b', { create: 'new' })
    await assert.rejects(async () => closed?.write(0, new Uint8Array([1])), { code: 'IO_FAILED' })
    await assert.rejects(async () => closed?.close(), { code: 'IO_FAILED' })
    assert.equal(await other?.size(), 0)
    await other?.close()
  }))
