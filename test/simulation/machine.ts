import type { CrashDisk } from '@holt/core/crash-disk.ts'
import { erasureCode } from '@holt/core/erasure/erasure.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import type { Principal } from '@holt/core/principal.ts'
import { InlineWorkPool } from '@holt/core/work-pool.ts'
import type { PeerNetwork } from '@holt/network/peers/peer-network.ts'
import { EventLog } from '@holt/node/event-log.ts'
import { newestHead } from '@holt/node/open-tree.ts'
import { NodePeers, type PeersTree } from '@holt/node/peers/node-peers.ts'
import type { NodePlatform } from '@holt/node/platform.ts'
import { newSettings, type NodeSettings, readSettings, writeSettings } from '@holt/node/settings.ts'
import type { DriveKeeper } from '@holt/store/fragments/drive-keeper.ts'
import { fragmentJobs } from '@holt/store/fragments/fragment-jobs.ts'
import { openDriveKeeper } from '@holt/store/fragments/open-drive-keeper.ts'
import { openPackStore, type PackStore } from '@holt/store/pack-store.ts'
import { treeJobs } from '@holt/tree/jobs.ts'
import type { TreeVolume } from '@holt/tree/tree-volume.ts'
import { createVolume, openVolume } from '@holt/tree/volume.ts'
import type { Owner } from './owner.ts'
import { LyingHost, Liar } from './lying-host.ts'
import { Power, PoweredHost } from './power.ts'

/** Full soon, so that packs are sealed and spread within minutes. */
const PACK_BYTES = 6000
/** A node that lost a drive tries again each minute when it cannot open its tree for these: friends may be away. */
const MAY_COME = new Set(['NOT_FOUND', 'BLOCK_NOT_FOUND', 'PACK_UNRECOVERABLE'])
/** Nothing happens to a drive while its machine is on. */
const DRIVES_LOOKED_AT_MS = 60_000

/** What is there between a start of a machine and its end. */
export interface Life {
  power: Power
  data: CrashDisk
  drives: Map<string, CrashDisk>
  settings: NodeSettings
  peers: NodePeers
  keeper: DriveKeeper
  store: PackStore
  volume: TreeVolume
}

type Disks = Pick<Life, 'data' | 'drives'>

/**
 * A machine of an owner with its disks, on which a node runs, is cut off from power and starts again on what was durable. The node is the product's own, put
 * together as `services/node` does; what is left out of it is what only serves people (trash, thumbnails, uploads, links).
 */
export class Machine {
  readonly name: string
  readonly owner: Owner
  readonly liar: Liar
  /** What was durable when it was off last. */
  data = new MemoryDisk()
  readonly drives = new Map<string, MemoryDisk>()
  life: Life | null = null
  /** How often it was started. */
  lives = 0
  node: Principal | null = null
  nodeSeed: Uint8Array | null = null
  skewMs = 0
  /** The life in which its clock was set; 0: in none. */
  clockSetInLife = 0
  hasLostHeld = false
  hasLostDrive = false
  readonly #rate: number
  /** Edits one after the other: of two that share a head the first would be in no version. */
  last: Promise<unknown> = Promise.resolve()

  constructor(owner: Owner, name: string, driveCount: number) {
    this.owner = owner
    this.name = name
    this.liar = new Liar(owner.world)
    this.#rate = 0.98 + owner.world.random() * 0.04
    for (let number = 0; number < driveCount; number++) this.drives.set(`/drive-${number}`, new MemoryDisk())
  }

  get network(): PeerNetwork | null {
    return this.life?.peers.network ?? null
  }

  get isOn(): boolean {
    return this.life !== null
  }

  /** Made new, or opened on what is there. @throws what keeps it from opening; nothing when it was cut off meanwhile, or lacks what friends have who are away. */
  async start(how: 'new' | 'again' = 'again'): Promise<void> {
    await this.#begin(async (opening) => {
      const { settings } = opening
      const keeper = await this.#openKeeper(opening)
      if (how === 'again') await opening.peers.openEarly({ keeper, keys: this.owner.keys }, settings)
      await this.#open({ ...opening, keeper }, how).catch((error: unknown) => {
        const { code } = toHoltError(error)
        if (!this.hasLostDrive || !opening.power.isOn || !MAY_COME.has(code)) throw error
        this.owner.world.note(`${this.name} cannot open its tree: ${code}`)
        opening.power.cut()
      })
    }, how)
  }

  /** From nothing but the owner's words and places where friends are. @returns whether friends knew of something newer than they gave; null when it came to nothing. */
  async recover(at: readonly string[]): Promise<{ behind: boolean } | null> {
    let behind: boolean | null = null
    await this.#begin(async (opening) => {
      const keeper = await this.#openKeeper(opening)
      const found = await opening.peers.recover({ keeper, keys: this.owner.keys }, { at })
      await this.#open({ ...opening, keeper }, 'again', async () => {
        const { isAll } = await opening.peers.joinApart(
          { wholeVolume: this.life?.volume as TreeVolume, keys: this.owner.keys },
          found.lines,
        )
        await keeper.dropCopies()
        await writeSettings(opening.platform.data, opening.settings)
        const seq = newestHead(opening.platform, found.heads, this.owner.keys)?.head.seq ?? 0
        behind = found.behind || !isAll || seq > (this.life?.volume.current().sequence ?? 0)
        if (!found.behind && isAll) await opening.peers.recovered()
      })
    }, 'new')
    return behind === null ? null : { behind }
  }

  /** The world has come to its end: nothing of it goes on, and nobody looks at its disks any more. */
  end(): void {
    this.life?.power.end()
  }

  /** Whatever is under way comes to nothing; of what was not synced something is left, or nothing. */
  cut(): void {
    this.life?.power.cut()
  }

  async #begin(work: (opening: Opening) => Promise<void>, how: 'new' | 'again'): Promise<void> {
    const { world } = this.owner
    const power = new Power(world, { skewMs: this.skewMs, rate: this.#rate })
    const disks = { data: power.disk(this.data), drives: new Map([...this.drives].map(([folder, disk]) => [folder, power.disk(disk)])) }
    power.onCut(() => this.#goOff(disks))
    this.lives++
    this.last = Promise.resolve()
    try {
      const platform = this.#platform(power, disks)
      const settings = (how === 'new' ? null : await readSettings(disks.data)) ?? newSettings()
      await work({ ...disks, power, platform, settings, peers: new NodePeers(platform) })
    } catch (error) {
      if (power.isOn) throw error
    }
    if (!power.isOn) this.life = null
  }

  #goOff({ data, drives }: Disks): void {
    const { world } = this.owner
    this.life = null
    if (this.node !== null) world.network.remove(this.node)
    this.data = data.randomState(data.position, world.random)
    for (const [folder, disk] of drives) this.drives.set(folder, disk.randomState(disk.position, world.random))
  }

  async #openKeeper({ platform, settings, power, data, drives }: Opening): Promise<DriveKeeper> {
    const keeper = await openDriveKeeper({
      dataDisk: data,
      drives: settings.drives.map(({ folder, id }) => ({ folder, id, disk: drives.get(folder) as CrashDisk })),
      pool: platform.pool,
      crypto: platform.crypto,
      storageSeed: this.owner.keys.storage.seed,
      clock: power.clock({ slowedTo: DRIVES_LOOKED_AT_MS }),
      onEvent: () => this.life?.store.retry(),
    })
    const known = new Set(settings.drives.map(({ folder }) => folder))
    for (const [folder, disk] of drives) {
      if (known.has(folder)) continue
      const { id } = await keeper.addDrive(disk, folder)
      settings.drives.push({ folder, id })
    }
    return keeper
  }

  async #open(opening: Opening & { keeper: DriveKeeper }, how: 'new' | 'again', opened?: () => Promise<void>): Promise<void> {
    const { owner } = this
    const { platform, keeper, power, data, settings, peers } = opening
    const clock = power.clock()
    const { crypto, pool } = platform
    const store = await openPackStore({
      disk: data,
      keeper,
      crypto,
      clock,
      packBytes: PACK_BYTES,
      onProblem: ({ what }) => owner.world.note(what),
    })
    const head = newestHead(platform, store.heads(), owner.keys)?.bytes ?? null
    if (head === null && how === 'again') throw new HoltError('NOT_FOUND', 'no version of the tree is left')
    const { principal, volume: name } = owner.keys
    const options = {
      store,
      crypto,
      pool,
      ...name,
      owner: principal.publicKey,
      signer: { ...principal, chain: [] },
      clock: () => clock.nowMs(),
    }
    const volumeOptions = { ...options, keys: { key: (epoch: number) => owner.keys.volumeKey(epoch) }, gatherMs: 2 }
    const volume = head === null ? await createVolume(volumeOptions) : await openVolume({ ...volumeOptions, head })
    if (how === 'new') await writeSettings(data, settings)
    if (!power.isOn) return
    this.life = { ...opening, store, volume }
    await opened?.()
    const tree: PeersTree = { platform, settings, keys: owner.keys, keeper, store, wholeVolume: volume, events: new EventLog() }
    await peers.follow(tree)
  }

  #platform(power: Power, { data, drives }: Disks): NodePlatform {
    const { crypto, places } = this.owner
    const disks = new Map([data, ...drives.values()].map((disk) => [disk.id, disk]))
    const disk = (id: string): CrashDisk => {
      const found = disks.get(id)
      if (found === undefined) throw new RangeError(`no disk is called ${id}`)
      return found
    }
    const clock = power.clock()
    const refuse = (): never => {
      throw new TypeError('a simulated machine has no such thing')
    }
    return {
      crypto,
      pool: new InlineWorkPool(
        { ...treeJobs, ...fragmentJobs, openPlaced: refuse, openPart: refuse },
        { crypto, erasure: erasureCode, disk },
      ),
      data,
      dataFolder: `/${this.name}`,
      makeDriveFolder: refuse,
      openDrive: (folder) => drives.get(folder) as CrashDisk,
      driveFolder: (folder) => folder,
      localFiles: null,
      startHost: async ({ seed }) => {
        this.nodeSeed = seed
        this.node = crypto.ed25519PublicKey(seed)
        const host = places.host(this.node, { stays: places.addressOf(this.node) !== '' })
        return new PoweredHost(this.owner.mayLie ? new LyingHost(host, this.liar) : host, power)
      },
      clock,
      steadyMs: () => power.steadyMs(),
      now: () => clock.nowMs(),
      process: refuse,
      log: (level, text) => {
        if (power.isOn) this.owner.heard(this, level, text)
      },
    }
  }
}

interface Opening extends Disks {
  power: Power
  platform: NodePlatform
  settings: NodeSettings
  peers: NodePeers
}

/** The code of what came of something; null: it went well. */
export async function codeOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work
    return null
  } catch (error) {
    const { code } = toHoltError(error)
    if (code === 'INTERNAL') throw error
    return code
  }
}
