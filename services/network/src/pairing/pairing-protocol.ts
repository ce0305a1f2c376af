import { concatBytes } from '@holt/core/bytes.ts'
import { blake3 } from '@holt/core/blake3.ts'
import { encode } from '@holt/core/codec.ts'
import type { Principal } from '@holt/core/principal.ts'
import { bytes, bytesOf, literal, parse, record, uint, version } from '@holt/core/shape.ts'
import {
  type Party,
  party,
  partySignatures,
  type Relation,
  type RelationKind,
  RELATION_ID_BYTES,
  relationKind,
} from '../relations/relation.ts'
import { defineProtocol } from '../rpc/protocol.ts'
import { type CpaceInputs, type CpaceMessage, SHARE_BYTES, TAG_BYTES } from './cpace.ts'
import type { PairingCode } from './pairing-code.ts'
import { utf8 } from '@holt/core/bytes.ts'

/**
 * The guest typed the code, the host shows it.
 *
 * begin      nonces of both: together the sid of the exchange
 * exchange   CPace shares, each with who its side is
 * confirm    the guest proves that it has the code, then the host does, and signs the relation
 * sign       the guest signs, and both have it
 */
export const pairing = defineProtocol({
  id: '/holt/pair/1',
  methods: {
    begin: { request: record({ nonce: bytesOf(16) }), answer: record({ nonce: bytesOf(16) }) },
    exchange: {
      request: record({ y: bytesOf(SHARE_BYTES), ad: bytes({ max: 512 }) }),
      answer: record({ y: bytesOf(SHARE_BYTES), ad: bytes({ max: 512 }) }),
    },
    confirm: { request: record({ tag: bytesOf(TAG_BYTES) }), answer: record({ tag: bytesOf(TAG_BYTES), signatures: partySignatures }) },
    sign: { request: record({ signatures: partySignatures }), answer: record({}) },
  },
  maxFrameBytes: 4096,
  maxOpenRequests: 2,
})

export const NONCE_BYTES = 16

const guestWord = record({ v: version(1), kind: literal('pairing-guest'), guest: party })
const hostWord = record({ v: version(1), kind: literal('pairing-host'), host: party, relation: relationKind, made: uint() })

export type HostWord = { host: Party; relation: RelationKind; made: number }

/** What the guest says of itself beside its share. */
export function encodeGuestWord(guest: Party): Uint8Array {
  return encode({ v: 1, kind: 'pairing-guest', guest })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodeGuestWord(ad: Uint8Array): Party {
  return parse(guestWord, ad).guest
}

export function encodeHostWord({ host, relation, made }: HostWord): Uint8Array {
  return encode({ v: 1, kind: 'pairing-host', host, relation, made })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodeHostWord(ad: Uint8Array): HostWord {
  const { host, relation, made } = parse(hostWord, ad)
  return { host, relation, made }
}

/** @param nodes as the transport has proven them: between other nodes the exchange comes to another key. */
export function inputsOf(
  code: PairingCode,
  { sid, nodes }: { sid: Uint8Array; nodes: { guest: Principal; host: Principal } },
): CpaceInputs {
  return { prs: utf8(code.text), ci: encode({ v: 1, kind: 'pairing-channel', protocol: pairing.id, ...nodes }), sid }
}

/** @param sid of the exchange in which it was agreed. */
export function relationOf(guest: Party, { host, relation, made }: HostWord, sid: Uint8Array): Relation {
  return { relation, id: blake3(concatBytes([utf8('holt/relation-id/1'), sid])).slice(0, RELATION_ID_BYTES), made, host, guest }
}

/** What has been said on both sides before the keys are confirmed. */
export interface Exchanged {
  sid: Uint8Array
  a: CpaceMessage
  b: CpaceMessage
  isk: Uint8Array
}
