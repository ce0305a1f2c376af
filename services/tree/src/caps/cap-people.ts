import type { Crypto } from '@holt/core/crypto.ts'
import { volumeId } from '@holt/core/root-key.ts'
import type { UnsignedHead } from './head.ts'

/** People, a volume and a head for the tests of capabilities; `owner` owns the volume. */
export function makePeople(crypto: Crypto) {
  const person = (number: number) => {
    const seed = new Uint8Array(32).fill(number)
    return { seed, publicKey: crypto.ed25519PublicKey(seed) }
  }
  const [owner, alice, bob, eve] = [person(1), person(2), person(3), person(4)]
  const salt = new Uint8Array(16).fill(5)
  return { owner, alice, bob, eve, salt, volume: volumeId(owner.publicKey, salt) }
}

export type People = ReturnType<typeof makePeople>

/** The owner's first head. */
export function firstHead({ owner, salt, volume }: People): UnsignedHead {
  const root = new Uint8Array(36)
  root.set([1, 0x55, 0x1e, 0x20])
  const place = { volume, owner: owner.publicKey, salt, seq: 1, root, prev: null }
  return { ...place, time: [1000, 0], writer: owner.publicKey, chain: [], revoked: [] }
}
