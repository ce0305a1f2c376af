import type { ErasureCode } from './erasure-code.ts'
import { makeReferenceCoder } from './reference-window-coder.ts'
import { windowedErasureCode } from './windowed-erasure-code.ts'

/** The erasure code by @subspace/reed-solomon-erasure.wasm, which every other implementation must agree with byte by byte. */
export const referenceErasureCode: ErasureCode = windowedErasureCode(makeReferenceCoder)
