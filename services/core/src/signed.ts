import { concatBytes, utf8 } from './bytes.ts'
import { encode } from './codec.ts'
import type { Crypto } from './crypto.ts'
import { HoltError } from './errors.ts'

/** What a kind of signed map is signed over: `utf8(domain) || 0x00 || DAG-CBOR(map without "sig")`. */
export interface SignedKind {
  /** Says what is signed, so that a signature of one kind is worth nothing for another: `holt/head/1`. */
  domain: string
  /** Fields beside `sig` that the signature leaves out. */
  unsigned?: readonly string[]
}

const SEPARATOR = Uint8Array.of(0)

export function signedBytes({ domain, unsigned = [] }: SignedKind, map: object): Uint8Array {
  const rest = Object.fromEntries(Object.entries(map).filter(([name]) => name !== 'sig' && !unsigned.includes(name)))
  return concatBytes([utf8(domain), SEPARATOR, encode(rest)])
}

/** @returns the map with its signature. */
export function signMap<T extends object>(
  crypto: Crypto,
  kind: SignedKind,
  { map, seed }: { map: T; seed: Uint8Array },
): T & { sig: Uint8Array } {
  return { ...map, sig: crypto.sign(seed, signedBytes(kind, map)) }
}

/** @throws HoltError SIGNATURE_INVALID */
export function verifyMap<T extends { sig: Uint8Array }>(
  crypto: Crypto,
  kind: SignedKind,
  { map, signer }: { map: T; signer: Uint8Array },
): void {
  if (crypto.verify(signer, signedBytes(kind, map), map.sig)) return
  throw new HoltError('SIGNATURE_INVALID', `the signature does not fit (${kind.domain})`, { domain: kind.domain })
}
