import type { Kernels } from '../kernels.ts'
import { encodingProgram } from './encoding-program.ts'
import { type CodingPlan, interpolationRows } from './matrix.ts'
import { type CompiledProgram, compileProgram } from './program-compiler.ts'

/** Codes windows in kernel memory that begin `stride` bytes apart: the plan's sources, then what is wanted. */
export interface SimdEngine {
  /** The coefficients whose look-up tables `run` wants, one after the other. */
  readonly coefficients: ArrayLike<number>
  /** `length`: a multiple of 32, not 0. */
  run(tables: number, windows: number, stride: number, length: number): void
}

/** Beyond, a program holds more values at once than processors have registers by far, and gains little. */
const LARGEST_PROGRAM_FRAGMENTS = 64
const KEPT_PROGRAMS = 16

const programs = new Map<string, CompiledProgram>()

/** A program of its own where all data is there (encoding, lost parity), else the matrix. */
export function simdEngine(kernels: Kernels, plan: CodingPlan): SimdEngine {
  const { sources, wanted } = plan
  const coefficients = interpolationRows(plan)
  if (wanted.length > 0 && sources.every((index, i) => index === i) && Math.max(...wanted) < LARGEST_PROGRAM_FRAGMENTS) {
    return encodingEngine(kernels, plan)
  }
  return {
    coefficients,
    run: (tables, windows, stride, length) => kernels.erasure_multiply(tables, windows, stride, sources.length, wanted.length, length),
  }
}

/** Programs used last are kept: compiling one takes about a millisecond, and longer until it runs at full speed. */
function encodingEngine(kernels: Kernels, { sources, wanted }: CodingPlan): SimdEngine {
  const key = `${sources.length}: ${wanted.join()}`
  const program = programs.get(key) ?? compileProgram(sources.length, encodingProgram(sources.length, wanted), kernels.memory)
  programs.delete(key)
  programs.set(key, program)
  for (const oldest of programs.keys()) if (programs.size > KEPT_PROGRAMS) programs.delete(oldest)
  return program
}
