// Ends with 0 as soon as this version of the system works: the node opened its store, its page answers, the network is up.
// Ends with 1 and says what is wrong when that does not come about in time.
//   node health.mjs [--limit SECONDS] [--data FOLDER] [--every MS]      (or HOLT_HEALTH_LIMIT_S, also on the kernel line)
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

/** Opening a large store after a power cut reads its packs; shorter than the unit's own limit. */
const DEFAULT_LIMIT_S = 240
const ANSWER_LIMIT_MS = 5_000
const MAX_ANSWER_BYTES = 64 * 1024

/**
 * Asks the node for its status through its control socket (JSON-RPC 2.0, framed by Content-Length).
 *
 * @throws Error when nothing answers within 5 s, or not with a result.
 */
export function askStatus(socketPath) {
  const request = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'node.status', params: {} })
  return new Promise((done, failed) => {
    const socket = connect(socketPath)
    let received = Buffer.alloc(0)
    const end = (settle, value) => {
      socket.destroy()
      settle(value)
    }
    socket.setTimeout(ANSWER_LIMIT_MS, () => end(failed, new Error('the node does not answer')))
    socket.on('error', (error) => end(failed, new Error(`the node is not there: ${error.message}`)))
    socket.on('close', () => failed(new Error('the node hung up')))
    socket.on('connect', () => socket.write(`Content-Length: ${Buffer.byteLength(request)}\r\n\r\n${request}`))
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes])
      if (received.length > MAX_ANSWER_BYTES) return end(failed, new Error('the node answers too much'))
      const answer = firstMessage(received)
      if (answer?.id === 1) end(answer.result ? done : failed, answer.result ?? new Error(`the node refuses: ${answer.error?.message}`))
    })
  })
}

function firstMessage(bytes) {
  const headerEnd = bytes.indexOf('\r\n\r\n')
  if (headerEnd < 0) return null
  const length = Number(/^content-length: *(\d+)\r?$/im.exec(bytes.toString('latin1', 0, headerEnd))?.[1])
  const body = bytes.subarray(headerEnd + 4, headerEnd + 4 + length)
  return body.length === length ? JSON.parse(body.toString('utf8')) : null
}

/** @throws Error when the store could not be opened; a node that waits for its owner's key is well. */
export function checkStatus({ state, problem }) {
  if (!['new', 'ready', 'recovering'].includes(state)) throw new Error(`the node is ${state}: ${problem ?? 'it does not say why'}`)
}

async function checkPage(url) {
  const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_LIMIT_MS) })
  await answer.body?.cancel()
  if (answer.status >= 500) throw new Error(`the page answers ${answer.status}`)
}

/** @throws Error when no network card has an address. A cable that is out must not cost the update: the LAN side has its own. */
export function checkNetwork(interfaces = networkInterfaces()) {
  const addresses = Object.values(interfaces).flatMap((list) => list ?? [])
  if (!addresses.some(({ internal }) => !internal)) throw new Error('no network card has an address')
}

/** One look at everything. @throws Error with what is wrong. */
export async function checkOnce(dataFolder) {
  const status = await askStatus(join(dataFolder, 'control.sock'))
  checkStatus(status)
  if (status.pageUrl === null) throw new Error('the page is not served')
  await checkPage(status.pageUrl)
  checkNetwork()
}

/** Looks again and again until all is well. @returns null, or what was wrong last. */
export async function waitUntilHealthy(dataFolder, { limitMs, everyMs = 1_000 }) {
  const deadline = Date.now() + limitMs
  for (;;) {
    const problem = await checkOnce(dataFolder).then(
      () => null,
      (error) => String(error?.cause?.message ?? error?.message ?? error),
    )
    if (problem === null || Date.now() + everyMs > deadline) return problem
    await new Promise((done) => setTimeout(done, everyMs))
  }
}

async function main() {
  const { values } = parseArgs({ options: { limit: { type: 'string' }, data: { type: 'string' }, every: { type: 'string' } } })
  const limitMs = Number(values.limit ?? process.env.HOLT_HEALTH_LIMIT_S ?? DEFAULT_LIMIT_S) * 1000
  const problem = await waitUntilHealthy(values.data ?? '/data/holt', { limitMs, everyMs: Number(values.every ?? 1_000) })
  const uptime = await readFile('/proc/uptime', 'utf8').then((text) => text.split(' ')[0])
  console.log(problem === null ? `healthy ${uptime} s after the kernel started` : `not healthy: ${problem}`)
  process.exitCode = problem === null ? 0 : 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
