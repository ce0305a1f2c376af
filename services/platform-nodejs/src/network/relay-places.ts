import type { Principal } from '@holt/core/principal.ts'
import type { GuestKind } from '@holt/network/rpc/guests.ts'
import type { Connection, Libp2p, Listener } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { principalOf } from './peer-ids.ts'

const RELAYS = '/libp2p/circuit/relay/0.2.0/hop'
/** One may go. */
const WANTED = 2
const RETRY_MS = 60_000

export interface RelayPlacesOptions {
  host: Libp2p
  transports: { listen(addresses: Multiaddr[]): Promise<void>; getListeners(): Listener[] }
  kindOf: (peer: Principal) => GuestKind
}

/**
 * Places at relays of paired nodes, for a node that cannot be reached itself. libp2p would look for relays among all nodes there are, without end;
 * here only those are asked that the two have to do with each other anyway.
 */
export class RelayPlaces {
  readonly #options: RelayPlacesOptions
  /** When a relay may be asked again, by its name. */
  readonly #asked = new Map<string, number>()

  constructor(options: RelayPlacesOptions) {
    this.#options = options
  }

  /** Never throws. */
  async look(): Promise<void> {
    const { host, transports } = this.#options
    const held = transports
      .getListeners()
      .flatMap((listener) => listener.getAddrs().map(String))
      .filter((one) => one.includes('/p2p-circuit'))
    let missing = WANTED - new Set(held.map((one) => /\/p2p\/(\w+)\/p2p-circuit/.exec(one)?.[1])).size
    for (const connection of host.getConnections()) {
      const name = connection.remotePeer.toString()
      if (missing <= 0 || held.some((one) => one.includes(`/p2p/${name}/p2p-circuit`)) || !(await this.#mayAsk(connection))) continue
      this.#asked.set(name, performance.now() + RETRY_MS)
      const address = multiaddr(`${connection.remoteAddr.toString().replace(/\/p2p\/\w+$/, '')}/p2p/${name}/p2p-circuit`)
      const isHeld = await transports.listen([address]).then(
        () => true,
        () => false,
      )
      if (isHeld) missing--
    }
  }

  async #mayAsk({ remotePeer, remoteAddr, status }: Connection): Promise<boolean> {
    const { host, kindOf } = this.#options
    const peer = principalOf(remotePeer)
    if (peer === null || kindOf(peer) !== 'paired' || status !== 'open' || remoteAddr.toString().includes('/p2p-circuit')) return false
    if ((this.#asked.get(remotePeer.toString()) ?? 0) > performance.now()) return false
    const known = await host.peerStore.get(remotePeer).catch(() => null)
    return known?.protocols.includes(RELAYS) ?? false
  }
}
