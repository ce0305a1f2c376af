import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { type Accelerator, findAccelerator } from './accelerator.ts'
import { Lab } from './lab.ts'
import { Machine, type MachineOptions, type Snapshot } from './machine.ts'
import { tinyGuest } from './tiny-guest.ts'

const repositoryRoot = join(import.meta.dirname, '../../..')
/** Console logs and screens of tests that failed. */
const evidenceFolder = process.env['HOLT_EVIDENCE'] ?? join(repositoryRoot, 'build/evidence')
/** Emulated kernels take 5 s to boot; one under KVM that has not after this never will. */
const PROBE_LIMIT_MS = 15_000

/** What one test has: machines, a lab, a folder. All of it is gone when the test is over; when it failed, its evidence is kept. */
export class World {
  readonly folder: string
  readonly #machines: Machine[] = []
  readonly #labs: Lab[] = []
  readonly #actions: (() => Promise<void>)[] = []

  constructor(folder: string) {
    this.folder = folder
  }

  /** A machine, not yet switched on. */
  async machine(options: Omit<MachineOptions, 'accelerator'> & { accelerator?: Accelerator }): Promise<Machine> {
    const machine = await Machine.create({ accelerator: await accelerator(), ...options })
    this.#machines.push(machine)
    return machine
  }

  async resume(snapshot: Snapshot, change: Parameters<typeof Machine.resume>[1] = {}): Promise<Machine> {
    const machine = await Machine.resume(snapshot, change)
    this.#machines.push(machine)
    return machine
  }

  async lab(cables: readonly string[]): Promise<Lab> {
    const lab = await Lab.create(cables)
    this.#labs.push(lab)
    return lab
  }

  /** Does this when the test is over and its machines are gone. */
  atEnd(action: () => Promise<void>): void {
    this.#actions.push(action)
  }

  async keepEvidence(folder: string): Promise<void> {
    for (const machine of this.#machines) await machine.keepEvidence(folder)
  }

  async close(): Promise<void> {
    for (const machine of this.#machines) await machine.close()
    for (const lab of this.#labs) await lab.close()
    for (const action of this.#actions) await action()
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Runs `work` in a world that is gone afterwards; `name` is the folder of the evidence when it fails. */
export async function inWorld<T>(name: string, work: (world: World) => Promise<T>): Promise<T> {
  const world = new World(await mkdtemp(join(tmpdir(), 'holt-world-')))
  try {
    return await work(world)
  } catch (error) {
    const folder = join(evidenceFolder, name.replaceAll(/[^A-Za-z0-9]+/g, '-'))
    await world.keepEvidence(folder)
    console.error(`evidence is kept in ${folder}`)
    throw error
  } finally {
    await world.close()
  }
}

/** A part of a test that is told by itself. What fails ends the whole. */
export type Step = (name: string, work: () => Promise<void>) => Promise<void>

/** A test in a world of its own. Most may have to wait for a first boot, which they share. */
export function machineTest(name: string, body: (world: World, step: Step) => Promise<void>, { limitMs = 1_200_000 } = {}): void {
  test(name, { timeout: limitMs }, (context) => inWorld(name, (world) => body(world, stepOf(context))))
}

function stepOf(context: TestContext): Step {
  return async (name, work) => {
    let end: Promise<void> | undefined
    await context.test(name, () => (end = work()))
    await end
  }
}

/** What machines run on here. */
export async function accelerator(): Promise<Accelerator> {
  return await findAccelerator(async () => {
    const guest = await tinyGuest()
    const machine = await Machine.create({ name: 'probe', accelerator: 'kvm', firmware: guest, memoryMiB: 256, processors: 1 })
    try {
      await machine.powerOn()
      await machine.console.expect('TINY GUEST READY', { limitMs: PROBE_LIMIT_MS })
      return true
    } catch {
      return false
    } finally {
      await machine.close()
    }
  })
}
