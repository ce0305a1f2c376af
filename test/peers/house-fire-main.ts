import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { TestNode } from './harness.ts'
import { houseFire, mib } from './house-fire.ts'

/** `npm run house-fire`: the whole of it, to be watched. */
const { values } = parseArgs({
  options: { mib: { type: 'string', default: '2048' }, nodes: { type: 'string', default: '8' }, folder: { type: 'string' } },
})
const nodeCount = Number(values.nodes)
const sizeBytes = Number(values.mib) * (1 << 20)
if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 1 << 20 || !Number.isInteger(nodeCount) || nodeCount < 4 || nodeCount > 32) {
  console.error('--mib takes a whole number, --nodes one of 4 to 32')
  process.exit(2)
}
const folder = await mkdtemp(join(values.folder ?? tmpdir(), 'holt-house-fire-'))
const nodes: TestNode[] = []
try {
  const say = (line: string): void => console.log(line)
  const { files, bytes, differing, usableMs, restoredMs, restoreRate, linkRate, peakBytes } = await houseFire({
    folder,
    sizeBytes,
    nodeCount,
    alsoBurnt: 2,
    say,
    onNode: (node) => nodes.push(node),
  })
  for (const path of differing) console.log(`differs: ${path}`)
  const told = `${files} files, ${mib(bytes)}, ${differing.length === 0 ? 'identical' : `${differing.length} of them differ`}`
  const speed = `usable after ${(usableMs / 1000).toFixed(1)} s, all of it in ${(restoredMs / 1000).toFixed(1)} s`
  const ratio = `${mib(restoreRate)} a second, ${(restoreRate / linkRate).toFixed(2)} of bare streams from as many processes`
  console.log(`restored ${told}; ${speed}: ${ratio}; ${mib(peakBytes)} of memory at most`)
  process.exitCode = differing.length === 0 ? 0 : 1
} finally {
  await Promise.all(nodes.map((node) => node.kill()))
  await rm(folder, { recursive: true, force: true })
}
