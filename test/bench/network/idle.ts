import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBenchNode } from '../bench-node.ts'
import { pause } from '../measure.ts'
import type { BenchTable } from '../report.ts'
import { costOf, nextLine, program } from './program.ts'

const scale = Number(process.env['HOLT_BENCH_SCALE'] ?? 1)
const PEERS = 20
/** What starts, ends; then it is idle. */
const SETTLE_MS = 20_000 * scale
const IDLE_MS = 60_000 * scale

/** What a node costs that does nothing. */
export async function idle(): Promise<BenchTable> {
  const table: BenchTable = {
    title: `a node that does nothing, ${(IDLE_MS / 1000).toFixed(0)} s long (the goal with ${PEERS} peers is 150 MiB and 1 % of a processor)`,
    columns: ['', 'MiB RSS', '% of a processor', 's to start'],
    rows: [],
  }
  const folder = await mkdtemp(join(process.env['HOLT_BENCH_DIR'] ?? tmpdir(), 'holt-bench-'))
  try {
    table.rows.push(['among no others', ...(await idleNode(join(folder, 'alone'), ['--no-peers'], null))])
    table.rows.push([`${PEERS} peers, on its local networks`, ...(await idleNode(join(folder, 'lan'), onLoopback, { far: false }))])
    table.rows.push([`${PEERS} peers, and beyond them`, ...(await idleNode(join(folder, 'far'), onLoopback, { far: true }))])
    return table
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const onLoopback = ['--peer-interface', 'lo', '--peer-port', '0']

async function idleNode(data: string, options: readonly string[], peers: { far: boolean } | null): Promise<string[]> {
  const node = await startBenchNode(data, ['--no-page', ...options])
  const crowd = peers === null ? null : program('crowd.ts')
  try {
    await node.control.call('node.init', {})
    if (peers?.far === true)
      await node.control.call('peers.reach', { reach: { start: [], announce: ['/ip4/203.0.113.7/tcp/4660'], relay: true, mapPort: false } })
    for (let i = 0; crowd !== null && i < PEERS; i++) {
      const at = await whereItIs(node.control)
      const { code } = await node.control.call('peers.showCode', { relation: 'friend', name: 'bench' })
      crowd.child.stdin?.write(`${JSON.stringify({ code, at })}\n`)
      await nextLine(crowd)
    }
    await pause(SETTLE_MS)
    const { seconds, processorSeconds } = await costOf([node.pid], () => pause(IDLE_MS))
    const percent = (100 * processorSeconds) / seconds
    const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${node.pid}/status`, 'utf8')) ?? []
    return [(Number(kib) / 1024).toFixed(0), percent.toFixed(2), node.startSeconds.toFixed(2)]
  } finally {
    crowd?.child.kill('SIGKILL')
    await node.stop()
  }
}

/** Its address on loopback. */
export async function whereItIs(control: Awaited<ReturnType<typeof startBenchNode>>['control']): Promise<string> {
  for (let tries = 0; tries < 300; tries++) {
    const address = (await control.call('peers.list', {})).addresses.find((one) => /^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/\w+$/.test(one))
    if (address !== undefined) return address
    await pause(100)
  }
  throw new Error('the node is not among others')
}
