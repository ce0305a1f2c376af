import { allocateKernelMemory } from '../kernel-memory.ts'
import type { Kernels } from '../kernels.ts'
import { multiply } from './field.ts'
import type { CodingPlan } from './matrix.ts'
import { TABLE_BYTES } from './program-compiler.ts'
import { simdEngine } from './simd-engines.ts'
import { checkPiece, checkWindowBytes, type WindowCoder, type WindowCoderMaker } from './window-coder.ts'

/** The kernel codes whole steps; bytes behind the piece are coded along, to no harm. */
const STEP_BYTES = 64
/**
 * Windows begin this far apart besides their size. Were it a multiple of 4096, the same column of all windows would
 * compete for the same few lines of the first-level cache.
 */
const WINDOW_SKEW_BYTES = 320

/** Window coders over the SIMD kernels. */
export function simdWindowCoders(kernels: Kernels): WindowCoderMaker {
  return (plan, windowBytes) => makeCoder(kernels, plan, windowBytes)
}

function makeCoder(kernels: Kernels, plan: CodingPlan, windowBytes: number): WindowCoder {
  checkWindowBytes(windowBytes)
  const engine = simdEngine(kernels, plan)
  const inputCount = plan.sources.length
  const outputCount = plan.wanted.length
  const stride = alignUp(windowBytes, 4096) + WINDOW_SKEW_BYTES
  const windowsAt = alignUp(engine.coefficients.length * TABLE_BYTES, STEP_BYTES)
  const region = allocateKernelMemory(windowsAt + (inputCount + outputCount) * stride)
  writeTables(region.bytes, engine.coefficients)

  const tables = region.bytes.byteOffset
  const windowView = (index: number) => region.bytes.subarray(windowsAt + index * stride, windowsAt + index * stride + windowBytes)
  return {
    plan,
    windowBytes,
    input: (i) => windowView(checkIndex(i, inputCount)),
    output: (j) => windowView(inputCount + checkIndex(j, outputCount)),
    code(lengthBytes) {
      checkPiece(lengthBytes, windowBytes)
      if (lengthBytes > 0) engine.run(tables, tables + windowsAt, stride, alignUp(lengthBytes, STEP_BYTES))
    },
    close: () => region.free(),
  }
}

/** The products of each coefficient with 0, 1, … 15 and with 0, 16, … 240. */
function writeTables(bytes: Uint8Array, coefficients: ArrayLike<number>): void {
  for (let i = 0; i < coefficients.length; i++) {
    for (let half = 0; half < 16; half++) {
      bytes[i * TABLE_BYTES + half] = multiply(coefficients[i] as number, half)
      bytes[i * TABLE_BYTES + 16 + half] = multiply(coefficients[i] as number, half << 4)
    }
  }
}

function checkIndex(index: number, count: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= count) throw new RangeError(`window ${index} of ${count}`)
  return index
}

function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment
}
