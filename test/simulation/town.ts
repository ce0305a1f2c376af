import { toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { takeTurnsBy } from '@holt/core/event-loop.ts'
import { principalToText } from '@holt/core/principal.ts'
import { type Relation, type RelationKind, signRelation } from '@holt/network/relations/relation.ts'
import type { PeerNetwork } from '@holt/network/peers/peer-network.ts'
import { SimulatedDirectory, SimulatedPlaces } from '@holt/network/testing/simulated-host.ts'
import { seededCrypto, simulatedCrypto } from '@holt/network/testing/simulated-crypto.ts'
import { SimulatedWorld } from '@holt/network/testing/simulated-world.ts'
import { type Life, Machine } from './machine.ts'
import { Owner } from './owner.ts'

/** So many seeds in a row have one among them that runs with real cryptography. */
const REAL_CRYPTO_EVERY = 50
/** What a short history has more of than others; all can happen in each. */
export type Theme = 'together' | 'fire' | 'lies' | 'anything'
const THEMES: readonly Theme[] = ['together', 'together', 'together', 'fire', 'fire', 'lies', 'lies', 'anything']
/** Most that goes wrong goes wrong between few. */
const OWNER_COUNTS = [2, 2, 2, 2, 2, 2, 2, 3, 3, 4]
const NAMES = ['Anna', 'Ben', 'Cleo', 'Dora']

/** Some people who keep data for each other, with their machines, in a world that follows from one seed. */
export class Town {
  readonly seed: number
  readonly world: SimulatedWorld
  readonly places: SimulatedPlaces
  readonly crypto: Crypto
  readonly theme: Theme
  readonly owners: Owner[] = []
  /** When somebody lost what they kept for others, the last time. */
  heldLostMs: number | null = null
  /** Some may lie in this one. */
  readonly hasLiars: boolean
  #mover: Machine | null = null
  #bare: Machine[] = []
  #failure: Error | null = null

  constructor(seed: number) {
    this.seed = seed
    this.world = new SimulatedWorld(seed, { latencyMs: [1, 25], wholePieces: 0.95 })
    const { clock, random } = this.world
    takeTurnsBy({ next: () => clock.sleep(1), nowMs: () => clock.nowMs() })
    this.places = new SimulatedPlaces(this.world.network)
    if (this.world.below(2) === 0) this.places.directory = new SimulatedDirectory()
    this.theme = this.pick(THEMES)
    this.hasLiars = this.theme === 'lies' || this.world.below(6) === 0
    this.crypto = seed % REAL_CRYPTO_EVERY === 0 ? seededCrypto(random) : simulatedCrypto(random)
  }

  get machines(): Machine[] {
    return this.owners.flatMap(({ machines }) => machines)
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('nothing to pick from')
    return list[this.world.below(list.length)] as T
  }

  /** Some owners, the first perhaps with several machines; all are friends and give to each other. */
  async settle(): Promise<void> {
    const { world } = this
    const { theme } = this
    const count = theme === 'together' ? 2 : theme === 'lies' ? 3 : this.pick(OWNER_COUNTS)
    const mostMachines = theme === 'together' ? 2 + Math.floor(world.below(4) / 3) : 1 + Math.floor(world.below(5) / 4)
    for (const name of NAMES.slice(0, count)) this.owners.push(new Owner(name, this))
    for (const [number, owner] of this.owners.entries()) {
      const machineCount = number === 0 ? mostMachines : 1
      for (let machine = 1; machine <= machineCount; machine++)
        owner.machines.push(new Machine(owner, `${owner.name}-${machine}`, 1 + Math.floor(world.below(4) / 3)))
    }
    for (const machine of this.machines) await world.clock.until(machine.start('new'))
    for (const owner of this.owners)
      for (const other of owner.machines.slice(1)) await this.#relate(owner.machines[0] as Machine, other, 'mine')
    for (const [i, one] of this.owners.entries()) for (const other of this.owners.slice(i + 1)) await this.befriend(one, other)
    world.note(`${this.machines.map(({ name }) => name).join()} live`)
  }

  async befriend(one: Owner, other: Owner): Promise<void> {
    await this.#relate(one.machines[0] as Machine, other.machines[0] as Machine, 'friend')
    one.friends.push(other)
    other.friends.push(one)
    for (const [owner, friend] of [
      [one, other],
      [other, one],
    ] as const)
      for (const machine of owner.machines) await this.give(machine, friend)
  }

  /** The owner wants it so. */
  async give(machine: Machine, friend: Owner): Promise<void> {
    const terms = machine.network?.fragments?.terms
    if (terms !== undefined)
      await this.world.clock.until(terms.set({ owner: friend.keys.principal.publicKey, give: true, mostBytes: null }))
  }

  /** By a code now and then, which takes its time; else both have signed already. */
  async #relate(host: Machine, guest: Machine, relation: RelationKind): Promise<void> {
    const { world } = this
    const [a, b] = [networkOf(host), networkOf(guest)]
    if (world.below(100) === 0) {
      const { code } = a.showCode({ relation, name: host.name })
      await world.clock.until(b.join({ code: code.text, name: guest.name, relation, at: [this.placeOf(host)] }))
      // who goes elsewhere before the two have met is not found again without a directory
      await world.clock.pass(20_000)
      return
    }
    const party = (machine: Machine) => ({
      owner: machine.owner.keys.principal.publicKey,
      node: machine.node as Uint8Array,
      name: machine.name,
    })
    const unsigned: Relation = {
      relation,
      id: this.crypto.randomBytes(16),
      made: Math.floor(world.clock.nowMs() / 1000),
      host: party(host),
      guest: party(guest),
    }
    const signatures = {
      host: signRelation(this.crypto, unsigned, keysOf(host)),
      guest: signRelation(this.crypto, unsigned, keysOf(guest)),
    }
    for (const network of [a, b]) await world.clock.until(network.relations.add({ ...unsigned, signatures }))
    await world.clock.until(b.meetAt(this.placeOf(host), host.owner.keys.principal.publicKey))
  }

  placeOf(machine: Machine): { peer: Uint8Array; address: string } {
    const peer = machine.node as Uint8Array
    return { peer, address: this.places.addressOf(peer) }
  }

  /** Two who both go elsewhere at once find each other only where there is a directory: without one it is always the same who moves. */
  move(machine: Machine): void {
    this.#mover ??= machine
    if (this.places.directory === null && this.#mover !== machine) return
    this.world.note(`${machine.name} is elsewhere`)
    this.places.move(machine.node as Uint8Array)
  }

  /** Somebody's only drive is new, and not everything has come back from friends: what they have is all that there is. */
  get isBare(): boolean {
    this.#bare = this.#bare.filter(({ life }) => life === null || isLacking(life))
    return this.#bare.length > 0
  }

  bare(machine: Machine): void {
    this.#bare.push(machine)
  }

  /** What goes on beside; its failure is that of the seed. */
  watch(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      this.#failure ??= error instanceof Error ? error : new Error(String(error))
    })
  }

  /** @throws what something that went on beside failed with. */
  mustBeWell(): void {
    if (this.#failure !== null) throw this.#failure
  }

  fullAddressOf(machine: Machine): string {
    const { peer, address } = this.placeOf(machine)
    return `${address}/p2p/${principalToText(peer)}`
  }

  /** Whatever came of it, nothing of it goes on. */
  end(): void {
    for (const machine of this.machines) machine.end()
    takeTurnsBy(null)
  }

  nameOf(node: Uint8Array): string {
    return this.machines.find((machine) => machine.node !== null && toHex(machine.node) === toHex(node))?.name ?? 'somebody'
  }
}

export function networkOf({ name, network }: Machine): PeerNetwork {
  if (network === null) throw new Error(`${name} is not among others`)
  return network
}

function keysOf(machine: Machine) {
  const { publicKey } = machine.owner.keys.principal
  const nodeSeed = machine.nodeSeed as Uint8Array
  return { owner: { seed: machine.owner.keys.principal.seed, publicKey }, node: { seed: nodeSeed, publicKey: machine.node as Uint8Array } }
}

/** Of some pack its drives have too little. */
export function isLacking({ keeper }: Life): boolean {
  return keeper.packs().some(({ presentFragments, dataFragments }) => presentFragments < dataFragments)
}
