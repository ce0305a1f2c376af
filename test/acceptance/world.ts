import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DoctorReport } from '@holt/control/schema.ts'
import { type BenchNode, startBenchNode } from '../bench/bench-node.ts'
import { residentMiB, resetPeak } from '../bench/measure.ts'
import { distFolder, type ProcessResult, run } from '../peers/harness.ts'
import { ok } from './command.ts'

/** What a step was about, and what was seen. */
export interface Seen {
  files?: number
  bytes?: number
  seen: string
}

export interface Step extends Seen {
  name: string
  seconds: number
  /** Of the node's memory during the step, in MiB. */
  peakMiB: number
}

/** A node as `npm start` runs it, its drives, and a person at the command line who notes each step. */
export class World {
  readonly folder: string
  readonly node: BenchNode
  readonly drives: string[]
  readonly steps: Step[] = []
  readonly #say: (step: Step) => void

  private constructor(folder: string, node: BenchNode, drives: string[], say: (step: Step) => void) {
    this.folder = folder
    this.node = node
    this.drives = drives
    this.#say = say
  }

  /** Starts a node on a new folder and gives it a root key and so many drives. @param say hears of each step when it is done. */
  static async start(folder: string, driveCount: number, say: (step: Step) => void): Promise<World> {
    await mkdir(folder, { recursive: true })
    const node = await startBenchNode(join(folder, 'data'))
    const drives = Array.from({ length: driveCount }, (_, i) => join(folder, `drive ${i + 1}`))
    for (const drive of drives) await mkdir(drive)
    const world = new World(folder, node, drives, say)
    await world.holt('init', '--words-file', join(folder, 'words'), ...drives.flatMap((drive) => ['--drive', drive]))
    return world
  }

  async step(name: string, work: () => Promise<Seen>): Promise<void> {
    await resetPeak(this.node.pid)
    const startedMs = performance.now()
    const seen = await work()
    const seconds = (performance.now() - startedMs) / 1000
    const { peak } = await residentMiB(this.node.pid)
    const step = { name, ...seen, seconds, peakMiB: peak }
    this.steps.push(step)
    this.#say(step)
  }

  /** Runs `holt …`, as a program of its own. @returns the JSON it prints. @throws when it ends with another code than these. */
  async holt<T>(...line: string[]): Promise<T> {
    return (await this.holtWith<T>([0], ...line)).json
  }

  async holtWith<T>(exitCodes: readonly number[], ...line: string[]): Promise<{ json: T; exitCode: number }> {
    const args = [join(distFolder, 'cli.mjs'), ...line, '--json', '--data', join(this.folder, 'data')]
    const { stdout, stderr, exitCode }: ProcessResult = await run(process.execPath, args, { cwd: this.folder })
    if (exitCode === null || !exitCodes.includes(exitCode)) {
      throw new Error(`holt ${line.join(' ')} ended with ${exitCode}: ${stderr}${stdout.slice(0, 4000)}`)
    }
    return { json: JSON.parse(stdout) as T, exitCode }
  }

  /** `holt doctor`, whose exit code must fit what it says. */
  async doctor(...options: '--repair'[]): Promise<DoctorReport> {
    const { json, exitCode } = await this.holtWith<DoctorReport>([0, 9], 'doctor', ...options)
    if ((exitCode === 0) !== json.healthy) throw new Error(`holt doctor ended with ${exitCode} and said healthy: ${json.healthy}`)
    return json
  }

  /** As when a disk dies: all that is on these drives, and their folders. They are no drives of this world any more. */
  async lose(...lost: readonly string[]): Promise<void> {
    await ok('rm', ['-rf', '--', ...lost])
    for (const drive of lost) this.drives.splice(this.drives.indexOf(drive), 1)
  }

  async stop(): Promise<void> {
    await this.node.stop()
  }
}
