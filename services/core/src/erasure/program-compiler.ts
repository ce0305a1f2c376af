import { type CodingNode, neededNodes } from './coding-graph.ts'
import { functionModule, I32, op, V128 } from './wasm-writer.ts'

/** A coding program as machine code. */
export interface CompiledProgram {
  /** The coefficients whose look-up tables `run` finds at `tables`, one after the other. */
  readonly coefficients: readonly number[]
  /** Codes `length` columns (a multiple of 16, not 0) of windows that begin `stride` bytes apart: inputs, then outputs. */
  run(tables: number, windows: number, stride: number, length: number): void
}

const VECTOR_BYTES = 16
export const TABLE_BYTES = 32

const [TABLES, WINDOWS, STRIDE, LENGTH] = [0, 1, 2, 3]
const PARAMETERS = 4

const swizzle = supportsRelaxedSwizzle() ? op.relaxedSwizzle : op.swizzle

function supportsRelaxedSwizzle(): boolean {
  const body = [...op.get(0), ...op.get(0), ...op.relaxedSwizzle, ...op.set(0)]
  return WebAssembly.validate(functionModule({ parameters: [V128], locals: [], body }))
}

/**
 * Compiles a program to a WebAssembly SIMD function, every value in a local: what a general kernel would spend on
 * loops over coefficients and on storing what lies between goes away.
 *
 * @param outputs for each output window its value; inputs are windows 0 to `inputCount` − 1.
 */
export function compileProgram(inputCount: number, outputs: readonly CodingNode[], memory: WebAssembly.Memory): CompiledProgram {
  const writer = new ProgramWriter(inputCount, outputs)
  const module = new WebAssembly.Module(writer.module())
  const { run } = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Pick<CompiledProgram, 'run'>
  return { coefficients: writer.coefficients, run }
}

class ProgramWriter {
  readonly coefficients: number[] = []
  readonly #inputCount: number
  readonly #outputs: readonly CodingNode[]
  readonly #windowCount: number
  readonly #at: number
  readonly #constants: { nibble: number; zero: number; reduction: number }
  #nextLocal: number
  readonly #locals = new Map<CodingNode, number>()
  readonly #nibbles = new Map<CodingNode, { low: number; high: number }>()

  constructor(inputCount: number, outputs: readonly CodingNode[]) {
    this.#inputCount = inputCount
    this.#outputs = outputs
    this.#windowCount = inputCount + outputs.length
    this.#at = PARAMETERS + this.#windowCount // after a local per window: where it begins
    this.#nextLocal = this.#at + 1
    this.#constants = { nibble: this.#newLocal(), zero: this.#newLocal(), reduction: this.#newLocal() }
  }

  module(): Uint8Array<ArrayBuffer> {
    const column = neededNodes(this.#outputs).flatMap((node) => [...this.#compute(node), ...this.#storeIfOutput(node)])
    const next = [
      ...op.get(this.#at),
      ...op.i32Const(VECTOR_BYTES),
      ...op.i32Add,
      ...op.tee(this.#at),
      ...op.get(LENGTH),
      ...op.i32LessUnsigned,
    ]
    const body = [...this.#prepare(), ...op.loop([...column, ...next])]
    const locals: [number, number][] = [
      [this.#windowCount + 1, I32],
      [this.#nextLocal - this.#at - 1, V128],
    ]
    return functionModule({ parameters: [I32, I32, I32, I32], locals, body })
  }

  #prepare(): number[] {
    const { nibble, zero, reduction } = this.#constants
    const vectors = [...op.splat(0x0f), ...op.set(nibble), ...op.splat(0), ...op.set(zero), ...op.splat(0x1d), ...op.set(reduction)]
    const windows = Array.from({ length: this.#windowCount }, (_, window) => {
      const previous = window === 0 ? op.get(WINDOWS) : [...op.get(PARAMETERS + window - 1), ...op.get(STRIDE), ...op.i32Add]
      return [...previous, ...op.set(PARAMETERS + window)]
    })
    return [...vectors, ...windows.flat()]
  }

  #compute(node: CodingNode): number[] {
    const code = this.#expression(node)
    const local = this.#newLocal()
    this.#locals.set(node, local)
    return [...code, ...op.set(local)]
  }

  #expression(node: CodingNode): number[] {
    if (node.kind === 'input') return [...this.#address(node.index), ...op.load(0)]
    if (node.kind === 'sum') return [...this.#get(node.a), ...this.#get(node.b), ...op.xor]
    return node.coefficient === 2 ? this.#double(node.a) : this.#multiply(node.coefficient, node.a)
  }

  /** Shifts to the left and reduces the bytes whose highest bit went out. */
  #double(a: CodingNode): number[] {
    const { zero, reduction } = this.#constants
    const overflow = [...this.#get(a), ...op.get(zero), ...op.lessSigned8, ...op.get(reduction), ...op.and]
    return [...this.#get(a), ...this.#get(a), ...op.add8, ...overflow, ...op.xor]
  }

  /** Looks up the product with either half of the byte. */
  #multiply(coefficient: number, a: CodingNode): number[] {
    const table = TABLE_BYTES * this.coefficients.length
    this.coefficients.push(coefficient)
    const split = this.#split(a)
    const { low, high } = this.#nibbles.get(a) as { low: number; high: number }
    const lowProduct = [...op.get(TABLES), ...op.load(table), ...op.get(low), ...swizzle]
    const highProduct = [...op.get(TABLES), ...op.load(table + VECTOR_BYTES), ...op.get(high), ...swizzle]
    return [...split, ...lowProduct, ...highProduct, ...op.xor]
  }

  #split(a: CodingNode): number[] {
    if (this.#nibbles.has(a)) return []
    const nibbles = { low: this.#newLocal(), high: this.#newLocal() }
    this.#nibbles.set(a, nibbles)
    const mask = [...op.get(this.#constants.nibble), ...op.and]
    const low = [...this.#get(a), ...mask, ...op.set(nibbles.low)]
    return [...low, ...this.#get(a), ...op.i32Const(4), ...op.shiftRight16, ...mask, ...op.set(nibbles.high)]
  }

  #storeIfOutput(node: CodingNode): number[] {
    const stores = this.#outputs.map((output, j) =>
      output === node ? [...this.#address(this.#inputCount + j), ...this.#get(node), ...op.store] : [],
    )
    return stores.flat()
  }

  #address(window: number): number[] {
    return [...op.get(PARAMETERS + window), ...op.get(this.#at), ...op.i32Add]
  }

  #get(node: CodingNode): number[] {
    return op.get(this.#locals.get(node) as number)
  }

  #newLocal(): number {
    return this.#nextLocal++
  }
}
