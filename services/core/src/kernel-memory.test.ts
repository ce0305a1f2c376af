import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { allocateKernelMemory, type KernelRegion } from './kernel-memory.ts'

test('regions keep what was written while others come and go', () => {
  const step = fc.record({ size: fc.oneof(fc.nat(300), fc.nat(400_000)), freed: fc.nat(5) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const live: { region: KernelRegion; fill: number }[] = []
      for (const [index, { size, freed }] of steps.entries()) {
        const region = allocateKernelMemory(size)
        assert.equal(region.bytes.length, size)
        assert.equal(region.bytes.byteOffset % 64, 0)
        region.bytes.fill(index)
        live.push({ region, fill: index })
        if (freed < live.length) live.splice(freed, 1)[0]?.region.free()
        for (const { region: kept, fill } of live) assert.ok(kept.bytes.every((byte) => byte === fill))
      }
      for (const { region } of live) region.free()
    }),
    { numRuns: 40 },
  )
})

test('memory given back is used again', () => {
  const size = 8 * 1024 * 1024
  const first = allocateKernelMemory(size)
  const place = first.bytes.byteOffset
  first.free()
  for (let round = 0; round < 50; round++) {
    const region = allocateKernelMemory(size)
    assert.equal(region.bytes.byteOffset, place)
    region.free()
  }
})

test('a freed region is not handed out', () => {
  const region = allocateKernelMemory(10)
  region.free()
  region.free()
  assert.throws(() => region.bytes, TypeError)
})

test('refuses a size that is none', () => {
  for (const size of [-1, 1.5, Number.NaN]) assert.throws(() => allocateKernelMemory(size), RangeError)
})
