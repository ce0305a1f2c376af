import { type ChildProcess, spawn } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { Agent, type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { startBenchNode } from './bench-node.ts'
import { pause, residentMiB, resetPeak } from './measure.ts'
import type { BenchTable } from './report.ts'
import { type BenchRow, rowsTable, targetRow } from './rows.ts'

/**
 * The page's server under load, beside a plain Fastify server in the same run: lists while a large upload runs, large files, many small
 * requests, how long the main thread keeps others waiting, memory. The client is this process, on the same processors.
 */
const scale = Number(process.env['HOLT_BENCH_SCALE'] ?? 1)
const UPLOAD_BYTES = Math.round(10e9 * scale)
const LARGE_BYTES = Math.round(1e9 * Math.min(1, scale * 2))
const SMALL_SECONDS = 5
const SMALL_AT_ONCE = 32
const PASSWORD = 'a wood with otters'

interface Server {
  port: number
  headers: Record<string, string>
}

export async function bench(): Promise<BenchTable[]> {
  const folder = await mkdtemp(join(process.env['HOLT_BENCH_DIR'] ?? tmpdir(), 'holt-bench-'))
  const plain = await startPlain(folder)
  const node = await startBenchNode(join(folder, 'data'), ['--port', '0', '--no-peers', '--announce', join(folder, 'announced')])
  const agent = new Agent({ keepAlive: true, maxSockets: SMALL_AT_ONCE + 4 })
  try {
    const holt = await setUp(join(folder, 'announced'), agent)
    const client = new Client(agent)
    await fill(client, holt)
    const rows = [
      ...(await smallRequests(client, holt, plain.server)),
      ...(await largeFiles(client, { holt, plain: plain.server, folder, control: node.control })),
      ...(await underUpload(client, { holt, plain: plain.server, pid: node.pid, status: () => node.control.call('node.status', {}) })),
    ]
    return [rowsTable(`the page's server, beside a plain Fastify server (upload of ${(UPLOAD_BYTES / 1e9).toFixed(1)} GB)`, rows)]
  } finally {
    agent.destroy()
    await node.stop()
    plain.child.kill()
    await rm(folder, { recursive: true, force: true })
  }
}

async function startPlain(folder: string): Promise<{ server: Server; child: ChildProcess }> {
  const files = join(folder, 'plain')
  await mkdir(files)
  const child = spawn(process.execPath, [fileURLToPath(new URL('plain-server.mjs', import.meta.url)), files], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  process.once('exit', () => child.kill())
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { server: { port: Number(line), headers: {} }, child }
}

/** From the code to a token, as the page and a program would. */
async function setUp(announced: string, agent: Agent): Promise<Server> {
  let said: { page: string | null; code: string | null } = { page: null, code: null }
  for (let i = 0; i < 600 && (said.page === null || said.code === null); i++) {
    said = await readFile(announced, 'utf8').then(
      (text) => JSON.parse(text) as typeof said,
      () => said,
    )
    if (said.code === null) await pause(50)
  }
  const server: Server = {
    port: Number(new URL(said.page ?? '').port),
    headers: { 'x-holt': '1', 'content-type': 'application/json', 'x-holt-setup-code': said.code ?? '' },
  }
  const client = new Client(agent)
  const call = (method: string, path: string, body?: unknown) => client.json(server, method, path, body)
  const first = await client.send(server, 'POST', '/api/setup/password', JSON.stringify({ password: PASSWORD }))
  first.resume()
  server.headers['cookie'] = (first.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ')
  const words = ((await call('POST', '/api/setup/key', {})) as { words: string }).words.split(' ')
  const { positions } = (await call('GET', '/api/setup/key/question')) as { positions: number[] }
  await call('POST', '/api/setup/key/confirm', { answers: positions.map((position) => words[position - 1]) })
  await call('POST', '/api/setup/finish', {})
  const wish = { name: 'bench', write: true, calls: ['files'], paths: null, hours: 24 }
  const { token } = (await call('POST', '/api/tokens', wish)) as { token: string }
  return { port: server.port, headers: { authorization: `Bearer ${token}` } }
}

class Client {
  readonly #agent: Agent

  constructor(agent: Agent) {
    this.#agent = agent
  }

  async send(server: Server, method: string, path: string, body?: string | Readable, length?: number): Promise<IncomingMessage> {
    const headers = {
      ...server.headers,
      ...(length === undefined ? {} : { 'content-length': length, 'content-type': 'application/octet-stream' }),
    }
    const asked = request({ host: '127.0.0.1', port: server.port, method, path, headers, agent: this.#agent })
    const answered = once(asked, 'response')
    if (body instanceof Readable) body.pipe(asked)
    else asked.end(body)
    const [response] = (await answered) as [IncomingMessage]
    if ((response.statusCode ?? 0) >= 400) throw new Error(`${method} ${path}: ${response.statusCode} ${await textOf(response)}`)
    return response
  }

  async get(server: Server, path: string): Promise<void> {
    const response = await this.send(server, 'GET', path)
    response.resume()
    await finished(response)
  }

  async json(server: Server, method: string, path: string, body?: unknown): Promise<unknown> {
    const text = await textOf(await this.send(server, method, path, body === undefined ? undefined : JSON.stringify(body)))
    return text === '' ? null : JSON.parse(text)
  }

  /** Sends bytes made here, without the drive. @returns seconds. */
  async upload(server: Server, path: string, sizeBytes: number): Promise<number> {
    const startedMs = performance.now()
    const response = await this.send(server, 'PUT', path, Readable.from(bytesOf(sizeBytes), { objectMode: false }), sizeBytes)
    response.resume()
    await finished(response)
    return (performance.now() - startedMs) / 1000
  }

  async uploadFile(server: Server, path: string, file: string): Promise<number> {
    const startedMs = performance.now()
    const response = await this.send(server, 'PUT', path, createReadStream(file, { highWaterMark: 1 << 20 }), LARGE_BYTES)
    response.resume()
    await finished(response)
    return (performance.now() - startedMs) / 1000
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of response) text += String(part)
  return text
}

const block = randomFillSync(Buffer.allocUnsafe(1 << 20))

function* bytesOf(sizeBytes: number): Generator<Buffer> {
  for (let left = sizeBytes; left > 0; left -= block.length) yield block.subarray(0, Math.min(left, block.length))
}

/** A folder of 1,000 files. */
async function fill(client: Client, holt: Server): Promise<void> {
  for (let i = 0; i < 1000; i += 20)
    await Promise.all(
      Array.from({ length: 20 }, (_, j) =>
        client.upload(holt, `/api/files/content?path=${encodeURIComponent(`/photo-${i + j}.jpg`)}`, 100),
      ),
    )
}

async function perSecond(client: Client, server: Server, path: string): Promise<number> {
  const endMs = performance.now() + SMALL_SECONDS * 1000
  let done = 0
  const worker = async (): Promise<void> => {
    for (; performance.now() < endMs; done++) await client.get(server, path)
  }
  await Promise.all(Array.from({ length: SMALL_AT_ONCE }, worker))
  return done / SMALL_SECONDS
}

async function smallRequests(client: Client, holt: Server, plain: Server): Promise<BenchRow[]> {
  const ofPlain = await perSecond(client, plain, '/small')
  const ofHolt = await perSecond(client, holt, '/api/files/entry?path=/photo-1.jpg')
  return [
    { name: `small requests a second, ${SMALL_AT_ONCE} at once`, value: ofHolt.toFixed(0), ratio: ofHolt / ofPlain },
    { name: '  the plain server', value: ofPlain.toFixed(0) },
    targetRow('  of 1,000 that are promised', ofHolt / 1000, 1),
  ]
}

interface LargeParts {
  holt: Server
  plain: Server
  folder: string
  control: { call(name: 'files.importLocal' | 'files.exportLocal', params: never): Promise<unknown> }
}

/** The same file by the page and by `holt put` and `get`, which the node reads and writes itself. */
async function largeFiles(client: Client, { holt, plain, folder, control }: LargeParts): Promise<BenchRow[]> {
  const local = join(folder, 'local')
  const file = await open(local, 'w')
  for (const part of bytesOf(LARGE_BYTES)) await file.write(part)
  await file.sync()
  await file.close()
  const rate = (seconds: number): number => LARGE_BYTES / 1e6 / seconds
  const seconds = async (work: () => Promise<unknown>): Promise<number> => {
    const startedMs = performance.now()
    await work()
    return (performance.now() - startedMs) / 1000
  }
  const put = rate(await seconds(() => control.call('files.importLocal', { locals: [local], path: '/put', place: 'as' } as never)))
  const up = rate(await client.uploadFile(holt, '/api/files/content?path=/upload', local))
  const plainUp = rate(await client.uploadFile(plain, '/files/upload', local))
  const get = rate(await seconds(() => control.call('files.exportLocal', { path: '/put', local: join(folder, 'got') } as never)))
  const down = rate(await seconds(() => client.get(holt, '/api/files/content?path=/upload')))
  const plainDown = rate(await seconds(() => client.get(plain, '/files/upload')))
  return [
    { name: `upload of ${(LARGE_BYTES / 1e9).toFixed(1)} GB, MB/s`, value: up.toFixed(0), ratio: up / plainUp },
    { name: '  the plain server, holt put', value: `${plainUp.toFixed(0)}, ${put.toFixed(0)}` },
    targetRow('  of holt put', up / put, 0.8),
    { name: 'download of it, MB/s', value: down.toFixed(0), ratio: down / plainDown },
    { name: '  the plain server, holt get', value: `${plainDown.toFixed(0)}, ${get.toFixed(0)}` },
    targetRow('  of holt get', down / get, 0.8),
  ]
}

interface LoadParts {
  holt: Server
  plain: Server
  pid: number
  status: () => Promise<{ eventLoopDelayMs: { p99: number; max: number } }>
}

async function underUpload(client: Client, { holt, plain, pid, status }: LoadParts): Promise<BenchRow[]> {
  const before = (await residentMiB(pid)).now
  await resetPeak(pid).catch(() => {})
  const ofHolt = await listsDuring(client, holt, '/api/files?path=/&limit=1000', '/api/files/content?path=/huge')
  const { eventLoopDelayMs } = await status()
  const { peak } = await residentMiB(pid)
  const ofPlain = await listsDuring(client, plain, '/list', '/files/huge')
  const ms = (value: number): string => `${value.toFixed(1)} ms`
  return [
    { name: 'a list of 1,000 entries meanwhile, p50', value: ms(at(ofHolt, 0.5)), ratio: at(ofHolt, 0.5) / at(ofPlain, 0.5) },
    {
      name: '  p99 (50 ms are promised)',
      value: ms(at(ofHolt, 0.99)),
      met: at(ofHolt, 0.99) < 50,
      ratio: at(ofHolt, 0.99) / at(ofPlain, 0.99),
    },
    { name: '  the plain server, p50 and p99', value: `${ms(at(ofPlain, 0.5))}, ${ms(at(ofPlain, 0.99))}` },
    { name: 'delay of the main thread, p99 (20 ms)', value: ms(eventLoopDelayMs.p99), met: eventLoopDelayMs.p99 < 20 },
    { name: 'memory above what it was before (100 MiB)', value: `${(peak - before).toFixed(0)} MiB`, met: peak - before < 100 },
  ]
}

/** @returns how long each list took, in ms, ascending; one after the other as a person clicks. */
async function listsDuring(client: Client, server: Server, list: string, upload: string): Promise<number[]> {
  let isDone = false
  const uploading = client.upload(server, upload, UPLOAD_BYTES).finally(() => {
    isDone = true
  })
  const took: number[] = []
  while (!isDone) {
    const startedMs = performance.now()
    await client.get(server, list)
    took.push(performance.now() - startedMs)
    await pause(20)
  }
  await uploading
  return took.sort((a, b) => a - b)
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
