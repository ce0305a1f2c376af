import { createCipheriv } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cidOf } from '@holt/core/cid.ts'
import type { BlockBatch, BlockStore } from '@holt/store/types.ts'
import { frameSection } from '@holt/core/car.ts'
import { type BenchNode, startBenchNode } from './bench-node.ts'
import { bytesIn, coldStart, pause, residentMiB } from './measure.ts'
import { withOpenTree } from './open-tree.ts'
import type { BenchTable } from './report.ts'

/** How long a node takes from the start of its process until it answers as ready, with a million blocks stored. */
const blocks = Math.round(1_000_000 * Number(process.env['HOLT_BENCH_SCALE'] ?? 1))
const BODY_BYTES = 1024
const BATCH_BLOCKS = 1024
const starts = 3

export async function bench(): Promise<BenchTable[]> {
  const folder = await mkdtemp(join(process.env['HOLT_BENCH_DIR'] ?? tmpdir(), 'holt-bench-'))
  try {
    const table: BenchTable = {
      title: `from the start of the process until ready (${starts} starts, ms; the goal is 2000)`,
      columns: ['blocks', 'MiB stored', 'page cache empty', 'warm, best', 'warm, worst', 'RSS idle MiB'],
      rows: [],
    }
    const data = join(folder, 'data')
    await setUp(data)
    table.rows.push(await startRow(data))
    await withOpenTree(data, ({ store }) => fill(store))
    table.rows.push(await startRow(data))
    return [table]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function setUp(data: string): Promise<void> {
  const node = await startBenchNode(data)
  await node.control.call('node.init', {})
  await node.stop()
}

/** The store takes any sealed bytes: these are random, a KiB each, and named as blocks are. */
async function fill(store: BlockStore): Promise<void> {
  const random = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16))
  const zeros = Buffer.alloc(BODY_BYTES * BATCH_BLOCKS)
  const session = store.beginWriting()
  for (let done = 0; done < blocks; done += BATCH_BLOCKS) {
    const count = Math.min(BATCH_BLOCKS, blocks - done)
    await store.append(batchOf(random.update(zeros.subarray(0, count * BODY_BYTES)), count))
  }
  await store.commit(store.heads())
  session.end()
}

function batchOf(bodies: Uint8Array, count: number): BlockBatch {
  const sections: Uint8Array[] = []
  const blocks: { cid: Uint8Array; offset: number; length: number }[] = []
  let end = 0
  for (let i = 0; i < count; i++) {
    const body = bodies.subarray(i * BODY_BYTES, (i + 1) * BODY_BYTES)
    const cid = cidOf(body)
    const section = frameSection(cid, body)
    end += section.length
    sections.push(section)
    blocks.push({ cid, offset: end - BODY_BYTES, length: BODY_BYTES })
  }
  return { sections: Buffer.concat(sections), blocks }
}

async function startRow(data: string): Promise<string[]> {
  const first = await startBenchNode(data)
  await first.control.call('store.settle', {}) // spreading what was just written is not part of a start
  await first.stop()
  const cold = (await coldStart()) ? await startOnce(data) : null
  const warm: BenchNode[] = []
  for (let i = 0; i < starts; i++) warm.push(await startOnce(data))
  const node = await startBenchNode(data)
  const { store } = await node.control.call('node.status', {})
  await pause(10_000)
  const { now } = await residentMiB(node.pid)
  await node.stop()
  const times = warm.map(({ startSeconds }) => startSeconds * 1000)
  const shown = [Math.min(...times), Math.max(...times), now].map((value) => value.toFixed(0))
  const stored = ((await bytesIn(data)) / 2 ** 20).toFixed(0)
  return [String(store.blocks), stored, cold === null ? 'needs root' : (cold.startSeconds * 1000).toFixed(0), ...shown]
}

async function startOnce(data: string): Promise<BenchNode> {
  const node = await startBenchNode(data)
  await node.stop()
  return node
}
