import { toHex } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { type Principal, principalToText } from '@holt/core/principal.ts'
import type { Connection, Directory, Host } from '../host.ts'
import type { Link } from '../links.ts'
import type { SimulatedLinks, SimulatedNetwork } from './simulated-network.ts'

/** A directory that keeps the last record it was given, whoever gave it, and can be made to lie or to be silent. */
export class SimulatedDirectory implements Directory {
  readonly records = new Map<string, Uint8Array>()
  silent = false

  async publish(node: Principal, record: Uint8Array): Promise<void> {
    if (this.silent) throw new HoltError('PEER_UNREACHABLE', 'nobody took it')
    this.records.set(toHex(node), record)
  }

  async find(node: Principal): Promise<Uint8Array | null> {
    return this.silent ? null : (this.records.get(toHex(node)) ?? null)
  }
}

/** Where nodes are in a simulated network: one is reached only by who has learned an address at which it is now. */
export class SimulatedPlaces {
  readonly #network: SimulatedNetwork
  readonly #at = new Map<string, string>()
  #made = 0
  /** Which all hosts have that are started while there is one. */
  directory: SimulatedDirectory | null = null

  constructor(network: SimulatedNetwork) {
    this.#network = network
  }

  /** @param stays it is where it was. */
  host(self: Principal, { stays = false } = {}): SimulatedHost {
    if (!stays) this.move(self)
    return new SimulatedHost(this, this.#network, self)
  }

  /** To an address where nobody ever was; its connections do not go with it. */
  move(node: Principal): void {
    this.#network.disconnect(node)
    this.#made++
    this.#at.set(toHex(node), `/ip4/10.0.${this.#made >> 8}.${this.#made & 255}/tcp/4660`)
  }

  addressOf(node: Principal): string {
    return this.#at.get(toHex(node)) ?? ''
  }
}

export class SimulatedHost implements Host {
  readonly self: Principal
  readonly #places: SimulatedPlaces
  readonly #network: SimulatedNetwork
  readonly #links: SimulatedLinks
  readonly directory: Directory | null
  readonly #learned = new Map<string, Set<string>>()

  constructor(places: SimulatedPlaces, network: SimulatedNetwork, self: Principal) {
    this.self = self
    this.#places = places
    this.#network = network
    this.#links = network.node(self)
    this.directory = places.directory
  }

  addresses(): string[] {
    return [`${this.#places.addressOf(this.self)}/p2p/${principalToText(this.self)}`]
  }

  async learn(peer: Principal, addresses: readonly string[]): Promise<void> {
    const known = this.#learned.get(toHex(peer)) ?? new Set()
    for (const address of addresses) known.add(address)
    this.#learned.set(toHex(peer), known)
  }

  async open(peer: Principal, protocol: string, options?: { signal?: AbortSignal }): Promise<Link> {
    // who is connected is reached, whoever began it
    if (this.#learned.get(toHex(peer))?.has(this.#places.addressOf(peer)) !== true && !this.#network.isConnected(this.self, peer))
      throw new HoltError('PEER_UNREACHABLE', 'nobody answers at the addresses that are known')
    return this.#links.open(peer, protocol, options)
  }

  handle(protocol: string, onLink: (link: Link) => void): () => void {
    return this.#links.handle(protocol, onLink)
  }

  connections(): Connection[] {
    return []
  }

  async hangUp(peer: Principal): Promise<void> {
    this.#network.reset(this.self, peer)
  }

  async stop(): Promise<void> {
    this.#network.remove(this.self)
  }
}
