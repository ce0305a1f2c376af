import { allocateKernelMemory } from '../kernel-memory.ts'
import type { Kernels } from '../kernels.ts'
import { multiply } from './field.ts'
import { type CodingPlan, interpolationRows } from './matrix.ts'
import { checkPiece, checkWindowBytes, type WindowCoder, type WindowCoderMaker } from './window-coder.ts'

/** Look-up tables of one coefficient: its products with 0..15 and with 0, 16, … 240. */
const TABLE_BYTES = 32
const POINTER_BYTES = 4
/** The kernel codes whole steps; bytes behind the piece are coded along, to no harm. */
const STEP_BYTES = 64
/**
 * Windows begin this far apart besides their size. Were it a multiple of 4096, the same column of all windows would
 * compete for the same few lines of the first-level cache.
 */
const WINDOW_SKEW_BYTES = 320

/** Window coders that multiply by the plan's matrix in the SIMD kernel. */
export function simdWindowCoders(kernels: Kernels): WindowCoderMaker {
  return (plan, windowBytes) => makeCoder(kernels, plan, windowBytes)
}

function makeCoder(kernels: Kernels, plan: CodingPlan, windowBytes: number): WindowCoder {
  checkWindowBytes(windowBytes)
  const rows = interpolationRows(plan)
  const inputCount = plan.sources.length
  const outputCount = plan.wanted.length
  const stride = alignUp(windowBytes, 4096) + WINDOW_SKEW_BYTES
  const windowsAt = alignUp(rows.length * TABLE_BYTES + (inputCount + outputCount) * POINTER_BYTES, STEP_BYTES)
  const region = allocateKernelMemory(windowsAt + (inputCount + outputCount) * stride)

  const tables = region.bytes.byteOffset
  const pointers = tables + rows.length * TABLE_BYTES
  writeTables(region.bytes, rows)
  writePointers(region.bytes.subarray(rows.length * TABLE_BYTES), inputCount + outputCount, tables + windowsAt, stride)

  const windowView = (index: number) => region.bytes.subarray(windowsAt + index * stride, windowsAt + index * stride + windowBytes)
  return {
    plan,
    windowBytes,
    input: (i) => windowView(checkIndex(i, inputCount)),
    output: (j) => windowView(inputCount + checkIndex(j, outputCount)),
    code(lengthBytes) {
      checkPiece(lengthBytes, windowBytes)
      const length = alignUp(lengthBytes, STEP_BYTES)
      kernels.erasure_multiply(tables, pointers, inputCount, pointers + inputCount * POINTER_BYTES, outputCount, length)
    },
    close: () => region.free(),
  }
}

function writeTables(bytes: Uint8Array, rows: Uint8Array): void {
  let at = 0
  for (const coefficient of rows) {
    for (let half = 0; half < 16; half++) {
      bytes[at + half] = multiply(coefficient, half)
      bytes[at + 16 + half] = multiply(coefficient, half << 4)
    }
    at += TABLE_BYTES
  }
}

function writePointers(bytes: Uint8Array, count: number, first: number, stride: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  for (let i = 0; i < count; i++) view.setUint32(i * POINTER_BYTES, first + i * stride, true)
}

function checkIndex(index: number, count: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= count) throw new RangeError(`window ${index} of ${count}`)
  return index
}

function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment
}
