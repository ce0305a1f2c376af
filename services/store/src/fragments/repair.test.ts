import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HoltError } from '@holt/core/errors.ts'
import type { MemoryDisk } from '@holt/core/memory-disk.ts'
import { fragmentPath, MARKER_PATH } from './drive-folder.ts'
import { KeeperWorld } from './keeper-world.ts'
import { MISSING_GRACE_MS } from './repair.ts'
import type { ScrubFinding } from './scrub.ts'
import { UnpluggableDisk } from './testing/unpluggable-disk.ts'

interface File {
  memory: MemoryDisk
  path: string
  bytes: Uint8Array
}

async function filesOf(world: KeeperWorld): Promise<File[]> {
  const files: File[] = []
  for (const { memory } of world.disks) {
    for (const path of memory.paths()) files.push({ memory, path, bytes: (await memory.readFile(path)) as Uint8Array })
  }
  return files
}

async function assertSame(files: readonly File[], message: string): Promise<void> {
  for (const { memory, path, bytes } of files) assert.deepEqual(await memory.readFile(path), bytes, `${message}: ${path}`)
}

function whats(findings: readonly ScrubFinding[]): string[] {
  return findings.map(({ what }) => what).sort()
}

test('a flipped bit anywhere on a drive is found and mended, and the pack still reads', async () => {
  const world = await KeeperWorld.withDrives(3)
  const { pack, bytes } = await world.spreadNew(700)
  const files = await filesOf(world)
  let seed = 1
  for (const { memory, path, bytes: content } of files) {
    for (let at = 0; at < content.length; at += 1 + (seed % 37)) {
      seed = (seed * 16_807) % 2_147_483_647
      memory.flip(path, at, 1 << (seed % 8))
      const { findings } = await world.keeper.scrub()
      assert.deepEqual(whats(findings), [path === MARKER_PATH ? 'marker-corrupt' : 'fragment-corrupt'], `${path}, byte ${at}`)
      assert.ok(findings[0]?.where.includes(path))
      assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
      const { rebuiltFragments } = await world.keeper.repair()
      assert.equal(rebuiltFragments, path === MARKER_PATH ? 0 : 1)
      await assertSame(files, `byte ${at} of ${path}`)
    }
  }
  assert.deepEqual((await world.keeper.scrub()).findings, [])
})

test('damage done while the keeper was closed is found as well, without its table too', async () => {
  const world = await KeeperWorld.withDrives(3)
  const { pack, bytes } = await world.spreadNew(700)
  const files = await filesOf(world)
  for (const { memory, path, bytes: content } of files) {
    for (const at of [0, 100, content.length - 200, content.length - 1]) {
      if (at < 0 || at >= content.length) continue
      await world.keeper.close()
      memory.flip(path, at)
      await world.dataDisk.remove('keeper/packs')
      await world.open()
      assert.deepEqual(await world.keeper.read(pack.id, 600, 100), bytes.slice(600), `${path}, byte ${at}`)
      assert.equal((await world.keeper.scrub()).findings.length, 1, `${path}, byte ${at}`)
      await world.keeper.repair()
      const same = path === MARKER_PATH ? files.filter((file) => file.path !== path || file.memory !== memory) : files
      await assertSame(same, `byte ${at} of ${path}`)
      assert.deepEqual((await world.keeper.scrub()).findings, [])
    }
  }
})

test('fragments cut short, emptied, removed or renamed are found and made anew', async () => {
  const world = await KeeperWorld.withDrives(4)
  const { pack, bytes } = await world.spreadNew(9000)
  const files = (await filesOf(world)).filter(({ path }) => path.includes(pack.id))
  const damages: Record<string, (file: File) => Promise<void>> = {
    short: ({ memory, path, bytes: content }) => memory.replaceFile(path, content.slice(0, 1000)),
    empty: ({ memory, path }) => memory.replaceFile(path, new Uint8Array(0)),
    longer: ({ memory, path, bytes: content }) => memory.replaceFile(path, new Uint8Array([...content, 0])),
    removed: ({ memory, path }) => memory.remove(path),
    renamed: ({ memory, path }) => memory.rename(path, `${path.slice(0, path.lastIndexOf('.'))}.${path.endsWith('3') ? 2 : 3}`),
    'renamed beyond n': ({ memory, path }) => memory.rename(path, `${path.slice(0, path.lastIndexOf('.'))}.200`),
  }
  for (const [name, damage] of Object.entries(damages)) {
    for (const file of files) {
      await damage(file)
      const { findings } = await world.keeper.scrub()
      assert.ok(findings.length > 0, `${name} ${file.path} is found`)
      assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
      await world.keeper.repair()
      await assertSame(files, `${name} ${file.path}`)
      assert.deepEqual((await world.keeper.scrub()).findings, [], name)
    }
  }
})

test('a lost pack is named with how much is left, and others are mended', async () => {
  const world = await KeeperWorld.withDrives(3)
  const lost = await world.spreadNew(5000)
  const other = await world.spreadNew(5000)
  for (const { memory } of world.disks.slice(0, 2)) {
    for (const path of memory.paths().filter((name) => name.includes(lost.pack.id))) await memory.remove(path)
  }
  const { memory } = world.disks[0] as UnpluggableDisk
  for (const path of memory.paths().filter((name) => name.includes(other.pack.id))) await memory.remove(path)
  const { findings } = await world.keeper.scrub()
  assert.deepEqual(whats(findings), ['fragment-missing', 'fragment-missing', 'fragment-missing', 'pack-lost'])
  assert.match(findings.find(({ what }) => what === 'pack-lost')?.where ?? '', /^1 of the 2 /)
  const report = await world.keeper.repair()
  assert.deepEqual(report, { rebuiltFragments: 1, mendedMarkers: [], degraded: [], lost: [lost.pack.id] })
  assert.equal(await world.keeper.read(lost.pack.id, 0, 5000), null)
  assert.equal(world.keeper.classes()[0]?.lossesSurvived, -1)
  assert.deepEqual(await world.keeper.read(other.pack.id, 0, 5000), other.bytes)
})

test('a new empty drive is filled with what the others lost, and nothing is left over when a lost one returns', async () => {
  const world = await KeeperWorld.withDrives(6)
  const made = []
  for (let i = 0; i < 8; i++) made.push(await world.spreadNew(20_000 + 999 * i))
  const gone = world.disks.slice(0, 2)
  for (const disk of gone) disk.isPlugged = false
  assert.equal((await world.keeper.repair()).degraded.length, 8)
  await world.addDrive(new UnpluggableDisk())
  await world.addDrive(new UnpluggableDisk())
  const seen: number[] = []
  assert.deepEqual(await world.keeper.repair({ onProgress: ({ doneItems }) => seen.push(doneItems) }), {
    rebuiltFragments: 16,
    mendedMarkers: [],
    degraded: [],
    lost: [],
  })
  assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7, 8])
  assert.ok(world.keeper.packs().every(({ presentFragments }) => presentFragments === 6))
  for (const disk of gone) disk.isPlugged = true
  await world.keeper.lookAtDrives()
  await world.keeper.repair()
  const names = world.disks.flatMap(({ memory }) => memory.paths().filter((path) => path.startsWith('fragments/')))
  assert.equal(names.length, 48)
  assert.equal(new Set(names).size, 48)
  for (const { pack, bytes } of made) assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
})

test('the most endangered packs are mended first', async () => {
  const world = await KeeperWorld.withDrives(5)
  const made = []
  for (let i = 0; i < 4; i++) made.push((await world.spreadNew(3000)).pack.id)
  const remove = async (id: string, count: number): Promise<void> => {
    for (const { memory } of world.disks.slice(0, count)) {
      for (const path of memory.paths().filter((name) => name.includes(id))) await memory.remove(path)
    }
  }
  await remove(made[1] as string, 1)
  await remove(made[3] as string, 2)
  await world.reopen()
  const rebuilt: string[] = []
  for (const { memory } of world.disks) {
    memory.fault = (operation, path) => {
      if (operation === 'rename') rebuilt.push(path.slice(13, 45))
    }
  }
  await world.keeper.repair()
  assert.deepEqual(rebuilt, [made[3], made[3], made[1]])
})

test('in the background: a drive that is away for a moment starts no repair, one that stays away does', async () => {
  const world = await KeeperWorld.withDrives(4)
  world.keeper.setClass('standard', { dataFragments: 2, totalFragments: 3 })
  await world.spreadNew(3000)
  await world.reopen({ background: true, classes: { standard: { dataFragments: 2, totalFragments: 3 } } })
  const away = world.disks.find(({ memory }) => memory.paths().some((path) => path.startsWith('fragments/'))) as UnpluggableDisk
  away.isPlugged = false
  const present = (): number | undefined => world.keeper.packs()[0]?.presentFragments
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 30_000) {
      world.clock.advance(30_000)
      for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await pass(MISSING_GRACE_MS / 2)
  assert.equal(present(), 2)
  await pass(MISSING_GRACE_MS)
  assert.equal(present(), 3)
  await world.keeper.close()
})

test('a clock that is set back by a day while a drive is away does not make repair wait for a day', async () => {
  const world = await KeeperWorld.withDrives(4)
  world.keeper.setClass('standard', { dataFragments: 2, totalFragments: 3 })
  await world.spreadNew(3000)
  await world.reopen({ background: true, classes: { standard: { dataFragments: 2, totalFragments: 3 } } })
  const away = world.disks.find(({ memory }) => memory.paths().some((path) => path.startsWith('fragments/'))) as UnpluggableDisk
  away.isPlugged = false
  const present = (): number | undefined => world.keeper.packs()[0]?.presentFragments
  const aWhile = async (): Promise<void> => {
    world.clock.advance(30_000)
    for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve))
  }
  await aWhile()
  assert.equal(present(), 2)
  world.clock.setBack(24 * 3_600_000)
  for (let passed = 0; passed < 2 * MISSING_GRACE_MS && present() !== 3; passed += 30_000) await aWhile()
  assert.equal(present(), 3)
  await world.keeper.close()
})

test('repair that is cancelled goes on where it was', async () => {
  const world = await KeeperWorld.withDrives(4)
  for (let i = 0; i < 5; i++) await world.spreadNew(3000)
  const disk = world.disks[1] as UnpluggableDisk
  for (const path of disk.memory.paths().filter((name) => name.startsWith('fragments/'))) await disk.memory.remove(path)
  await world.reopen()
  const cancel = new AbortController()
  const onProgress = ({ doneItems }: { doneItems: number }): void => {
    if (doneItems === 2) cancel.abort()
  }
  await assert.rejects(world.keeper.repair({ signal: cancel.signal, onProgress }), { code: 'CANCELLED' })
  assert.equal((await world.keeper.repair()).rebuiltFragments, 3)
})

test('repair with one more fragment silently wrong still makes right ones', async () => {
  const world = await KeeperWorld.withDrives(6)
  const { pack, bytes } = await world.spreadNew(50_000)
  const files = (await filesOf(world)).filter(({ path }) => path.startsWith('fragments/'))
  for (const lost of files) {
    for (const wrong of files.filter((file) => file !== lost)) {
      await lost.memory.remove(lost.path)
      wrong.memory.flip(wrong.path, 4321)
      await world.reopen()
      await world.keeper.repair()
      await world.keeper.repair() // the wrong one was only found on the way when it was a source
      await world.keeper.scrub()
      await world.keeper.repair()
      await assertSame(files, `${lost.path} lost, ${wrong.path} wrong`)
    }
  }
  assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
})

test('rebalance spreads packs over drives that came later', async () => {
  const world = await KeeperWorld.withDrives(2)
  const made = []
  for (let i = 0; i < 4; i++) made.push(await world.spreadNew(30_000 + i))
  for (const drives of [3, 4, 5, 6, 7]) {
    await world.addDrive(new UnpluggableDisk())
    assert.equal(await world.keeper.rebalance(), 4)
    assert.ok(
      world.keeper.packs().every(({ totalFragments, presentFragments }) => totalFragments === drives && presentFragments === drives),
    )
    assert.equal(await world.keeper.rebalance(), 0)
  }
  world.keeper.setClass('standard', { dataFragments: 2, totalFragments: 5 })
  assert.equal(await world.keeper.rebalance(), 4)
  const names = world.disks.flatMap(({ memory }) => memory.paths().filter((path) => path.startsWith('fragments/')))
  assert.equal(names.length, 20)
  await world.reopen()
  for (const { pack, bytes } of made) assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
  assert.deepEqual((await world.keeper.scrub()).findings, [])
})

test('a drive that missed a rebalance brings no confusion when it returns', async () => {
  const world = await KeeperWorld.withDrives(4)
  const { pack, bytes } = await world.spreadNew(40_000)
  await world.addDrive(new UnpluggableDisk())
  const away = world.disks[0] as UnpluggableDisk
  away.isPlugged = false
  await world.keeper.lookAtDrives()
  world.keeper.setClass('standard', { dataFragments: 3, totalFragments: 4 })
  assert.equal(await world.keeper.rebalance(), 1)
  await world.keeper.close()
  await world.dataDisk.remove('keeper/packs')
  away.isPlugged = true
  await world.open({ classes: { standard: { dataFragments: 3, totalFragments: 4 } } })
  const [kept] = world.keeper.packs()
  assert.deepEqual([kept?.dataFragments, kept?.presentFragments], [3, 4])
  assert.deepEqual(await world.keeper.read(pack.id, 0, bytes.length), bytes)
  await world.keeper.repair()
  assert.ok(!away.memory.paths().some((path) => path.includes(pack.id)))
})

test('a failing data folder stops no reads and no repair', async () => {
  const world = await KeeperWorld.withDrives(3)
  const { pack, bytes } = await world.spreadNew(5000)
  ;(world.dataDisk as MemoryDisk).fault = (operation) => {
    if (operation === 'write') throw new HoltError('DISK_FULL', 'full')
  }
  const [{ memory }] = world.disks as [UnpluggableDisk]
  for (const path of memory.paths().filter((name) => name.includes(pack.id))) memory.flip(path, 3)
  await world.keeper.scrub()
  assert.equal((await world.keeper.repair()).rebuiltFragments, 1)
  await world.reopen()
  assert.deepEqual(await world.keeper.read(pack.id, 0, 5000), bytes)
})

test('a fragment that was put in the place of another is not taken for it', async () => {
  const world = await KeeperWorld.withDrives(3)
  const one = await world.spreadNew(5000)
  const two = await world.spreadNew(5000)
  const { memory } = world.disks[0] as UnpluggableDisk
  const index = [0, 1, 2].find((i) => memory.paths().includes(fragmentPath({ pack: one.pack.id, index: i }))) as number
  const other = [0, 1, 2].find((i) => memory.paths().includes(fragmentPath({ pack: two.pack.id, index: i }))) as number
  const bytes = (await memory.readFile(fragmentPath({ pack: two.pack.id, index: other }))) as Uint8Array
  await memory.replaceFile(fragmentPath({ pack: one.pack.id, index }), bytes)
  assert.deepEqual(whats((await world.keeper.scrub()).findings), ['fragment-corrupt'])
  await world.keeper.repair()
  assert.deepEqual((await world.keeper.scrub()).findings, [])
  assert.deepEqual(await world.keeper.read(one.pack.id, 0, 5000), one.bytes)
})

test('a pack of which no descriptor is readable is named as lost', async () => {
  const world = await KeeperWorld.withDrives(2)
  const { pack } = await world.spreadNew(1000)
  await world.keeper.close()
  await world.dataDisk.remove('keeper/packs')
  for (const { memory } of world.disks) {
    for (const path of memory.paths().filter((name) => name.includes(pack.id))) memory.flip(path, 1024 + 50)
  }
  await world.open()
  const { findings } = await world.keeper.scrub()
  assert.deepEqual(whats(findings), ['pack-lost', 'pack-lost'])
  assert.ok(findings.every((finding) => finding.pack === pack.id))
})

test('closing cancels a repair that runs, and a spread', async () => {
  const world = await KeeperWorld.withDrives(3)
  for (let i = 0; i < 20; i++) await world.spreadNew(3000)
  const { memory } = world.disks[0] as UnpluggableDisk
  for (const path of memory.paths().filter((name) => name.startsWith('fragments/'))) await memory.remove(path)
  await world.reopen()
  const { pack, path } = await world.makePack(5_000_000)
  const spreading = assert.rejects(world.keeper.spread(pack, { disk: world.dataDisk, path }), { code: 'CANCELLED' })
  const repairing = assert.rejects(world.keeper.repair(), { code: 'CANCELLED' })
  await world.keeper.close()
  await Promise.all([spreading, repairing])
  await world.open()
  assert.ok((await world.keeper.repair()).rebuiltFragments > 0)
})
