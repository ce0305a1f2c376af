import { HoltError } from '@holt/core/errors.ts'
import { type Principal, principalFromText, principalToText } from '@holt/core/principal.ts'
import type { PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'

/** Null for keys of other kinds, which others on the network may have. */
export function principalOf(peer: { toString(): string }): Principal | null {
  try {
    return principalFromText(peer.toString())
  } catch {
    return null
  }
}

export function peerIdOf(peer: Principal): PeerId {
  return peerIdFromString(principalToText(peer))
}

/** @throws HoltError MALFORMED */
export function parseAddress(text: string): Multiaddr {
  try {
    return multiaddr(text)
  } catch (cause) {
    throw new HoltError('MALFORMED', 'not a multiaddress', { address: text.slice(0, 200) }, { cause })
  }
}
