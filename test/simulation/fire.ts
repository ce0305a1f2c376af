import assert from 'node:assert/strict'
import { codeOf, Machine } from './machine.ts'
import type { Owner } from './owner.ts'
import { isKeptByFriends, wholeAt } from './invariants.ts'
import { networkOf, type Town } from './town.ts'

const MINUTE = 60_000
/** What a friend lost is known to be lost when it was asked a few times. */
const NOTICED_MS = 5 * MINUTE

/** All machines of an owner are gone at once; a new one, with the words and the place of a friend, brings back what friends were said to have. */
export async function burn(town: Town): Promise<void> {
  const { world } = town
  const owner = town.pick(town.owners)
  if (owner.hasBurned || !owner.isHonest || owner.machines.some(({ isOn }) => !isOn)) return
  const friends = owner.friends.flatMap((friend) => (friend.isHonest ? friend.machines : []))
  if (friends.length === 0 || town.isBare) return
  owner.hasBurned = true
  // often when friends have been given something
  if (world.below(4) > 0) await world.clock.pass(70_000 + world.below(80_000))
  if (owner.machines.some(({ isOn }) => !isOn)) return
  // one friend is enough; what others alone were given may then be missing
  const asked = world.below(2) === 0 ? friends : [town.pick(friends)]
  const promised = promises(town, owner, asked)
  const isPromiseKept = promised.length > 0 && isKeptByFriends(owner)
  const having = asked.filter((friend) => wholeAt(friend, owner).length > 0).map((friend) => friend.owner.keys.principal)
  // with what it kept for others
  town.heldLostMs = world.clock.nowMs()
  for (const machine of owner.machines) machine.cut()
  world.note(`the house of ${owner.name} burns; ${promised.length} changes were said to be with friends`)
  const again = new Machine(owner, `${owner.name}-again`, 1 + world.below(2))
  owner.machines = [again]
  await world.clock.pass(world.below(2 * MINUTE))
  for (const friend of friends) if (!friend.isOn) await world.clock.until(friend.start())
  for (const one of friends)
    for (const other of friends) {
      world.network.join(one.node as Uint8Array, other.node as Uint8Array)
      world.network.slow(one.node as Uint8Array, other.node as Uint8Array, 1)
    }
  const outcome = await bringBack(town, again, { asked, mostTries: isPromiseKept ? 4 : 1 })
  world.note(`${again.name}: ${outcome ?? 'is there'}`)
  if (outcome !== null && !isPromiseKept) return leave(town, owner)
  assert.equal(outcome, null, `${owner.name} was promised ${promised.length} changes and gets nothing back`)
  for (const friend of having)
    assert.ok(networkOf(again).fragments?.terms.of(friend.publicKey).give, `${owner.name} does not go on giving to who has something of it`)
  // of whom nobody was told, the owner says it again
  for (const friend of owner.friends) await town.give(again, friend)
  owner.acknowledged = owner.acknowledged.filter((one) => isPromiseKept && promised.includes(one))
}

/** Nothing was promised, and nothing is left of it: others go on without. */
function leave(town: Town, owner: Owner): void {
  for (const machine of owner.machines) machine.cut()
  town.owners.splice(town.owners.indexOf(owner), 1)
  for (const friend of owner.friends) friend.friends = friend.friends.filter((one) => one !== owner)
}

/** @returns null when it has its tree again, else why not. */
async function bringBack(
  town: Town,
  again: Machine,
  { asked, mostTries }: { asked: readonly Machine[]; mostTries: number },
): Promise<string | null> {
  const { world } = town
  let outcome: string | null = null
  for (let tries = 0; tries < mostTries; tries++) {
    const cut = world.below(5) === 0 ? world.clock.after(world.below(4000), () => again.cut()) : () => {}
    outcome = await world.clock.until(codeOf(again.recover(asked.map((friend) => town.fullAddressOf(friend)))))
    cut()
    if (outcome === null && again.isOn) return null
    if (again.isOn) again.cut()
    world.note(`${again.name} tries once more: ${outcome}`)
    await world.clock.pass(2 * MINUTE)
  }
  return outcome ?? 'it goes off again and again'
}

/** What was acknowledged on some machine before the time until which one of those who are asked was said to have everything of it. */
function promises({ world, heldLostMs }: Town, owner: Owner, asked: readonly Machine[]): Owner['acknowledged'] {
  if (heldLostMs !== null && world.clock.nowMs() - heldLostMs < NOTICED_MS) return []
  return owner.acknowledged.filter(({ machine, life, ownMs }) => {
    const { giver } = networkOf(machine).newest ?? {}
    const times = asked.map(
      (friend) => giver?.asOfMs({ owner: friend.owner.keys.principal.publicKey, node: friend.node as Uint8Array }) ?? null,
    )
    return times.some((asOfMs) => asOfMs !== null && (life < machine.lives || (ownMs < asOfMs && machine.clockSetInLife !== life)))
  })
}
