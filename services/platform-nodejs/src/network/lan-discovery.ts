import { randomBytes } from 'node:crypto'
import { type Principal, principalFromText } from '@holt/core/principal.ts'
import multicastDns, { type MulticastDNS, type QueryPacket, type ResponsePacket } from 'multicast-dns'
import { isLanAddress } from './lan-addresses.ts'

export interface LanDiscoveryOptions {
  /** What others are told: multiaddresses that end with `/p2p/<who>`. Asked for each time. */
  addresses: () => readonly string[]
  onFound: (peer: Principal, addresses: readonly string[]) => void
  warn: (text: string) => void
}

/** As libp2p names it: https://github.com/libp2p/specs/blob/master/discovery/mdns.md */
const SERVICE = '_p2p._udp.local'
const GROUP = '224.0.0.251'
const TTL_SECONDS = 120
/** Soon after the start for who is there, then for who comes. */
const FIRST_ASKED_MS = [0, 1000, 4000]
const ASKED_EVERY_MS = 30_000
/** However often others ask, everybody hears the answer. */
const ANSWERED_EVERY_MS = 1000
/** Of a text in a TXT record. */
const LONGEST_TEXT = 255
const MOST_ADDRESSES = 16

/**
 * Says by mDNS on one local network that the node is there, and hears others. Unlike @libp2p/mdns, which asks wherever the machine's default
 * route leads, it speaks on the one address that it was given: on a router the default route leads to the provider.
 */
export class LanDiscovery {
  readonly #options: LanDiscoveryOptions
  readonly #mdns: MulticastDNS
  readonly #name = `${randomBytes(20).toString('hex')}.${SERVICE}`
  readonly #timers: NodeJS.Timeout[] = []
  #answeredMs = -ANSWERED_EVERY_MS

  constructor(address: string, options: LanDiscoveryOptions) {
    this.#options = options
    this.#mdns = multicastDns({ ip: GROUP, interface: address, bind: '0.0.0.0' })
    this.#mdns.on('error', (error: Error) => options.warn(`others on the network ${address} are not found: ${error.message}`))
    this.#mdns.on('warning', () => {}) // what others send may be anything
    this.#mdns.on('query', (packet) => this.#answer(packet))
    this.#mdns.on('response', (packet) => this.#hear(packet))
    for (const afterMs of FIRST_ASKED_MS) this.#timers.push(setTimeout(() => this.#ask(), afterMs).unref())
    this.#timers.push(setInterval(() => this.#ask(), ASKED_EVERY_MS).unref())
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#mdns.removeAllListeners('query')
    this.#mdns.removeAllListeners('response')
    await new Promise<void>((resolve) => this.#mdns.destroy(() => resolve()))
  }

  #ask(): void {
    this.#mdns.query({ questions: [{ name: SERVICE, type: 'PTR' }] })
  }

  #answer({ questions }: QueryPacket): void {
    const now = performance.now()
    if (!questions.some(({ name }) => name === SERVICE)) return
    if (now - this.#answeredMs < ANSWERED_EVERY_MS) return
    const texts = this.#options.addresses().map((address) => `dnsaddr=${address}`)
    const told = texts.filter((text) => text.length <= LONGEST_TEXT).slice(0, MOST_ADDRESSES)
    if (told.length === 0) return
    this.#answeredMs = now
    this.#mdns.respond([
      { name: SERVICE, type: 'PTR', class: 'IN', ttl: TTL_SECONDS, data: this.#name },
      ...told.map((data) => ({ name: this.#name, type: 'TXT' as const, class: 'IN' as const, ttl: TTL_SECONDS, data })),
    ])
  }

  /** What does not fit is passed over: other programs speak here, too. */
  #hear({ answers, additionals }: ResponsePacket): void {
    const records = [...answers, ...additionals]
    if (!records.some((record) => record.type === 'PTR' && record.name === SERVICE && record.data !== this.#name)) return
    const texts = records.flatMap((record) => (record.type === 'TXT' ? record.data : [])).map(String)
    const found = new Map<string, string[]>()
    for (const text of texts.slice(0, 4 * MOST_ADDRESSES)) {
      const [, address, host, peer] = /^dnsaddr=(\/ip[46]\/([0-9a-f.:]{2,45})\/tcp\/\d{1,5})\/p2p\/(\w{1,64})$/.exec(text) ?? []
      if (address !== undefined && isLanAddress(host as string)) found.set(peer as string, [...(found.get(peer as string) ?? []), address])
    }
    for (const [peer, addresses] of found) {
      const principal = principalOf(peer)
      if (principal) this.#options.onFound(principal, addresses.slice(0, MOST_ADDRESSES))
    }
  }
}

/** Null for keys of other kinds, which others on the network may have. */
function principalOf(text: string): Principal | null {
  try {
    return principalFromText(text)
  } catch {
    return null
  }
}
