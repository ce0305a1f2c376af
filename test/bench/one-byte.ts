import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initBenchNode, startBenchNode } from './bench-node.ts'
import { makeFile } from './corpora.ts'
import { withOpenTree } from './open-tree.ts'
import type { BenchTable } from './report.ts'

/** What one changed byte in a large random-access file makes the node write: chunk, path to the head, mirror on the drives. */
const sizeBytes = Math.round(2 ** 30 * Number(process.env['HOLT_BENCH_SCALE'] ?? 1))
const changes = 5

export async function bench(): Promise<BenchTable[]> {
  const table: BenchTable = {
    title: `one byte changed in a random-access file of ${(sizeBytes / 2 ** 20).toFixed(0)} MiB, and committed (the goal is 256 KiB)`,
    columns: ['', 'KiB written', 'ms, best'],
    rows: [],
  }
  table.rows.push(['1 drive', ...(await changeOneByte(1, { k: 1, n: 1 }))])
  table.rows.push(['6 drives 4-of-6', ...(await changeOneByte(6, { k: 4, n: 6 }))])
  return [table]
}

async function changeOneByte(driveCount: number, shape: { k: number; n: number }): Promise<string[]> {
  const folder = await mkdtemp(join(process.env['HOLT_BENCH_DIR'] ?? tmpdir(), 'holt-bench-'))
  try {
    const data = join(folder, 'data')
    const local = join(folder, 'disk.img')
    await makeFile(local, sizeBytes)
    const drives = Array.from({ length: driveCount }, (_, i) => join(folder, `drive-${i}`))
    const node = await startBenchNode(data)
    await initBenchNode(node, drives, shape)
    await node.control.call('files.importLocal', { locals: [local], path: '/', place: 'into', randomAccess: true })
    await node.control.call('store.settle', {})
    await node.stop()
    return await withOpenTree(data, async ({ volume, store }) => {
      let written = 0
      let bestMs = Number.POSITIVE_INFINITY
      for (let i = 0; i < changes; i++) {
        const before = await writtenBytes()
        const startedMs = performance.now()
        await volume.edit((edit) => edit.write('/disk.img', Math.floor(((i + 0.5) / changes) * sizeBytes), new Uint8Array([i + 1])))
        bestMs = Math.min(bestMs, performance.now() - startedMs)
        await store.settle() // the copies on the drives count too
        written = Math.max(written, (await writtenBytes()) - before)
      }
      return [(written / 1024).toFixed(0), bestMs.toFixed(1)]
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** All that this process has handed to the kernel in write calls, to every file. */
async function writtenBytes(): Promise<number> {
  return Number(/^wchar: (\d+)$/m.exec(await readFile('/proc/self/io', 'utf8'))?.[1])
}
