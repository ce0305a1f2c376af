import { concatBytes } from '@holt/core/bytes.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Connection, Directory, Host } from '@holt/network/host.ts'
import type { Link } from '@holt/network/links.ts'
import { decodeFrame, encodeFrame, type Frame, LENGTH_BYTES } from '@holt/network/rpc/frame.ts'
import type { SimulatedWorld } from '@holt/network/testing/simulated-world.ts'

/**
 * How a node lies to others: `wrong` changes something in what it says; `stale` says again what it said to the same question before; `withheld` lets
 * others wait; `honest` not at all. Of the owner's own nodes none is lied to: they have the owner's keys and could do worse.
 */
export type Lie = 'honest' | 'wrong' | 'stale' | 'withheld'

const OWN_PROTOCOLS = /^\/holt\/(cluster|join|pair)\//
const LARGEST_FRAME = 64 << 20

export class Liar {
  lie: Lie = 'honest'
  readonly #world: SimulatedWorld
  readonly #said = new Map<string, unknown>()

  constructor(world: SimulatedWorld) {
    this.#world = world
  }

  /** What goes out in the place of a frame; null: nothing. @param key of what it is about. */
  twist(frame: Frame, key: string): Frame | null {
    const world = this.#world
    if (frame.kind !== 'answer' && frame.kind !== 'request') return frame
    const before = this.#said.get(key)
    if (this.lie === 'honest') {
      if (before === undefined && frame.kind === 'answer') this.#said.set(key, structuredClone(frame.body))
      return frame
    }
    if (world.below(3) === 0) return frame
    if (this.lie === 'withheld') return frame.kind === 'answer' ? null : frame
    if (this.lie === 'stale') return frame.kind === 'answer' && before !== undefined ? { ...frame, body: before } : frame
    return { ...frame, body: this.#changed(frame.body) }
  }

  /** The same with one leaf of it changed. */
  #changed(value: unknown): unknown {
    const world = this.#world
    if (value instanceof Uint8Array) {
      const bytes = value.slice()
      if (bytes.length > 0) bytes[world.below(bytes.length)] = world.below(256)
      return world.below(8) === 0 ? bytes.subarray(0, world.below(bytes.length + 1)) : bytes
    }
    if (typeof value === 'number') return Number.isSafeInteger(value) ? Math.max(0, value + world.below(2001) - 1000) : value
    if (typeof value === 'boolean') return !value
    if (Array.isArray(value)) {
      if (value.length === 0) return value
      const at = world.below(value.length)
      return world.below(4) === 0 ? value.filter((_, i) => i !== at) : value.map((one: unknown, i) => (i === at ? this.#changed(one) : one))
    }
    if (typeof value !== 'object' || value === null) return value
    const fields = Object.entries(value)
    const at = world.below(fields.length)
    return Object.fromEntries(fields.map(([name, field], i) => [name, i === at ? this.#changed(field) : field]))
  }
}

/** A host of one who may lie: frames are changed on their way out. */
export class LyingHost implements Host {
  readonly self: Principal
  readonly #host: Host
  readonly #liar: Liar

  constructor(host: Host, liar: Liar) {
    this.self = host.self
    this.#host = host
    this.#liar = liar
  }

  get directory(): Directory | null {
    return this.#host.directory ?? null
  }

  addresses(): string[] {
    return this.#host.addresses()
  }

  learn(peer: Principal, addresses: readonly string[]): Promise<void> {
    return this.#host.learn(peer, addresses)
  }

  async open(peer: Principal, protocol: string, options?: { signal?: AbortSignal }): Promise<Link> {
    const link = await this.#host.open(peer, protocol, options)
    return OWN_PROTOCOLS.test(protocol) ? link : new LyingLink(link, this.#liar, protocol)
  }

  handle(protocol: string, onLink: (link: Link) => void): () => void {
    if (OWN_PROTOCOLS.test(protocol)) return this.#host.handle(protocol, onLink)
    return this.#host.handle(protocol, (link) => onLink(new LyingLink(link, this.#liar, protocol)))
  }

  connections(): Connection[] {
    return this.#host.connections()
  }

  hangUp(peer: Principal): Promise<void> {
    return this.#host.hangUp(peer)
  }

  stop(): Promise<void> {
    return this.#host.stop()
  }
}

/** Frames come in parts; each is looked at when it is whole. */
class LyingLink implements Link {
  readonly peer: Principal
  readonly #link: Link
  readonly #liar: Liar
  readonly #protocol: string
  #begun: Uint8Array = new Uint8Array(0)

  constructor(link: Link, liar: Liar, protocol: string) {
    this.peer = link.peer
    this.#link = link
    this.#liar = liar
    this.#protocol = protocol
  }

  read(): Promise<Uint8Array | null> {
    return this.#link.read()
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#begun = concatBytes([this.#begun, bytes])
    for (;;) {
      const { length, buffer, byteOffset } = this.#begun
      const end = length < LENGTH_BYTES ? length + 1 : LENGTH_BYTES + new DataView(buffer, byteOffset).getUint32(0)
      if (length < end) return
      const whole = this.#begun.slice(0, end)
      this.#begun = this.#begun.slice(end)
      await this.#writeFrame(whole)
    }
  }

  async #writeFrame(bytes: Uint8Array): Promise<void> {
    const frame = decodeFrame(bytes.slice(LENGTH_BYTES))
    const shape = frame.kind === 'answer' ? Object.keys(Object(frame.body)).join() : frame.kind
    const twisted = this.#liar.twist(frame, `${this.#protocol} ${this.peer.join()} ${shape}`)
    if (twisted === frame) return this.#link.write(bytes)
    if (twisted !== null) await this.#link.write(encodeFrame(twisted, LARGEST_FRAME))
  }

  close(): Promise<void> {
    return this.#link.close()
  }

  abort(error: Error): void {
    this.#link.abort(error)
  }
}
