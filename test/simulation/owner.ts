import { utf8 } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { deriveRootKeys, type RootKeys } from '@holt/core/root-key.ts'
import type { FencingToken } from '@holt/network/cluster/leases.ts'
import type { SimulatedPlaces } from '@holt/network/testing/simulated-host.ts'
import type { SimulatedWorld } from '@holt/network/testing/simulated-world.ts'
import { createFileWriter } from '@holt/tree/file-writer.ts'
import type { Edit } from '@holt/tree/types.ts'
import type { Machine } from './machine.ts'

/** What was acknowledged, where, and when by that machine's clock. */
export interface Acknowledged {
  path: string
  text: string
  machine: Machine
  life: number
  ownMs: number
}

/** Somebody with one or two machines, and what they were told is kept. */
export class Owner {
  readonly name: string
  readonly world: SimulatedWorld
  readonly crypto: Crypto
  readonly places: SimulatedPlaces
  readonly keys: RootKeys
  readonly mayLie: boolean
  machines: Machine[] = []
  friends: Owner[] = []
  /** Lies to others now and then; nothing is promised of what is with such a one. */
  isHonest = true
  acknowledged: Acknowledged[] = []
  /** Paths at which something may have been done that was not acknowledged. */
  readonly attempted: { path: string; text: string | null }[] = []
  /** Older versions were given up. */
  hasPruned = false
  readonly complaints: string[] = []
  written = 0
  hasBurned = false

  constructor(name: string, { world, crypto, places, hasLiars }: Pick<Owner, 'world' | 'crypto' | 'places'> & { hasLiars: boolean }) {
    this.name = name
    this.world = world
    this.crypto = crypto
    this.places = places
    this.mayLie = hasLiars
    this.keys = deriveRootKeys(crypto, crypto.randomBytes(32))
  }

  heard(machine: Machine, level: string, text: string): void {
    this.world.note(`${machine.name} ${level}: ${text}`)
    if (level !== 'info') this.complaints.push(`${machine.name}: ${text}`)
  }

  /** Resolves when it was acknowledged. @throws HoltError */
  put(machine: Machine, path: string, { fill = 0, token = null }: { fill?: number; token?: FencingToken | null } = {}): Promise<void> {
    const text = `${machine.name} ${++this.written} ${'x'.repeat(fill)}`
    this.attempted.push({ path, text })
    return this.#inTurn(machine, () => this.#put(machine, { path, text, token }))
  }

  remove(machine: Machine, path: string): Promise<void> {
    this.attempted.push({ path, text: null })
    return this.#inTurn(machine, async () => {
      await machine.life?.volume.edit((edit) => edit.remove(path, { recursive: true }))
    })
  }

  #inTurn(machine: Machine, work: () => Promise<void>): Promise<void> {
    const done = machine.last.then(work)
    machine.last = done.catch(() => {})
    return done
  }

  async #put(machine: Machine, { path, text, token }: { path: string; text: string; token: FencingToken | null }): Promise<void> {
    const { life, lives } = machine
    if (life === null) return
    const { store, volume } = life
    const session = store.beginWriting()
    try {
      const writer = createFileWriter({ store, crypto: this.crypto, mode: 0o644, time: [0, 0], chunkLog2: 20 })
      await writer.write(utf8(text))
      const entry = await writer.close()
      const [, directory = '', name = ''] = /^(.*)\/([^/]+)$/.exec(path) ?? []
      const change = async (edit: Edit): Promise<void> => {
        if (directory !== '') await edit.makeDirectory(directory, { parents: true })
        await edit.putEntries(directory === '' ? '/' : directory, [{ name, entry }])
      }
      await volume.edit(change, { token })
    } finally {
      session.end()
    }
    if (life.power.isOn) this.acknowledged.push({ path, text, machine, life: lives, ownMs: life.power.clock().nowMs() })
  }
}
