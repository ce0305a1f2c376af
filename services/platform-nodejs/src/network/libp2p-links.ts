import './polyfills.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import { type Principal, principalFromText } from '@holt/core/principal.ts'
import type { Connection, Host } from '@holt/network/host.ts'
import type { Link } from '@holt/network/links.ts'
import type { GuestKind } from '@holt/network/rpc/guests.ts'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import type { Libp2p, Listener } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import type { Multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { Bounds } from './bounds.ts'
import { Doorkeeper } from './doorkeeper.ts'
import { Libp2pLink } from './libp2p-link.ts'
import { parseAddress, peerIdOf, principalOf } from './peer-ids.ts'

export interface Libp2pLinksOptions {
  /** Of the node's Ed25519 key. */
  seed: Uint8Array
  /** Multiaddresses to listen on: `/ip4/0.0.0.0/tcp/4001`; port 0 takes a free one. */
  listen: readonly string[]
  /** Who may take how much; when it is not said, all are strangers. */
  kindOf?: (peer: Principal) => GuestKind
}

/** The part of libp2p that listens, of which its interface has nothing. */
interface Transports {
  listen(addresses: Multiaddr[]): Promise<void>
  getListeners(): Listener[]
}

/** Connections take memory; peers that are paired are few. */
const MOST_CONNECTIONS = 200
/** All over the world at once; of one place the doorkeeper takes far less. */
const MOST_PENDING = 128

/** Starts a libp2p host: TCP, noise, yamux, identify. */
export async function startLibp2pLinks(options: Libp2pLinksOptions): Promise<Libp2pLinks> {
  const found: { transports?: Transports } = {}
  const kindOf = options.kindOf ?? (() => 'stranger')
  const bounds = new Bounds(kindOf)
  const doorkeeper = new Doorkeeper({ kindOf })
  const host = await createLibp2p({
    privateKey: await generateKeyPairFromSeed('Ed25519', options.seed),
    addresses: { listen: [...options.listen] },
    transports: [tcp()],
    connectionEncrypters: [bounds.encryption],
    streamMuxers: [bounds.multiplexing],
    connectionGater: doorkeeper.gater,
    // told to strangers: the program, and nothing of the machine
    nodeInfo: { userAgent: 'holt' },
    connectionManager: { maxConnections: MOST_CONNECTIONS, maxIncomingPendingConnections: MOST_PENDING },
    services: {
      identify: identify(),
      transports: (components: { transportManager: Transports }) => {
        found.transports = components.transportManager
        return {}
      },
    },
  })
  doorkeeper.start(host)
  return new Libp2pLinks(host, { transports: found.transports as Transports, doorkeeper })
}

export class Libp2pLinks implements Host {
  readonly self: Principal
  readonly #host: Libp2p
  readonly #transports: Transports

  readonly #doorkeeper: Doorkeeper

  constructor(host: Libp2p, { transports, doorkeeper }: { transports: Transports; doorkeeper: Doorkeeper }) {
    this.#host = host
    this.#transports = transports
    this.#doorkeeper = doorkeeper
    this.self = principalFromText(host.peerId.toString())
  }

  /** Where others may reach it, as multiaddresses. */
  addresses(): string[] {
    return this.#host.getMultiaddrs().map((address) => address.toString())
  }

  /** Listens on one more address. @returns a function that ends it. @throws Error when it is not to be had. */
  async listen(address: string): Promise<() => Promise<void>> {
    const before = new Set(this.#transports.getListeners())
    await this.#transports.listen([parseAddress(address)])
    const added = this.#transports.getListeners().filter((listener) => !before.has(listener))
    return async () => {
      await Promise.all(added.map((listener) => listener.close()))
    }
  }

  connections(): Connection[] {
    return this.#host.getConnections().flatMap(({ remotePeer, remoteAddr, status }) => {
      const peer = principalOf(remotePeer)
      return peer && status === 'open' ? [{ peer, address: remoteAddr.toString() }] : []
    })
  }

  async hangUp(peer: Principal): Promise<void> {
    for (const connection of this.#host.getConnections(peerIdOf(peer)))
      connection.abort(new HoltError('PEER_UNREACHABLE', 'the peer does not answer'))
  }

  /** Remembers where a peer may be reached. @throws HoltError MALFORMED for what is no multiaddress. */
  async learn(peer: Principal, addresses: readonly string[]): Promise<void> {
    await this.#host.peerStore.merge(peerIdOf(peer), { multiaddrs: addresses.map(parseAddress) })
  }

  async open(peer: Principal, protocol: string, options: { signal?: AbortSignal } = {}): Promise<Link> {
    try {
      const stream = await this.#host.dialProtocol(peerIdOf(peer), protocol, { signal: options.signal })
      return new Libp2pLink(stream, peer)
    } catch (cause) {
      if (options.signal?.aborted) throw new HoltError('CANCELLED', 'cancelled', {}, { cause })
      const { message } = toHoltError(cause)
      if (cause instanceof Error && cause.name === 'UnsupportedProtocolError')
        throw new HoltError('UNSUPPORTED_VERSION', `the peer does not speak ${protocol}`, {}, { cause })
      throw new HoltError('PEER_UNREACHABLE', `the peer cannot be reached: ${message}`, {}, { cause })
    }
  }

  handle(protocol: string, onLink: (link: Link) => void): () => void {
    const ready = this.#host.handle(protocol, (stream, connection) => {
      const peer = principalOf(connection.remotePeer)
      if (peer) onLink(new Libp2pLink(stream, peer))
      else stream.abort(new HoltError('MALFORMED', 'the key of a peer must be Ed25519'))
    })
    return () => void ready.then(() => this.#host.unhandle(protocol)).catch(() => {})
  }

  async stop(): Promise<void> {
    this.#doorkeeper.stop()
    await this.#host.stop()
  }
}
