import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromHex } from '@holt/core/bytes.ts'
import { FragmentsGiver } from '@holt/network/fragments/fragments-giver.ts'
import { fragmentsProtocol } from '@holt/network/fragments/fragments-protocol.ts'
import { type Given, GivenBook } from '@holt/network/fragments/given-book.ts'
import { Caller } from '@holt/network/rpc/caller.ts'
import { makePack } from '@holt/network/testing/simulated-fragments.ts'
import { type Libp2pLinks, startLibp2pLinks } from '@holt/platform-nodejs/network/libp2p-links.ts'
import { nodejsCrypto as crypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import { NodejsDisk } from '@holt/platform-nodejs/nodejs-disk.ts'
import { systemClock as clock } from '@holt/store/fragments/clock.ts'
import type { SpreadPack } from '@holt/store/fragments/fragment-file.ts'
import { pause } from '../measure.ts'
import type { BenchTable } from '../report.ts'
import { bareHost } from './bare-host.ts'
import { sendBare } from './bare-streams.ts'
import { type Cost, costOf, nextLine, program } from './program.ts'
import { benchProtocol, PIECE_BYTES, RECEIVER, SENDER } from './receiver.ts'

const scale = Number(process.env['HOLT_BENCH_SCALE'] ?? 1)
const PACK_BYTES = 64 << 20
const packs = Math.max(1, Math.round(8 * scale))
const bytes = packs * PACK_BYTES
const requests = Math.max(100, Math.round(20_000 * scale))
const ROUNDS = 3
const BARE_STREAM = 'a bare libp2p stream'
/** As fragments are given, and packs fetched. */
const GIVES_AT_ONCE = 2
const [READ_BYTES, READS_AT_ONCE] = [512 << 10, 12]

/** What goes from one process to another on loopback: by a bare stream, by requests, and as fragments that are given to a friend and read back. */
export async function betweenTwo(): Promise<BenchTable> {
  const folder = await mkdtemp(join(process.env['HOLT_BENCH_DIR'] ?? tmpdir(), 'holt-bench-'))
  for (const name of ['holder', 'giver']) await mkdir(join(folder, name))
  const receiver = program('receiver.ts', join(folder, 'holder'))
  const far = JSON.parse(await nextLine(receiver)) as { bare: string[]; self: string; addresses: string[] }
  const bare = await bareHost([])
  const holt = await startLibp2pLinks({ seed: SENDER.node.seed, listen: [], kindOf: () => 'paired' })
  const peer = fromHex(far.self) as Uint8Array
  await holt.learn(peer, far.addresses)
  const caller = new Caller(holt, peer, benchProtocol, { clock })
  const best = new Map<string, Cost>()
  const pids = [process.pid, receiver.child.pid as number]
  const measure = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const [cost, known] = [await costOf(pids, work), best.get(name)]
    if (known === undefined || cost.seconds < known.seconds) best.set(name, cost)
  }
  try {
    const friend = await Friend.make(holt, join(folder, 'giver'))
    for (let round = 0; round < ROUNDS; round++) {
      await measure(BARE_STREAM, () => sendBare(bare, far.bare[0] as string, bytes))
      await measure("Holt's requests, 1 MiB each", () => sendByRequests(caller))
      const given: Given[] = []
      await measure('fragments given to a friend, from disk to disk', () => friend.giveAll(given))
      await measure('fragments read from a friend, from its disk, proven', () => friend.readAll(given))
      await friend.takeBack(given)
    }
    const asked = await costOf(pids, () => askMany(caller))
    const limit = best.get(BARE_STREAM) as Cost
    const row = ([name, { seconds, processorSeconds }]: [string, Cost]): string[] => {
      const ratio = (limit.seconds / seconds).toFixed(2)
      return [name, (bytes / 1e6 / seconds).toFixed(0), ratio, (processorSeconds / (bytes / 2 ** 30)).toFixed(1)]
    }
    return {
      title: `${bytes >> 20} MiB from process to process on loopback, best of ${ROUNDS} in turn (the goal is 0.70 of a bare stream)`,
      columns: ['', 'MB/s', 'of a bare stream', 'processor s/GiB, both'],
      rows: [
        ...[...best].map(row),
        ['', '', '', ''],
        [`small requests, 64 at once: ${(requests / asked.seconds).toFixed(0)} a second`, '', '', ''],
      ],
    }
  } finally {
    caller.close()
    await Promise.all([bare.stop(), holt.stop()])
    receiver.child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
}

/** The giving side, with fragments on a disk of its own. */
class Friend {
  readonly #disk: NodejsDisk
  readonly #giver: FragmentsGiver
  readonly #ask: Caller<(typeof fragmentsProtocol)['methods']>
  readonly #spreads: readonly SpreadPack[]

  private constructor(parts: { disk: NodejsDisk; giver: FragmentsGiver; links: Libp2pLinks; spreads: SpreadPack[] }) {
    this.#disk = parts.disk
    this.#giver = parts.giver
    this.#ask = new Caller(parts.links, RECEIVER.node.publicKey, fragmentsProtocol, { clock })
    this.#spreads = parts.spreads
  }

  static async make(links: Libp2pLinks, folder: string): Promise<Friend> {
    const disk = new NodejsDisk(folder)
    const book = await GivenBook.open(disk, () => {})
    const giver = new FragmentsGiver({ crypto, clock, owner: SENDER.owner, book })
    const spreads: SpreadPack[] = []
    for (let i = 0; i < packs; i++) {
      const made = makePack(crypto, SENDER.owner.seed, { sizeBytes: PACK_BYTES, dataFragments: 1, totalFragments: 1 })
      const file = await disk.open(made.spread.id, { create: 'new', bulk: true })
      await file?.write(0, made.shards[0] as Uint8Array)
      await file?.close()
      spreads.push(made.spread)
    }
    return new Friend({ disk, giver, links, spreads })
  }

  async giveAll(given: Given[]): Promise<void> {
    const friend = { owner: RECEIVER.owner.publicKey, node: RECEIVER.node.publicKey }
    const left = [...this.#spreads]
    const next = async (): Promise<void> => {
      for (let spread = left.shift(); spread !== undefined; spread = left.shift()) {
        const { id } = spread
        const read = (column: number, length: number) => this.#read(id, column, length)
        given.push(await this.#giver.give(this.#ask, friend, { spread, index: 0, read }))
      }
    }
    await Promise.all(Array.from({ length: GIVES_AT_ONCE }, next))
  }

  async readAll(given: readonly Given[]): Promise<void> {
    const pieces = given.flatMap((one) => Array.from({ length: PACK_BYTES / READ_BYTES }, (_, i) => ({ one, column: i * READ_BYTES })))
    const next = async (): Promise<void> => {
      for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift())
        await this.#giver.read(this.#ask, piece.one, { column: piece.column, length: READ_BYTES })
    }
    await Promise.all(Array.from({ length: READS_AT_ONCE }, next))
  }

  async takeBack(given: readonly Given[]): Promise<void> {
    for (const one of given) await this.#giver.tellRelease(this.#ask, await this.#giver.release(one))
    // an agreement of the same second is not newer than the release
    await pause(1100)
  }

  async #read(id: string, column: number, length: number): Promise<Uint8Array | null> {
    const file = await this.#disk.open(id, { readOnly: true })
    try {
      return (await file?.read(column, length)) ?? null
    } finally {
      await file?.close()
    }
  }
}

type BenchCaller = Caller<(typeof benchProtocol)['methods']>

async function sendByRequests(caller: BenchCaller): Promise<void> {
  let left = bytes / PIECE_BYTES
  const one = async (): Promise<void> => {
    while (left-- > 0) await caller.call('put', { bytes: new Uint8Array(PIECE_BYTES) })
  }
  await Promise.all(Array.from({ length: 4 }, one))
}

async function askMany(caller: BenchCaller): Promise<void> {
  let left = requests
  const one = async (): Promise<void> => {
    while (left-- > 0) await caller.call('ask', { number: left })
  }
  await Promise.all(Array.from({ length: 64 }, one))
}
