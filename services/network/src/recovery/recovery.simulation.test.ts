import assert from 'node:assert/strict'
import { test } from 'node:test'
import { equalBytes } from '@holt/core/bytes.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import type { PackId } from '@holt/store/pack-keeper.ts'
import { NEWEST_FOLDER } from '../newest/held-newest.ts'
import { NAMES_PACK, type Resident, Town } from '../testing/simulated-people.ts'
import { eachSeed } from '../testing/simulated-world.ts'
import { Recovery } from './recovery.ts'

const FILE = 'services/network/src/recovery/recovery.simulation.test.ts'
/** Signatures take their time. */
const SEEDS = Math.max(1, Math.ceil(Number(process.env['HOLT_SEEDS'] ?? 2000) / 100))
const SECOND = 1000
const OTHER_PACK = '0b'.repeat(16)

/** How long each pack was from some moment on. */
interface Written {
  atMs: number
  sizes: Map<PackId, number>
}

/**
 * Anna writes; lines are cut, nodes end and start again, and then her house burns at any moment, also in the midst of giving. Of the friend who is
 * asked, all is had again that was said to be there, and what is had is what was written, whatever the others show.
 */
async function burnAnytime(seed: number): Promise<string[]> {
  const town = new Town(seed)
  const { world } = town
  const anna = await town.settle('Anna', undefined, { keepsForFriends: true })
  const friends: Resident[] = []
  for (const name of ['Ben', 'Cleo', 'Dora'].slice(0, 1 + world.below(3))) {
    const friend = await town.settle(name, undefined, { keepsForFriends: true })
    friends.push(friend)
    await world.clock.until(anna.pairWith(friend))
    await world.clock.until(
      anna.network.fragments?.terms.set({ owner: friend.keys.owner.publicKey, give: true, mostBytes: null }) as Promise<void>,
    )
  }
  const [asked, ...others] = friends as [Resident, ...Resident[]]
  const written: Written[] = []
  const older = new Map<Resident, Map<string, Uint8Array>>()
  for (let steps = 2 + world.below(6); steps > 0; steps--) {
    write(town, anna, written)
    await world.clock.pass(world.below(8 * SECOND))
    await mishap(town, anna, friends)
    for (const other of others) if (world.random() < 0.3) older.set(other, await kept(other))
  }
  await lastWrites(town, anna, { asked, written })

  const node = { owner: asked.keys.owner.publicKey, node: asked.keys.node.publicKey }
  const saidMs = anna.network.newest?.giver.asOfMs(node) ?? null
  const wasRecorded = asked.heldDisk.paths().some((path) => path.endsWith('/record'))
  await world.clock.until(anna.network.stop())
  world.network.join(anna.keys.node.publicKey, asked.keys.node.publicKey)
  for (const [other, files] of older) await rollBack(other, files, world)
  const again = await town.settle('Anna again', anna, { keepsForFriends: true })
  const recovery = new Recovery({
    network: again.network,
    crypto: town.crypto,
    clock: world.clock,
    owner: again.keys.owner.publicKey,
    sealKey: again.keys.owner.seed,
    warn: (text) => world.note(text),
  })
  await world.clock.until(recovery.meet([asked.address]))
  const disk = new MemoryDisk()
  const { copies, behind } = await world.clock.until(recovery.fetchCopies(disk, 'copies', () => true))
  world.note(`${copies.length} copies, ${saidMs === null ? 'nothing' : 'something'} was said to be there`)
  if (wasRecorded) assert.equal(behind, false)
  const sizes = new Map<PackId, number>()
  for (const { id, path, sizeBytes } of copies) {
    const was = anna.growing.packs.get(id)?.subarray(0, sizeBytes)
    assert.ok(equalBytes((await disk.readFile(path)) as Uint8Array, was as Uint8Array), 'it is what was written')
    sizes.set(id, sizeBytes)
  }
  const promised = written.filter(({ atMs }) => saidMs !== null && atMs < saidMs).at(-1)?.sizes ?? new Map<PackId, number>()
  for (const [id, size] of promised) assert.ok((sizes.get(id) ?? 0) >= size, 'what was said to be there is there')
  assert.deepEqual(town.warnings, [])
  await town.close()
  return world.history
}

function write({ world, crypto }: Town, { growing, network }: Resident, written: Written[]): void {
  growing.grow(world.random() < 0.6 ? NAMES_PACK : OTHER_PACK, crypto.randomBytes(1 + world.below(20_000)))
  written.push({ atMs: world.clock.nowMs(), sizes: new Map([...growing.packs].map(([id, bytes]) => [id, bytes.length])) })
  network.newest?.giver.committed()
}

/** The line may be cut before they are given, or the house burn while they are. */
async function lastWrites(town: Town, anna: Resident, { asked, written }: { asked: Resident; written: Written[] }): Promise<void> {
  const { world } = town
  const isCut = world.random() < 0.3
  if (isCut) world.network.cut(anna.keys.node.publicKey, asked.keys.node.publicKey)
  write(town, anna, written)
  await world.clock.pass(2 * SECOND + world.below(isCut ? 20 * SECOND : SECOND / 2))
}

async function mishap({ world }: Town, anna: Resident, friends: readonly Resident[]): Promise<void> {
  const friend = friends[world.below(friends.length)] as Resident
  const [a, b] = [anna.keys.node.publicKey, friend.keys.node.publicKey]
  const kind = world.below(5)
  world.note(`mishap ${kind} at ${friend.name}`)
  if (kind === 0) world.network.reset(a, b)
  else if (kind === 1) {
    world.network.cut(a, b)
    await world.clock.pass(world.below(90 * SECOND))
    world.network.join(a, b)
  } else if (kind === 2) await restart(world.random() < 0.5 ? anna : friend, world)
}

async function restart(resident: Resident, world: Town['world']): Promise<void> {
  await world.clock.until(resident.network.stop())
  await world.clock.pass(world.below(60 * SECOND))
  await resident.start({ stays: true })
}

async function kept({ heldDisk }: Resident): Promise<Map<string, Uint8Array>> {
  const paths = heldDisk.paths().filter((path) => path.startsWith(`${NEWEST_FOLDER}/`))
  return new Map(await Promise.all(paths.map(async (path) => [path, (await heldDisk.readFile(path)) as Uint8Array] as const)))
}

/** From now on it shows what was once true. */
async function rollBack(friend: Resident, files: ReadonlyMap<string, Uint8Array>, world: Town['world']): Promise<void> {
  world.note(`${friend.name} shows an older state`)
  await world.clock.until(friend.network.stop())
  for (const path of (await kept(friend)).keys()) await friend.heldDisk.remove(path)
  for (const [path, bytes] of files) await friend.heldDisk.replaceFile(path, bytes)
  await friend.start({ stays: true })
}

test(`a house may burn at any moment, with ${SEEDS} seeds`, () => eachSeed(FILE, SEEDS, async (seed) => void (await burnAnytime(seed))))

test('the same seed gives the same history', async () => assert.deepEqual(await burnAnytime(7), await burnAnytime(7)))
