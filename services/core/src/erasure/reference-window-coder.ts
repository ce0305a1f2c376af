import { decodeWasm } from '../kernels.ts'
import { type CodingPlan, interpolationRows } from './matrix.ts'
import { referenceWasm } from './reference.wasm.ts'
import { checkPiece, checkWindowBytes, type WindowCoder } from './window-coder.ts'

/** What the package's .wasm exports; results are 0 or the number of an error. Fragments lie one after the other. */
interface ReferenceExports {
  memory: WebAssembly.Memory
  __wbindgen_malloc(sizeBytes: number): number
  encode(fragments: number, sizeBytes: number, dataCount: number, parityCount: number): number
  reconstruct(fragments: number, sizeBytes: number, dataCount: number, parityCount: number, present: number, presentBytes: number): number
}

interface Shape {
  dataCount: number
  parityCount: number
  lengthBytes: number
}

let compiled: WebAssembly.Module | null = null

/**
 * An instance serves one call: on a used one, `reconstruct` reports errors that are none, or traps.
 */
function freshInstance(): ReferenceExports {
  compiled ??= new WebAssembly.Module(decodeWasm(referenceWasm))
  return new WebAssembly.Instance(compiled).exports as unknown as ReferenceExports // the package's own declarations leave its exports out
}

/** A window coder over @subspace/reed-solomon-erasure.wasm. Slower than the SIMD kernel by far, and it copies. */
export function makeReferenceCoder(plan: CodingPlan, windowBytes: number): WindowCoder {
  checkWindowBytes(windowBytes)
  interpolationRows(plan) // refuses the same plans
  const inputs = plan.sources.map(() => new Uint8Array(windowBytes))
  const outputs = plan.wanted.map(() => new Uint8Array(windowBytes))
  return {
    plan,
    windowBytes,
    input: (i) => checkWindow(inputs[i]),
    output: (j) => checkWindow(outputs[j]),
    code(lengthBytes) {
      checkPiece(lengthBytes, windowBytes)
      if (lengthBytes > 0 && outputs.length > 0) code(plan, lengthBytes, { inputs, outputs })
    },
    close: () => {},
  }
}

function checkWindow(window: Uint8Array<ArrayBuffer> | undefined): Uint8Array<ArrayBuffer> {
  if (window === undefined) throw new RangeError('no such window')
  return window
}

/** The rows of the matrix do not depend on how many follow: as many parity fragments as are named are enough. */
function code({ sources, wanted }: CodingPlan, lengthBytes: number, windows: { inputs: Uint8Array[]; outputs: Uint8Array[] }): void {
  const dataCount = sources.length
  const shape = { dataCount, parityCount: Math.max(...sources, ...wanted, dataCount) + 1 - dataCount, lengthBytes }
  const present = new Map(sources.map((index, i) => [index, windows.inputs[i] as Uint8Array]))
  const data = sources.every((index) => index < dataCount) ? present : rebuildData(shape, present)
  const all = wanted.some((index) => index >= dataCount) ? encodeParity(shape, data) : data
  for (const [j, index] of wanted.entries()) windows.outputs[j]?.set((all.get(index) as Uint8Array).subarray(0, lengthBytes))
}

function rebuildData(shape: Shape, present: ReadonlyMap<number, Uint8Array>): Map<number, Uint8Array> {
  const total = shape.dataCount + shape.parityCount
  return run(shape, present, (exports, fragments, sizeBytes) => {
    const flags = exports.__wbindgen_malloc(total)
    new Uint8Array(exports.memory.buffer, flags, total).set(Array.from({ length: total }, (_, index) => (present.has(index) ? 1 : 0)))
    return exports.reconstruct(fragments, sizeBytes, shape.dataCount, shape.parityCount, flags, total)
  })
}

function encodeParity(shape: Shape, data: ReadonlyMap<number, Uint8Array>): Map<number, Uint8Array> {
  return run(shape, data, (exports, fragments, sizeBytes) => exports.encode(fragments, sizeBytes, shape.dataCount, shape.parityCount))
}

type Call = (exports: ReferenceExports, fragments: number, sizeBytes: number) => number

/** @returns views of all fragments as the call left them. */
function run(
  { dataCount, parityCount, lengthBytes }: Shape,
  present: ReadonlyMap<number, Uint8Array>,
  call: Call,
): Map<number, Uint8Array> {
  const exports = freshInstance()
  const sizeBytes = (dataCount + parityCount) * lengthBytes
  const fragments = exports.__wbindgen_malloc(sizeBytes)
  const place = (index: number) => new Uint8Array(exports.memory.buffer, fragments + index * lengthBytes, lengthBytes)
  for (const [index, fragment] of present) place(index).set(fragment.subarray(0, lengthBytes))
  const result = call(exports, fragments, sizeBytes)
  if (result !== 0) throw new Error(`the reference erasure code failed with result ${result}`)
  return new Map(Array.from({ length: dataCount + parityCount }, (_, index) => [index, place(index)]))
}
