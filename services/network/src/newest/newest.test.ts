import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blake3 } from '@holt/core/blake3.ts'
import { fromHex, toHex } from '@holt/core/bytes.ts'
import { fuzzDecoder, seededRandom } from '@holt/core/decoder-cases.ts'
import { HoltError, type HoltErrorCode, isHoltError } from '@holt/core/errors.ts'
import type { Disk } from '@holt/core/disk.ts'
import { CrashDisk } from '@holt/core/crash-disk.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import { nodejsCrypto } from '@holt/platform-nodejs/nodejs-crypto.ts'
import type { Friend } from '../fragments/fragments-giver.ts'
import { Guests } from '../rpc/guests.ts'
import { type Handlers, serve } from '../rpc/responder.ts'
import { GrowingPacks } from '../testing/growing-packs.ts'
import { SimulatedWorld } from '../testing/simulated-world.ts'
import { decodeNewestContent, encodeNewestContent } from './newest-content.ts'
import { NewestFinder } from './newest-finder.ts'
import { NewestGiver } from './newest-giver.ts'
import { NewestHolder } from './newest-holder.ts'
import { type NewestMethods, newestProtocol } from './newest-protocol.ts'
import { decodeNewest, encodeNewest, type NewestRecord, signNewest } from './newest-record.ts'

const coded = (code: HoltErrorCode) => (error: unknown) => isHoltError(error, code)
const keyOf = (name: string): KeyPair => {
  const seed = blake3(new TextEncoder().encode(name))
  return { seed, publicKey: nodejsCrypto.ed25519PublicKey(seed) }
}
const anna = { owner: keyOf('anna'), node: keyOf('anna node') }
const PACK = 'ab'.repeat(16)
const OTHER = 'cd'.repeat(16)
const SEAL_KEY = new Uint8Array(32).fill(7)
const random = seededRandom(3)
const some = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(random() * 256))

function recordOf(
  seq: number,
  packs: Record<string, Uint8Array>,
  { node = anna.node, owner = anna.owner, sealed = some(8) } = {},
): NewestRecord {
  const copies = Object.entries(packs).map(([pack, bytes]) => ({ pack, sizeBytes: bytes.length, digest: blake3(bytes) }))
  return signNewest(nodejsCrypto, { node: node.publicKey, seq, copies, sealed }, owner)
}

async function openHolder(
  disk: Disk,
  { roomBytes = 1 << 30, warnings = [] as string[], clock = new SimulatedWorld(1).clock as Clock } = {},
) {
  const ownerOf = (peer: Principal): Principal => {
    if ([anna.node, keyOf('anna new')].some(({ publicKey }) => toHex(publicKey) === toHex(peer))) return anna.owner.publicKey
    throw new HoltError('NOT_AUTHORIZED', 'not paired')
  }
  const holder = await NewestHolder.open({
    disk,
    crypto: nodejsCrypto,
    clock,
    ownerOf,
    roomBytes: () => roomBytes,
    warn: (text) => warnings.push(text),
  })
  const handlers = holder.handlers()
  const context = undefined as never
  const as = (node: KeyPair) => ({
    append: async (pack: string, offset: number, bytes: Uint8Array) =>
      handlers.append(node.publicKey, { pack: fromHex(pack) as Uint8Array, offset, bytes }, context),
    keep: async (record: NewestRecord) => handlers.keep(node.publicKey, { newest: encodeNewest(record) }, context),
    state: async () => {
      const { seq, copies } = await handlers.state(node.publicKey, {}, context)
      return { seq, copies: Object.fromEntries(copies.map(({ pack, size }) => [toHex(pack), size])) }
    },
    list: async () => (await handlers.list(node.publicKey, {}, context)).newest.map(decodeNewest),
    read: async (pack: string, offset: number, length: number) =>
      (await handlers.read(node.publicKey, { node: anna.node.publicKey, pack: fromHex(pack) as Uint8Array, offset, length }, context))
        .bytes,
  })
  return { holder, handlers, anna: as(anna.node), again: as(keyOf('anna new')), stranger: as(keyOf('stranger')) }
}

test('a friend keeps what was named last, whole, over restarts; what was not named is gone', async () => {
  const disk = new MemoryDisk()
  const bytes = some(1000)
  const first = await openHolder(disk)
  assert.deepEqual(await first.anna.state(), { seq: 0, copies: {} })
  assert.deepEqual(await first.anna.append(PACK, 0, bytes.subarray(0, 600)), { have: 600 })
  await first.anna.keep(recordOf(5, { [PACK]: bytes.subarray(0, 600) }))
  assert.deepEqual(await first.anna.append(PACK, 0, some(10)), { have: 600 }, 'nothing that is there is written over')
  assert.deepEqual(await first.anna.append(PACK, 600, bytes.subarray(600)), { have: 1000 })
  await first.anna.append(OTHER, 0, some(50))

  const second = await openHolder(disk)
  assert.deepEqual(await second.anna.state(), { seq: 5, copies: { [PACK]: 600 } })
  assert.deepEqual((await second.again.list())[0]?.seq, 5, 'another node of the same owner is told')
  assert.deepEqual(await second.again.read(PACK, 100, 500), bytes.slice(100, 600))
  await assert.rejects(second.anna.keep(recordOf(6, { [PACK]: bytes })), coded('BLOCK_NOT_FOUND'))
  await second.anna.append(OTHER, 0, bytes)
  await second.anna.keep(recordOf(7, { [OTHER]: bytes }))
  await assert.rejects(second.again.read(PACK, 0, 10), coded('BLOCK_NOT_FOUND'))
  assert.equal(second.holder.heldBytes(anna.owner.publicKey), 1000)
})

test('an older, unsigned or foreign state takes the place of none, and a share is not exceeded', async () => {
  const { anna: ask, again, stranger, holder } = await openHolder(new MemoryDisk(), { roomBytes: 1000 })
  const bytes = some(900)
  await ask.append(PACK, 0, bytes)
  const kept = recordOf(9, { [PACK]: bytes })
  await ask.keep(kept)
  await ask.keep(kept)
  await assert.rejects(ask.keep(recordOf(8, {})), coded('ROLLED_BACK'))
  await assert.rejects(ask.keep(recordOf(9, {})), coded('ROLLED_BACK'))
  await assert.rejects(ask.keep({ ...kept, seq: 10 }), coded('SIGNATURE_INVALID'))
  await assert.rejects(ask.keep(recordOf(10, {}, { owner: keyOf('mallory') })), coded('NOT_AUTHORIZED'))
  await assert.rejects(again.keep(recordOf(10, { [PACK]: bytes })), coded('NOT_AUTHORIZED'))
  await assert.rejects(ask.append(OTHER, 0, some(101)), coded('DISK_FULL'))
  for (const wanted of [stranger.list, stranger.state]) await assert.rejects(wanted(), coded('NOT_AUTHORIZED'))
  await assert.rejects(stranger.append(PACK, 0, bytes), coded('NOT_AUTHORIZED'))
  assert.deepEqual(
    (await ask.list()).map(({ seq }) => seq),
    [9],
  )
  // the node is gone, and another one of the owner says so
  await again.keep(recordOf(10, {}, { sealed: new Uint8Array(0) }))
  assert.equal(holder.heldBytes(anna.owner.publicKey), 0)
})

test('what nobody renews is removed after a year and more, but not because a clock leapt', async () => {
  const disk = new MemoryDisk()
  let nowMs = 1_800_000_000_000
  const clock: Clock = { nowMs: () => nowMs, after: () => () => {} }
  const { anna: ask, holder } = await openHolder(disk, { clock })
  await ask.append(PACK, 0, some(10))
  const day = 24 * 3_600_000
  await ask.keep(recordOf(nowMs, {}))
  const tidy = async (times: number): Promise<number> => {
    for (let i = 0; i < times; i++) await holder.tidy()
    return (await ask.state()).seq
  }
  nowMs += 399 * day
  assert.ok((await tidy(50)) > 0)
  nowMs += 1000 * day
  assert.ok((await tidy(20)) > 0)
  nowMs -= 1000 * day
  assert.ok((await tidy(1)) > 0)
  nowMs += 2 * day
  assert.ok((await tidy(23)) > 0)
  assert.equal(await tidy(1), 0)
  assert.deepEqual(disk.paths(), [])
})

test('whatever a power cut leaves at a friend: what it said it keeps is there, whole, and it can be gone on with', async () => {
  const disk = new CrashDisk()
  const { anna: ask } = await openHolder(disk)
  const packs: Record<string, Uint8Array> = { [PACK]: some(900), [OTHER]: some(500) }
  const whole = { ...packs }
  /** What was kept, and after which operation. */
  const said: { at: number; seq: number }[] = []
  const give = async (seq: number, sizes: Record<string, number>): Promise<void> => {
    const { copies } = await ask.state()
    const named: Record<string, Uint8Array> = {}
    for (const [pack, size] of Object.entries(sizes)) {
      const bytes = (packs[pack] as Uint8Array).subarray(0, size)
      for (let at = copies[pack] ?? 0; at < size; at += 200) await ask.append(pack, at, bytes.subarray(at, Math.min(size, at + 200)))
      named[pack] = bytes
    }
    await ask.keep(recordOf(seq, named))
    said.push({ at: disk.position, seq })
  }
  await give(1, { [PACK]: 300 })
  await give(2, { [PACK]: 500, [OTHER]: 100 })
  await give(3, { [OTHER]: 500 })
  await give(4, { [PACK]: 900, [OTHER]: 500 })
  const order = seededRandom(8)
  for (let cut = 0; cut <= disk.position; cut++) {
    const left = disk.randomState(cut, order)
    const { anna: later, again } = await openHolder(left)
    const [record] = await again.list()
    const newest = said.filter(({ at }) => at <= cut).at(-1)?.seq ?? 0
    assert.ok((record?.seq ?? 0) >= newest, `after ${cut} operations`)
    for (const { pack, sizeBytes } of record?.copies ?? [])
      assert.deepEqual(await again.read(pack, 0, sizeBytes), (whole[pack] as Uint8Array).slice(0, sizeBytes), `after ${cut} operations`)
    for (const [pack, bytes] of Object.entries(whole)) {
      const have = (await later.state()).copies[pack] ?? 0
      if (have < bytes.length) await later.append(pack, have, bytes.subarray(have))
    }
    await later.keep(recordOf(9, whole))
    assert.deepEqual(await again.read(PACK, 0, 900), whole[PACK])
  }
})

test('a record that is damaged is told, and given again', async () => {
  const disk = new MemoryDisk()
  const { anna: ask } = await openHolder(disk)
  const bytes = some(10)
  await ask.append(PACK, 0, bytes)
  await ask.keep(recordOf(3, { [PACK]: bytes }))
  disk.flip(disk.paths().find((path) => path.endsWith('/record')) as string, 40)
  const warnings: string[] = []
  const { anna: later } = await openHolder(disk, { warnings })
  assert.equal(warnings.length, 1)
  assert.deepEqual(await later.state(), { seq: 0, copies: { [PACK]: 0 } })
  await later.append(OTHER, 0, bytes)
  await later.keep(recordOf(4, { [OTHER]: bytes }))
  assert.deepEqual(await later.state(), { seq: 4, copies: { [OTHER]: 10 } })
  assert.equal(disk.paths().length, 2, 'nothing is left behind')
})

/** Anna's node and friends of hers, of which each answers as it likes. */
class Village {
  readonly world = new SimulatedWorld(1)
  readonly crypto = { ...nodejsCrypto, randomBytes: (length: number) => Uint8Array.from({ length }, () => this.world.below(256)) }
  readonly source = new GrowingPacks(PACK)
  readonly given = new Set<string>()
  readonly friends: Friend[] = []
  readonly disks: MemoryDisk[] = []

  async settle(name: string, other: Partial<Handlers<NewestMethods>> = {}, disk = new MemoryDisk()): Promise<Friend> {
    const friend = { owner: keyOf(name).publicKey, node: keyOf(`${name} node`).publicKey }
    const { handlers } = await openHolder(disk)
    const { clock } = this.world
    const guests = new Guests(clock, { kindOf: () => 'paired' })
    serve(this.world.network.node(friend.node), newestProtocol, { ...handlers, ...other }, { clock, guests })
    this.friends.push(friend)
    this.disks.push(disk)
    return friend
  }

  giver(): NewestGiver {
    const giver = new NewestGiver({
      links: this.world.network.node(anna.node.publicKey),
      clock: this.world.clock,
      crypto: this.crypto,
      keys: anna,
      sealKey: SEAL_KEY,
      friends: () => this.friends,
      isGiven: (pack) => this.given.has(pack),
      isAllGiven: () => true,
      others: () => ({ relations: [], records: [], terms: new Uint8Array(0), line: null }),
      warn: (text) => assert.fail(text),
    })
    giver.follow(this.source)
    return giver
  }

  finder(): NewestFinder {
    const links = this.world.network.node(keyOf('anna new').publicKey)
    return new NewestFinder({ links, clock: this.world.clock, crypto: this.crypto, owner: anna.owner.publicKey })
  }

  async fetched(finder: NewestFinder): Promise<Record<string, Uint8Array | null>> {
    const disk = new MemoryDisk()
    const [found] = finder.states()[0] ?? []
    const files: Record<string, Uint8Array | null> = {}
    for (const copy of found?.record.copies ?? []) {
      const isThere = await this.world.clock.until(finder.fetch(copy, found as NonNullable<typeof found>, { disk, path: copy.pack }))
      files[copy.pack] = isThere ? await disk.readFile(copy.pack) : null
    }
    return files
  }
}

test('what was committed is with friends some seconds later; a pack that was sealed stays there until it is given as fragments', async () => {
  const village = new Village()
  const [ben] = [await village.settle('ben'), await village.settle('cleo')]
  const { source, world } = village
  source.grow(PACK, some(300_000))
  let giver = village.giver()
  await world.clock.pass(10_000)
  for (const more of [1, 70_000, 200_000]) {
    source.grow(PACK, some(more))
    source.grow(OTHER, some(more))
    giver.committed()
    await world.clock.pass(10_000)
  }
  assert.ok((giver.asOfMs(ben as Friend) as number) > world.clock.nowMs() - 10_000)
  source.sealed.add(OTHER)
  await world.clock.until(giver.stop())
  giver = village.giver()
  source.grow(PACK, some(9))
  giver.committed()
  await world.clock.pass(10_000)
  const finder = village.finder()
  for (const friend of village.friends) await world.clock.until(finder.ask(friend))
  assert.deepEqual(await village.fetched(finder), Object.fromEntries(source.packs))
  village.given.add(OTHER)
  source.grow(PACK, some(9))
  giver.committed()
  await world.clock.pass(10_000)
  const later = village.finder()
  await world.clock.until(later.ask(ben as Friend))
  assert.deepEqual(Object.keys(await village.fetched(later)), [PACK])
  await world.clock.until(giver.stop())
})

test('a pack that fills waits, and nobody says meanwhile that friends have everything', async () => {
  const village = new Village()
  const { source, world } = village
  const ben = await village.settle('ben')
  source.grow(PACK, some(1000))
  const giver = village.giver()
  await world.clock.pass(10_000)
  const before = giver.asOfMs(ben) as number
  source.grow(OTHER, some(9 << 20))
  source.grow(PACK, some(1000))
  giver.committed()
  await world.clock.pass(2500)
  assert.equal(giver.asOfMs(ben), before)
  const early = village.finder()
  await world.clock.until(early.ask(ben))
  assert.deepEqual(await village.fetched(early), { [PACK]: source.packs.get(PACK) }, 'names do not wait')
  await world.clock.pass(10_000)
  assert.ok((giver.asOfMs(ben) as number) > before)
  const finder = village.finder()
  await world.clock.until(finder.ask(ben))
  assert.deepEqual(await village.fetched(finder), Object.fromEntries(source.packs))
  await world.clock.until(giver.stop())
})

test('the newest state is found among friends who forge, roll back, stall, lie about bytes and know nothing', async () => {
  const village = new Village()
  const { source, world } = village
  const old = recordOf(1, {})
  const forged = { ...recordOf(2 ** 50, {}), signature: new Uint8Array(64) }
  await village.settle('forger', { list: async () => ({ newest: [encodeNewest(forged)] }) })
  await village.settle('older', { list: async () => ({ newest: [encodeNewest(old)] }) })
  await village.settle('foreign', { list: async () => ({ newest: [encodeNewest(recordOf(2 ** 50, {}, { owner: keyOf('mallory') }))] }) })
  await village.settle('stalls', { read: () => new Promise(() => {}) })
  // always a moment before it would be given up
  await village.settle('slow', {
    read: (_peer, { length }) => village.world.clock.sleep(14_000).then(() => ({ bytes: new Uint8Array(length) })),
  })
  await village.settle('lies', { read: async (_peer, { length }) => ({ bytes: new Uint8Array(length) }) })
  await village.settle('short', { read: async () => ({ bytes: new Uint8Array(1) }) })
  await village.settle('honest')
  source.grow(PACK, some(500_000))
  const giver = village.giver()
  await world.clock.pass(30_000)
  const finder = village.finder()
  for (const friend of village.friends) await world.clock.until(finder.ask(friend))
  assert.deepEqual(await village.fetched(finder), Object.fromEntries(source.packs))
  await world.clock.until(giver.stop())
})

test('a friend that was away, or has lost it, is given all of it again', async () => {
  const village = new Village()
  const { source, world, disks } = village
  const ben = await village.settle('ben')
  source.grow(PACK, some(100_000))
  const giver = village.giver()
  await world.clock.pass(10_000)
  world.network.cut(anna.node.publicKey, ben.node)
  source.grow(PACK, some(100_000))
  giver.committed()
  await world.clock.pass(5 * 60_000)
  world.network.join(anna.node.publicKey, ben.node)
  await world.clock.pass(5 * 60_000)
  const finder = village.finder()
  await world.clock.until(finder.ask(ben))
  assert.deepEqual(await village.fetched(finder), Object.fromEntries(source.packs))
  assert.ok((disks[0] as MemoryDisk).paths().length > 1)
  await world.clock.until(giver.stop())
})

test('a friend whose record was damaged is given everything anew', async () => {
  const village = new Village()
  await village.settle('ben')
  village.source.grow(PACK, some(70_000))
  const giver = village.giver()
  await village.world.clock.pass(10_000)
  await village.world.clock.until(giver.stop())
  const disk = village.disks[0] as MemoryDisk
  disk.flip(disk.paths().find((path) => path.endsWith('/record')) as string, 40)

  const later = new Village()
  const ben = await later.settle('ben', {}, disk)
  for (const [pack, bytes] of village.source.packs) later.source.grow(pack, bytes)
  const again = later.giver()
  await later.world.clock.pass(10_000)
  const finder = later.finder()
  await later.world.clock.until(finder.ask(ben))
  assert.deepEqual(await later.fetched(finder), Object.fromEntries(later.source.packs))
  await later.world.clock.until(again.stop())
})

test('friends forget a node that was replaced once they have everything of the new one, and keep one that lives', async () => {
  const village = new Village()
  const { source, world, disks } = village
  const ben = await village.settle('ben')
  source.grow(PACK, some(5000))
  const old = village.giver()
  await world.clock.pass(10_000)
  await world.clock.until(old.stop())
  const lost = village.finder()
  const [{ seq } = { seq: 0 }] = await world.clock.until(lost.ask(ben))

  const links = world.network.node(keyOf('anna new').publicKey)
  const started = (isAllGiven: boolean, replaced: number): NewestGiver => {
    const giver = new NewestGiver({
      links,
      clock: world.clock,
      crypto: village.crypto,
      keys: { owner: anna.owner, node: keyOf('anna new') },
      sealKey: SEAL_KEY,
      friends: () => village.friends,
      isGiven: () => false,
      isAllGiven: () => isAllGiven,
      others: () => ({ relations: [], records: [], terms: new Uint8Array(0), line: null }),
      warn: (text) => assert.fail(text),
    })
    giver.replace([{ node: anna.node.publicKey, seq: replaced }])
    giver.follow(source)
    return giver
  }
  const kept = async () => {
    const finder = village.finder()
    const records = await world.clock.until(finder.ask(ben))
    return records
      .map(({ node, copies }) => [toHex(node) === toHex(anna.node.publicKey), copies.length] as const)
      .sort(([a], [b]) => Number(a) - Number(b))
  }
  for (const [isAllGiven, replaced, expected] of [
    [false, seq, 1],
    [true, seq - 2, 1],
    [true, seq, 0],
    [true, seq, 0],
  ] as const) {
    const giver = started(isAllGiven, replaced)
    await world.clock.pass(10_000)
    await world.clock.until(giver.stop())
    assert.deepEqual(await kept(), [
      [false, 1],
      [true, expected],
    ])
  }
  assert.equal(disks[0]?.paths().filter((path) => path.endsWith(PACK)).length, 1)
})

test('decoders take what was written, and nothing else', async () => {
  await fuzzDecoder(decodeNewest, [encodeNewest(recordOf(4, { [PACK]: some(5) }))])
  const content = { heads: [some(4)], relations: [some(3)], records: [], terms: some(2), line: null }
  assert.deepEqual(decodeNewestContent(encodeNewestContent(content)), content)
  const withLine = { ...content, line: some(300) }
  assert.deepEqual(decodeNewestContent(encodeNewestContent(withLine)), withLine)
  assert.equal(decodeNewestContent(encodeNewestContent({ ...content, line: some(30_000) })).line, null)
  await fuzzDecoder(decodeNewestContent, [encodeNewestContent(content), encodeNewestContent(withLine)])
  // what does not fit is left out, and heads are what is left out last
  const many = {
    ...content,
    relations: Array.from({ length: 100 }, () => some(2000)),
    records: Array.from({ length: 100 }, () => some(5000)),
  }
  const fitting = decodeNewestContent(encodeNewestContent(many))
  assert.deepEqual([fitting.heads, fitting.relations.length], [content.heads, 16])
  assert.ok(encodeNewestContent(many).length <= 64 << 10)
})
