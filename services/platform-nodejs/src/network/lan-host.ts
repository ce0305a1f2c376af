import type { Host, HostOptions } from '@holt/network/host.ts'
import { type LanAddress, lanAddresses, listenAddress } from './lan-addresses.ts'
import { LanDiscovery } from './lan-discovery.ts'
import { type Libp2pLinks, startLibp2pLinks } from './libp2p-links.ts'

export interface LanHostOptions extends HostOptions {
  /** Where it can be had; else any. */
  port: number
  /** Names of the interfaces to listen on; null: every local network that the machine is in. */
  interfaces: readonly string[] | null
}

/** Networks come and go: a cable, another Wi-Fi. */
const LOOK_EVERY_MS = 5000

/** A host that listens on local networks and nowhere else, and finds others there. */
export async function startLanHost(options: LanHostOptions): Promise<Host> {
  const links = await startLibp2pLinks({ seed: options.seed, listen: [], kindOf: options.kindOf })
  const places = new LanPlaces(links, options)
  await places.look()
  const timer = setInterval(() => void places.look(), LOOK_EVERY_MS).unref()
  return {
    self: links.self,
    open: (...call) => links.open(...call),
    handle: (...call) => links.handle(...call),
    addresses: () => links.addresses(),
    learn: (...call) => links.learn(...call),
    connections: () => links.connections(),
    hangUp: (peer) => links.hangUp(peer),
    stop: async () => {
      clearInterval(timer)
      await places.close()
      await links.stop()
    },
  }
}

interface Place {
  stopListening: () => Promise<void>
  discovery: LanDiscovery | null
}

/** Where it listens now, following what addresses the machine has. */
class LanPlaces {
  readonly #links: Libp2pLinks
  readonly #options: LanHostOptions
  readonly #places = new Map<string, Place>()
  #looking: Promise<void> = Promise.resolve()
  #closed = false

  constructor(links: Libp2pLinks, options: LanHostOptions) {
    this.#links = links
    this.#options = options
  }

  /** Never throws. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#follow())
    return this.#looking
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#looking
    for (const address of this.#places.keys()) await this.#leave(address)
  }

  async #follow(): Promise<void> {
    if (this.#closed) return
    const wanted = new Map(lanAddresses(this.#options.interfaces).map((one) => [one.address, one]))
    for (const address of this.#places.keys()) if (!wanted.has(address)) await this.#leave(address)
    for (const [address, one] of wanted) if (!this.#places.has(address)) await this.#enter(one)
  }

  async #enter(one: LanAddress): Promise<void> {
    const stopListening = await this.#listen(one)
    if (stopListening === null) return
    const { onFound, warn } = this.#options
    const discovery =
      one.family === 'ipv4' ? new LanDiscovery(one.address, { addresses: () => this.#links.addresses(), onFound, warn }) : null
    this.#places.set(one.address, { stopListening, discovery })
  }

  /** @returns null when it was not possible; the next look tries again. */
  async #listen(one: LanAddress): Promise<Place['stopListening'] | null> {
    for (const port of new Set([this.#options.port, 0])) {
      const stop = await this.#links.listen(listenAddress(one, port)).catch(() => null)
      if (stop !== null) return stop
    }
    return null
  }

  async #leave(address: string): Promise<void> {
    const place = this.#places.get(address)
    this.#places.delete(address)
    await place?.discovery?.stop()
    await place?.stopListening().catch(() => {})
  }
}
