import type { Host, HostOptions } from '@holt/network/host.ts'
import { isLanAddress, type LanAddress, lanAddresses, listenAddresses, publicAddresses } from './lan-addresses.ts'
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

/** A host that listens on local networks and finds others there; with `reach` on the machine's public addresses too, else nowhere else. */
export async function startLanHost(options: LanHostOptions): Promise<Host> {
  const links = await startLibp2pLinks({ seed: options.seed, listen: [], kindOf: options.kindOf, reach: options.reach })
  const places = new LanPlaces(links, options)
  await places.look()
  const timer = setInterval(() => void places.look(), LOOK_EVERY_MS).unref()
  return {
    self: links.self,
    directory: links.directory,
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
    const { interfaces, reach } = this.#options
    const all = [...lanAddresses(interfaces), ...(reach !== null && interfaces === null ? publicAddresses() : [])]
    const wanted = new Map(all.map((one) => [one.address, one]))
    for (const address of this.#places.keys()) if (!wanted.has(address)) await this.#leave(address)
    for (const [address, one] of wanted) if (!this.#places.has(address)) await this.#enter(one)
    await this.#links.takePart()
  }

  async #enter(one: LanAddress): Promise<void> {
    const stopListening = await this.#listen(one)
    if (stopListening === null) return
    const { onFound, warn } = this.#options
    const isLocal = one.family === 'ipv4' && (isLanAddress(one.address) || one.address.startsWith('127.'))
    const addresses = (): string[] => this.#links.addresses().filter(isOfLan)
    const discovery = isLocal ? new LanDiscovery(one.address, { addresses, onFound, warn }) : null
    this.#places.set(one.address, { stopListening, discovery })
  }

  /** @returns null when it was not possible; the next look tries again. */
  async #listen(one: LanAddress): Promise<Place['stopListening'] | null> {
    for (const port of new Set([this.#options.port, 0])) {
      const [first = '', ...others] = listenAddresses(one, port, { webSocket: this.#options.reach !== null })
      const stop = await this.#links.listen(first).catch(() => null)
      if (stop === null) continue
      const further = await Promise.all(others.map((address) => this.#links.listen(address).catch(() => null)))
      return async () => {
        await Promise.all([stop, ...further].map(async (end) => end?.()))
      }
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

/** What neighbours are told: nothing of where this node is in the world. */
function isOfLan(address: string): boolean {
  const [, host] = /^\/ip[46]\/([0-9a-f.:]+)\/tcp\/\d+\/p2p\/\w+$/.exec(address) ?? []
  return host !== undefined && (isLanAddress(host) || host.startsWith('127.'))
}
