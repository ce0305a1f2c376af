import type { Principal } from '@holt/core/principal.ts'
import type { Links } from './links.ts'
import type { GuestKind } from './rpc/guests.ts'

/** A connection that is open now. */
export interface Connection {
  peer: Principal
  /** Where the other end is, as a multiaddress. */
  address: string
}

/** Links that also know where nodes are. */
export interface Host extends Links {
  /** Where others may reach this node, as multiaddresses. They change when the machine's do. */
  addresses(): string[]
  /** Remembers where a peer may be reached. @throws HoltError MALFORMED for what is no multiaddress. */
  learn(peer: Principal, addresses: readonly string[]): Promise<void>
  connections(): Connection[]
  /** Ends the connections with a peer that does not answer any more, so that the next one is a new one. Never throws. */
  hangUp(peer: Principal): Promise<void>
  stop(): Promise<void>
}

export interface HostOptions {
  /** Of the node's Ed25519 key. */
  seed: Uint8Array
  /** Somebody on the local network says that it is this node, at these addresses. Proven is it only when a link to it is opened. */
  onFound: (peer: Principal, addresses: readonly string[]) => void
  /** Who is paired now: strangers have less of everything. */
  kindOf: (peer: Principal) => GuestKind
  warn: (text: string) => void
}

/** What a platform brings: starts a host that listens on the local network. */
export type StartHost = (options: HostOptions) => Promise<Host>
