import type { Principal } from '@holt/core/principal.ts'
import type { Links } from './links.ts'
import type { GuestKind } from './rpc/guests.ts'

/** A connection that is open now. */
export interface Connection {
  peer: Principal
  /** Where the other end is, as a multiaddress. */
  address: string
}

/** How far a node goes beyond its local networks, as its owner wants it. */
export interface Reach {
  /** Nodes to begin at, as multiaddresses that end with their names: without one nobody is found but who is paired. */
  start: readonly string[]
  /** Where others reach this node, that it cannot see itself: multiaddresses of a router at which a port was opened by hand. */
  announce: readonly string[]
  /** Carries connections between nodes that cannot reach each other, for whom the owner is paired with. */
  relay: boolean
  /** Asks the router to open a port. */
  mapPort: boolean
}

/** Where records of addresses lie that nodes keep for each other; what comes from it proves nothing but by its signatures. */
export interface Directory {
  /** @throws HoltError PEER_UNREACHABLE when nobody took it. */
  publish(node: Principal, record: Uint8Array): Promise<void>
  /** Never throws. @returns null when nothing was found. */
  find(node: Principal): Promise<Uint8Array | null>
}

/** Links that also know where nodes are. */
export interface Host extends Links {
  /** Where others may reach this node, as multiaddresses. They change when the machine's do. */
  addresses(): string[]
  /** Remembers where a peer may be reached. @throws HoltError MALFORMED for what is no multiaddress. */
  learn(peer: Principal, addresses: readonly string[]): Promise<void>
  connections(): Connection[]
  /** Null on a host that stays on its local networks. */
  readonly directory?: Directory | null
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
  /** Null: local networks only. */
  reach: Reach | null
  warn: (text: string) => void
}

/** What a platform brings: starts a host that listens on the local network. */
export type StartHost = (options: HostOptions) => Promise<Host>
