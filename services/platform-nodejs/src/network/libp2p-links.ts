import './polyfills.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import { type Principal, principalFromText, principalToText } from '@holt/core/principal.ts'
import type { Connection, Host } from '@holt/network/host.ts'
import type { Link } from '@holt/network/links.ts'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import type { Libp2p, Listener, PeerId } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { peerIdFromString } from '@libp2p/peer-id'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { Libp2pLink } from './libp2p-link.ts'

export interface Libp2pLinksOptions {
  /** Of the node's Ed25519 key. */
  seed: Uint8Array
  /** Multiaddresses to listen on: `/ip4/0.0.0.0/tcp/4001`; port 0 takes a free one. */
  listen: readonly string[]
}

/** The part of libp2p that listens, of which its interface has nothing. */
interface Transports {
  listen(addresses: Multiaddr[]): Promise<void>
  getListeners(): Listener[]
}

/** Connections take memory; peers that are paired are few. */
const MOST_CONNECTIONS = 200

/** Starts a libp2p host: TCP, noise, yamux, identify. */
export async function startLibp2pLinks(options: Libp2pLinksOptions): Promise<Libp2pLinks> {
  const found: { transports?: Transports } = {}
  const host = await createLibp2p({
    privateKey: await generateKeyPairFromSeed('Ed25519', options.seed),
    addresses: { listen: [...options.listen] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    // told to strangers: the program, and nothing of the machine
    nodeInfo: { userAgent: 'holt' },
    connectionManager: { maxConnections: MOST_CONNECTIONS },
    services: {
      identify: identify(),
      transports: (components: { transportManager: Transports }) => {
        found.transports = components.transportManager
        return {}
      },
    },
  })
  return new Libp2pLinks(host, found.transports as Transports)
}

export class Libp2pLinks implements Host {
  readonly self: Principal
  readonly #host: Libp2p
  readonly #transports: Transports

  constructor(host: Libp2p, transports: Transports) {
    this.#host = host
    this.#transports = transports
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
    for (const connection of this.#host.getConnections(peerIdFromString(principalToText(peer))))
      connection.abort(new HoltError('PEER_UNREACHABLE', 'the peer does not answer'))
  }

  /** Remembers where a peer may be reached. @throws HoltError MALFORMED for what is no multiaddress. */
  async learn(peer: Principal, addresses: readonly string[]): Promise<void> {
    await this.#host.peerStore.merge(peerIdFromString(principalToText(peer)), { multiaddrs: addresses.map(parseAddress) })
  }

  async open(peer: Principal, protocol: string, options: { signal?: AbortSignal } = {}): Promise<Link> {
    try {
      const stream = await this.#host.dialProtocol(peerIdFromString(principalToText(peer)), protocol, { signal: options.signal })
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
    await this.#host.stop()
  }
}

/** Null for keys of other kinds, which others on the network may have. */
function principalOf(peer: PeerId): Principal | null {
  try {
    return principalFromText(peer.toString())
  } catch {
    return null
  }
}

function parseAddress(text: string) {
  try {
    return multiaddr(text)
  } catch (cause) {
    throw new HoltError('MALFORMED', 'not a multiaddress', { address: text.slice(0, 200) }, { cause })
  }
}
