import { createHash } from 'node:crypto'
import type { Crypto } from '@holt/core/crypto.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { nodejsCrypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import { PeerNetwork } from '../peers/peer-network.ts'
import type { RelationKind } from '../relations/relation.ts'
import { SimulatedPlaces } from './simulated-host.ts'
import { GrowingPacks } from './growing-packs.ts'
import { MemorySource } from './simulated-fragments.ts'
import { SimulatedWorld } from './simulated-world.ts'

export const NAMES_PACK = '0a'.repeat(16)

/** One node of somebody in a simulated world. It can be stopped and started again, on the disk that it has. */
export class Resident {
  readonly name: string
  readonly keys: { owner: KeyPair; node: KeyPair }
  disk = new MemoryDisk()
  /** Where it keeps what friends give, and the packs it gives; none: it does neither. */
  heldDisk = new MemoryDisk()
  source: MemorySource | null = null
  /** What it writes, of which friends get copies. */
  readonly growing = new GrowingPacks(NAMES_PACK)
  readonly #town: Town
  /** How wrong its clock is. */
  skewMs = 0
  network!: PeerNetwork
  found: (peer: Uint8Array, addresses: readonly string[]) => void = () => {}

  constructor(town: Town, name: string, keys: Resident['keys']) {
    this.#town = town
    this.name = name
    this.keys = keys
  }

  /** Of the key that signs packs. */
  get storageSeed(): Uint8Array {
    return this.keys.owner.seed.map((byte) => byte ^ 0xff)
  }

  /** @param stays at the address where it was. */
  async start({ stays = false } = {}): Promise<void> {
    this.network = await PeerNetwork.start({
      startHost: async ({ onFound }) => {
        this.found = onFound
        return this.#town.places.host(this.keys.node.publicKey, { stays })
      },
      disk: this.disk,
      crypto: this.#town.crypto,
      clock: this.#clock(),
      keys: this.keys,
      relationsKey: this.keys.owner.seed,
      ...(this.source === null ? {} : { fragments: { source: this.source, heldDisk: this.heldDisk } }),
      warn: (text) => this.#town.warnings.push(`${this.name}: ${text}`),
    })
    this.network.newest?.giver.follow(this.growing)
  }

  #clock(): Clock {
    const { clock } = this.#town.world
    return { nowMs: () => clock.nowMs() + this.skewMs, after: clock.after.bind(clock) }
  }

  get address(): { peer: Uint8Array; address: string } {
    const peer = this.keys.node.publicKey
    return { peer, address: this.#town.places.addressOf(peer) }
  }

  /** Pairs with who shows a code, in the world's time. */
  async pairWith(host: Resident, relation: RelationKind = 'friend'): Promise<void> {
    const { code } = host.network.showCode({ relation, name: host.name })
    await this.network.join({ code: code.text, name: this.name, relation, at: [host.address] })
  }
}

/** Nodes of people, all in one world that follows from one seed. */
export class Town {
  readonly world: SimulatedWorld
  readonly places: SimulatedPlaces
  readonly crypto: Crypto
  readonly residents: Resident[] = []
  readonly warnings: string[] = []

  constructor(seed: number) {
    this.world = new SimulatedWorld(seed)
    this.places = new SimulatedPlaces(this.world.network)
    const randomBytes = (length: number) => Uint8Array.from({ length }, () => this.world.below(256))
    this.crypto = { ...nodejsCrypto, randomBytes }
  }

  /** @param owner whose node it is; a new person when there is none. */
  async settle(name: string, owner?: Resident, { keepsForFriends = false } = {}): Promise<Resident> {
    const resident = new Resident(this, name, {
      owner: owner?.keys.owner ?? this.#keyPair(`owner ${name}`),
      node: this.#keyPair(`node ${name}`),
    })
    if (keepsForFriends) resident.source = new MemorySource(this.crypto.ed25519PublicKey(resident.storageSeed))
    this.residents.push(resident)
    await resident.start()
    return resident
  }

  async close(): Promise<void> {
    await this.world.clock.until(Promise.all(this.residents.map(({ network }) => network.stop())))
  }

  #keyPair(of: string): KeyPair {
    const seed = new Uint8Array(createHash('sha256').update(`${this.world.seed} ${of}`).digest())
    return { seed, publicKey: nodejsCrypto.ed25519PublicKey(seed) }
  }
}
