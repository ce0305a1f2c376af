/** What running programs costs: node --import tsx test/bench/programs.ts */
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CagedSandbox, openCagedSandbox } from '@holt/platform-nodejs/sandbox/caged-sandbox.ts'
import { capLimits } from '@holt/sandbox/limits.ts'
import { GAS_EXPORT, MEMORY_IMPORT, meterModule } from '@holt/sandbox/meter/meter-pass.ts'
import { applySnapshot } from '@holt/sandbox/snapshot.ts'
import { caller, echo, endless, imports, script, wasm } from '@holt/sandbox/testing/programs.ts'
import type { ProgramCode, Vat, VatImage } from '@holt/sandbox/types.ts'
import type { BenchTable } from './report.ts'
import { type BenchRow, rowsTable } from './rows.ts'

const MiB = 1024 * 1024
const ROUNDS = 12

export async function bench(): Promise<BenchTable[]> {
  const meter = await meterRows()
  const sandbox = openCagedSandbox()
  try {
    return [
      rowsTable('the meter, beside the same module without it (time with it by time without)', meter),
      rowsTable('programs in the cage', [
        ...(await startRows(sandbox)),
        ...(await callRows(sandbox)),
        ...(await limitRows(sandbox)),
        ...(await idleRows(sandbox)),
      ]),
    ]
  } finally {
    await sandbox.stop()
  }
}

/** A figure that should be at most, or at least, so much. */
function row(name: string, value: number, unit: string, target?: { most: number } | { least: number }): BenchRow {
  const shown = `${value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString('en')} ${unit}`
  if (target === undefined) return { name, value: shown }
  const [wanted, met] =
    'most' in target
      ? [`at most ${target.most}`, value <= target.most]
      : [`at least ${target.least.toLocaleString('en')}`, value >= target.least]
  return { name: `${name} (${wanted})`, value: shown, met }
}

function open(sandbox: CagedSandbox, code: ProgramCode, image?: VatImage, limits: Parameters<typeof capLimits>[0] = {}): Promise<Vat> {
  return sandbox.openVat({ code, limits: capLimits({ timeMs: 60_000, ...limits }), powers: async (_name, args) => args.slice(), image })
}

function deliver(vat: Vat, body: Uint8Array): ReturnType<Vat['deliver']> {
  return vat.deliver({ name: 'bench', body })
}

type Exports = Record<string, (amount: number) => number>

async function meterRows(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'holt-bench-'))
  const source = fileURLToPath(new URL('./programs/suite.c', import.meta.url))
  const out = join(folder, 'suite.wasm')
  const options = ['--target=wasm32', '-O2', '-nostdlib', '-fno-builtin', '-mbulk-memory', '-Wl,--no-entry']
  const { status, stderr } = spawnSync('clang', [...options, '-o', out, source])
  if (status !== 0) throw new Error(stderr.toString())
  const bytes = new Uint8Array(await readFile(out))
  await rm(folder, { recursive: true })
  const plain = new WebAssembly.Instance(new WebAssembly.Module(bytes), {}).exports as unknown as Exports
  const { module, facts } = meterModule(bytes, new Set())
  const memory = new WebAssembly.Memory({ initial: facts.memory?.min ?? 0 })
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module as BufferSource), {
    [MEMORY_IMPORT.module]: { [MEMORY_IMPORT.name]: memory },
  })
  const metered = instance.exports as unknown as Exports
  const gas = instance.exports[GAS_EXPORT] as WebAssembly.Global
  const names = Object.keys(plain).filter((name) => typeof plain[name] === 'function')
  const best = new Map(names.map((name) => [name, [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as [number, number]]))
  // in turns, so that a busy moment of the machine does not fall on one alone
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) {
      const times = best.get(name) as [number, number]
      for (const [index, exports] of [plain, metered].entries()) {
        gas.value = 1n << 60n
        const begin = performance.now()
        exports[name]?.(8)
        times[index] = Math.min(times[index] as number, performance.now() - begin)
      }
    }
  }
  const ratios = names.map((name) => ({ name, ratio: (best.get(name)?.[1] ?? 0) / (best.get(name)?.[0] ?? 1) }))
  const mean = Math.exp(ratios.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / ratios.length)
  const worst = ratios.reduce((a, b) => (a.ratio > b.ratio ? a : b))
  return [
    ...ratios.map(({ name, ratio }) => row(name, ratio, '×')),
    row('geometric mean', mean, '×', { most: 1.3 }),
    row(`the worst: ${worst.name}`, worst.ratio, '×'),
  ]
}

const jsEcho = 'let n = 0; holt.onDeliver = (name, body) => { n++; return body }'

/** The median of several. */
async function median(times: number, work: () => Promise<number>): Promise<number> {
  const all: number[] = []
  for (let time = 0; time < times; time++) all.push(await work())
  return all.sort((a, b) => a - b)[Math.floor(times / 2)] as number
}

/** A spare thread is started after each opening; it is not measured here. */
function threadIsWarm(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 400))
}

async function startRows(sandbox: CagedSandbox): Promise<BenchRow[]> {
  const cold = async (code: ProgramCode, image?: VatImage) => {
    await threadIsWarm()
    const given = image === undefined ? undefined : { memory: image.memory.slice(), state: image.state }
    const begin = performance.now()
    const vat = await open(sandbox, code, given)
    await deliver(vat, new Uint8Array(8))
    const time = performance.now() - begin
    await vat.end()
    return time
  }
  const [wasmCode, scriptCode] = [wasm(echo), script(jsEcho)]
  await cold(wasmCode) // compiles
  await cold(scriptCode)
  const vat = await open(sandbox, scriptCode)
  await deliver(vat, new Uint8Array(8))
  const image = applySnapshot(null, await vat.snapshot())
  await vat.end()
  return [
    row('start to first answer, WebAssembly', await median(7, () => cold(wasmCode)), 'ms', { most: 5 }),
    row('start to first answer, JavaScript', await median(7, () => cold(scriptCode)), 'ms', { most: 10 }),
    row('start to first answer, JavaScript from a snapshot', await median(7, () => cold(scriptCode, image)), 'ms', { most: 10 }),
  ]
}

async function callRows(sandbox: CagedSandbox): Promise<BenchRow[]> {
  const perSecond = async (count: number, work: () => Promise<unknown>) => {
    await work()
    const begin = performance.now()
    await work()
    return (count * 1000) / (performance.now() - begin)
  }
  const together = await open(sandbox, wasm(echo))
  const deliveries = await perSecond(20_000, () => Promise.all(Array.from({ length: 20_000 }, () => deliver(together, new Uint8Array(16)))))
  await together.end()
  const js = await open(sandbox, script(jsEcho))
  const jsDeliveries = await perSecond(10_000, () => Promise.all(Array.from({ length: 10_000 }, () => deliver(js, new Uint8Array(16)))))
  await js.end()
  const asking = await open(
    sandbox,
    script(
      `holt.onDeliver = async (name, body) => { for (let i = 0; i < 200; i++) await Promise.all(Array.from({ length: 50 }, () => holt.ask('echo', body))) }`,
    ),
  )
  const asks = await perSecond(10_000, () => deliver(asking, new Uint8Array(16)))
  await asking.end()
  const waiting = await open(sandbox, script(`holt.onDeliver = (name, body) => { for (let i = 0; i < 2000; i++) holt.call('echo', body) }`))
  const calls = await perSecond(2000, () => deliver(waiting, new Uint8Array(16)))
  await waiting.end()
  const store = await open(
    sandbox,
    script(
      `holt.onDeliver = () => { for (let i = 0; i < 20000; i++) { holt.store.set('k' + i % 100, 'v'); holt.store.get('k' + i % 100) } }`,
    ),
  )
  const keyValues = await perSecond(40_000, () => deliver(store, new Uint8Array()))
  await store.end()
  const large = await open(sandbox, wasm({ ...caller, imports, memory: { min: 200 } }), undefined, { memoryBytes: 64 * MiB })
  const block = new Uint8Array(8 * MiB)
  const blocks = await perSecond((16 * block.length * 2) / 1e9, async () => {
    for (let turn = 0; turn < 16; turn++) await deliver(large, block.slice())
  })
  await large.end()
  return [
    row('small deliveries to WebAssembly, many under way', deliveries, '/s', { least: 50_000 }),
    row('small deliveries to JavaScript, many under way', jsDeliveries, '/s'),
    row('uses of powers from JavaScript, 50 at once', asks, '/s'),
    row('uses of powers from JavaScript, each waited for', calls, '/s'),
    row('reads and writes of the store from JavaScript', keyValues, '/s'),
    row('blocks of 8 MiB handed in and, through a power, out and in again', blocks, 'GB/s', { least: 1 }),
  ]
}

async function limitRows(sandbox: CagedSandbox): Promise<BenchRow[]> {
  const limitMs = 500
  const code = wasm(endless)
  const late = await median(7, async () => {
    await threadIsWarm()
    const vat = await open(sandbox, code, undefined, { timeMs: limitMs, meter: 1e15 })
    const begin = performance.now()
    await deliver(vat, new Uint8Array()).catch(() => {})
    return performance.now() - begin - limitMs
  })
  return [row('an endless loop is ended this long after its time', late, 'ms', { most: 100 })]
}

async function idleRows(sandbox: CagedSandbox): Promise<BenchRow[]> {
  const code = script(jsEcho)
  const begin = await memoryOf(sandbox.pid)
  let kept = 0
  for (let program = 0; program < 100; program++) {
    const vat = await open(sandbox, code)
    await deliver(vat, new Uint8Array(8))
    const { runs } = await vat.snapshot()
    kept += runs.reduce((sum, { bytes }) => sum + bytes.length, 0)
    await vat.end()
  }
  await threadIsWarm()
  const grown = (await memoryOf(sandbox.pid)) - begin
  return [
    row('memory of 100 programs at rest, all together', Math.max(0, grown) / MiB, 'MiB', { most: 100 }),
    row('their snapshots, on the drive', kept / MiB, 'MiB'),
    row('memory of the cage with none running', begin / MiB, 'MiB'),
  ]
}

/** Of the caged process and those above it that only hold it. */
async function memoryOf(pid: number | null): Promise<number> {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,rss='])
  const all = stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const below = (parent: number): number =>
    all.filter(([, above]) => above === parent).reduce((sum, [own = 0, , rss = 0]) => sum + rss * 1024 + below(own), 0)
  const own = all.find(([number]) => number === pid)?.[2] ?? 0
  return own * 1024 + below(pid ?? -1)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { printTable } = await import('./report.ts')
  for (const table of await bench()) printTable(table)
}
