import { createHash } from 'node:crypto'
import { utf8 } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { type KeyPair, volumeId } from '@holt/core/root-key.ts'
import { nodejsCrypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import { createFileWriter } from '@holt/tree/file-writer.ts'
import { MemoryBlockStore } from '@holt/tree/memory-block-store.ts'
import type { TreeVolume } from '@holt/tree/tree-volume.ts'
import { createVolume, openVolume } from '@holt/tree/volume.ts'
import { Guests } from '../rpc/guests.ts'
import { Sharing } from '../sharing/sharing.ts'
import { SimulatedWorld } from './simulated-world.ts'

const TURNS = 30

/** A person with a node and a tree of their own, who can crash and start again on what was durable. */
export class Sharer {
  readonly name: string
  readonly owner: KeyPair
  readonly node: KeyPair
  store = new MemoryBlockStore()
  volume!: TreeVolume
  sharing!: Sharing
  skewMs = 0
  readonly warnings: string[] = []
  readonly conflicts: string[] = []
  readonly #company: Company
  #last: Promise<unknown> = Promise.resolve()

  constructor(company: Company, name: string) {
    this.#company = company
    this.name = name
    this.owner = company.keyPair(`${name} owner`)
    this.node = company.keyPair(`${name} node`)
  }

  async start(): Promise<void> {
    const { world, crypto, sharers } = this.#company
    const { owner, node, store } = this
    this.#last = Promise.resolve()
    const clock = { nowMs: () => world.clock.nowMs() + this.skewMs, after: world.clock.after.bind(world.clock) }
    const salt = new Uint8Array(16)
    const options = { store, crypto, id: volumeId(owner.publicKey, salt), owner: owner.publicKey, salt, keys: [this.owner.seed] }
    const [head] = store.heads()
    const opening = { ...options, signer: { ...owner, chain: [] }, clock: () => clock.nowMs(), gatherMs: 0 }
    this.volume = head === undefined ? await createVolume(opening) : await openVolume({ ...opening, head })
    this.sharing = await Sharing.open({
      links: world.network.node(node.publicKey),
      guests: new Guests(clock, { kindOf: () => 'paired' }),
      crypto,
      clock,
      keys: { owner, node },
      volume: this.volume,
      blocks: {
        store,
        has: async (cid) =>
          store.get(cid).then(
            () => true,
            () => false,
          ),
      },
      place: '/.hidden/folders',
      friends: () => sharers.filter((one) => one !== this).map((one) => ({ owner: one.owner.publicKey, node: one.node.publicKey })),
      ownerOf: (peer) => this.#company.ownerOf(peer),
      onConflicts: (found) => void this.conflicts.push(...found.map(({ path }) => path)),
      warn: (text) => void this.warnings.push(text),
      onFault: (method, { message }) => void this.warnings.push(`${method}: ${message}`),
    })
  }

  /** Whatever is under way comes to nothing. */
  crash(): void {
    const { store } = this
    this.store = store.afterCrash()
    store.failAt(1)
    this.#company.world.network.remove(this.node.publicKey)
    void this.sharing.stop()
  }

  put(path: string, text: string): Promise<void> {
    return this.#then(async ({ volume, store }) => {
      const writer = createFileWriter({ store, crypto: this.#company.crypto, mode: 0o644, time: [0, 0], chunkLog2: 20 })
      await writer.write(utf8(text))
      const entry = await writer.close()
      const [, above = '', name = ''] = /^(.*)\/([^/]+)$/.exec(path) ?? []
      const directory = above === '' ? '/' : above
      await volume.edit(async (edit) => {
        if ((await edit.stat(directory)) === null) await edit.makeDirectory(directory, { parents: true })
        await edit.putEntries(directory, [{ name, entry }])
      })
    })
  }

  remove(path: string): Promise<void> {
    return this.#then(({ volume }) => volume.edit((edit) => edit.remove(path, { recursive: true })))
  }

  /** One after the other. */
  #then<T>(work: (at: Pick<Sharer, 'volume' | 'store'>) => Promise<T>): Promise<T> {
    const { volume, store } = this
    const done = this.#last.then(() => work({ volume, store }))
    this.#last = done.catch(() => {})
    return done
  }

  /** What is there by that name now; null when nothing is, or it cannot be read. */
  async read(path: string): Promise<string | null> {
    try {
      return await (await this.volume.current().openFile(path)).text()
    } catch (error) {
      if (isHoltError(error)) return null
      throw error
    }
  }

  /** The only folder that it shares. */
  get given(): string {
    return this.sharing.shelf.given()[0]?.[0] as string
  }

  get taken(): string {
    return this.sharing.shelf.taken()[0]?.[0] as string
  }
}

/** People who are all friends, in a world that follows from one seed. */
export class Company {
  readonly world: SimulatedWorld
  readonly crypto: Crypto
  readonly sharers: Sharer[] = []

  constructor(seed: number) {
    this.world = new SimulatedWorld(seed, { latencyMs: [1, 40], turns: TURNS })
    const randomBytes = (length: number) => Uint8Array.from({ length }, () => this.world.below(256))
    this.crypto = { ...nodejsCrypto, randomBytes }
  }

  async come(name: string): Promise<Sharer> {
    const sharer = new Sharer(this, name)
    this.sharers.push(sharer)
    await this.world.clock.until(sharer.start())
    return sharer
  }

  keyPair(of: string): KeyPair {
    const seed = new Uint8Array(createHash('sha256').update(`${this.world.seed} ${of}`).digest())
    return { seed, publicKey: nodejsCrypto.ed25519PublicKey(seed) }
  }

  ownerOf(node: Uint8Array): Uint8Array {
    const sharer = this.sharers.find((one) => Buffer.from(one.node.publicKey).equals(node))
    return sharer?.owner.publicKey ?? node
  }

  /** Time goes on until it is so. @throws Error that names `what` when it does not come to be within the time. */
  async sees(what: string, look: () => Promise<boolean> | boolean, limitMs = 120_000): Promise<void> {
    const { clock } = this.world
    for (const endMs = clock.nowMs() + limitMs; clock.nowMs() < endMs; await clock.pass(500)) if (await look()) return
    const warnings = this.sharers.flatMap((one) => one.warnings.map((text) => `${one.name}: ${text}`))
    throw new Error(`${what} did not come: ${warnings.join('; ')}`)
  }
}
