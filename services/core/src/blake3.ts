import { blake3 as portableBlake3 } from '@noble/hashes/blake3.js'
import { type Kernels, kernels } from './kernels.ts'

/** Incremental form of `blake3`. As many as wanted may be at work at once; one takes about 2 KiB at most. */
export interface Blake3Hasher {
  update(bytes: Uint8Array): void
  /** The digest so far; the hasher can go on. */
  digest(): Uint8Array
}

const DIGEST_BYTES = 32
const ONE_SHOT_SLOT = 0
const HASHER_SLOT = 1
/** Where two fields of `Hasher` in kernels/blake3.c lie. */
const STATE = { chunks: 0, depth: 16 } as const
const SUBTREE_CHUNKS = 64
const CHUNK_BYTES = 1024
const ANYTHING = new Uint8Array(1)

/** How many bits of a whole number are set. */
function bitsOf(number: number): number {
  let bits = 0
  for (let left = number; left > 0; left = Math.floor(left / 2)) bits += left % 2
  return bits
}

/**
 * Feeds the kernel. It has two slots for state: one for whole inputs, one for the incremental hasher used last; the
 * state of the others lies outside until they are used again.
 */
class Blake3Kernel {
  readonly #kernels: Kernels
  readonly #staging: number
  readonly #stagingBytes: number
  #memory: Uint8Array
  #current: KernelHasher | null = null

  constructor(wasm: Kernels) {
    this.#kernels = wasm
    this.#staging = wasm.blake3_staging()
    this.#stagingBytes = wasm.blake3_staging_bytes()
    this.#memory = new Uint8Array(wasm.memory.buffer)
  }

  hash(bytes: Uint8Array): Uint8Array {
    this.#kernels.blake3_begin(ONE_SHOT_SLOT)
    this.#feed(ONE_SHOT_SLOT, bytes)
    return this.#digest(ONE_SHOT_SLOT)
  }

  /**
   * The value of a subtree in the midst of a file. The hasher is told that it stands there, with as many values of subtrees before on its stack as make it
   * merge those of this one, and nothing more, when it hears that something follows.
   */
  subtree(bytes: Uint8Array, chunk: number): Uint8Array {
    const before = bitsOf(chunk / SUBTREE_CHUNKS + 1) - 1
    this.#kernels.blake3_begin(ONE_SHOT_SLOT)
    const at = this.#kernels.blake3_state(ONE_SHOT_SLOT)
    const stack = at + this.#kernels.blake3_state_bytes(ONE_SHOT_SLOT)
    const fields = new DataView(this.#kernels.memory.buffer)
    fields.setUint32(at + STATE.chunks, chunk >>> 0, true)
    fields.setUint32(at + STATE.chunks + 4, Math.floor(chunk / 2 ** 32), true)
    fields.setUint32(at + STATE.depth, before, true)
    this.#feed(ONE_SHOT_SLOT, bytes)
    this.#feed(ONE_SHOT_SLOT, ANYTHING)
    return this.#view().slice(stack + before * DIGEST_BYTES, stack + (before + 1) * DIGEST_BYTES)
  }

  update(hasher: KernelHasher, bytes: Uint8Array): void {
    this.#makeCurrent(hasher)
    this.#feed(HASHER_SLOT, bytes)
  }

  digest(hasher: KernelHasher): Uint8Array {
    this.#makeCurrent(hasher)
    return this.#digest(HASHER_SLOT)
  }

  /** Bytes that lie in the kernel's memory are read where they are, others through the staging buffer. */
  #feed(slot: number, bytes: Uint8Array): void {
    const memory = this.#view()
    if (bytes.buffer === memory.buffer) {
      this.#kernels.blake3_update(slot, bytes.byteOffset, bytes.length)
      return
    }
    for (let offset = 0; offset < bytes.length; offset += this.#stagingBytes) {
      const piece = bytes.length <= this.#stagingBytes ? bytes : bytes.subarray(offset, offset + this.#stagingBytes)
      memory.set(piece, this.#staging)
      this.#kernels.blake3_update(slot, this.#staging, piece.length)
    }
  }

  #digest(slot: number): Uint8Array {
    const at = this.#kernels.blake3_digest(slot)
    return this.#view().slice(at, at + DIGEST_BYTES)
  }

  #makeCurrent(hasher: KernelHasher): void {
    if (this.#current === hasher) return
    const memory = this.#view()
    const at = this.#kernels.blake3_state(HASHER_SLOT)
    if (this.#current !== null) this.#current.state = memory.slice(at, at + this.#kernels.blake3_state_bytes(HASHER_SLOT))
    if (hasher.state === null) this.#kernels.blake3_begin(HASHER_SLOT)
    else memory.set(hasher.state, at)
    this.#current = hasher
  }

  #view(): Uint8Array {
    if (this.#memory.buffer !== this.#kernels.memory.buffer) this.#memory = new Uint8Array(this.#kernels.memory.buffer)
    return this.#memory
  }
}

class KernelHasher implements Blake3Hasher {
  /** Null before the first use; out of date while this hasher is the kernel's current one. */
  state: Uint8Array | null = null
  readonly #kernel: Blake3Kernel

  constructor(kernel: Blake3Kernel) {
    this.#kernel = kernel
  }

  update(bytes: Uint8Array): void {
    this.#kernel.update(this, bytes)
  }

  digest(): Uint8Array {
    return this.#kernel.digest(this)
  }
}

function createPortableBlake3(): Blake3Hasher {
  const hasher = portableBlake3.create()
  return { update: (bytes) => void hasher.update(bytes), digest: () => hasher.clone().digest() }
}

const kernel = kernels === null ? null : new Blake3Kernel(kernels)

/** BLAKE3 with a 32-byte output. Bytes that lie in kernel memory (`kernel-memory.ts`) are not copied. */
export const blake3: (bytes: Uint8Array) => Uint8Array = kernel === null ? (bytes) => portableBlake3(bytes) : (bytes) => kernel.hash(bytes)

/**
 * The chaining value of 64 whole chunks in a file that has more.
 *
 * @param chunk which chunk of the file is the first of them: a multiple of 64.
 * @returns null where there is no kernel.
 */
export function blake3Subtree(bytes: Uint8Array, chunk: number): Uint8Array | null {
  if (bytes.length !== SUBTREE_CHUNKS * CHUNK_BYTES || chunk % SUBTREE_CHUNKS !== 0) throw new RangeError('is no subtree of 64 chunks')
  return kernel === null ? null : kernel.subtree(bytes, chunk)
}

/** As `blake3`, for input that comes in pieces. */
export const createBlake3: () => Blake3Hasher = kernel === null ? createPortableBlake3 : () => new KernelHasher(kernel)
