import assert from 'node:assert/strict'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import type { DoctorReport } from '@holt/control/schema.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { fatten, leftProblems } from './fault-world.ts'
import { folders, startedNode, temporaryFolder, type TestNode } from './harness.ts'
import { type Random, seededRandom } from './random.ts'
import { compareTrees, makeTree } from './trees.ts'

const kills = Number(process.env['HOLT_KILLS'] ?? 30)
const seed = Number(process.env['HOLT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

const MIB = 1 << 20
const MOST_PATHS = 8

/** What may be at a path: certain when the call was acknowledged. */
interface Expected {
  source: string
  /** 'whole', or either of the two that a call which was cut off leaves. */
  now: 'whole' | 'whole or gone' | 'part or gone'
}

/** A node that is told to put, remove, collect and repair without pause, while fragments go missing under it. */
class Workload {
  readonly expected = new Map<string, Expected>()
  /** Removed together: both are there or none. */
  pairs: [string, string][] = []
  /** What the node was at when it was killed. */
  doing = ''
  readonly #node: TestNode
  readonly #random: Random
  readonly #sources: readonly string[]
  readonly #fragile: readonly string[]
  #made = 0

  /** @param fragile drives of which fragments may go missing; no more than may be lost. */
  constructor(node: TestNode, options: { random: Random; sources: readonly string[]; fragile: readonly string[] }) {
    this.#node = node
    this.#random = options.random
    this.#sources = options.sources
    this.#fragile = options.fragile
  }

  /** @throws what the call throws that was cut off. */
  async runUntilKilled(): Promise<void> {
    for (;;) await this.#step()
  }

  async #step(): Promise<void> {
    const choice = this.#random.fraction()
    if (this.expected.size >= MOST_PATHS) return await this.#remove()
    if (choice < 0.45) return await this.#put()
    if (choice < 0.6) return await this.#remove()
    if (choice < 0.7) return await this.#damage()
    if (choice < 0.8) return await this.#tell('doctor --repair', () => this.#node.call('doctor.run', { repair: true }))
    if (choice < 0.9) return await this.#tell('gc', () => this.#node.call('store.collect', {}))
    return await this.#tell('wait', () => this.#node.call('store.settle', {}))
  }

  async #tell(doing: string, call: () => Promise<unknown>): Promise<void> {
    this.doing = doing
    await call()
  }

  async #put(): Promise<void> {
    const path = `/put ${this.#made++}`
    const source = this.#random.pick(this.#sources)
    this.expected.set(path, { source, now: 'part or gone' })
    await this.#tell(`put ${path}`, () => this.#node.call('files.importLocal', { locals: [source], path, place: 'as' }))
    this.expected.set(path, { source, now: 'whole' })
  }

  async #remove(): Promise<void> {
    const certain = [...this.expected.keys()]
    const first = certain[this.#random.integer(0, certain.length - 1)]
    const second = certain[this.#random.integer(0, certain.length - 1)]
    if (first === undefined || second === undefined || first === second) return
    const paths = [first, second]
    for (const path of paths) (this.expected.get(path) as Expected).now = 'whole or gone'
    this.pairs.push([first, second])
    await this.#tell(`rm ${paths.join(' ')}`, () => this.#node.call('files.remove', { paths, recursive: true }))
    for (const path of paths) this.expected.delete(path)
    this.pairs = []
  }

  /** Some of what a drive holds is gone. */
  async #damage(): Promise<void> {
    const fragments = join(this.#random.pick(this.#fragile), 'fragments')
    for (const folder of await readdir(fragments)) {
      if (this.#random.fraction() < 0.5) continue
      for (const name of await readdir(join(fragments, folder))) await rm(join(fragments, folder, name), { force: true })
    }
  }
}

/** What is there must be what may be there; from then on that is certain. What was cut off is taken away. */
async function check(node: TestNode, workload: Workload, copy: string): Promise<void> {
  const { entries } = await node.call('files.list', { path: '/', limit: 10_000 })
  const there = new Set(entries.map(({ name }) => `/${name}`))
  for (const path of there) assert.ok(workload.expected.has(path), `${path} came from nowhere`)
  for (const [a, b] of workload.pairs) assert.equal(there.has(a), there.has(b), `of ${a} and ${b} one was removed`)
  workload.pairs = []
  for (const [path, { source, now }] of Array.from(workload.expected)) {
    if (!there.has(path)) {
      assert.notEqual(now, 'whole', `${path} was acknowledged and is gone`)
      workload.expected.delete(path)
      continue
    }
    const { skipped } = await node.call('files.exportLocal', { path, local: copy })
    assert.deepEqual(skipped, [], path)
    assert.deepEqual(await compareTrees(source, copy, { partial: now === 'part or gone' }), [], path)
    await rm(copy, { recursive: true })
    if (now === 'part or gone') {
      await node.call('files.remove', { paths: [path], recursive: true })
      workload.expected.delete(path)
    } else workload.expected.set(path, { source, now: 'whole' })
  }
}

function problemsThatAreNoRepair({ problems }: DoctorReport): string[] {
  return problems.filter(({ what }) => what !== 'fragment-missing').map(({ what, where }) => `${what} ${where}`)
}

test(`${kills} kills -9 during put, rm, gc and doctor --repair lose and show nothing (HOLT_SEED=${seed})`, async (context) => {
  const folder = await temporaryFolder(context)
  const random = seededRandom(seed)
  const sources = (await folders(folder, ['few large', 'many small', 'both'])) as [string, string, string]
  await fatten(sources[0], { seed, bytes: 24 * MIB })
  await makeTree(sources[1], { seed: seed + 1, files: 120, largestBytes: 1 * MIB })
  await makeTree(sources[2], { seed: seed + 2, files: 30, largestBytes: 5 * MIB })
  const drives = await folders(folder, ['d1', 'd2', 'd3', 'd4', 'd5'])
  const node = await startedNode(context, folder)
  await node.call('node.init', { drives })
  // So that what is removed is not needed by any version, and collected.
  await node.call('retention.set', { keepAllHours: 0, hourlyDays: 0, dailyDays: 0 })
  const workload = new Workload(node, { random, sources, fragile: drives.slice(0, 2) })
  await mkdir(join(folder, 'scratch'))
  for (let kill = 1; kill <= kills; kill++) {
    const running = workload.runUntilKilled()
    const killed = sleep(random.integer(0, 2000)).then(() => node.kill())
    await assert.rejects(
      running,
      (error) => isHoltError(error, 'NODE_NOT_RUNNING') || assert.fail(`kill ${kill}: ${String(error)}\n${node.log}`),
    )
    await killed
    if (random.fraction() < 0.2) await killWhileStarting(node, random)
    await node.start()
    assert.equal((await node.call('node.status', {})).state, 'ready', node.log)
    await check(node, workload, join(folder, 'scratch', 'copy'))
    context.diagnostic(`kill ${kill} in ${workload.doing}: ${workload.expected.size} trees are as they were`)
    if (kill % 5 > 0 && kill < kills) continue
    assert.deepEqual(problemsThatAreNoRepair(await node.call('doctor.run', {})), [], node.log)
    assert.deepEqual(leftProblems(await node.call('doctor.run', { repair: true })), [], node.log)
    assert.deepEqual((await node.call('doctor.run', {})).problems, [], node.log)
  }
})

/** What the next start does is cut off as well. */
async function killWhileStarting(node: TestNode, random: Random): Promise<void> {
  const starting = node.start().catch(() => {})
  await sleep(random.integer(100, 1200))
  await node.kill()
  await starting
}
