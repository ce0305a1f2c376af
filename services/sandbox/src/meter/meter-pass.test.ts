import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHoltError } from '@holt/core/errors.ts'
import { type AssembledModule, assemble, I32, I64, i32, leb } from '../testing/assemble.ts'
import { factsOfModule, GAS_EXPORT, MEMORY_IMPORT, meterModule, START_EXPORT } from './meter-pass.ts'
import { WasmWriter } from './wasm-bytes.ts'

const none: ReadonlySet<string> = new Set()

function run(module: AssembledModule, imports: Record<string, () => unknown> = {}) {
  const names = new Set((module.imports ?? []).map(({ name }) => name))
  const metered = new WebAssembly.Module(meterModule(assemble(module), names).module as BufferSource)
  const facts = factsOfModule(metered)
  const memory = new WebAssembly.Memory({ initial: facts.memory?.min ?? 0, maximum: facts.memory?.max ?? 0 })
  const instance = new WebAssembly.Instance(metered, { t: imports, [MEMORY_IMPORT.module]: { [MEMORY_IMPORT.name]: memory } })
  const gas = instance.exports[GAS_EXPORT] as WebAssembly.Global
  gas.value = 1_000_000n
  return {
    memory,
    gas,
    call: (name: string, ...args: number[]) => (instance.exports[name] as (...args: number[]) => unknown)(...args),
    spent: () => 1_000_000 - Number(gas.value),
  }
}

function refused(wasm: Uint8Array): boolean {
  try {
    meterModule(wasm, none)
  } catch (error) {
    assert.ok(isHoltError(error, 'PROGRAM_INVALID'), String(error))
    return true
  }
  return false
}

/** sum = 0; do { sum += n; n -= 1 } while (n != 0) */
const sum = [0x03, 0x40, 0x20, 1, 0x20, 0, 0x6a, 0x21, 1, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b, 0x20, 1]

test('counts each instruction that runs, and no other', () => {
  const code = [0x20, 0, 0x04, I32, ...i32(1), 0x05, ...i32(2), ...i32(3), 0x6a, 0x0b]
  const { call, spent } = run({ functions: [{ params: [I32], results: [I32], export: 'f', code }] })
  assert.equal(call('f', 1), 1)
  const then = spent()
  assert.equal(call('f', 0), 5)
  assert.equal(then, 1 + 2 + 1) // entry, local.get and if, the constant
  assert.equal(spent() - then, 1 + 2 + 3)
})

test('counts a loop by its turns, in a local variable that the global has at the end', () => {
  const { call, spent } = run({ functions: [{ params: [I32], results: [I32], locals: [I32], export: 'f', code: sum }] })
  assert.equal(call('f', 10), 55)
  const ten = spent()
  assert.equal(call('f', 20), 210)
  assert.equal(spent() - ten - ten, 10 * 10) // ten instructions a turn
})

test('keeps the count over calls and early returns of functions with loops', () => {
  const calling = [
    0x03,
    0x40,
    0x20,
    0,
    0x10,
    0,
    0x1a,
    0x20,
    0,
    0x45,
    0x04,
    0x40,
    ...i32(7),
    0x0f,
    0x0b,
    0x20,
    0,
    ...i32(1),
    0x6b,
    0x21,
    0,
    0x0c,
    0,
    0x0b,
    0x00,
  ]
  const { call, spent } = run({
    functions: [
      { params: [I32], results: [I32], code: [0x20, 0] },
      { params: [I32], results: [I32], export: 'f', code: calling },
    ],
  })
  assert.equal(call('f', 0), 7)
  const once = spent()
  assert.equal(call('f', 5), 7)
  const perTurn = (spent() - once - once) / 5
  assert.equal(perTurn, Math.floor(perTurn))
  assert.ok(perTurn > 10)
})

test('ends an endless loop and endless recursion, with the meter below zero', () => {
  for (const code of [
    [0x03, 0x40, 0x0c, 0, 0x0b],
    [0x10, 0],
  ]) {
    const { call, gas } = run({ functions: [{ export: 'f', code }] })
    gas.value = 3000n
    assert.throws(() => call('f'), WebAssembly.RuntimeError)
    assert.ok((gas.value as bigint) < 0n)
  }
})

test('counts what fills memory by its bytes', () => {
  const code = [...i32(0), ...i32(1), 0x20, 0, 0xfc, 11, 0]
  const { call, spent, memory } = run({ memory: { min: 1 }, functions: [{ params: [I32], export: 'f', code }] })
  call('f', 8)
  const few = spent()
  call('f', 65536)
  assert.equal(spent() - few - few, (65536 - 8) / 8)
  assert.equal(new Uint8Array(memory.buffer)[65535], 1)
})

test('leaves several results through one way out', () => {
  const code = [0x03, 0x40, 0x0b, 0x20, 0, 0x04, 0x40, ...i32(1), ...i32(2), 0x0f, 0x0b, ...i32(3), ...i32(4)]
  const { call } = run({ functions: [{ params: [I32], results: [I32, I32], export: 'f', code }] })
  assert.deepEqual(call('f', 1), [1, 2])
  assert.deepEqual(call('f', 0), [3, 4])
})

test('takes the memory and the start function out of the hands of the module', () => {
  const module = meterModule(assemble({ memory: { min: 1, max: 9 }, functions: [{ code: [] }], start: 0 }), none)
  assert.deepEqual(module.facts.memory, { min: 1, max: 9 })
  const compiled = new WebAssembly.Module(module.module as BufferSource)
  assert.deepEqual(
    WebAssembly.Module.imports(compiled).map(({ name, kind }) => `${name} ${kind}`),
    ['memory memory'],
  )
  assert.ok(WebAssembly.Module.exports(compiled).some(({ name }) => name === START_EXPORT))
})

test('exports every global that changes, for snapshots', () => {
  const globals = [
    { type: I32, mutable: false, init: i32(1) },
    { type: I32, mutable: true, init: i32(2) },
    { type: I64, mutable: true, init: [0x42, ...leb(3)] },
  ]
  const { facts } = meterModule(assemble({ globals }), none)
  assert.deepEqual(facts.mutableGlobals, ['holt:g0', 'holt:g1'])
  assert.equal(facts.canSnapshot, true)
})

test('says when a snapshot cannot tell all of a module: tables that change', () => {
  const code = [0xd0, 0x70, ...i32(1), 0xfc, 15, 0, 0x1a]
  const { facts } = meterModule(assemble({ table: { min: 1 }, functions: [{ code }] }), none)
  assert.equal(facts.canSnapshot, false)
})

test('gives tables a largest size, whatever they ask for', () => {
  const { call } = run({
    table: { min: 1 },
    functions: [{ params: [I32], results: [I32], export: 'grow', code: [0xd0, 0x70, 0x20, 0, 0xfc, 15, 0] }],
  })
  assert.equal(call('grow', 60_000), 1)
  assert.equal(call('grow', 60_000), -1)
  assert.ok(refused(assemble({ table: { min: 10_000_000 } })))
})

test('refuses what is no module, is cut off, or is not valid', () => {
  const whole = assemble({ memory: { min: 1 }, functions: [{ results: [I32], export: 'f', code: i32(1) }] })
  assert.ok(!refused(whole))
  assert.ok(refused(new Uint8Array()))
  assert.ok(refused(new TextEncoder().encode('#!/bin/sh')))
  assert.ok(refused(assemble({ functions: [{ results: [I32], code: [] }] })))
  for (let length = 0; length < whole.length; length++) {
    const cut = whole.subarray(0, length)
    assert.ok(refused(cut) || WebAssembly.validate(cut as BufferSource), `cut at ${length}`)
  }
})

test('refuses imports that nobody gives, and a million of them without reading them', () => {
  assert.ok(refused(assemble({ imports: [{ name: 'env.system' }] })))
  const million = new WasmWriter().all([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 2, 4]).u32(1_000_000).byte(0).written()
  assert.ok(refused(million))
})

test('refuses instructions that it does not count: threads, exceptions, tail calls, relaxed SIMD', () => {
  for (const code of [
    [0xfe, 0x03, 0],
    [0x06, 0x40, 0x19, 0x0b],
    [0x12, 0],
    [0xfd, 0x80, 0x02],
  ])
    assert.ok(refused(assemble({ functions: [{ code }] })), String(code))
})

test('refuses names that are its own', () => {
  assert.ok(refused(assemble({ functions: [{ export: 'holt:gas', code: [] }] })))
})
