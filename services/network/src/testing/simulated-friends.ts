import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { nodejsCrypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import { FragmentsGiver, type Friend } from '../fragments/fragments-giver.ts'
import { FragmentsHolder } from '../fragments/fragments-holder.ts'
import { fragmentsProtocol } from '../fragments/fragments-protocol.ts'
import { GivenBook } from '../fragments/given-book.ts'
import type { FragmentToGive } from '../fragments/shard-hashes.ts'
import { Caller } from '../rpc/caller.ts'
import { Guests } from '../rpc/guests.ts'
import { type Handlers, serve } from '../rpc/responder.ts'
import type { SimulatedLinks } from './simulated-network.ts'
import { type MadePack, makePack } from './simulated-fragments.ts'
import { SimulatedWorld } from './simulated-world.ts'

/** Anna gives, Ben keeps: two nodes who know each other, without all that brought them together. */
export class Friends {
  readonly world: SimulatedWorld
  readonly crypto: Crypto
  readonly anna: { owner: KeyPair; node: KeyPair }
  readonly ben: { owner: KeyPair; node: KeyPair }
  readonly stranger: KeyPair
  readonly storage: KeyPair
  readonly warnings: string[] = []
  readonly #links: { anna: SimulatedLinks; ben: SimulatedLinks; stranger: SimulatedLinks }
  readonly #warn = (text: string): void => void this.warnings.push(text)
  mostBytes = 1 << 30
  giverDisk: Disk = new MemoryDisk()
  holderDisk: Disk = new MemoryDisk()
  book!: GivenBook
  giver!: FragmentsGiver
  holder!: FragmentsHolder
  #stopServing: () => void = () => {}

  constructor(seed: number) {
    this.world = new SimulatedWorld(seed)
    this.crypto = { ...nodejsCrypto, randomBytes: (length) => Uint8Array.from({ length }, () => this.world.below(256)) }
    const pair = (): KeyPair => {
      const key = this.crypto.randomBytes(32)
      return { seed: key, publicKey: nodejsCrypto.ed25519PublicKey(key) }
    }
    this.anna = { owner: pair(), node: pair() }
    this.ben = { owner: pair(), node: pair() }
    this.stranger = pair()
    this.storage = pair()
    const node = ({ publicKey }: KeyPair): SimulatedLinks => this.world.network.node(publicKey)
    this.#links = { anna: node(this.anna.node), ben: node(this.ben.node), stranger: node(this.stranger) }
  }

  static async meet(seed = 1): Promise<Friends> {
    const friends = new Friends(seed)
    await friends.startGiver()
    await friends.startHolder()
    return friends
  }

  get friend(): Friend {
    return { owner: this.ben.owner.publicKey, node: this.ben.node.publicKey }
  }

  async startGiver(): Promise<void> {
    this.book = await GivenBook.open(this.giverDisk, this.#warn)
    this.giver = new FragmentsGiver({ crypto: this.crypto, clock: this.world.clock, owner: this.anna.owner, book: this.book })
  }

  /** @param other answers what the holder would. */
  async startHolder(other: Partial<Handlers<(typeof fragmentsProtocol)['methods']>> = {}): Promise<void> {
    this.#stopServing()
    const { clock } = this.world
    this.holder = await FragmentsHolder.open({
      disk: this.holderDisk,
      crypto: this.crypto,
      clock,
      keys: this.ben,
      ownerOf: (peer) => {
        if (equalBytes(peer, this.anna.node.publicKey)) return this.anna.owner.publicKey
        throw new HoltError('NOT_AUTHORIZED', 'the two nodes are not paired')
      },
      mostBytes: () => this.mostBytes,
      warn: this.#warn,
    })
    const guests = new Guests(clock, { kindOf: () => 'paired' })
    this.#stopServing = serve(this.#links.ben, fragmentsProtocol, { ...this.holder.handlers(), ...other }, { clock, guests })
  }

  makePack(sizeBytes = 300_000, dataFragments = 2, totalFragments = 3): MadePack {
    return makePack(this.crypto, this.storage.seed, { sizeBytes, dataFragments, totalFragments })
  }

  fragment({ spread, shards }: MadePack, index: number): FragmentToGive {
    return { spread, index, read: async (column, length) => shards[index]?.slice(column, column + length) ?? null }
  }

  /** Asks Ben's node, in the world's time. */
  async ask<T>(work: (ask: Caller<(typeof fragmentsProtocol)['methods']>) => Promise<T>, from: 'anna' | 'stranger' = 'anna'): Promise<T> {
    const caller = new Caller(this.#links[from], this.ben.node.publicKey, fragmentsProtocol, { clock: this.world.clock })
    return this.world.clock.until(work(caller).finally(() => caller.close()))
  }

  async passDays(days: number): Promise<void> {
    for (let day = 0; day < days; day++) await this.world.clock.pass(23.99 * 3_600_000)
  }

  give(pack: MadePack, index = 0) {
    return this.ask((ask) => this.giver.give(ask, this.friend, this.fragment(pack, index)))
  }
}
