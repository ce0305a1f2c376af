import { kernels } from './kernels.ts'

/**
 * Memory that the kernels reach without copying: what lies here is hashed in place by `blake3` and `createBlake3`, and
 * window coders (`erasure/window-coder.ts`) work here. Where SIMD is missing it is ordinary memory and all still works.
 */
export interface KernelRegion {
  readonly sizeBytes: number
  /**
   * The region's bytes. Ask again after anything that may allocate: the memory grows by being replaced, and views taken
   * before are then empty. Cheap to ask. Begins at a multiple of 64 and holds what was there before, not zeros.
   */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Gives the memory back; `bytes` must not be used any more. */
  free(): void
}

/** @throws RangeError when the memory (4 GiB at most) is used up. */
export function allocateKernelMemory(sizeBytes: number): KernelRegion {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) throw new RangeError(`a size in bytes, not ${sizeBytes}`)
  return heap === null ? ordinaryRegion(sizeBytes) : new HeapRegion(heap, sizeBytes)
}

const ALIGNMENT = 64
const PAGE_BYTES = 65536

interface Span {
  begin: number
  end: number
}

/** First fit over a list of free spans, in order of address; neighbours are joined when freed. Regions are few and large. */
class KernelHeap {
  readonly #memory: WebAssembly.Memory
  #free: Span[]
  #view: Uint8Array<ArrayBuffer>

  constructor(memory: WebAssembly.Memory, base: number) {
    this.#memory = memory
    this.#view = new Uint8Array(memory.buffer)
    this.#free = [{ begin: alignUp(base, ALIGNMENT), end: this.#view.length }]
  }

  bytes(begin: number, length: number): Uint8Array<ArrayBuffer> {
    if (this.#view.buffer !== this.#memory.buffer) this.#view = new Uint8Array(this.#memory.buffer)
    return this.#view.subarray(begin, begin + length)
  }

  allocate(length: number): number {
    const wanted = Math.max(alignUp(length, ALIGNMENT), ALIGNMENT)
    const span = this.#free.find((candidate) => candidate.end - candidate.begin >= wanted) ?? this.#grow(wanted)
    const { begin } = span
    span.begin += wanted
    if (span.begin === span.end) this.#free.splice(this.#free.indexOf(span), 1)
    return begin
  }

  release(begin: number, length: number): void {
    const span = { begin, end: begin + Math.max(alignUp(length, ALIGNMENT), ALIGNMENT) }
    const spans = [...this.#free, span].sort((a, b) => a.begin - b.begin)
    this.#free = []
    for (const next of spans) {
      const last = this.#free[this.#free.length - 1]
      if (last !== undefined && last.end === next.begin) last.end = next.end
      else this.#free.push(next)
    }
  }

  #grow(wanted: number): Span {
    const end = this.#memory.buffer.byteLength
    const last = this.#free[this.#free.length - 1]
    const atEnd = last !== undefined && last.end === end ? end - last.begin : 0
    const pages = Math.ceil((wanted - atEnd) / PAGE_BYTES)
    this.#memory.grow(pages)
    this.release(end, pages * PAGE_BYTES)
    return this.#free[this.#free.length - 1] as Span
  }
}

const heap = kernels === null ? null : new KernelHeap(kernels.memory, kernels.__heap_base.value as number)

class HeapRegion implements KernelRegion {
  readonly sizeBytes: number
  readonly #heap: KernelHeap
  readonly #begin: number
  #live = true

  constructor(owner: KernelHeap, sizeBytes: number) {
    this.#heap = owner
    this.sizeBytes = sizeBytes
    this.#begin = owner.allocate(sizeBytes)
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    if (!this.#live) throw new TypeError('this region was freed')
    return this.#heap.bytes(this.#begin, this.sizeBytes)
  }

  free(): void {
    if (!this.#live) return
    this.#live = false
    this.#heap.release(this.#begin, this.sizeBytes)
  }
}

function ordinaryRegion(sizeBytes: number): KernelRegion {
  const bytes = new Uint8Array(sizeBytes)
  return { sizeBytes, bytes, free: () => {} }
}

function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment
}
