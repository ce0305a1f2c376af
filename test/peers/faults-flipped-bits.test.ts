import assert from 'node:assert/strict'
import { open, readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { test, type TestContext } from 'node:test'
import {
  assertReadsAs,
  doctor,
  driveOptions,
  fatten,
  holt,
  holtFails,
  holtOk,
  initializedWorld,
  leftProblems,
  makeHardTree,
  SEALS_A_PACK_BYTES,
  type World,
} from './fault-world.ts'
import { type Random, seededRandom } from './random.ts'
import { PIECE_BYTES } from '@holt/store/open-pack-mirror.ts'
import { compareTrees } from './trees.ts'

const seed = Number(process.env['HOLT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

/** Every file that a stopped node leaves, by what it is for. */
const kinds = {
  fragments: /^d\d\/fragments\/[0-9a-f]{2}\/[0-9a-f]{32}\.\d+$/,
  copies: /^d\d\/open\/[0-9a-f]{32}\.car$/,
  markers: /^d\d\/holt-drive$/,
  packs: /^data\/packs\/[0-9a-f]{32}\.car$/,
  index: /^data\/index\/(manifest|run-\d+)$/,
  keeper: /^data\/keeper\/packs$/,
  drops: /^data\/keeper\/drops$/,
  remembered: /^data\/(machine-(day|month)|space-(month|years))$/,
  settings: /^data\/settings/,
  keys: /^data\/keys\//,
  lock: /^data\/(lock|control\.lock)/,
} as const
type Kind = keyof typeof kinds

async function filesOf(world: World): Promise<Record<Kind, string[]>> {
  const found = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, [] as string[]])) as Record<Kind, string[]>
  for (const top of [world.node.dataFolder, ...world.drives]) {
    for (const entry of await readdir(top, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      const name = relative(world.folder, path)
      const kind = (Object.keys(kinds) as Kind[]).find((candidate) => kinds[candidate].test(name))
      assert.ok(kind !== undefined, `no test flips bits of ${name}`)
      found[kind].push(path)
    }
  }
  return found
}

interface Flip {
  path: string
  at: number
  mask: number
}

/** Flips some bits of a file. @returns what `flip` would flip back. */
async function flipSome(path: string, random: Random, { atMost = 3 } = {}): Promise<Flip[]> {
  const { size } = await stat(path)
  const flips = Array.from({ length: random.integer(1, atMost) }, () => ({
    path,
    // as likely near the ends, where headers and tails are, as anywhere
    at: Math.min(
      size - 1,
      Math.max(0, random.pick([random.integer(0, 200), size - 1 - random.integer(0, 200), random.integer(0, size - 1)])),
    ),
    mask: 1 << random.integer(0, 7),
  }))
  for (const one of flips) await flip(one)
  return flips
}

async function flip({ path, at, mask }: Flip): Promise<void> {
  const file = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, at)
  await file.write(Buffer.of((byte[0] as number) ^ mask), 0, 1, at)
  await file.close()
}

/** Of the copies of each pack all but one. */
function allButOneOfEach(copies: readonly string[]): string[] {
  return copies.filter((path, i) => copies.slice(i + 1).some((other) => basename(other) === basename(path)))
}

/** A node that was stopped, with sealed and open packs, and the folder its tree was put from. */
async function stoppedWorld(context: TestContext): Promise<World & { original: string }> {
  const world = await initializedWorld(context)
  const original = world.path('original')
  await makeHardTree(original, { seed, files: 80 })
  await fatten(original, { seed: seed + 1, bytes: SEALS_A_PACK_BYTES })
  await holtOk(world, 'put', world.path('words'), '/gone', '--wait')
  await holtOk(world, 'put', original, '/kept', '--wait')
  await world.node.stop()
  return { ...world, original }
}

test(`bits flipped in any file but the node's own settings are found and mended (HOLT_SEED=${seed})`, async (context) => {
  const random = seededRandom(seed)
  const world = await stoppedWorld(context)
  const files = await filesOf(world)
  for (const kind of ['fragments', 'copies', 'markers', 'packs', 'index', 'keeper'] as const)
    assert.ok(files[kind].length > 0, `${kind} are there`)
  const onDrives = (paths: readonly string[], numbers: readonly number[]): string[] =>
    paths.filter((path) => numbers.some((number) => path.startsWith(`${world.drives[number]}/`)))
  // What a read meets is mended in the background, so that doctor may find nothing any more: then `finds` is null.
  // Copies that are no longer than a piece are compared whole at each start, and made good beside whatever doctor does.
  const sizes = await Promise.all(files.copies.slice(1).map(async (path) => (await stat(path)).size))
  const areLong = sizes.some((size) => size > PIECE_BYTES)
  const rounds: [what: string, paths: string[], finds: string | null][] = [
    ['index and table of packs', [...files.index, ...files.keeper], null],
    ['the open pack', files.packs, null],
    ['copies of the open pack', files.copies.slice(1), areLong ? 'copy-corrupt' : null],
    ['the open packs and all copies of each but one', [...files.packs, ...allButOneOfEach(files.copies)], null],
    [
      'fragments of two drives, markers of two',
      [...onDrives(files.fragments, [0, 3]), ...onDrives(files.markers, [1, 5])],
      'fragment-corrupt',
    ],
    ['fragments of two others, markers of two', [...onDrives(files.fragments, [1, 5]), ...onDrives(files.markers, [2, 4])], null],
  ]
  for (const [what, paths, finds] of rounds) {
    const flips = (await Promise.all(paths.map((path) => flipSome(path, random)))).flat()
    const told = `${what}: ${flips.map(({ path, at, mask }) => `${relative(world.folder, path)} ${at} ${mask}`).join(', ')}`
    // The end of copies is compared, and mended, at each start; the beginning when doctor does it.
    if (finds === 'copy-corrupt') for (const path of paths) await flip({ path, at: 1000, mask: 1 })
    await world.node.start()
    if (finds === null) await assertReadsAs(world, '/kept', world.original)
    const report = await doctor(world, '--repair')
    if (finds !== null)
      assert.ok(
        report.problems.some((problem) => problem.what === finds),
        `found: ${told}`,
      )
    assert.deepEqual(leftProblems(report), [], told)
    assert.deepEqual((await doctor(world)).problems, [], told)
    await assertReadsAs(world, '/kept', world.original)
    await world.node.stop()
    context.diagnostic(`${what}: ${flips.length} bits in ${paths.length} files`)
  }
})

test(`what is damaged beyond repair is named, and nothing wrong is ever read (HOLT_SEED=${seed})`, async (context) => {
  const random = seededRandom(seed + 2)
  const world = await stoppedWorld(context)
  const { fragments } = await filesOf(world)
  // the same place in three of six fragments of each pack: too many
  for (const path of fragments.filter((name) => /\.[135]$/.test(name))) {
    for (let at = 1 << 16; at < 1 << 17; at += 4096) await flip({ path, at, mask: 1 << random.integer(0, 7) })
  }
  await world.node.start()
  const report = await doctor(world, '--repair')
  assert.equal(report.healthy, false)
  const lost = report.problems.filter(({ what }) => what === 'file-lost').map(({ where }) => where)
  assert.ok(lost.length > 0)
  const { stdout, exitCode } = await holt(world, 'get', '/kept', world.path('rest'), '--json')
  assert.equal(exitCode, 15)
  const { skipped } = JSON.parse(stdout) as { skipped: { path: string }[] }
  assert.deepEqual(skipped.map(({ path }) => path).sort(), lost.sort())
  assert.deepEqual(await compareTrees(world.original, world.path('rest'), { partial: true }), [])
})

test(`bits flipped in settings and keys change nothing; where both copies are damaged the words mend it (HOLT_SEED=${seed})`, async (context) => {
  const random = seededRandom(seed + 3)
  const world = await initializedWorld(context, { driveCount: 3 })
  await holtOk(world, 'put', world.path('words'), '/kept', '--wait')
  await holtOk(world, 'retention', '--daily', '40')
  const isAsItWas = async (told: string): Promise<void> => {
    assert.deepEqual(await holtOk(world, 'retention'), { keepAllHours: 24, hourlyDays: 7, dailyDays: 40, trashDays: 30 }, told)
    assert.deepEqual(await namesOfDrives(world), world.drives, told)
    assert.equal((await holt(world, 'cat', '/kept')).stdout, await readFile(world.path('words'), 'utf8'), told)
  }
  await world.node.stop()
  const files = await filesOf(world)
  const originals = [...files.settings, ...files.keys].filter((path) => !path.endsWith('.copy'))
  assert.equal(originals.length, 3)
  for (const name of ['', '.copy']) {
    const flips = (await Promise.all(originals.map((path) => flipSome(path + name, random)))).flat()
    await world.node.start()
    await isAsItWas(flips.map(({ path, at, mask }) => `${path} ${at} ${mask}`).join(', '))
    await world.node.stop()
  }
  for (const path of originals) {
    const flips = [...(await flipSome(path, random)), ...(await flipSome(`${path}.copy`, random))]
    await world.node.start()
    const status = await world.node.call('node.status', {})
    assert.equal(status.state, 'failed', path)
    assert.match(status.problem ?? '', /settings|root key/)
    const { exitCode } = await holtFails(world, 'cat', '/kept')
    assert.equal(exitCode, path.endsWith('settings') ? 9 : 11)
    await world.node.stop()
    if (path.endsWith('unlock-key')) await world.node.start()
    else for (const one of flips) await flip(one)
  }
  await holtOk(world, 'recover', '--words-file', world.path('words'), ...driveOptions(world.drives))
  await isAsItWas('recovered in place')
  await world.node.restart()
  await isAsItWas('after a restart')
})

test(`bits flipped in what a node remembers of its machine and drives are noticed, and it begins anew (HOLT_SEED=${seed})`, async (context) => {
  const random = seededRandom(seed + 4)
  const world = await initializedWorld(context, { driveCount: 1 })
  await world.node.stop()
  const { remembered } = await filesOf(world)
  assert.equal(remembered.length, 4)
  for (const path of remembered) await flipSome(path, random)
  await world.node.start()
  const { lines } = await world.node.call('node.log', {})
  for (const what of ["the machine's day", "the machine's month", "the drives' month", "the drives' years"])
    assert.ok(
      lines.some(({ level, text }) => level === 'warn' && text.includes(`${what} is damaged`)),
      what,
    )
  await world.node.restart()
  assert.deepEqual(
    (await world.node.call('node.log', {})).lines.filter(({ level }) => level === 'warn'),
    [],
    'whole again',
  )
})

async function namesOfDrives(world: World): Promise<string[]> {
  const { drives } = await world.node.call('drives.list', {})
  return drives.map(({ folder }) => folder)
}
