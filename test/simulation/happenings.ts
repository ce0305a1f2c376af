import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { HELD_FOLDER } from '@holt/network/fragments/held-records.ts'
import { NEWEST_FOLDER } from '@holt/network/newest/held-newest.ts'
import type { Leases } from './lease-watch.ts'
import { burn } from './fire.ts'
import { codeOf, type Machine } from './machine.ts'
import { isKeptByFriends } from './invariants.ts'
import type { Theme, Town } from './town.ts'

/** One thing that may happen; it is let go on while others happen. */
export type Happening = (town: Town, leases: Leases) => Promise<void>

const SECOND = 1000
const PATHS = ['/a', '/b', '/dir/c', '/dir/deep/d']
/** What may come of a change while its machine is on: somebody has the lease; what burned has not all come back. */
const REFUSED = new Set(['CONFLICT'])
const NOT_BACK = new Set(['BLOCK_NOT_FOUND', 'PACK_UNRECOVERABLE'])

const running = (town: Town): Machine[] => town.machines.filter(({ isOn }) => isOn)

/** Where several machines have one tree most is written there. */
function writer(town: Town): Machine {
  const together = running(town).filter(({ owner }) => owner.machines.length > 1)
  return town.pick(town.theme === 'together' && together.length > 0 && town.world.below(6) > 0 ? together : running(town))
}

/** A change is begun; now and then it is waited for. */
const change =
  (fill: (town: Town) => number): Happening =>
  async (town) => {
    const { world } = town
    const machine = writer(town)
    const { lives } = machine
    const path = town.pick(PATHS)
    const outcome = codeOf(machine.owner.put(machine, path, { fill: fill(town) })).then((code) => {
      if (code === null || machine.lives !== lives || !machine.isOn) return
      const isBack = !machine.owner.hasBurned && !machine.hasLostDrive
      if (!REFUSED.has(code) && (isBack || !NOT_BACK.has(code))) throw new Error(`${machine.name} puts ${path}: ${code}`)
    })
    town.watch(outcome)
    world.note(`${machine.name} puts ${path}`)
    if (world.below(3) === 0) await world.clock.until(outcome)
  }

const remove: Happening = async (town) => {
  const machine = town.pick(running(town))
  const path = town.pick(['/a', '/dir'])
  town.world.note(`${machine.name} removes ${path}`)
  town.watch(codeOf(machine.owner.remove(machine, path)).then(() => {}))
}

/** At once, or in the midst of what it does next. */
const cutPower: Happening = async (town) => {
  const { world } = town
  const machine = town.pick(running(town))
  const { life } = machine
  world.note(`${machine.name} goes off`)
  if (life === null) return
  if (world.below(2) === 0) machine.cut()
  else {
    life.power.failAfter(world.below(60))
    town.watch(codeOf(machine.owner.put(machine, town.pick(PATHS), { fill: world.below(500) })).then(() => {}))
    await world.clock.pass(world.below(4 * SECOND))
    life.power.cut()
  }
  if (world.below(3) > 0) await world.clock.pass(world.below(world.below(3) === 0 ? 90 * SECOND : 3 * SECOND))
  await turnOn(town, machine)
}

export async function turnOn(town: Town, machine: Machine): Promise<void> {
  const { world } = town
  if (machine.isOn) return
  if (world.below(6) === 0) machine.skewMs = (world.below(3) - 1) * world.below(26 * 3_600_000)
  if (world.below(8) === 0) town.move(machine)
  await world.clock.until(machine.start())
  if (machine.isOn) world.note(`${machine.name} is on`)
}

const cutLine: Happening = async (town) => {
  const [one, other] = [town.pick(town.machines), town.pick(town.machines)]
  town.world.note(`${one.name} and ${other.name} are apart`)
  town.world.network.cut(one.node as Uint8Array, other.node as Uint8Array)
}

/** One side of the town hears nothing of the other. */
const part: Happening = async (town) => {
  const side = town.machines.filter(() => town.world.below(2) === 0)
  town.world.note(`${side.map(({ name }) => name).join()} are apart from the others`)
  for (const one of side)
    for (const other of town.machines) if (!side.includes(other)) town.world.network.cut(one.node as Uint8Array, other.node as Uint8Array)
}

/** Everybody is alone. */
export function partAll(town: Town): void {
  for (const one of town.machines)
    for (const other of town.machines) town.world.network.cut(one.node as Uint8Array, other.node as Uint8Array)
}

export function joinAll(town: Town): void {
  for (const one of town.machines)
    for (const other of town.machines) {
      town.world.network.join(one.node as Uint8Array, other.node as Uint8Array)
      town.world.network.slow(one.node as Uint8Array, other.node as Uint8Array, 1)
    }
}

const join: Happening = async (town) => {
  town.world.note('all lines are good')
  joinAll(town)
}

const reset: Happening = async (town) =>
  town.world.network.reset(town.pick(town.machines).node as Uint8Array, town.pick(town.machines).node as Uint8Array)

const slowDown: Happening = async (town) => {
  const [one, other] = [town.pick(town.machines), town.pick(town.machines)]
  const times = town.pick([1, 20, 400])
  town.world.note(`the line of ${one.name} and ${other.name} is ${times} times as slow`)
  town.world.network.slow(one.node as Uint8Array, other.node as Uint8Array, times)
}

const wait =
  (mostMs: number): Happening =>
  async ({ world }) =>
    world.clock.pass(world.below(mostMs))

/** While it runs, as when somebody sets it. */
const setClock: Happening = async (town) => {
  const machine = town.pick(running(town))
  const { life } = machine
  machine.skewMs = (town.world.below(3) - 1) * town.world.below(26 * 3_600_000)
  if (life !== null) life.power.skewMs = machine.skewMs
  machine.clockSetInLife = machine.lives
  town.world.note(`the clock of ${machine.name} is ahead by ${machine.skewMs} ms`)
}

/** Only who has one machine, and only as long as somebody is left who does not. */
const lie: Happening = async (town) => {
  const able = town.owners.filter(
    ({ machines, isHonest, mayLie }) =>
      mayLie && machines.length === 1 && (!isHonest || town.owners.filter((one) => one.isHonest).length > 2),
  )
  if (able.length === 0 || town.isBare) return
  const owner = town.pick(able)
  owner.isHonest = false
  const [machine] = owner.machines as [Machine]
  machine.liar.lie = town.pick(['wrong', 'wrong', 'stale', 'withheld', 'honest'])
  town.world.note(`${machine.name} is ${machine.liar.lie}`)
}

/** All that it kept for others is gone; once in a world for each. */
const loseHeld: Happening = async (town) => {
  const { world } = town
  const machine = town.pick(running(town))
  if (machine.hasLostHeld || town.isBare) return
  machine.cut()
  const { files, folders } = machine.data.contents()
  const isHeld = (path: string): boolean => [HELD_FOLDER, NEWEST_FOLDER].some((folder) => path.startsWith(`${folder}/`))
  machine.data = MemoryDisk.from({ files: new Map([...files].filter(([path]) => !isHeld(path))), folders })
  machine.hasLostHeld = true
  town.heldLostMs = world.clock.nowMs()
  world.note(`${machine.name} has lost what it kept for others`)
  await turnOn(town, machine)
}

/** One of two drives is replaced by an empty one; once for each machine. */
const loseDrive: Happening = async (town) => {
  const { world } = town
  const able = running(town).filter(({ hasLostDrive }) => !hasLostDrive)
  if (able.length === 0) return
  const machine = town.pick(able)
  const { life } = machine
  const isOnly = machine.drives.size === 1
  // of who has one, what honest friends can make good
  if (life === null || (isOnly && (life.store.isSpreading || !isKeptByFriends(machine.owner)))) return
  machine.cut()
  const folder = town.pick([...machine.drives.keys()])
  machine.drives.set(folder, new MemoryDisk())
  machine.drives.set(`${folder}-new`, new MemoryDisk())
  machine.hasLostDrive = true
  if (isOnly) town.bare(machine)
  world.note(`${machine.name} has lost a drive`)
  await turnOn(town, machine)
}

/** What is not needed any more is let go: older versions, and packs that nothing else needs. Only where one machine alone has the tree. */
const collect: Happening = async (town) => {
  const able = running(town).filter(({ owner }) => owner.machines.length === 1)
  if (able.length === 0) return
  const machine = town.pick(able)
  const { life, owner } = machine
  if (life === null) return
  const isPruned = town.world.below(2) === 0
  if (isPruned) owner.hasPruned = true
  town.world.note(`${machine.name} collects${isPruned ? ' and prunes' : ''}`)
  const { volume, store, keeper } = life
  const losses = (redundancyClass: string): number => {
    const { dataFragments, totalFragments } = keeper.codeOf(redundancyClass)
    return totalFragments - dataFragments
  }
  const work = async (): Promise<void> => {
    if (isPruned) await volume.prune({ keepAllSeconds: 0, hourlySeconds: 0, dailySeconds: 0 })
    await store.collect({ live: volume.live(), isSafer: (one, other) => losses(one) > losses(other) })
  }
  const { lives } = machine
  const outcome = codeOf(work()).then((code) => {
    if (code !== null && machine.lives === lives && machine.isOn) throw new Error(`${machine.name} collects: ${code}`)
  })
  town.watch(outcome)
  if (town.world.below(2) === 0) await town.world.clock.until(outcome)
}

/** Somebody who has other machines wants a path for itself, and writes there. */
const takeLease: Happening = async (town, leases) => {
  const able = running(town).filter(({ owner }) => owner.machines.length > 1)
  if (able.length === 0) return
  const machine = town.pick(able)
  const path = town.pick(PATHS)
  const lease = await town.world.clock.until(leases.take(machine, path, 500 + town.world.below(10 * SECOND)))
  town.world.note(`${machine.name} ${lease === null ? 'does not get' : 'gets'} the lease of ${path}`)
  if (lease === null) return
  town.watch(codeOf(machine.owner.put(machine, path, { token: lease.token })).then(() => {}))
}

interface Row {
  weight: number
  happening: Happening
  /** How many times as often under a theme. */
  more?: Partial<Record<Theme, number>>
}

const table: readonly Row[] = [
  { weight: 24, happening: change(({ world }) => world.below(300)), more: { together: 2 } },
  { weight: 10, happening: change(({ world }) => world.below(6000)), more: { lies: 2.5, fire: 2 } },
  { weight: 4, happening: remove, more: { together: 1.5 } },
  { weight: 9, happening: cutPower },
  { weight: 4, happening: cutLine, more: { together: 2 } },
  { weight: 2, happening: part, more: { together: 4 } },
  { weight: 5, happening: join, more: { together: 2 } },
  { weight: 3, happening: reset },
  { weight: 4, happening: slowDown },
  { weight: 12, happening: wait(6 * SECOND) },
  { weight: 5, happening: wait(80 * SECOND), more: { lies: 3, fire: 2 } },
  { weight: 2, happening: setClock },
  { weight: 4, happening: lie, more: { lies: 4 } },
  { weight: 1, happening: loseHeld, more: { lies: 2 } },
  { weight: 2, happening: loseDrive, more: { lies: 6 } },
  { weight: 4, happening: collect },
  { weight: 5, happening: takeLease },
  { weight: 1, happening: burn, more: { fire: 14 } },
]
const weightOf = ({ weight, more }: Row, theme: Theme): number => weight * (more?.[theme] ?? 1)

export async function something(town: Town, leases: Leases): Promise<void> {
  let left = town.world.random() * table.reduce((sum, row) => sum + weightOf(row, town.theme), 0)
  for (const row of table) {
    left -= weightOf(row, town.theme)
    if (left < 0) return running(town).length === 0 ? wait(SECOND)(town, leases) : row.happening(town, leases)
  }
}
