import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openCagedSandbox } from '@holt/platform-nodejs/sandbox/caged-sandbox.ts'
import type { HoltErrorCode } from '@holt/core/errors.ts'
import { WasmWriter } from '@holt/sandbox/meter/wasm-bytes.ts'
import { assemble, type AssembledModule, I32, i32 } from '@holt/sandbox/testing/assemble.ts'
import { imports, script } from '@holt/sandbox/testing/programs.ts'
import { open, told, withCode } from '@holt/sandbox/testing/sandbox-cases.ts'
import type { Vat } from '@holt/sandbox/types.ts'

const MiB = 1024 * 1024
/** Set where these run on a box, whose units make the cages. */
const sandbox = openCagedSandbox({ askAt: process.env['HOLT_CAGE'] ?? null })
const limit = { meter: 300_000_000, memoryBytes: 16 * MiB, messageBytes: MiB, timeMs: 60_000 }
let neighbour: Vat
let pid: number | null

before(async () => {
  neighbour = await open(sandbox, script('let n = 0; holt.onDeliver = () => String(++n)'))
  pid = sandbox.pid
})
after(async () => {
  await neighbour.end()
  await sandbox.stop()
})

/** The program beside it goes on as if nothing were, in the same process. */
async function nothingElseHappened(): Promise<void> {
  const count = Number(await told(neighbour, ''))
  assert.equal(await told(neighbour, ''), String(count + 1))
  assert.equal(sandbox.pid, pid)
}

const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
const endless = [0x03, 0x40, 0x0c, 0, 0x0b]
const repeated = (body: readonly number[]) => [0x03, 0x40, ...body, 0x0c, 0, 0x0b]

const refused: Record<string, Uint8Array> = {
  'no Wasm': new TextEncoder().encode('MZ'),
  'a million imports': new WasmWriter()
    .all([...header, 2, 4])
    .u32(1_000_000)
    .byte(0)
    .written(),
  'a million functions': new WasmWriter()
    .all([...header, 1, 4, 1, 0x60, 0, 0, 3, 4])
    .u32(1_000_000)
    .byte(0)
    .written(),
  'a table of four thousand million': assemble({ table: { min: 0xffffffff } }),
  'seventeen tables': new WasmWriter()
    .all([...header, 4, 1 + 17 * 3, 17])
    .all(Array.from({ length: 17 }, () => [0x70, 0, 1]).flat())
    .written(),
  'a shared memory': new WasmWriter().all([...header, 5, 4, 1, 3, 1, 1]).written(),
  'a memory of 64 bits': new WasmWriter().all([...header, 5, 3, 1, 4, 1]).written(),
  'a function that is typed wrongly': assemble({ functions: [{ results: [I32], code: [0x44, 0, 0, 0, 0, 0, 0, 0, 0] }] }),
  'a call of a function that is not there': assemble({ functions: [{ code: [0x10, 99] }] }),
  'an import of a name of ours': assemble({ imports: [{ name: 'holt:host.memory' }] }),
  'a branch table longer than the module': assemble({ functions: [{ code: [...i32(0), 0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f] }] }),
  'more locals than there can be': assemble({ functions: [{ code: [], locals: Array.from({ length: 60_000 }, () => I32) }] }),
}

for (const [what, wasm] of Object.entries(refused)) {
  test(`a module is refused: ${what}`, async () => {
    await assert.rejects(sandbox.prepare(wasm), withCode('PROGRAM_INVALID'))
    await nothingElseHappened()
  })
}

const program = (code: readonly number[], more: Partial<AssembledModule> = {}): AssembledModule => ({
  imports,
  memory: { min: 1 },
  functions: [{ export: 'holt_deliver', code }],
  ...more,
})

/** What each does, the code it ends with, and for what takes long the units of work it has. */
const failing: Record<string, [AssembledModule, HoltErrorCode, number?]> = {
  'a loop without end': [program(endless), 'METER_EXCEEDED'],
  'a start function without end': [program(endless, { start: imports.length }), 'METER_EXCEEDED'],
  'recursion without end': [program([0x10, imports.length]), 'PROGRAM_FAILED'],
  'growing memory for ever': [program(repeated([...i32(1), 0x40, 0, 0x1a])), 'METER_EXCEEDED'],
  'growing tables for ever': [program(repeated([0xd0, 0x70, ...i32(1000), 0xfc, 15, 0, 0x1a]), { table: { min: 1 } }), 'METER_EXCEEDED'],
  'filling memory for ever': [program(repeated([...i32(0), ...i32(1), ...i32(65536), 0xfc, 11, 0])), 'METER_EXCEEDED'],
  'answering for ever': [program(repeated([...i32(0), ...i32(60_000), 0x10, 2])), 'LIMIT_REACHED'],
  'asking for ever': [program(repeated([...i32(0), ...i32(4), ...i32(0), ...i32(0), 0x10, 5, 0x1a])), 'METER_EXCEEDED', 10_000_000],
  'a place outside of its memory for the body': [program([...i32(65_530), ...i32(0), ...i32(4096), 0x10, 1, 0x1a]), 'PROGRAM_FAILED'],
  'an answer from outside of its memory': [program([...i32(0), 0x41, 0x7f, 0x10, 2]), 'PROGRAM_FAILED'],
  'a name of a power that is all its memory': [
    program([...i32(0), ...i32(65_536), ...i32(0), ...i32(0), 0x10, 3, ...i32(0), 0x48, 0x04, 0x40, 0x00, 0x0b]),
    'PROGRAM_FAILED',
  ],
  'memory that it may not have from the start': [program([], { memory: { min: 1000 } }), 'MEMORY_EXCEEDED'],
}

for (const [what, [module, code, meter = limit.meter]] of Object.entries(failing)) {
  test(`a program in WebAssembly is ended or refused: ${what}`, async () => {
    const { module: prepared } = await sandbox.prepare(assemble(module))
    const trying = async () => {
      const vat = await open(sandbox, { id: what, kind: 'wasm', load: async () => prepared }, { limit: { ...limit, meter } })
      try {
        await told(vat, 'x'.repeat(5000))
      } finally {
        await vat.end()
      }
    }
    await assert.rejects(trying(), withCode(code))
    await nothingElseHappened()
  })
}

const scripts: Record<string, [string, HoltErrorCode]> = {
  'a regular expression that goes back for ever': [`/^(a+)+$/.test('a'.repeat(40) + '!')`, 'METER_EXCEEDED'],
  // each waits for the next: what ends is the memory for them, and with it the promise that was waited for
  'promises without end': [`await new Promise(() => { const again = () => Promise.resolve().then(again); again() })`, 'PROGRAM_FAILED'],
  'a thenable that never says': [`({ then() {} })`, 'PROGRAM_FAILED'],
  'a text that doubles': [`{ let text = 'x'; for (;;) text += text + text.slice(1) }`, 'MEMORY_EXCEEDED'],
  'a map without end': [`{ const map = new Map(); for (let i = 0; ; i++) map.set(i, new Uint8Array(1000)) }`, 'MEMORY_EXCEEDED'],
  'an object that only seems to be bytes': [`Object.create(Uint8Array.prototype)`, 'PROGRAM_FAILED'],
  'an answer whose text is a loop': [`({ toString() { for (;;); } })`, 'METER_EXCEEDED'],
  'an exception whose text is a loop': [`{ throw { get message() { for (;;); } } }`, 'METER_EXCEEDED'],
  'the constructor of functions asked for a process': [`{ return (() => {}).constructor('return process')() }`, 'PROGRAM_FAILED'],
  'a module asked for': [`{ return await import('fs') }`, 'PROGRAM_FAILED'],
}

for (const [what, [expression, code]] of Object.entries(scripts)) {
  test(`a script is ended or fails: ${what}`, async () => {
    const body = expression.startsWith('{') ? expression : `{ return ${expression} }`
    const vat = await open(sandbox, script(`holt.onDeliver = async (name, body) => ${body}`), { limit: { ...limit, meter: 2_000_000_000 } })
    await assert.rejects(told(vat, ''), withCode(code))
    await vat.end()
    await nothingElseHappened()
  })
}

test('a script that changes everything it can reach changes nothing for the host, and only itself', async () => {
  const vat = await open(
    sandbox,
    script(`
      holt.onDeliver = (name, body) => body
      for (const object of [Object, Array, Map, Promise, Uint8Array, String, Function, JSON, Symbol, Error])
        for (const name of Object.getOwnPropertyNames(object.prototype ?? object))
          if (name !== 'constructor' && name !== 'length' && name !== 'prototype') try { (object.prototype ?? object)[name] = () => { throw 'changed' } } catch {}
      globalThis.TextEncoder = globalThis.Uint8Array = globalThis.Promise = undefined`),
    { limit },
  )
  await told(vat, 'same').then(
    (text) => assert.equal(text, 'same'),
    (error: unknown) => withCode('PROGRAM_FAILED')(error),
  )
  await vat.end()
  await nothingElseHappened()
})

test('a script finds nothing of the host among its globals', async () => {
  const names = [
    'process',
    'require',
    'module',
    'global',
    'Buffer',
    'fetch',
    'WebAssembly',
    'SharedArrayBuffer',
    'Worker',
    'postMessage',
    'std',
    'os',
    'setTimeout',
    'navigator',
    'Deno',
    'document',
  ]
  const vat = await open(
    sandbox,
    script(`holt.onDeliver = () => ${JSON.stringify(names)}.filter((name) => globalThis[name] !== undefined).join()`),
  )
  assert.match(await told(vat, ''), /^(SharedArrayBuffer)?$/)
  await vat.end()
})

test('bytes whose memory is taken away or changed while they are handed over are no way out', async () => {
  const vat = await open(
    sandbox,
    script(`holt.onDeliver = () => {
      const buffer = new ArrayBuffer(64, { maxByteLength: 128 })
      const view = new Uint8Array(buffer, 32)
      buffer.resize(16)
      const moved = new Uint8Array(8)
      moved.buffer.transfer()
      const lying = new (class extends Uint8Array { get length() { return 1e9 } get byteLength() { return 1e9 } })(4)
      return [view, moved, lying].map((bytes) => { try { return holt.call('echo', bytes).length } catch (error) { return 'error' } }).join()
    }`),
    { limit },
  )
  await told(vat, '').then(
    (text) => assert.match(text, /^(0|error),(0|error),4$/),
    (error: unknown) => withCode('PROGRAM_FAILED')(error),
  )
  await vat.end()
  await nothingElseHappened()
})
