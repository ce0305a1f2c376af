import assert from 'node:assert/strict'
import { joinAll, partAll, something, turnOn } from './happenings.ts'
import { acknowledgedIsThere, unsettled } from './invariants.ts'
import { Leases } from './lease-watch.ts'
import { Town } from './town.ts'

const LOOK_MS = 5000
/** An hour. */
const MOST_LOOKS = 720

export interface SeedReport {
  history: string[]
  steps: number
}

/**
 * A short history of everything together that follows from one number: people write, give to each other, ask for leases; machines go off in the midst of
 * anything, lines are cut and slow, clocks wrong, some lie, disks are lost and a house burns. Then all comes back, and what was promised is looked for.
 *
 * @throws Error of the first promise that was not kept.
 */
export async function runSeed(seed: number): Promise<SeedReport> {
  const town = new Town(seed)
  try {
    await town.settle()
    await live(town)
    await comeTogether(town)
    partAll(town)
    for (const owner of town.owners.filter(({ isHonest }) => isHonest)) await town.world.clock.until(acknowledgedIsThere(owner))
    town.mustBeWell()
    return { history: town.world.history, steps: town.world.clock.steps }
  } catch (error) {
    throw new Error(`${String(error)}\n${town.world.history.slice(-40).join('\n')}`, { cause: error })
  } finally {
    town.end()
  }
}

async function live(town: Town): Promise<void> {
  const { world } = town
  const leases = new Leases(world)
  const together = town.owners.find(({ machines }) => machines.length > 1)
  if (together !== undefined && world.below(3) === 0) {
    const voters = world.below(2) === 0 ? together.machines : together.machines.slice(0, 1)
    const leadership = voters[0]?.network?.cluster?.leadership
    await world.clock.until(leadership?.setVoters(voters.map(({ node }) => node as Uint8Array)) ?? Promise.resolve())
  }
  for (let count = 2 + world.below(1 + world.below(14)); count > 0; count--) {
    await something(town, leases)
    await world.clock.pass(world.below(1500))
    town.mustBeWell()
  }
}

/** Everybody is on, all lines are good; after a while nothing is lacking any more. */
async function comeTogether(town: Town): Promise<void> {
  const { world } = town
  world.note('all comes back')
  joinAll(town)
  for (const machine of town.machines) await turnOn(town, machine)
  let lacking: string[] = []
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    await world.clock.pass(LOOK_MS)
    for (const machine of town.machines) if (!machine.isOn) await turnOn(town, machine)
    town.mustBeWell()
    lacking = unsettled(town)
    if (lacking.length === 0) return
  }
  lacking = unsettled(town, { all: true })
  assert.fail(`all is back, and yet: ${lacking.join('; ')}`)
}
