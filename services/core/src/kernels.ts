import { kernelsWasm } from './kernels.wasm.ts'

/** What services/core/kernels exports; addresses are byte offsets in `memory`. */
export interface Kernels {
  readonly memory: WebAssembly.Memory
  readonly __heap_base: WebAssembly.Global
  blake3_staging(): number
  blake3_staging_bytes(): number
  blake3_state(slot: number): number
  blake3_state_bytes(slot: number): number
  blake3_begin(slot: number): void
  blake3_update(slot: number, input: number, length: number): void
  blake3_digest(slot: number): number
  erasure_multiply(tables: number, windows: number, stride: number, count: number, rows: number, length: number): void
}

/** The SIMD kernels of this thread; null where WebAssembly SIMD is missing. */
export const kernels: Kernels | null = loadKernels()

/** Base64 text to bytes. */
export function decodeWasm(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

function loadKernels(): Kernels | null {
  const bytes = decodeWasm(kernelsWasm)
  if (!WebAssembly.validate(bytes)) return null
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes))
  return instance.exports as unknown as Kernels // the exports are those of the C sources beside
}
