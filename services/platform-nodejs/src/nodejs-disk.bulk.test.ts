import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import test, { type TestContext } from 'node:test'
import type { Disk, DiskFile, OpenOptions } from '@holt/core/disk.ts'
import { diskCases } from '@holt/core/disk-cases.ts'
import { readInto } from '@holt/core/read-into.ts'
import fc from 'fast-check'
import { ALIGNMENT, LEAST_DIRECT_BYTES } from './aligned-memory.ts'
import { DirectFile } from './direct-file.ts'
import { NodejsDisk } from './nodejs-disk.ts'

/** On a file system that knows direct transfers, where that one is: `/tmp` may not be. */
function bulkFolder(context: TestContext): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'holt-bulk-'))
  context.after(() => rmSync(folder, { recursive: true }))
  return folder
}

class BulkDisk extends NodejsDisk implements Disk {
  override open(name: string, options: OpenOptions = {}): ReturnType<NodejsDisk['open']> {
    return super.open(name, { ...options, bulk: true })
  }
}

for (const { name, run } of diskCases) test(`NodejsDisk for bulk: ${name}`, (context) => run(new BulkDisk(bulkFolder(context))))

test('bytes come back as they were written, wherever writes and reads begin and end', async (context) => {
  const folder = bulkFolder(context)
  const disk = new BulkDisk(folder)
  const near = fc.constantFrom(-1, 0, 1, 100, ALIGNMENT - 1)
  const place = fc.tuple(fc.integer({ min: 0, max: 300 }), near).map(([blocks, more]) => Math.max(0, blocks * ALIGNMENT + more))
  const length = fc.tuple(fc.constantFrom(0, 1, 32, 33, 128, 300), near).map(([blocks, more]) => Math.max(0, blocks * ALIGNMENT + more))
  const step = fc.record({ kind: fc.constantFrom('write', 'read', 'truncate'), place, length })
  let round = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const file = await disk.open(`${round++}`, { create: 'new' })
      assert.ok(file)
      let model = new Uint8Array(0)
      for (const [i, step] of steps.entries()) {
        if (step.kind === 'write') {
          const bytes = new Uint8Array(step.length).map((_, at) => (at * 7 + i + 1) & 255)
          await file.write(step.place, bytes)
          if (bytes.length > 0) model = grown(model, step.place + bytes.length)
          model.set(bytes, bytes.length > 0 ? step.place : 0)
        } else if (step.kind === 'truncate') {
          await file.truncate(step.place)
          model = grown(model, step.place).slice(0, step.place)
        } else {
          const target = new Uint8Array(step.length)
          const got = await readInto(file, step.place, target)
          assert.deepEqual(target.subarray(0, got), model.subarray(step.place, step.place + step.length))
        }
      }
      await file.close()
      assert.ok(Buffer.from(model).equals(readFileSync(path.join(folder, `${round - 1}`))))
    }),
    { numRuns: 60 },
  )
})

function grown(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(Math.max(bytes.length, length))
  more.set(bytes)
  return more
}

test('many long transfers at once share the memory there is for them', async (context) => {
  const disk = new BulkDisk(bulkFolder(context))
  const contents = Array.from({ length: 12 }, (_, i) => new Uint8Array(3 * LEAST_DIRECT_BYTES + i).fill(i + 1))
  const files = await Promise.all(contents.map(async (_, i) => (await disk.open(`${i}`, { create: 'new' })) as DiskFile))
  await Promise.all(files.map((file, i) => file.write(i, contents[i] as Uint8Array)))
  const read = await Promise.all(files.map((file, i) => file.read(i, 4 * LEAST_DIRECT_BYTES)))
  assert.deepEqual(read, contents)
  await Promise.all(files.map((file) => file.close()))
})

test('where a file system has no direct transfers, files for bulk work all the same', { skip: process.platform !== 'linux' }, async () => {
  assert.equal(await DirectFile.open('/proc/self/cmdline', 0), null)
  const file = await new BulkDisk('/proc/self').open('cmdline', { readOnly: true })
  assert.ok(((await file?.read(0, 2 * LEAST_DIRECT_BYTES))?.length ?? 0) > 0)
  await file?.close()
})
