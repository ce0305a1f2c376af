import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestNode } from '../../peers/harness.ts'
import { houseFire } from '../../peers/house-fire.ts'
import type { BenchTable } from '../report.ts'

const scale = Number(process.env['HOLT_BENCH_SCALE'] ?? 1)
const HOLDERS = 10
const sizeBytes = Math.max(16, Math.round(4 * scale * 1024)) * 2 ** 20

/** A new node gets everything of a lost one from the nodes of ten friends. */
export async function recovery(): Promise<BenchTable> {
  const folder = await mkdtemp(join(process.env['HOLT_BENCH_DIR'] ?? tmpdir(), 'holt-bench-'))
  const nodes: TestNode[] = []
  try {
    const { bytes, differing, usableMs, restoredMs, restoreRate, linkRate, peakBytes } = await houseFire({
      folder,
      sizeBytes,
      nodeCount: HOLDERS + 1,
      alsoBurnt: 0,
      say: (line) => console.log(line),
      onNode: (node) => nodes.push(node),
    })
    if (differing.length > 0) throw new Error(`${differing.length} files differ`)
    return {
      title: `${(bytes / 2 ** 30).toFixed(2)} GiB from ${HOLDERS} holders onto two drives, from the words to the last pack (the goal is 0.50 of bare streams)`,
      columns: ['', 's', 'MB/s', 'of bare streams', 'MiB at most'],
      rows: [
        [`${HOLDERS} bare streams into one process`, (bytes / linkRate).toFixed(1), (linkRate / 1e6).toFixed(0), '1.00', ''],
        ['until files can be used', (usableMs / 1000).toFixed(1), '', '', ''],
        [
          'until all of it is on the drives',
          (restoredMs / 1000).toFixed(1),
          (restoreRate / 1e6).toFixed(0),
          (restoreRate / linkRate).toFixed(2),
          (peakBytes / 2 ** 20).toFixed(0),
        ],
      ],
    }
  } finally {
    await Promise.all(nodes.map((node) => node.kill()))
    await rm(folder, { recursive: true, force: true })
  }
}
