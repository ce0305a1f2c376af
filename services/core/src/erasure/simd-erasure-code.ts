import { kernels } from '../kernels.ts'
import type { ErasureCode } from './erasure-code.ts'
import { simdWindowCoders } from './simd-window-coder.ts'
import type { WindowCoderMaker } from './window-coder.ts'
import { windowedErasureCode } from './windowed-erasure-code.ts'

/** Null where WebAssembly SIMD is missing. */
export const makeSimdCoder: WindowCoderMaker | null = kernels === null ? null : simdWindowCoders(kernels)

/** The erasure code by Holt's own SIMD kernel; null where WebAssembly SIMD is missing. */
export const simdErasureCode: ErasureCode | null = makeSimdCoder === null ? null : windowedErasureCode(makeSimdCoder)
