import { CrashDisk } from '@holt/core/crash-disk.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { MemoryDisk } from '@holt/core/memory-disk.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Connection, Directory, Host } from '@holt/network/host.ts'
import type { Link } from '@holt/network/links.ts'
import type { SimulatedWorld } from '@holt/network/testing/simulated-world.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'

const LONGEST_SYNC_MS = 12
/** Whoever waits so long only looks whether something is new. */
const LOOK_MS = 1000

/**
 * What one machine runs on from its start to its end. Once it is off nothing of that life goes on: no timer of it comes, its disks and lines refuse.
 * It can go off in the midst of anything: at a moment, or at the so manieth thing that is done to its disks.
 */
export class Power {
  isOn = true
  readonly #world: SimulatedWorld
  readonly #disks: CrashDisk[] = []
  #operationsLeft = Number.POSITIVE_INFINITY
  #onCut: () => void = () => {}
  /** What its clock is ahead of the world's, and how many times as fast it counts. */
  skewMs: number
  readonly rate: number

  constructor(world: SimulatedWorld, { skewMs, rate }: { skewMs: number; rate: number }) {
    this.#world = world
    this.skewMs = skewMs
    this.rate = rate
  }

  /** Goes off at the so manieth operation of a disk from now. */
  failAfter(operations: number): void {
    this.#operationsLeft = operations
  }

  onCut(listener: () => void): void {
    this.#onCut = listener
  }

  cut(): void {
    if (!this.isOn) return
    this.isOn = false
    this.#onCut()
  }

  end(): void {
    this.isOn = false
  }

  disk(base: MemoryDisk): CrashDisk {
    const { clock } = this.#world
    const disk = new CrashDisk(base, () => clock.sleep(this.#world.below(LONGEST_SYNC_MS)))
    disk.live.fault = () => this.#use()
    this.#disks.push(disk)
    return disk
  }

  /** The time of day as this machine has it. @param slowedTo how long what looks now and then waits at least. */
  clock({ slowedTo = 0 }: { slowedTo?: number } = {}): Clock {
    const { clock } = this.#world
    return {
      nowMs: () => clock.nowMs() + this.skewMs,
      after: (delayMs, action) =>
        clock.after(delayMs >= LOOK_MS ? Math.max(delayMs, slowedTo) : delayMs, () => {
          if (this.isOn) action()
        }),
    }
  }

  steadyMs(): number {
    return this.#world.clock.nowMs() * this.rate
  }

  #use(): void {
    if (this.isOn && this.#operationsLeft-- <= 0) this.cut()
    if (!this.isOn) throw new HoltError('IO_FAILED', 'the machine is off')
  }
}

/** A host that ends with its machine. */
export class PoweredHost implements Host {
  readonly self: Principal
  readonly #host: Host
  readonly #power: Power

  constructor(host: Host, power: Power) {
    this.self = host.self
    this.#host = host
    this.#power = power
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
    this.#mustBeOn()
    const link = await this.#host.open(peer, protocol, options)
    this.#mustBeOn()
    return link
  }

  handle(protocol: string, onLink: (link: Link) => void): () => void {
    return this.#host.handle(protocol, (link) => {
      if (this.#power.isOn) onLink(link)
    })
  }

  connections(): Connection[] {
    return this.#host.connections()
  }

  async hangUp(peer: Principal): Promise<void> {
    if (this.#power.isOn) await this.#host.hangUp(peer)
  }

  /** Another life of the same node may be there by now. */
  async stop(): Promise<void> {
    if (this.#power.isOn) await this.#host.stop()
  }

  #mustBeOn(): void {
    if (!this.#power.isOn) throw new HoltError('PEER_UNREACHABLE', 'the machine is off')
  }
}
