import { createHash } from 'node:crypto'
import { utf8 } from '@holt/core/bytes.ts'
import type { Cid } from '@holt/core/cid.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { type KeyPair, volumeId } from '@holt/core/root-key.ts'
import { nodejsCrypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { parseHead } from '@holt/tree/caps/head.ts'
import { createFileWriter } from '@holt/tree/file-writer.ts'
import { MemoryBlockStore } from '@holt/tree/memory-block-store.ts'
import type { TreeVolume } from '@holt/tree/tree-volume.ts'
import type { Edit } from '@holt/tree/types.ts'
import { createVolume, openVolume } from '@holt/tree/volume.ts'
import { Cluster } from '../cluster/cluster.ts'
import type { FencingToken } from '../cluster/leases.ts'
import { Guests } from '../rpc/guests.ts'
import { SimulatedWorld } from './simulated-world.ts'

/** Sealing and committing take turns of the real thread; no timer of the world comes between. */
const TURNS = 30

/** Blocks of one node, and of the others when it lacks one. */
export class NodeStore implements BlockStore {
  cluster: Cluster | null = null
  readonly own: MemoryBlockStore

  constructor(own = new MemoryBlockStore()) {
    this.own = own
  }

  async get(cid: Cid): Promise<Uint8Array> {
    try {
      return await this.own.get(cid)
    } catch (error) {
      const found = (await this.cluster?.source.get(cid)) ?? null
      if (found === null) throw error
      await this.own.put(found.sealed)
      return found.sealed
    }
  }

  append: BlockStore['append'] = (...args) => this.own.append(...args)
  put: BlockStore['put'] = (...args) => this.own.put(...args)
  commit: BlockStore['commit'] = (...args) => this.own.commit(...args)
  place = async (): Promise<null> => null
  heads = (): Uint8Array[] => this.own.heads()
  beginWriting = (): { end(): void } => this.own.beginWriting()
}

/** A node that can crash and start again on what was durable. */
export class Member {
  readonly name: string
  readonly node: KeyPair
  store = new NodeStore()
  readonly disk = new MemoryDisk()
  volume!: TreeVolume
  cluster!: Cluster
  /** Whose nodes this one takes for its owner's. */
  mine: (peer: Uint8Array) => boolean = () => true
  readonly warnings: string[] = []
  readonly #family: Family
  readonly #skewMs: number
  readonly #rate: number
  #life = { isOver: false }
  #last: Promise<void> = Promise.resolve()

  constructor(family: Family, name: string) {
    this.#family = family
    this.name = name
    this.node = family.keyPair(name)
    // one clock may be wrong by a day
    this.#rate = 0.98 + family.world.random() * 0.04
    this.#skewMs = (family.world.below(3) - 1) * family.world.below(24 * 3_600_000)
  }

  async start(): Promise<void> {
    const { world, owner, crypto, salt, key, members } = this.#family
    const life = { isOver: false }
    this.#life = life
    this.#last = Promise.resolve()
    const options = { store: this.store, crypto, id: volumeId(owner.publicKey, salt), owner: owner.publicKey, salt, keys: [key] }
    const signer = { ...owner, chain: [] }
    const clock = { nowMs: () => world.clock.nowMs() + this.#skewMs, after: world.clock.after.bind(world.clock) }
    const [head] = this.store.heads()
    const opening = { ...options, signer, clock: () => clock.nowMs(), gatherMs: 0 }
    this.volume = head === undefined ? await createVolume(opening) : await openVolume({ ...opening, head })
    const links = world.network.node(this.node.publicKey)
    this.cluster = await Cluster.open({
      links,
      disk: mortal(this.disk, life),
      crypto,
      clock,
      steadyMs: () => world.clock.nowMs() * this.#rate,
      keys: { owner, node: this.node },
      guests: new Guests(clock, { kindOf: () => 'paired' }),
      volume: this.volume,
      blocks: { getHere: async (cid) => this.#here(cid) },
      ownerOf: (peer) => (this.mine(peer) ? owner.publicKey : peer),
      nodes: () => members.map(({ node }) => ({ owner: owner.publicKey, node: node.publicKey })),
      onChunks: () => {},
      isShown: () => true,
      onMerged: () => {},
      warn: (text) => void this.warnings.push(text),
      onFault: (method, { message }) => void this.warnings.push(`${method}: ${message}`),
    })
    this.store.cluster = this.cluster
  }

  async #here(cid: Uint8Array) {
    const sealed = await this.store.own.get(cid).catch(() => null)
    return sealed === null ? null : { sealed, redundancyClass: 'standard' }
  }

  /** The name of some block that it has. */
  anyBlock(): Cid {
    return parseHead(this.volume.head as Uint8Array).root
  }

  /** Whatever is under way comes to nothing. */
  crash(): void {
    this.#life.isOver = true
    const { own } = this.store
    this.store.cluster = null
    this.store = new NodeStore(own.afterCrash())
    // what still runs of it must not reach what is left
    own.failAt(1)
    this.#family.world.network.remove(this.node.publicKey)
    void this.cluster.stop()
  }

  /** One after the other: of two that share a head the first would be in no version. */
  put(path: string, text: string, token: FencingToken | null = null): Promise<void> {
    const { volume, store } = this
    const put = this.#last.then(() => this.#put({ volume, store }, { path, text, token }))
    this.#last = put.catch(() => {})
    return put
  }

  remove(path: string): Promise<void> {
    const { volume } = this
    const removed = this.#last.then(() => volume.edit((edit) => edit.remove(path, { recursive: true }))).catch(() => {})
    this.#last = removed
    return removed
  }

  async #put(
    { volume, store }: Pick<Member, 'volume' | 'store'>,
    { path, text, token }: { path: string; text: string; token: FencingToken | null },
  ): Promise<void> {
    const writer = createFileWriter({ store, crypto: this.#family.crypto, mode: 0o644, time: [0, 0], chunkLog2: 20 })
    await writer.write(utf8(text))
    const entry = await writer.close()
    const [, directory = '', name = ''] = /^(.*)\/([^/]+)$/.exec(path) ?? []
    const change = async (edit: Edit): Promise<void> => {
      if (directory !== '') await edit.makeDirectory(directory, { parents: true })
      await edit.putEntries(directory === '' ? '/' : directory, [{ name, entry }])
    }
    await volume.edit(change, { token })
  }
}

function mortal(disk: MemoryDisk, life: { isOver: boolean }): MemoryDisk {
  return new Proxy(disk, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...args: unknown[]): unknown => {
        if (life.isOver) throw new HoltError('IO_FAILED', 'the machine is off')
        return Reflect.apply(value, target, args)
      }
    },
  })
}

/** One owner with some nodes, in a world that follows from one seed. */
export class Family {
  readonly world: SimulatedWorld
  readonly crypto: Crypto
  readonly owner: KeyPair
  readonly salt: Uint8Array
  readonly key: Uint8Array
  readonly members: Member[] = []

  constructor(seed: number) {
    this.world = new SimulatedWorld(seed, { latencyMs: [1, 40], turns: TURNS })
    const randomBytes = (length: number) => Uint8Array.from({ length }, () => this.world.below(256))
    this.crypto = { ...nodejsCrypto, randomBytes }
    this.owner = this.keyPair('owner')
    this.salt = randomBytes(16)
    this.key = randomBytes(32)
  }

  keyPair(of: string): KeyPair {
    const seed = new Uint8Array(createHash('sha256').update(`${this.world.seed} ${of}`).digest())
    return { seed, publicKey: nodejsCrypto.ed25519PublicKey(seed) }
  }

  any(): Member {
    return this.members[this.world.below(this.members.length)] as Member
  }
}
