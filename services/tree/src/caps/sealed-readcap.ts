import { equalBytes, utf8 } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { hpkeOpen, hpkeSeal } from '@holt/core/hpke.ts'
import { type Principal, x25519Of, x25519SecretOf } from '@holt/core/principal.ts'
import { bytes, bytesOf, literal, parse, record, version } from '@holt/core/shape.ts'
import { decodeReadcap, encodeReadcap, type Readcap, verifyReadcap } from './readcap.ts'

const INFO = utf8('holt/readcap/1')
const MAX_SEALED_BYTES = (4 << 20) + 512
/** The length must not tell labels and names apart. */
const PADDED_TO = 512

const sealedShape = record({
  v: version(1),
  kind: literal('sealed-readcap'),
  to: bytesOf(32),
  enc: bytesOf(32),
  ct: bytes({ max: MAX_SEALED_BYTES }),
})

/** Only `to` can open it. */
export async function sealReadcap(crypto: Crypto, readcap: Readcap, to: Principal): Promise<Uint8Array> {
  const encoded = encodeReadcap(readcap)
  const padded = new Uint8Array(Math.ceil(encoded.length / PADDED_TO) * PADDED_TO)
  padded.set(encoded)
  const { enc, ct } = await hpkeSeal(crypto, x25519Of(to), padded, { info: INFO })
  return encode({ v: 1, kind: 'sealed-readcap', to, enc, ct })
}

/**
 * @param options `seed` of the receiver; `nowSeconds` is its clock.
 * @returns a readcap whose signature holds; whether its `issuer` is to be believed is the caller's to judge.
 * @throws HoltError NOT_AUTHORIZED for another's; MALFORMED, UNSUPPORTED_VERSION, DECRYPTION_FAILED; what `verifyReadcap` throws.
 */
export async function openReadcap(
  crypto: Crypto,
  sealed: Uint8Array,
  { seed, nowSeconds }: { seed: Uint8Array; nowSeconds?: number },
): Promise<Readcap> {
  const { to, enc, ct } = parse(sealedShape, sealed, { maxBytes: MAX_SEALED_BYTES + 256, maxDepth: 2 })
  if (!equalBytes(to, crypto.ed25519PublicKey(seed))) throw new HoltError('NOT_AUTHORIZED', 'the readcap is sealed to someone else')
  const opened = await hpkeOpen(crypto, x25519SecretOf(seed), { enc, ct }, { info: INFO })
  const readcap = decodeReadcap(opened, { padded: true })
  verifyReadcap(crypto, readcap, { nowSeconds })
  return readcap
}
