import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { counter, wasm } from '@holt/sandbox/testing/programs.ts'
import { build } from 'esbuild'
import type { Outcome, Task } from './continue-main.ts'
import { emulatedNode } from './emulated-node.ts'

/** Numbers, texts, sorting, maps, regular expressions, promises and chance, with a state that grows. */
const program = `
let state = []
holt.onDeliver = async (name, body) => {
  const n = body[0]
  for (let i = 0; i < 200; i++) state.push({ at: i * n, x: Math.sin(i / n) * Math.exp(i % 7) / 3, r: Math.random(), t: 'é'.repeat(i % 5) + i })
  state.sort((a, b) => a.x - b.x || a.at - b.at)
  const words = new Map()
  for (const word of JSON.stringify(state).match(/[0-9]+/g)) words.set(word, (words.get(word) ?? 0) + 1)
  const echoed = new TextDecoder().decode(await holt.ask('echo', 'answer ' + n))
  holt.store.set('count', String(state.length))
  return [state.length, words.size, state[n].x, state.at(-n).r, (0.1 + 0.2).toFixed(20), new Date(0).getTimezoneOffset(), 2n ** 100n, echoed].join()
}`

const require = createRequire(import.meta.url)
let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holt-processors-'))
  const entries = { 'main.mjs': './continue-main.ts', 'vat-worker.mjs': '../../services/platform-nodejs/src/sandbox/vat-worker.ts' }
  for (const [out, entry] of Object.entries(entries)) {
    const entryPoints = [fileURLToPath(new URL(entry, import.meta.url))]
    await build({
      entryPoints,
      outfile: join(folder, out),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'warning',
    })
  }
  await writeFile(join(folder, 'script'), program)
  await writeFile(join(folder, 'wasm'), await wasm(counter).load())
})
after(() => rm(folder, { recursive: true }))

async function run(node: readonly string[], task: Omit<Task, 'engine' | 'code'>): Promise<Outcome> {
  const place = (path: string) => join(folder, path)
  const whole: Task = {
    ...task,
    code: place(task.kind),
    engine: require.resolve('quickjs-wasi/quickjs.wasm'),
    from: task.from === null ? null : place(task.from),
    to: place(task.to),
  }
  await writeFile(place('task.json'), JSON.stringify(whole))
  const [command = '', ...args] = node
  const { status, stderr } = spawnSync(command, [...args, place('main.mjs'), place('task.json'), place('outcome.json')], {
    timeout: 240_000,
  })
  assert.equal(status, 0, stderr.toString())
  return JSON.parse(await readFile(place('outcome.json'), 'utf8')) as Outcome
}

const sameMemory = async (a: string, b: string) => {
  for (const part of ['memory', 'state'])
    assert.ok(
      (await readFile(join(folder, `${a}.${part}`))).equals(await readFile(join(folder, `${b}.${part}`))),
      `${part} of ${a} and ${b} differ`,
    )
}

for (const kind of ['script', 'wasm'] as const) {
  test(`a ${kind} vat goes on from its snapshot on another processor, to the same result, count and memory`, async () => {
    const here = [process.execPath]
    const { node: there, processor } = emulatedNode()
    const begun = await run(here, { kind, from: null, to: 'begun', deliveries: 2, first: 1 })
    const stayed = await run(here, { kind, from: 'begun', to: 'stayed', deliveries: 2, first: 3 })
    const moved = await run(there, { kind, from: 'begun', to: 'moved', deliveries: 2, first: 3 })
    assert.equal(begun.processor, process.arch)
    assert.equal(moved.processor, processor)
    assert.notEqual(processor, process.arch)
    assert.equal(stayed.results.length, 2)
    assert.deepEqual(moved.results, stayed.results)
    await sameMemory('stayed', 'moved')
  })
}
