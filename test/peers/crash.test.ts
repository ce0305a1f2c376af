import assert from 'node:assert/strict'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { isHoltError } from '@holt/core/errors.ts'
import { folders, startedNode, temporaryFolder, type TestNode } from './harness.ts'
import { type Random, seededRandom } from './random.ts'
import { compareTrees, makeLargeFiles, makeTree } from './trees.ts'

const kills = Number(process.env['HOLT_KILLS'] ?? 25)
const seed = Number(process.env['HOLT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

const SOURCES = 6

/** What may be seen at a path: the only states that calls, acknowledged or cut off, leave behind. */
interface Expected {
  /** Source trees that may be there; null: nothing may be there. */
  possible: (string | null)[]
  /** A put was cut off: part of `possible` may be there. */
  partly: boolean
}

/**
 * Puts, removes, moves and collects until it is killed.
 * Only what was acknowledged is certain; the call that was under way may have happened or not.
 */
class Workload {
  readonly expected = new Map<string, Expected>()
  readonly #node: TestNode
  readonly #random: Random
  readonly #sources: readonly string[]
  readonly #firstDrive: string
  #made = 0

  constructor(node: TestNode, random: Random, { sources, firstDrive }: { sources: readonly string[]; firstDrive: string }) {
    this.#node = node
    this.#random = random
    this.#sources = sources
    this.#firstDrive = firstDrive
  }

  /** @throws what the call that was cut off throws. */
  async runUntilKilled(): Promise<void> {
    for (;;) await this.#step()
  }

  async #step(): Promise<void> {
    const choice = this.#random.fraction()
    const certain = [...this.expected].filter(([, { possible, partly }]) => possible.length === 1 && possible[0] !== null && !partly)
    if (choice < 0.5 || certain.length < 3) return await this.#put()
    const [path, before] = this.#random.pick(certain)
    if (choice < 0.7) return await this.#remove(path, before)
    if (choice < 0.85) return await this.#move(path, before)
    await this.#upkeep()
  }

  /** Compaction and repair must have something to do: versions are not kept, and fragments get lost. */
  async #upkeep(): Promise<void> {
    const kind = this.#random.pick(['collect', 'repair', 'verify', 'settle'] as const)
    if (kind === 'collect') await this.#node.call('store.collect', {})
    if (kind === 'settle') await this.#node.call('store.settle', {})
    if (kind === 'repair') await loseFragments(this.#firstDrive, this.#random)
    if (kind === 'repair' || kind === 'verify') await this.#node.call('doctor.run', { repair: kind === 'repair' })
  }

  async #put(): Promise<void> {
    const path = `/put ${this.#made++}`
    const source = this.#random.pick(this.#sources)
    this.expected.set(path, { possible: [null, source], partly: true })
    await this.#node.call('files.importLocal', { locals: [source], path, place: 'as' })
    this.expected.set(path, { possible: [source], partly: false })
  }

  async #remove(path: string, before: Expected): Promise<void> {
    this.expected.set(path, { possible: [...before.possible, null], partly: false })
    await this.#node.call('files.remove', { paths: [path], recursive: true })
    this.expected.set(path, { possible: [null], partly: false })
  }

  async #move(from: string, before: Expected): Promise<void> {
    const to = `/moved ${this.#made++}`
    this.expected.set(from, { possible: [...before.possible, null], partly: false })
    this.expected.set(to, { possible: [null, ...before.possible], partly: false })
    await this.#node.call('files.move', { from, to })
    this.expected.set(from, { possible: [null], partly: false })
    this.expected.set(to, { possible: before.possible, partly: false })
  }
}

/** Only ever on one drive: a pack may be hit again before it was repaired. */
async function loseFragments(drive: string, random: Random): Promise<void> {
  const names = await readdir(join(drive, 'fragments'), { recursive: true, withFileTypes: true }).catch(() => [])
  const fragments = names.filter((entry) => entry.isFile())
  if (fragments.length === 0) return
  const { parentPath, name } = random.pick(fragments)
  if (random.fraction() < 0.5) await rm(join(parentPath, name), { force: true })
  else await writeFile(join(parentPath, name), random.bytes(5000)).catch(() => {})
}

/** So many trees are looked at after each kill; the others are removed, which must last too. */
const KEPT_TREES = 12

/** Compares everything that is there with what may be there; then what is there is what is expected from now on. */
async function check(node: TestNode, workload: Workload, scratch: string): Promise<void> {
  const { entries } = await node.call('files.list', { path: '/', limit: 10_000 })
  const there = new Set(entries.map(({ name }) => `/${name}`))
  for (const path of there) assert.ok(workload.expected.has(path), `${path} came from nowhere`)
  for (const [path, { possible, partly }] of workload.expected) {
    if (!there.has(path)) {
      assert.ok(possible.includes(null), `${path} was acknowledged and is gone`)
      workload.expected.delete(path)
      continue
    }
    const sources = possible.filter((source): source is string => source !== null)
    assert.ok(sources.length > 0, `${path} was removed and is back`)
    const copy = join(scratch, 'copy')
    const { skipped } = await node.call('files.exportLocal', { path, local: copy })
    assert.deepEqual(skipped, [], path)
    assert.deepEqual(await compareTrees(sources[0] as string, copy, { partial: partly }), [], path)
    await rm(copy, { recursive: true })
    workload.expected.set(path, { possible: sources, partly })
  }
  const leaving = [...workload.expected]
    .filter(([, { partly }], i) => partly || i < workload.expected.size - KEPT_TREES)
    .map(([path]) => path)
  if (leaving.length === 0) return
  await node.call('files.remove', { paths: leaving, recursive: true })
  for (const path of leaving) workload.expected.set(path, { possible: [null], partly: false })
}

test(`after each of ${kills} kills -9 everything acknowledged is there and nothing else is (HOLT_SEED=${seed})`, async (context) => {
  const folder = await temporaryFolder(context)
  const random = seededRandom(seed)
  const sources = Array.from({ length: SOURCES }, (_, i) => join(folder, `source ${i}`))
  for (const [i, source] of sources.entries()) await makeTree(source, { seed: seed + i, files: 5 + 12 * i })
  await makeLargeFiles(join(sources[0] as string, 'large'), { seed, files: 6, sizeBytes: 3 << 20 })
  const scratch = join(folder, 'scratch')
  await mkdir(scratch)
  const node = await startedNode(context, folder)
  const drives = await folders(folder, ['d1', 'd2', 'd3'])
  await node.call('node.init', { drives })
  await node.call('retention.set', { keepAllHours: 0, hourlyDays: 0, dailyDays: 0 })
  const workload = new Workload(node, random, { sources, firstDrive: drives[0] as string })
  for (let kill = 1; kill <= kills; kill++) {
    const running = workload.runUntilKilled()
    const killed = new Promise((resolve) => setTimeout(resolve, random.integer(0, 1500))).then(() => node.kill())
    await assert.rejects(
      running,
      (error) => isHoltError(error, 'NODE_NOT_RUNNING') || assert.fail(`before kill ${kill}: ${String(error)}\n${node.log}`),
    )
    await killed
    await node.start()
    await check(node, workload, scratch)
    context.diagnostic(`kill ${kill}: ${workload.expected.size} trees are as they were`)
  }
  const { problems } = await node.call('doctor.run', { repair: true })
  assert.deepEqual(
    problems.filter(({ repaired }) => !repaired),
    [],
  )
  assert.equal((await node.call('doctor.run', {})).healthy, true)
})

test('a kill in the middle of one long put keeps what was committed, and the same put goes on from there', async (context) => {
  const folder = await temporaryFolder(context)
  const source = join(folder, 'source')
  await makeTree(source, { seed, files: 600 })
  const node = await startedNode(context, folder)
  await node.call('node.init', {})
  const put = () => node.call('files.importLocal', { locals: [source], path: '/kept', place: 'as' })
  const cut = put()
  const timer = setTimeout(() => void node.kill(), 400)
  await cut.catch((error: unknown) => assert.ok(isHoltError(error, 'NODE_NOT_RUNNING'), String(error)))
  clearTimeout(timer)
  await node.kill()
  await node.start()
  const { skipped } = await put()
  assert.deepEqual(skipped, [])
  await node.call('files.exportLocal', { path: '/kept', local: join(folder, 'copy') })
  assert.deepEqual(await compareTrees(source, join(folder, 'copy')), [])
})
