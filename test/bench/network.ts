import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { fromHex } from '@holt/core/bytes.ts'
import { Caller } from '@holt/network/rpc/caller.ts'
import { startLibp2pLinks } from '@holt/platform-nodejs/network/libp2p-links.ts'
import { systemClock as clock } from '@holt/store/fragments/clock.ts'
import { multiaddr } from '@multiformats/multiaddr'
import { startBenchNode } from './bench-node.ts'
import { pause } from './measure.ts'
import { bareHost } from './network/bare-host.ts'
import { BARE, benchProtocol, PIECE_BYTES } from './network/receiver.ts'
import type { BenchTable } from './report.ts'

const scale = Number(process.env['HOLT_BENCH_SCALE'] ?? 1)
const pieces = Math.max(8, Math.round(512 * scale))
const requests = Math.max(100, Math.round(20_000 * scale))
const ROUNDS = 3
const PEERS = 20
/** What starts, ends; then it is idle. */
const SETTLE_MS = 20_000 * scale
const IDLE_MS = 60_000 * scale
const TICKS_PER_SECOND = 100

/** What goes from one process to another on loopback, and what a node costs that does nothing. */
export async function bench(): Promise<BenchTable[]> {
  return [await throughput(), await idle()]
}

function program(name: string, ...args: string[]): { child: ChildProcess; lines: Interface } {
  const path = join(import.meta.dirname, 'network', name)
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  process.once('exit', () => child.kill('SIGKILL'))
  return { child, lines: createInterface(child.stdout as NodeJS.ReadableStream) }
}

async function nextLine(lines: Interface): Promise<string> {
  const [line] = (await once(lines, 'line', { signal: AbortSignal.timeout(60_000) })) as [string]
  return line
}

async function throughput(): Promise<BenchTable> {
  const { child, lines } = program('receiver.ts', 'run')
  const far = JSON.parse(await nextLine(lines)) as { bare: string[]; self: string; addresses: string[] }
  const bare = await bareHost([])
  const holt = await startLibp2pLinks({ seed: new Uint8Array(32).fill(2), listen: [], kindOf: () => 'paired' })
  const peer = fromHex(far.self) as Uint8Array
  await holt.learn(peer, far.addresses)
  const caller = new Caller(holt, peer, benchProtocol, { clock })
  try {
    const best = { bare: 0, holt: 0, asked: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      best.bare = Math.max(best.bare, await rate(() => sendBare(bare, far.bare[0] as string)))
      best.holt = Math.max(best.holt, await rate(() => sendByRequests(caller)))
      const seconds = await secondsOf(() => askMany(caller))
      best.asked = Math.max(best.asked, requests / seconds)
    }
    const ratio = (best.holt / best.bare).toFixed(2)
    return {
      title: `${pieces} MiB from process to process on loopback, best of ${ROUNDS} in turn (the goal is 0.70 of a bare stream)`,
      columns: ['', 'MB/s', 'of a bare stream', 'requests/s'],
      rows: [
        ['a bare libp2p stream', best.bare.toFixed(0), '1.00', ''],
        ["Holt's requests, 1 MiB each", best.holt.toFixed(0), ratio, ''],
        ['small requests, 64 at once', '', '', best.asked.toFixed(0)],
      ],
    }
  } finally {
    caller.close()
    await Promise.all([bare.stop(), holt.stop()])
    child.kill('SIGKILL')
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return (performance.now() - startedMs) / 1000
}

async function rate(work: () => Promise<unknown>): Promise<number> {
  return (pieces * PIECE_BYTES) / 1e6 / (await secondsOf(work))
}

/** To the other's end: what it has not read is not counted. */
async function sendBare(host: Awaited<ReturnType<typeof bareHost>>, to: string): Promise<void> {
  const stream = await host.dialProtocol(multiaddr(to), BARE)
  const ended = new Promise((resolve) => stream.addEventListener('remoteCloseWrite', resolve, { once: true }))
  const piece = new Uint8Array(PIECE_BYTES)
  for (let sent = 0; sent < pieces; sent++) if (!stream.send(piece.slice())) await stream.onDrain()
  await stream.close()
  await ended
}

type BenchCaller = Caller<(typeof benchProtocol)['methods']>

async function sendByRequests(caller: BenchCaller): Promise<void> {
  let left = pieces
  const one = async (): Promise<void> => {
    while (left-- > 0) await caller.call('put', { bytes: new Uint8Array(PIECE_BYTES) })
  }
  await Promise.all(Array.from({ length: 4 }, one))
}

async function askMany(caller: BenchCaller): Promise<void> {
  let left = requests
  const one = async (): Promise<void> => {
    while (left-- > 0) await caller.call('ask', { number: left })
  }
  await Promise.all(Array.from({ length: 64 }, one))
}

async function idle(): Promise<BenchTable> {
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
      await nextLine(crowd.lines)
    }
    await pause(SETTLE_MS)
    const before = await ticksOf(node.pid)
    await pause(IDLE_MS)
    const percent = (100 * ((await ticksOf(node.pid)) - before)) / TICKS_PER_SECOND / (IDLE_MS / 1000)
    const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${node.pid}/status`, 'utf8')) ?? []
    return [(Number(kib) / 1024).toFixed(0), percent.toFixed(2), node.startSeconds.toFixed(2)]
  } finally {
    crowd?.child.kill('SIGKILL')
    await node.stop()
  }
}

async function whereItIs(control: Awaited<ReturnType<typeof startBenchNode>>['control']): Promise<string> {
  for (let tries = 0; tries < 300; tries++) {
    const address = (await control.call('peers.list', {})).addresses.find((one) => /^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/\w+$/.test(one))
    if (address !== undefined) return address
    await pause(100)
  }
  throw new Error('the node is not among others')
}

async function ticksOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ')
  return Number(fields[11]) + Number(fields[12])
}
