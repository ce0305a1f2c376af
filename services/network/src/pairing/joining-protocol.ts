import { utf8 } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Principal } from '@holt/core/principal.ts'
import { bytes, bytesOf, literal, parse, record, version } from '@holt/core/shape.ts'
import { defineProtocol } from '../rpc/protocol.ts'
import { type CpaceInputs, SHARE_BYTES, TAG_BYTES } from './cpace.ts'
import type { PairingCode } from './pairing-code.ts'

/**
 * A node that is nobody's yet becomes one of the owner whose other node shows a code. The guest typed it.
 *
 * begin      nonces of both: together the sid of the exchange
 * exchange   CPace shares, each with who its side is
 * confirm    the guest proves that it has the code; then the host does, and gives the root key, sealed for who shares the key of the exchange
 */
export const joining = defineProtocol({
  id: '/holt/join/1',
  methods: {
    begin: { request: record({ nonce: bytesOf(16) }), answer: record({ nonce: bytesOf(16) }) },
    exchange: {
      request: record({ y: bytesOf(SHARE_BYTES), ad: bytes({ max: 512 }) }),
      answer: record({ y: bytesOf(SHARE_BYTES), ad: bytes({ max: 512 }) }),
    },
    confirm: { request: record({ tag: bytesOf(TAG_BYTES) }), answer: record({ tag: bytesOf(TAG_BYTES), sealed: bytes({ max: 256 }) }) },
  },
  maxFrameBytes: 4096,
  maxOpenRequests: 2,
})

const guestWord = record({ v: version(1), kind: literal('joining-guest'), node: bytesOf(32) })
const hostWord = record({ v: version(1), kind: literal('joining-host'), node: bytesOf(32), owner: bytesOf(32) })

export interface JoiningHostWord {
  node: Principal
  owner: Principal
}

export function encodeJoiningGuest(node: Principal): Uint8Array {
  return encode({ v: 1, kind: 'joining-guest', node })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodeJoiningGuest(ad: Uint8Array): Principal {
  return parse(guestWord, ad).node.slice()
}

export function encodeJoiningHost({ node, owner }: JoiningHostWord): Uint8Array {
  return encode({ v: 1, kind: 'joining-host', node, owner })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodeJoiningHost(ad: Uint8Array): JoiningHostWord {
  const { node, owner } = parse(hostWord, ad)
  return { node: node.slice(), owner: owner.slice() }
}

/** @param nodes as the transport has proven them: between other nodes the exchange comes to another key. */
export function joiningInputs(
  code: PairingCode,
  { sid, nodes }: { sid: Uint8Array; nodes: { guest: Principal; host: Principal } },
): CpaceInputs {
  return { prs: utf8(code.text), ci: encode({ v: 1, kind: 'pairing-channel', protocol: joining.id, ...nodes }), sid }
}

/** What seals the root key on its way. */
export function joiningKey(crypto: Crypto, isk: Uint8Array): Uint8Array {
  return crypto.hkdf(isk, { salt: utf8('holt'), info: utf8('holt/join-key/1'), lengthBytes: 32 })
}
