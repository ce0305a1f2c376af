import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folders, run, TestNode } from '../../peers/harness.ts'
import { seededRandom } from '../../peers/random.ts'
import { compiledExerciser } from '../fsx/compile.ts'
import { MountWorld } from '../world.ts'
import { Ballast } from './ballast.ts'
import { damageDrive } from './damage.ts'
import { Exerciser } from './exerciser.ts'
import { FioRuns } from './fio.ts'

export interface TortureOptions {
  minutes: number
  firstSeed: number
  /** Exercisers of files at once, and as many of names. */
  processes: number
  /** Operations a second of each; 0: as many as there can be. */
  rate: number
  /** Between kills of the node; 0: none. */
  killMinutes: number
  say(line: string): void
  signal: AbortSignal
}

const DRIVES = 4
const ROUND_MS = 15_000
const LOG_BYTES = 6000

/** Files and names are changed at random for a long time while the node collects, checks and repairs what is damaged all the while. @returns whether all was well. */
export async function torture(options: TortureOptions): Promise<boolean> {
  const below = await mkdtemp(join(tmpdir(), 'holt-torture-'))
  const drives = await folders(
    below,
    Array.from({ length: DRIVES }, (_, i) => `drive-${i + 1}`),
  )
  const node = new TestNode(join(below, 'data'))
  const run = new TortureRun(options, new MountWorld(node, below), drives)
  try {
    await run.begin()
    return await run.all()
  } finally {
    await run.end()
    await rm(below, { recursive: true, force: true, maxRetries: 3 })
  }
}

class TortureRun {
  readonly #options: TortureOptions
  readonly #world: MountWorld
  readonly #drives: readonly string[]
  readonly #random: () => number
  readonly #exercisers: Exerciser[] = []
  readonly #ballast: Ballast
  #fio: FioRuns | null = null
  readonly #counts = { collections: 0, freedBytes: 0, checks: 0, damaged: 0, repaired: 0, kills: 0 }
  readonly #failures: string[] = []

  constructor(options: TortureOptions, world: MountWorld, drives: readonly string[]) {
    this.#options = options
    this.#world = world
    this.#drives = drives
    this.#ballast = new Ballast(world.folder)
    this.#random = seededRandom(options.firstSeed).fraction
  }

  async begin(): Promise<void> {
    const { node, folder } = this.#world
    await node.start()
    await node.call('node.init', {})
    for (const drive of this.#drives) await node.call('drives.add', { folder: drive })
    for (const { name } of (await node.call('classes.list', {})).classes)
      await node.call('classes.set', { name, dataFragments: 2, totalFragments: DRIVES })
    // nothing is kept for the past, so that there is much to collect
    await node.call('retention.set', { keepAllHours: 0, hourlyDays: 0, dailyDays: 0 })
    await this.#world.mount()
    await this.#ballast.write()
    await node.call('store.settle', {})
    const { processes, firstSeed, rate } = this.#options
    for (const name of ['file', 'names'] as const) {
      const program = await compiledExerciser(name, join(folder, '..'))
      for (let i = 0; i < processes; i++)
        this.#exercisers.push(new Exerciser({ program, folder, seed: firstSeed + i, rate, seconds: 0, mayEnd: true }))
    }
    this.#fio = new FioRuns(folder, rate === 0 ? 100_000 : rate * 5)
    this.#fio.start()
  }

  async all(): Promise<boolean> {
    const { minutes, killMinutes, signal } = this.#options
    const started = Date.now()
    const end = started + minutes * 60_000
    let nextKill = killMinutes === 0 ? Number.POSITIVE_INFINITY : started + killMinutes * 60_000
    while (Date.now() < end && !signal.aborted && this.#isWell()) {
      const next = Date.now() + ROUND_MS
      await this.#care()
      if (Date.now() >= nextKill) {
        await this.#kill()
        nextKill = Date.now() + killMinutes * 60_000
      }
      this.#tell(started)
      while (Date.now() < Math.min(next, end) && !signal.aborted && this.#isWell()) await new Promise((done) => setTimeout(done, 200))
    }
    await this.#fio?.stop()
    for (const exerciser of this.#exercisers) await exerciser.finished()
    this.#isWell()
    if (this.#failures.length === 0) await this.#lookAtAll()
    for (const failure of this.#failures) this.#options.say(failure)
    if (this.#failures.length > 0) this.#options.say(`The node's log:\n${this.#world.node.log.slice(-LOG_BYTES)}`)
    this.#tell(started)
    return this.#failures.length === 0
  }

  #isWell(): boolean {
    for (const exerciser of this.#exercisers) {
      if (!exerciser.isOver || exerciser.exitCode === 0 || this.#failures.some((text) => text === exerciser.said)) continue
      this.#failures.push(exerciser.said)
    }
    const failure = this.#fio?.failure ?? null
    if (failure !== null && !this.#failures.includes(failure)) this.#failures.push(failure)
    return this.#failures.length === 0
  }

  /** Collects, damages one drive, finds and mends it. */
  async #care(): Promise<void> {
    const { node } = this.#world
    try {
      this.#counts.freedBytes += (await node.call('store.collect', {})).freedBytes
      this.#counts.collections++
      const drive = this.#drives[Math.floor(this.#random() * DRIVES)] as string
      this.#counts.damaged += await damageDrive(drive, this.#random)
      const problem = await this.#ballast.problem(this.#counts.checks)
      if (problem !== null) this.#failures.push(problem)
      const report = await node.call('doctor.run', { repair: true })
      this.#counts.checks++
      this.#counts.repaired += report.problems.filter(({ repaired }) => repaired).length
      const lost = report.problems.filter(({ what }) => what === 'pack-lost' || what === 'file-lost' || what === 'block-corrupt')
      for (const { what, where, repaired } of lost) if (!repaired) this.#failures.push(`${what}: ${where}`)
    } catch (error) {
      this.#failures.push(`collecting and repairing: ${String(error)}`)
    }
  }

  /** What was synced is there after it; the exercisers see to that. */
  async #kill(): Promise<void> {
    const { node, folder } = this.#world
    const alive = this.#exercisers.filter(({ isOver }) => !isOver)
    const fio = this.#fio
    const stopped = fio?.stop()
    await node.kill()
    await stopped
    for (const exerciser of alive) await exerciser.lost()
    await this.#world.ok('unmount', '--force', folder)
    await node.start()
    await this.#world.mount()
    for (const exerciser of alive) exerciser.goOn()
    fio?.start()
    this.#counts.kills++
  }

  /** Nothing may be wrong when all has come to rest. */
  async #lookAtAll(): Promise<void> {
    const { node, folder } = this.#world
    this.#failures.push(...(await this.#ballast.problems()))
    for (const name of ['fio', 'ballast']) await rm(join(folder, name), { recursive: true, force: true })
    const left = await readdir(folder)
    if (left.length > 0) this.#failures.push(`these are left in the folder: ${left.join(', ')}`)
    await node.call('store.settle', {})
    await node.call('doctor.run', { repair: true })
    const { healthy, problems } = await node.call('doctor.run', {})
    if (!healthy) this.#failures.push(`the doctor finds at the end: ${JSON.stringify(problems.slice(0, 5))}`)
  }

  #tell(started: number): void {
    const sum = (field: 'operations' | 'bytes'): number => this.#exercisers.reduce((total, exerciser) => total + exerciser[field], 0)
    const { collections, freedBytes, checks, damaged, repaired, kills } = this.#counts
    const words = [
      `${Math.round((Date.now() - started) / 1000)} s`,
      `${sum('operations')} operations`,
      `${mib(sum('bytes'))} MiB`,
      `${this.#fio?.runs ?? 0} runs of fio`,
      `${collections} collections of ${mib(freedBytes)} MiB`,
      `${checks} checks, ${damaged} files of drives damaged, ${repaired} repaired`,
      `${kills} kills`,
    ]
    this.#options.say(words.join(', '))
  }

  async end(): Promise<void> {
    await this.#fio?.stop()
    for (const exerciser of this.#exercisers) if (!exerciser.isOver) exerciser.kill()
    await run('umount', ['-i', '-l', this.#world.folder])
    await this.#world.node.kill()
  }
}

function mib(bytes: number): number {
  return Math.round(bytes / (1 << 20))
}
