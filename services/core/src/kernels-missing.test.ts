import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blake3 as noble } from '@noble/hashes/blake3.js'

// A runtime without SIMD finds the kernels invalid; this has to be so before the modules load.
WebAssembly.validate = () => false
const { kernels } = await import('./kernels.ts')
const { blake3, createBlake3 } = await import('./blake3.ts')
const { allocateKernelMemory } = await import('./kernel-memory.ts')
const { createEncoder, createRebuilder, erasureCode } = await import('./erasure/erasure.ts')
const { referenceErasureCode } = await import('./erasure/reference-erasure-code.ts')
const { simdErasureCode } = await import('./erasure/simd-erasure-code.ts')

const input = Uint8Array.from({ length: 5000 }, (_, i) => i % 251)

test('without SIMD there are no kernels, and hashing gives the same digests', () => {
  assert.equal(kernels, null)
  assert.deepEqual(blake3(input), noble(input))
  const hasher = createBlake3()
  hasher.update(input.subarray(0, 1234))
  assert.deepEqual(hasher.digest(), noble(input.subarray(0, 1234)))
  hasher.update(input.subarray(1234))
  assert.deepEqual(hasher.digest(), noble(input))
})

test('without SIMD kernel memory is ordinary memory', () => {
  const region = allocateKernelMemory(5000)
  region.bytes.set(input)
  assert.deepEqual(blake3(region.bytes), noble(input))
  region.free()
})

test('without SIMD the reference codes, whole fragments and windows', () => {
  assert.equal(simdErasureCode, null)
  assert.equal(erasureCode, referenceErasureCode)
  const data = [input.subarray(0, 500), input.subarray(500, 1000), input.subarray(3000, 3500)]
  const [first, second] = erasureCode.encode(data, 2) as [Uint8Array, Uint8Array]

  const encoder = createEncoder({ dataCount: 3, parityCount: 2, windowBytes: 600 })
  for (const [i, fragment] of data.entries()) encoder.input(i).set(fragment)
  encoder.code(500)
  assert.deepEqual([encoder.output(0).subarray(0, 500), encoder.output(1).subarray(0, 500)], [first, second])

  const rebuilder = createRebuilder({ dataCount: 3, sources: [4, 1, 3], wanted: [2, 0], windowBytes: 500 })
  for (const [i, fragment] of [second, data[1] as Uint8Array, first].entries()) rebuilder.input(i).set(fragment)
  rebuilder.code(500)
  assert.deepEqual([rebuilder.output(0), rebuilder.output(1)], [data[2], data[0]])
  encoder.close()
  rebuilder.close()
})
