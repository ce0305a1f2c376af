import { ProgramError } from './vat-host.ts'

const MOST_VECTORS = 1024

/** A part of the program's memory. Numbers come as a program gives them: any 32 bits. */
export class GuestMemory {
  memory: WebAssembly.Memory | null = null

  view(at: number, length: number): Uint8Array {
    const buffer = (this.memory as WebAssembly.Memory).buffer
    const from = at >>> 0
    const size = length >>> 0
    if (from + size > buffer.byteLength) throw new ProgramError('a place outside of its memory was handed to the host')
    return new Uint8Array(buffer, from, size)
  }

  copy(at: number, length: number): Uint8Array {
    return this.view(at, length).slice()
  }

  text(at: number, length: number): string {
    return new TextDecoder().decode(this.copy(at, length))
  }

  u32(at: number): number {
    return new DataView((this.memory as WebAssembly.Memory).buffer).getUint32(this.#checked(at, 4), true)
  }

  setU32(at: number, value: number): void {
    new DataView((this.memory as WebAssembly.Memory).buffer).setUint32(this.#checked(at, 4), value, true)
  }

  setU8(at: number, value: number): void {
    this.view(at, 1)[0] = value
  }

  setU64(at: number, value: bigint): void {
    new DataView((this.memory as WebAssembly.Memory).buffer).setBigUint64(this.#checked(at, 8), value, true)
  }

  /** Those of WASI: where each part lies and how long it is. What is beyond the first thousand is left for the next call. */
  vectors(at: number, count: number): { at: number; length: number }[] {
    return Array.from({ length: Math.min(count >>> 0, MOST_VECTORS) }, (_, index) => ({
      at: this.u32((at >>> 0) + index * 8),
      length: this.u32((at >>> 0) + index * 8 + 4),
    }))
  }

  #checked(at: number, length: number): number {
    return this.view(at, length).byteOffset
  }
}
