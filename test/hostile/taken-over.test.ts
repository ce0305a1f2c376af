import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { openCagedSandbox } from '@holt/platform-nodejs/sandbox/caged-sandbox.ts'
import { capLimits } from '@holt/sandbox/limits.ts'
import { script } from '@holt/sandbox/testing/programs.ts'
import { told } from '@holt/sandbox/testing/sandbox-cases.ts'
import type { CagedSandbox } from '@holt/platform-nodejs/sandbox/caged-sandbox.ts'
import { CageUnit } from './cage-unit.ts'
import { takenOverBundles } from './taken-over-bundles.ts'

/** What a thread can do: it shows that the others were really tried. */
const CONTROL = `fs.readFileSync('/holt/cage-main.mjs').length > 1000`
const SECRET = 'nobody in the cage may read this'
let folder: string
/** Uses of powers that wait for their answer: now, and the most there were at once. */
const uses = { now: 0, most: 0 }

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holt-hostile-'))
  await writeFile(join(folder, 'secret'), SECRET, { mode: 0o644 })
})
after(() => rm(folder, { recursive: true }))

/** Runs native JavaScript in a thread of the caged process. @returns what it returned. */
async function inside(sandbox: CagedSandbox, source: string, timeMs = 20_000): Promise<string> {
  const vat = await sandbox.openVat({
    code: script(source),
    limits: capLimits({ timeMs }),
    powers: async () => {
      uses.most = Math.max(uses.most, ++uses.now)
      await setTimeout(10) // as long as what a drive does: a flood must not find each answered before the next
      uses.now--
      return new Uint8Array()
    },
  })
  try {
    return await told(vat, '')
  } finally {
    await vat.end()
  }
}

/** Tries each expression and tells which of them did anything but throw. */
const trying = (expressions: readonly string[]) => `
  const { createRequire } = process.getBuiltinModule?.('module') ?? await import('node:module')
  const require = createRequire('/holt/cage-main.mjs')
  const fs = require('fs')
  const did = []
  for (const expression of ${JSON.stringify([...expressions, CONTROL])}) {
    try {
      const result = await new Function('require', 'fs', 'return (async () => (' + expression + '))()')(require, fs)
      did.push(expression + ' gave ' + String(result).slice(0, 100))
    } catch {}
  }
  return did.join('\\n')`

const onBox = process.env['HOLT_CAGE']
const sandboxes = onBox === undefined ? await sandboxesHere() : { 'caged by a unit': openCagedSandbox({ askAt: onBox }) }
for (const [name, sandbox] of Object.entries(sandboxes)) {
  after(() => sandbox.stop())
  const each = (what: string, work: () => Promise<void>): void => void test(`${name}: ${what}`, work)

  each('a taken-over thread reads no file outside its cage, by no path', async () => {
    const paths = [
      '/etc/passwd',
      '/etc/hostname',
      '/proc/self/environ',
      '/proc/1/environ',
      '/proc/self/maps',
      '/dev/mem',
      '/sys/kernel/hostname',
      join(folder, 'secret'),
    ]
    const ways = paths.flatMap((path) => [
      `fs.readFileSync(${JSON.stringify(path)}, 'utf8')`,
      `fs.readFileSync(${JSON.stringify(`/holt/../..${path}`)}, 'utf8')`,
      `require('fs/promises').readFile(${JSON.stringify(path)}, 'utf8')`,
      `process.binding('fs').open(${JSON.stringify(path)}, 0, 0o666)`,
    ])
    assert.equal(await inside(sandbox, trying(ways)), `${CONTROL} gave true`)
  })

  each('it writes nothing, lists no folder, and finds nothing but Node, its libraries and our bundles', async () => {
    const ways = [
      `fs.writeFileSync('/holt/new', 'x')`,
      `fs.writeFileSync('/tmp/new', 'x')`,
      `fs.writeFileSync('/holt/cage-main.mjs', 'x')`,
      `fs.mkdirSync('/new')`,
      `fs.rmSync('/holt/node')`,
      `fs.symlinkSync('/etc/passwd', '/holt/link')`,
      `fs.readdirSync('/proc')`,
      `fs.readdirSync('/home')`,
      `fs.readdirSync('/').filter((name) => !['holt', 'lib', 'lib64', 'usr'].includes(name)).join() || never`,
    ]
    assert.equal(await inside(sandbox, trying(ways)), `${CONTROL} gave true`)
  })

  each('it opens no connection and listens nowhere: no TCP, UDP, Unix socket, name lookup', async () => {
    let reached = 0
    const server = createServer(() => {
      reached++
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const connecting = (options: string) =>
      `new Promise((ok, no) => { const s = require('net').connect(${options}); s.on('connect', () => ok('connected')); s.on('error', no) })`
    const ways = [
      connecting(`${port}, '127.0.0.1'`),
      connecting(`'/run/systemd/private'`),
      connecting(`'\\0abstract'`),
      `new Promise((ok, no) => { const s = require('net').createServer(); s.on('error', no); s.listen(0, () => ok('listens')) })`,
      `new Promise((ok, no) => { const s = require('dgram').createSocket('udp4'); s.on('error', no); s.bind(0, () => ok('bound')) })`,
      `new Promise((ok, no) => require('dns').resolve('localhost', (error, found) => error ? no(error) : ok(found)))`,
      `fetch('http://127.0.0.1:${port}')`,
    ]
    assert.equal(await inside(sandbox, trying(ways)), `${CONTROL} gave true`)
    assert.equal(reached, 0)
    await new Promise((resolve) => server.close(resolve))
  })

  each('it starts no process, loads no native code, opens no debugger, and signals nobody', async () => {
    const ways = [
      `require('child_process').execFileSync('/holt/node', ['-e', '1'])`,
      `require('child_process').execSync('true')`,
      `process.dlopen({ exports: {} }, '/lib/x86_64-linux-gnu/libc.so.6')`,
      `require('cluster').fork()`,
      `require('inspector').open(0)`,
      `process.kill(1, 'SIGKILL')`,
      `process.kill(${process.pid}, 0)`,
      `process.setuid(0)`,
    ]
    assert.equal(await inside(sandbox, trying(ways)), `${CONTROL} gave true`)
  })

  each('it has no environment, no arguments, no standard streams that anybody reads, and no key', async () => {
    const told = JSON.parse(
      await inside(
        sandbox,
        `
        const { workerData, SHARE_ENV } = await import('node:worker_threads')
        return JSON.stringify({ env: { ...process.env }, argv: process.argv.slice(2), execArgv: process.execArgv, workerData })`,
      ),
    ) as { env: object; argv: unknown[]; workerData?: unknown }
    assert.deepEqual(told.env, {})
    assert.deepEqual(told.argv, [])
    assert.equal(told.workerData ?? null, null)
  })

  each('what it says in the name of others, or without being asked, ends it and nothing else', async () => {
    const forged = [
      `port.postMessage({ kind: 'delivered', id: 99, result: { body: new Uint8Array(), meter: 0, memoryBytes: 0, changes: [] } })`,
      `port.postMessage({ kind: 'opened' })`,
      `port.postMessage({ kind: 'snapshot', id: delivery.id, snapshot: null })`,
      `port.postMessage({ kind: 'nothing of ours' })`,
      `port.postMessage(null)`,
      `port.postMessage({ kind: 'call', call: 1, name: 7, args: 'no bytes' })`,
      `port.postMessage({ kind: 'log', line: null })`,
      `for (let i = 0; i < 100000; i++) port.postMessage({ kind: 'call', call: i, name: 'flood', args: new Uint8Array(), synchronous: false })`,
      `for (let i = 0; i < 100000; i++) port.postMessage({ kind: 'log', line: { level: 'info', text: 'x'.repeat(1000) } })`,
    ]
    const other = await sandbox.openVat({
      code: script(`return 'other lives'`),
      limits: capLimits({}),
      powers: async () => new Uint8Array(),
    })
    const pid = sandbox.pid
    for (const say of forged) {
      uses.most = 0
      await assert.rejects(
        inside(sandbox, `${say}; await new Promise((resolve) => setTimeout(resolve, 10000)); return 'not ended'`),
        () => true,
        say,
      )
      assert.ok(uses.most <= 65, `${uses.most} uses of powers at once`)
    }
    assert.equal(await told(other, ''), 'other lives')
    assert.equal(sandbox.pid, pid, 'the cage is the same')
    await other.end()
  })

  each('when it ends the whole cage, the node says so and makes a new one', async () => {
    const dying = inside(
      sandbox,
      `process.getBuiltinModule ? 0 : 0; process.reallyExit?.(1); process.abort?.(); process.kill(process.pid, 'SIGKILL'); return 'lives'`,
    )
    await dying.then(
      (text) => assert.match(text, /lives|threw/),
      () => {},
    )
    assert.equal(await inside(sandbox, `return 'again'`), 'again')
  })
}

async function sandboxesHere(): Promise<Record<string, CagedSandbox>> {
  const unit = await CageUnit.start(takenOverBundles)
  after(() => unit.stop())
  return {
    caged: openCagedSandbox({ bundles: takenOverBundles }),
    // namespaces and the filter of system calls must hold by themselves
    "caged, without Node's permissions": openCagedSandbox({ bundles: takenOverBundles, permissions: false }),
    'caged as on a box': openCagedSandbox({ askAt: unit.folder }),
  }
}
