import { isIPv6 } from 'node:net'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { GuestKind } from '@holt/network/rpc/guests.ts'
import type { Connection, ConnectionGater, Libp2p, MultiaddrConnection, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { principalOf } from './peer-ids.ts'

/** Who is at the door and has not said who they are yet, from one place: proofs take time on both sides, and slow ones must not keep others out. */
const MOST_PENDING = 8
/** Connections of one peer. More than one there is when both begin at once, or when an old one is dead and nobody knows yet. */
const MOST_OF_PEER: Record<GuestKind, number> = { paired: 8, stranger: 2 }
const MOST_STRANGERS_OF_PLACE = 16
const MOST_STRANGERS = 48
/** Of strangers: a connection on which nothing happens. */
const IDLE_MS = 60_000
const LOOK_EVERY_MS = 15_000

export interface DoorkeeperOptions {
  kindOf: (peer: Principal) => GuestKind
  /** Further rules. */
  gater: ConnectionGater
}

/**
 * Lets connections in. Strangers have few places; when those are taken the oldest of the place that has most of them goes, so that nobody who
 * holds many keeps the next one out. Who is paired is not kept out by strangers.
 */
export class Doorkeeper {
  readonly #options: DoorkeeperOptions
  readonly #pending = new Map<string, number>()
  #host: Libp2p | null = null
  #timer: NodeJS.Timeout | null = null

  constructor(options: DoorkeeperOptions) {
    this.#options = options
  }

  get gater(): ConnectionGater {
    return {
      ...this.#options.gater,
      denyInboundConnection: (arriving) => this.#denyArriving(arriving),
      denyInboundEncryptedConnection: (peer, arriving) => this.#denyNamed(peer, arriving),
    }
  }

  start(host: Libp2p): void {
    this.#host = host
    host.addEventListener('peer:disconnect', ({ detail }) => void this.#forget(detail))
    this.#timer = setInterval(() => void this.#endIdle(), LOOK_EVERY_MS).unref()
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer)
  }

  #denyArriving(arriving: MultiaddrConnection): boolean {
    const place = placeOf(arriving.remoteAddr)
    if (place === null) return false
    const pending = this.#pending.get(place) ?? 0
    if (pending >= MOST_PENDING) return true
    this.#pending.set(place, pending + 1)
    this.#arriving.set(arriving, place)
    arriving.addEventListener('close', () => this.#hasArrived(arriving), { once: true })
    return false
  }

  readonly #arriving = new WeakMap<MultiaddrConnection, string>()

  #hasArrived(arriving: MultiaddrConnection): void {
    const place = this.#arriving.get(arriving)
    if (place === undefined) return
    this.#arriving.delete(arriving)
    const pending = (this.#pending.get(place) ?? 1) - 1
    if (pending === 0) this.#pending.delete(place)
    else this.#pending.set(place, pending)
  }

  #denyNamed(peer: PeerId, arriving: MultiaddrConnection): boolean {
    this.#hasArrived(arriving)
    const principal = principalOf(peer)
    if (principal === null) return true
    const kind = this.#options.kindOf(principal)
    if ((this.#host?.getConnections(peer).length ?? 0) >= MOST_OF_PEER[kind]) return true
    if (kind === 'stranger') this.#makeRoom(placeOf(arriving.remoteAddr))
    return false
  }

  #strangers(): Connection[] {
    const { kindOf } = this.#options
    return (this.#host?.getConnections() ?? []).filter(({ direction, remotePeer }) => {
      const principal = principalOf(remotePeer)
      return direction === 'inbound' && (principal === null || kindOf(principal) === 'stranger')
    })
  }

  #makeRoom(place: string | null): void {
    const byPlace = new Map<string | null, Connection[]>()
    const strangers = this.#strangers()
    for (const one of strangers) byPlace.set(placeOf(one.remoteAddr), [...(byPlace.get(placeOf(one.remoteAddr)) ?? []), one])
    const ofPlace = byPlace.get(place) ?? []
    const crowded = place !== null && ofPlace.length >= MOST_STRANGERS_OF_PLACE ? ofPlace : null
    const most = [...byPlace.values()].sort((a, b) => b.length - a.length)[0] ?? []
    const leaving = crowded ?? (strangers.length >= MOST_STRANGERS ? most : null)
    const [oldest] = (leaving ?? []).sort((a, b) => a.timeline.open - b.timeline.open)
    oldest?.abort(new HoltError('TOO_MANY_TRIES', 'too many strangers'))
  }

  async #endIdle(): Promise<void> {
    const before = Date.now() - IDLE_MS
    for (const one of this.#strangers()) {
      if (one.streams.length > 0 || one.timeline.open > before) continue
      await one.close().catch(() => {})
    }
  }

  /** Anybody can come under any number of names: nothing is remembered of who is nobody to us, and has no place in the directory's table. */
  async #forget(peer: PeerId): Promise<void> {
    const principal = principalOf(peer)
    if (principal !== null && this.#options.kindOf(principal) === 'paired') return
    const known = await this.#host?.peerStore.get(peer).catch(() => null)
    if (known && known.tags.size === 0) await this.#host?.peerStore.delete(peer).catch(() => {})
  }
}

/** The machine that a connection comes from, of IPv6 the network; null for what came over a relay. */
function placeOf(address: Multiaddr): string | null {
  const parts = address.getComponents()
  if (parts.some(({ name }) => name === 'p2p-circuit')) return null
  const host = parts.find(({ name }) => name === 'ip4' || name === 'ip6')?.value ?? null
  return host !== null && isIPv6(host) ? networkOf(host) : host
}

/** The first 64 bits: whoever has one address of IPv6 has all of these. */
function networkOf(address: string): string {
  const [head = '', tail] = address.toLowerCase().replace(/%.*$/, '').split('::')
  const groups = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = tail === undefined ? 0 : Math.max(0, 8 - groups.length - last.length)
  const all = [...groups, ...Array.from({ length: missing }, () => '0'), ...last]
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
