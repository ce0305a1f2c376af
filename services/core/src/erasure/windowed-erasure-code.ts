import { HoltError } from '../errors.ts'
import type { ErasureCode } from './erasure-code.ts'
import { checkShape } from './matrix.ts'
import type { WindowCoder, WindowCoderMaker } from './window-coder.ts'

/** All windows together stay in a second-level cache. */
const ALL_WINDOWS_BYTES = 512 * 1024
const SMALLEST_WINDOW_BYTES = 4096

/** The erasure code over whole fragments that lie anywhere: they are copied through the windows of a coder. */
export function windowedErasureCode(makeCoder: WindowCoderMaker): ErasureCode {
  return {
    encode(data, parityCount) {
      checkShape(data.length, parityCount)
      const wanted = Array.from({ length: parityCount }, (_, j) => data.length + j)
      return codeWhole(makeCoder, { sources: [...data.keys()], inputs: data, wanted })
    },
    reconstruct(fragments, { dataCount, wanted }) {
      checkShape(dataCount, fragments.length - dataCount)
      const missing = checkWanted(fragments, wanted)
      const rebuilt = [...fragments]
      if (missing.length === 0) return rebuilt
      const { sources, inputs } = chooseSources(fragments, dataCount)
      const outputs = codeWhole(makeCoder, { sources, inputs, wanted: missing })
      for (const [j, index] of missing.entries()) rebuilt[index] = outputs[j] as Uint8Array
      return rebuilt
    },
  }
}

interface WholeFragments {
  sources: number[]
  inputs: readonly Uint8Array[]
  wanted: number[]
}

function codeWhole(makeCoder: WindowCoderMaker, { sources, inputs, wanted }: WholeFragments): Uint8Array[] {
  const sizeBytes = (inputs[0] as Uint8Array).length
  if (inputs.some((input) => input.length !== sizeBytes)) throw new RangeError('fragments of one call have one length')
  const outputs = wanted.map(() => new Uint8Array(sizeBytes))
  if (wanted.length === 0 || sizeBytes === 0) return outputs
  const share = Math.floor(ALL_WINDOWS_BYTES / (sources.length + wanted.length))
  const coder = makeCoder({ sources, wanted }, Math.min(sizeBytes, Math.max(share, SMALLEST_WINDOW_BYTES)))
  try {
    for (let offset = 0; offset < sizeBytes; offset += coder.windowBytes) codePiece(coder, inputs, outputs, offset)
  } finally {
    coder.close()
  }
  return outputs
}

function codePiece(coder: WindowCoder, inputs: readonly Uint8Array[], outputs: readonly Uint8Array[], offset: number): void {
  const end = Math.min(offset + coder.windowBytes, (inputs[0] as Uint8Array).length)
  for (const [i, input] of inputs.entries()) coder.input(i).set(input.subarray(offset, end))
  coder.code(end - offset)
  for (const [j, output] of outputs.entries()) output.set(coder.output(j).subarray(0, end - offset), offset)
}

function checkWanted(fragments: readonly (Uint8Array | null)[], wanted: readonly number[] | undefined): number[] {
  const all = [...fragments.keys()]
  if (wanted === undefined) return all.filter((index) => fragments[index] === null)
  for (const index of wanted) if (!all.includes(index)) throw new RangeError(`fragment ${index} of ${fragments.length} is wanted`)
  return all.filter((index) => fragments[index] === null && wanted.includes(index))
}

/** The first k that are present: data fragments before parity. */
function chooseSources(fragments: readonly (Uint8Array | null)[], dataCount: number): { sources: number[]; inputs: Uint8Array[] } {
  const sources: number[] = []
  const inputs: Uint8Array[] = []
  for (const [index, fragment] of fragments.entries()) {
    if (fragment === null || sources.length === dataCount) continue
    sources.push(index)
    inputs.push(fragment)
  }
  if (sources.length < dataCount) throw unrecoverable(sources.length, fragments.length, dataCount)
  return { sources, inputs }
}

export function unrecoverable(present: number, total: number, needed: number): HoltError {
  return new HoltError('PACK_UNRECOVERABLE', `${present} of ${total} fragments are left, ${needed} are needed`, { present, needed })
}
