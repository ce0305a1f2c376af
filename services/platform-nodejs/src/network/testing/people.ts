import type { Crypto } from '@holt/core/crypto.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { type Relation, type SignedRelation, signRelation } from '@holt/network/relations/relation.ts'
import { nodejsCrypto } from '../../nodejs-crypto.ts'

export interface Person {
  owner: KeyPair
  node: KeyPair
}

function keyPair(number: number): KeyPair {
  const seed = new Uint8Array(32).fill(number)
  return { seed, publicKey: nodejsCrypto.ed25519PublicKey(seed) }
}

/** For tests that need the same people in several processes. */
export const people = {
  attacked: { owner: keyPair(101), node: keyPair(102) },
  friend: { owner: keyPair(103), node: keyPair(104) },
  hostile: { owner: keyPair(105), node: keyPair(106) },
  /** Paired with nobody. */
  stranger: { owner: keyPair(107), node: keyPair(108) },
} satisfies Record<string, Person>

export function relationBetween(crypto: Crypto, host: keyof typeof people, guest: keyof typeof people): SignedRelation {
  const party = (name: keyof typeof people) => ({ owner: people[name].owner.publicKey, node: people[name].node.publicKey, name })
  const id = new Uint8Array(16).fill(people[guest].node.seed[0] as number)
  const relation: Relation = { relation: 'friend', id, made: 1_800_000_000, host: party(host), guest: party(guest) }
  return {
    ...relation,
    signatures: { host: signRelation(crypto, relation, people[host]), guest: signRelation(crypto, relation, people[guest]) },
  }
}
