import assert from 'node:assert/strict'
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { sealingKey } from '@holt/tree/sealed-block.ts'
import type { AllJobs } from './jobs.ts'
import { NodejsWorkPool } from './work-pool.ts'

function openPool(t: TestContext, options: ConstructorParameters<typeof NodejsWorkPool<AllJobs>>[0] = {}): NodejsWorkPool<AllJobs> {
  const pool = new NodejsWorkPool<AllJobs>({ width: 2, ...options })
  t.after(() => pool.close())
  return pool
}

function folderWithFiles(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'holt-pool-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'file'), 'content')
  mkdirSync(join(folder, 'folder'))
  symlinkSync('file', join(folder, 'link'))
  utimesSync(join(folder, 'file'), 1_700_000_000.5, 1_700_000_000.5)
  return folder
}

test('runs jobs in worker threads and hands their results back', async (t) => {
  const pool = openPool(t)
  const { entries, skipped } = await pool.run('scanFolder', { path: folderWithFiles(t) })
  const found = entries.map(({ name, kind, sizeBytes, target }) => ({ name, kind, sizeBytes: kind === 'f' ? sizeBytes : 0, target }))
  assert.deepEqual(skipped, [])
  assert.deepEqual(
    found.sort((a, b) => (a.name < b.name ? -1 : 1)),
    [
      { name: 'file', kind: 'f', sizeBytes: 7, target: '' },
      { name: 'folder', kind: 'd', sizeBytes: 0, target: '' },
      { name: 'link', kind: 'l', sizeBytes: 0, target: 'file' },
    ],
  )
  assert.deepEqual(entries.find(({ name }) => name === 'file')?.modified, [1_700_000_000, 500_000_000])
})

test('a job that throws keeps its code, and the thread goes on', async (t) => {
  const pool = openPool(t, { width: 1 })
  const input = { keys: [new Uint8Array(32)], blocks: [{ sealed: new Uint8Array(100), lengthBytes: 1 }] }
  await assert.rejects(pool.run('openChunks', input), { code: 'UNSUPPORTED_VERSION' })
  const key = sealingKey([new Uint8Array(32)])
  const { cids } = await pool.run('sealChunks', { key, content: new Uint8Array(10).fill(1), chunkBytes: 65536 })
  assert.equal(cids.length, 1)
})

test('a cancelled job that still waits for a thread never runs', async (t) => {
  const pool = openPool(t, { width: 1 })
  const cancel = new AbortController()
  const before = [1, 2].map(() => pool.run('scanFolder', { path: folderWithFiles(t) }))
  const last = pool.run('scanFolder', { path: folderWithFiles(t) }, { signal: cancel.signal })
  cancel.abort()
  await assert.rejects(last, { code: 'CANCELLED' })
  for (const { entries } of await Promise.all(before)) assert.equal(entries.length, 3)
})

test('many jobs that one signal can cancel are no reason for a warning', async (t) => {
  const warnings: Error[] = []
  const note = (warning: Error): unknown => warnings.push(warning)
  process.on('warning', note)
  t.after(() => process.off('warning', note))
  const pool = openPool(t)
  const path = folderWithFiles(t)
  const { signal } = new AbortController()
  await Promise.all(Array.from({ length: 20 }, () => pool.run('scanFolder', { path }, { signal })))
  await new Promise((resolve) => setImmediate(resolve)) // warnings come a tick later
  assert.deepEqual(warnings, [])
})

test('ends threads that have no work, and starts new ones when work comes', async (t) => {
  const pool = openPool(t, { idleLimitMs: 10 })
  const path = folderWithFiles(t)
  await Promise.all([pool.run('scanFolder', { path }), pool.run('scanFolder', { path })])
  assert.ok(pool.threadCount > 0)
  // the pool's own timers do not keep a process alive: this one does
  while (pool.threadCount > 0) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal((await pool.run('scanFolder', { path })).entries.length, 3)
})

test('refuses work once it is closed, and fails what waited', async (t) => {
  const pool = openPool(t, { width: 1 })
  const path = folderWithFiles(t)
  const waiting = [pool.run('scanFolder', { path }), pool.run('scanFolder', { path })].map((run) => run.catch((error: unknown) => error))
  await pool.close()
  for (const outcome of await Promise.all(waiting)) assert.equal((outcome as { code?: string }).code ?? 'done', 'NODE_STOPPING')
  await assert.rejects(pool.run('scanFolder', { path }), { code: 'NODE_STOPPING' })
})

test('jobs that are to run apart have threads that others never keep busy, and are cancelled in their queue as well', async (t) => {
  const pool = openPool(t, { width: 1, apart: ['scanFolder'] })
  const path = folderWithFiles(t)
  const key = sealingKey([new Uint8Array(32)])
  const seal = () => pool.run('sealChunks', { key, content: new Uint8Array(1 << 20).fill(1), chunkBytes: 65536 })
  const sealing = Promise.all([seal(), seal(), seal()])
  const cancel = new AbortController()
  const scans = [1, 2, 3].map((i) => pool.run('scanFolder', { path }, i === 3 ? { signal: cancel.signal } : {}))
  assert.equal(pool.threadCount, 2)
  cancel.abort()
  await assert.rejects(scans[2] as Promise<unknown>, { code: 'CANCELLED' })
  for (const { entries } of await Promise.all(scans.slice(0, 2))) assert.equal(entries.length, 3)
  await sealing
})
