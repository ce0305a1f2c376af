// Placeholder until the SIMD kernel lands.
import { blake3 as reference } from '@noble/hashes/blake3.js'

/** BLAKE3 with a 32-byte output. */
export function blake3(bytes: Uint8Array): Uint8Array {
  return reference(bytes)
}

/** Incremental form of `blake3`. */
export interface Blake3Hasher {
  update(bytes: Uint8Array): void
  /** The digest so far; the hasher can go on. */
  digest(): Uint8Array
}

export function createBlake3(): Blake3Hasher {
  const hasher = reference.create()
  return { update: (bytes) => void hasher.update(bytes), digest: () => hasher.clone().digest() }
}
