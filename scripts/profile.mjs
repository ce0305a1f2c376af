// `npm run profile -- [--pid PID | node arguments …]`: a flame graph of a running node. See --help.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { fail, root, run } from './common.mjs'
import { flameGraph } from './flame-graph.mjs'
import { connectInspector, MAIN_THREAD } from './inspector.mjs'
import { topSelfTimes } from './self-times.mjs'

const help = `Usage: npm run profile -- [--seconds N] [--out FOLDER] [--pid PID | -- ARGUMENTS OF THE NODE]

Watches a node's main thread and worker threads for N seconds (default 20; ctrl-C ends it sooner), prints which
functions the time went into, and writes into FOLDER (default test-results/profile) flame.svg, to be opened in a
browser, and one .cpuprofile per thread, which Chromium's developer tools and others read.

  --pid PID    a node that is running ("holt status" shows its pid); else a new one is started with ARGUMENTS
               and stopped at the end. Give the node something to do meanwhile, in another terminal.

A flame graph: width is time on a processor, what stands on a bar was called by it; point at a bar to read its name,
place and time. Worker threads end when they have had nothing to do for some seconds: one that does so while it is
watched is left out.`

// before Node 22 the WebSocket that speaks to the inspector must be asked for
if (globalThis.WebSocket === undefined) {
  const args = ['--experimental-websocket', '--no-warnings', ...process.argv.slice(1)]
  const again = spawn(process.execPath, args, { stdio: 'inherit' })
  process.on('SIGINT', () => {}) // the terminal sends it to both; the other one ends in order
  again.on('exit', (code) => process.exit(code ?? 1))
} else await main()

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '20' },
      out: { type: 'string', default: 'test-results/profile' },
      pid: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return console.log(help)
  const seconds = Number(values.seconds)
  if (!(seconds > 0)) fail('--seconds takes a number above 0')
  const node = values.pid === undefined ? await startNode(positionals) : await attach(Number(values.pid))
  const inspector = await connectInspector(node.url)
  console.log(`Profiling for ${seconds} s …`)
  const profiles = await record(inspector, seconds)
  await inspector.close()
  await node.stop()
  write(profiles, resolve(root, values.out))
}

/** Opens the inspector of a running process the way Node offers it: by SIGUSR1, on a port of the loopback address. */
async function attach(pid) {
  const listening = () => fetch('http://127.0.0.1:9229/json/list', { signal: AbortSignal.timeout(1000) }).then((answer) => answer.json())
  if (!isNode(pid)) fail(`process ${pid} is not there, not yours or not a node`) // others would die of the signal
  if (!(await listening().catch(() => null))) process.kill(pid, 'SIGUSR1')
  for (let tries = 0; tries < 50; tries++) {
    const targets = await listening().catch(() => null)
    if (targets?.[0]) {
      const url = targets[0].webSocketDebuggerUrl
      await expectPid(url, pid)
      return { url, stop: () => closeInspector(url) }
    }
    await new Promise((done) => setTimeout(done, 100))
  }
  return fail(`process ${pid} opened no inspector`)
}

function isNode(pid) {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`)).startsWith('node')
  } catch {
    return false
  }
}

async function expectPid(url, pid) {
  const inspector = await connectInspector(url)
  const found = await inspector.evaluate('process.pid')
  await inspector.close()
  if (found !== pid) fail(`port 9229 has an inspector already, of process ${found}`)
}

/** Left open, it would let every user of this machine into the node. A moment later, since the connection must be over by then. */
async function closeInspector(url) {
  const inspector = await connectInspector(url)
  await inspector.evaluate('setTimeout(() => process._debugEnd(), 200), true')
  await inspector.close()
}

function startNode(args) {
  if (!run(process.execPath, [join(root, 'scripts', 'build.mjs'), '--quiet'])) fail('the build failed: see above')
  const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', join(root, 'dist', 'daemon.mjs'), ...args], {
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  process.on('exit', () => child.kill())
  return new Promise((started) => {
    let said = ''
    child.stderr.setEncoding('utf8')
    child.stderr.on('data', (text) => {
      said += text
      const url = /Debugger listening on (ws:\S+)/.exec(said)?.[1]
      if (url !== undefined) started({ url, stop: () => endOf(child, endedEarly) })
      if (!text.startsWith('Debugger')) process.stderr.write(text)
    })
    const endedEarly = (code) => fail(`the node ended (${code}) before it could be profiled`)
    child.once('exit', endedEarly)
  })
}

function endOf(child, endedEarly) {
  child.off('exit', endedEarly)
  return new Promise((ended) => {
    child.once('exit', ended)
    child.kill('SIGTERM')
  })
}

/** @returns one profile per thread that lived long enough to tell. */
async function record(inspector, seconds) {
  const begun = []
  const begin = (thread) => {
    begun.push({ thread, ready: startProfiler(thread) })
  }
  for (const thread of inspector.threads) begin(thread)
  await inspector.followWorkers(begin)
  await waitOrInterrupt(seconds * 1000)
  const profiles = []
  for (const { thread, ready } of begun) {
    const profile = await ready.then(() => thread.send('Profiler.stop')).catch(() => null) // null: the thread ended meanwhile
    if (profile !== null) profiles.push({ name: thread.name, profile: profile.profile })
  }
  return profiles
}

async function startProfiler(thread) {
  await thread.send('Profiler.enable')
  await thread.send('Profiler.setSamplingInterval', { interval: 500 })
  await thread.send('Profiler.start')
}

function waitOrInterrupt(ms) {
  return new Promise((done) => {
    const timer = setTimeout(done, ms)
    process.once('SIGINT', () => {
      clearTimeout(timer)
      done()
    })
  })
}

function write(profiles, folder) {
  if (profiles.length === 0) fail('no thread could be profiled')
  mkdirSync(folder, { recursive: true })
  for (const { name, profile } of profiles) writeFileSync(join(folder, `${name.replace(/ /g, '-')}.cpuprofile`), JSON.stringify(profile))
  const graph = join(folder, 'flame.svg')
  const version = spawnSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' }).stdout.trim()
  writeFileSync(graph, flameGraph(profiles, `Holt ${version}, ${new Date().toISOString()}`))
  const workers = profiles.filter(({ name }) => name !== MAIN_THREAD)
  printSelfTimes(
    MAIN_THREAD,
    profiles.filter(({ name }) => name === MAIN_THREAD),
  )
  if (workers.length > 0) printSelfTimes(`${workers.length} worker thread(s)`, workers)
  console.log(`\n${graph}\n${profiles.length} thread(s), also as .cpuprofile beside it`)
}

function printSelfTimes(title, profiles) {
  console.log(`\n${title}: most time in`)
  const top = topSelfTimes(
    profiles.map(({ profile }) => profile),
    10,
  )
  for (const { label, ms, share } of top)
    console.log(`${`${ms.toFixed(0)} ms`.padStart(10)} ${`${(100 * share).toFixed(1)} %`.padStart(7)}  ${label}`)
}
