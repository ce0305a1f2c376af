import './polyfills.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import { type Principal, principalFromText } from '@holt/core/principal.ts'
import type { Connection, Directory, Host, Reach } from '@holt/network/host.ts'
import type { Link } from '@holt/network/links.ts'
import type { GuestKind } from '@holt/network/rpc/guests.ts'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import type { Libp2p, Listener } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import type { Multiaddr } from '@multiformats/multiaddr'
import { createLibp2p, type ServiceFactoryMap } from 'libp2p'
import { Bounds } from './bounds.ts'
import { Doorkeeper } from './doorkeeper.ts'
import { Libp2pLink } from './libp2p-link.ts'
import { isLanAddress } from './lan-addresses.ts'
import { RelayPlaces } from './relay-places.ts'
import { parseAddress, peerIdOf, principalOf } from './peer-ids.ts'

export interface Libp2pLinksOptions {
  /** Of the node's Ed25519 key. */
  seed: Uint8Array
  /** Multiaddresses to listen on: `/ip4/0.0.0.0/tcp/4001`; port 0 takes a free one. */
  listen: readonly string[]
  /** Who may take how much; when it is not said, all are strangers. */
  kindOf?: (peer: Principal) => GuestKind
  /** Null or not given: local networks only. */
  reach?: Reach | null
  /** For networks that are closed in themselves: the directory knows nodes at private addresses, and all of them keep it. */
  closed?: boolean
}

/** The parts of libp2p of which its interface has nothing. */
interface Parts {
  transportManager: { listen(addresses: Multiaddr[]): Promise<void>; getListeners(): Listener[] }
  addressManager: { confirmObservedAddr(address: Multiaddr, options: { type: 'transport' }): void }
}

/** The directory's, which is there on hosts that reach beyond their local networks. */
interface Dht {
  setMode(mode: 'client' | 'server'): Promise<void>
  getMode(): 'client' | 'server'
}

/** Connections take memory; peers that are paired are few. */
const MOST_CONNECTIONS = 200
/** All over the world at once; of one place the doorkeeper takes far less. */
const MOST_PENDING = 128
const BEGUN_EVERY_MS = 60_000

/** Starts a libp2p host: TCP, noise, yamux, identify, and with `reach` what `beyond-lan.ts` adds. */
export async function startLibp2pLinks(options: Libp2pLinksOptions): Promise<Libp2pLinks> {
  const found: { parts?: Parts } = {}
  const { kindOf = () => 'stranger' as const, reach = null, closed = false } = options
  const bounds = new Bounds(kindOf)
  const beyond = reach === null ? null : (await import('./beyond-lan.ts')).beyondLan(reach, { kindOf, closed })
  const doorkeeper = new Doorkeeper({ kindOf, gater: beyond?.gater ?? {} })
  const host = await createLibp2p({
    privateKey: await generateKeyPairFromSeed('Ed25519', options.seed),
    addresses: {
      listen: [...options.listen],
      appendAnnounce: [...(reach?.announce ?? [])],
    },
    transports: [tcp(), ...(beyond?.transports ?? [])],
    connectionEncrypters: [bounds.encryption],
    streamMuxers: [bounds.multiplexing],
    connectionGater: doorkeeper.gater,
    ...(beyond === null ? {} : { datastore: beyond.datastore }),
    // told to strangers: the program, and nothing of the machine
    nodeInfo: { userAgent: 'holt' },
    connectionManager: { maxConnections: MOST_CONNECTIONS, maxIncomingPendingConnections: MOST_PENDING },
    // opens a stream to everybody all the time; see `heartbeat.ts`
    connectionMonitor: { enabled: false },
    // which of them there are is known only now
    services: {
      identify: identify(),
      ...beyond?.services,
      parts: (components: Parts) => {
        found.parts = components
        return {}
      },
    } as unknown as ServiceFactoryMap,
  })
  doorkeeper.start(host)
  const directory = reach === null ? null : (await import('./endpoint-directory.ts')).endpointDirectory(host)
  const parts = found.parts as Parts
  const relays = reach === null ? null : new RelayPlaces({ host, transports: parts.transportManager, kindOf })
  return new Libp2pLinks(host, { closed, relays, parts, doorkeeper, directory, start: (reach?.start ?? []).map(parseAddress) })
}

interface Further {
  parts: Parts
  doorkeeper: Doorkeeper
  directory: Directory | null
  relays: RelayPlaces | null
  closed: boolean
  start: readonly Multiaddr[]
}

export class Libp2pLinks implements Host {
  readonly self: Principal
  readonly #host: Libp2p
  readonly #parts: Parts
  readonly #doorkeeper: Doorkeeper
  readonly #start: readonly Multiaddr[]
  readonly #relays: RelayPlaces | null
  readonly #closed: boolean
  readonly directory: Directory | null
  #begunMs = Number.NEGATIVE_INFINITY

  constructor(host: Libp2p, { parts, doorkeeper, directory, start, relays, closed }: Further) {
    this.#host = host
    this.#parts = parts
    this.#doorkeeper = doorkeeper
    this.#start = start
    this.#relays = relays
    this.#closed = closed
    this.directory = directory
    this.self = principalFromText(host.peerId.toString())
  }

  /** Where others may reach it, as multiaddresses. */
  addresses(): string[] {
    return this.#host.getMultiaddrs().map((address) => address.toString())
  }

  /** Listens on one more address. @returns a function that ends it. @throws Error when it is not to be had. */
  async listen(address: string): Promise<() => Promise<void>> {
    const { transportManager, addressManager } = this.#parts
    const before = new Set(transportManager.getListeners())
    await transportManager.listen([parseAddress(address)])
    const added = transportManager.getListeners().filter((listener) => !before.has(listener))
    // an address that the machine itself has needs nobody to confirm it
    for (const own of added.flatMap((listener) => listener.getAddrs())) addressManager.confirmObservedAddr(own, { type: 'transport' })
    return async () => {
      await Promise.all(added.map((listener) => listener.close()))
    }
  }

  /**
   * To be called now and then where there is a directory: whoever others can reach keeps it with them, who cannot only asks; and both begin at
   * the nodes that they were told. Never throws.
   */
  async takePart(): Promise<void> {
    const { dht } = this.#host.services as { dht?: Dht }
    if (dht === undefined) return
    const isReached = this.#host.getMultiaddrs().some(isPublic)
    const wanted = isReached || this.#closed ? 'server' : 'client'
    if (dht.getMode() !== wanted) await dht.setMode(wanted).catch(() => {})
    if (!isReached) await this.#relays?.look()
    if (performance.now() - this.#begunMs < BEGUN_EVERY_MS) return
    this.#begunMs = performance.now()
    for (const address of this.#start) void this.#host.dial(address).catch(() => {})
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

/** Of a machine that is reached without others' help. */
function isPublic(address: Multiaddr): boolean {
  const parts = address.getComponents()
  const host = parts[0]
  if (parts.some(({ name }) => name === 'p2p-circuit') || host === undefined) return false
  if (host.name.startsWith('dns')) return true
  return (host.name === 'ip4' || host.name === 'ip6') && !isLanAddress(host.value ?? '') && !/^(127\.|::1$|fe80:)/.test(host.value ?? '')
}
