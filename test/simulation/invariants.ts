import assert from 'node:assert/strict'
import { equalBytes, fromHex, toHex } from '@holt/core/bytes.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { HELD_FOLDER } from '@holt/network/fragments/held-records.ts'
import { decodeHeld } from '@holt/network/fragments/held-record.ts'
import { parseFragmentTail, rootOf } from '@holt/store/fragments/fragment-file.ts'
import { blake3 } from '@holt/core/blake3.ts'
import type { MemoryDisk } from '@holt/core/memory-disk.ts'
import { pathVersions } from '@holt/tree/path-versions.ts'
import type { TreeVolume } from '@holt/tree/tree-volume.ts'
import type { Machine } from './machine.ts'
import type { Owner } from './owner.ts'
import { isLacking, networkOf, type Town } from './town.ts'

/** A fragment of somebody's pack, whole on the disk of who keeps it. */
interface Whole {
  pack: string
  index: number
  dataFragments: number
  name: string
}

const diskOf = ({ life, data }: Machine): MemoryDisk => life?.data.live ?? data

/** What a machine really has of an owner's: all bytes as they were signed, and not released. */
export function wholeAt(machine: Machine, giver: Owner): Whole[] {
  const disk = diskOf(machine)
  const folder = `${HELD_FOLDER}/${toHex(giver.keys.principal.publicKey)}`
  const found: Whole[] = []
  for (const name of disk.names(folder)) {
    if (fromHex(name)?.length !== 32) continue
    const { tail, complete, release } = decodeHeld(disk.bytesOf(`${folder}/${name}`) as Uint8Array)
    const content = disk.bytesOf(`${folder}/${name}.fragment`)
    if (!complete || release !== null || content === null) continue
    const { spread, index } = parseFragmentTail(tail, content.length)
    if (!equalBytes(blake3(content.subarray(0, spread.shardBytes)), rootOf(spread, index))) continue
    found.push({ pack: spread.id, index, dataFragments: spread.dataFragments, name })
  }
  return found
}

/** Of each pack that the owner's drives keep there are enough fragments with honest friends. */
export function isKeptByFriends(owner: Owner): boolean {
  const holders = owner.friends.filter(({ isHonest }) => isHonest).flatMap(({ machines }) => machines)
  const whole = holders.flatMap((holder) => wholeAt(holder, owner))
  const packs = owner.machines.flatMap(({ life }) => life?.keeper.spreads() ?? [])
  return packs.every(
    ({ id, dataFragments }) => new Set(whole.filter(({ pack }) => pack === id).map(({ index }) => index)).size >= dataFragments,
  )
}

/** What is not yet as it will be when nothing happens any more; empty when all is well. What takes a look at bytes is looked at when the rest is well. */
export function unsettled(town: Town, { all = false } = {}): string[] {
  const lacking: string[] = []
  for (const owner of town.owners.filter(({ isHonest }) => isHonest)) {
    const heads = owner.machines.map(({ life }) => toHex(life?.volume.head ?? new Uint8Array(0)))
    if (new Set(heads).size > 1) lacking.push(`the machines of ${owner.name} have ${new Set(heads).size} heads`)
    for (const machine of owner.machines) lacking.push(...lackingAt(machine))
  }
  if (lacking.length > 0 && !all) return lacking
  for (const owner of town.owners.filter(({ isHonest }) => isHonest))
    for (const friend of owner.friends.filter(({ isHonest }) => isHonest))
      for (const holder of friend.machines) lacking.push(...differences(owner, holder))
  return lacking
}

function lackingAt(machine: Machine): string[] {
  const { life, owner, name } = machine
  if (life === null) return [`${name} is off`]
  const network = networkOf(machine)
  const lacking: string[] = []
  if (life.store.isSpreading) lacking.push(`${name} has packs that wait to be spread`)
  if (isLacking(life)) lacking.push(`the drives of ${name} have too little of a pack`)
  if (owner.machines.length > 1 && !life.peers.isMirrored) lacking.push(`${name} does not have all of the other`)
  for (const friend of owner.friends.filter(({ isHonest }) => isHonest))
    for (const other of friend.machines) {
      const problem = network.peers().find(({ peer }) => equalBytes(peer, other.node as Uint8Array))?.problem
      if (problem !== null) lacking.push(`${name} has not met ${other.name}: ${problem}`)
    }
  if (owner.friends.some(({ isHonest }) => !isHonest) || owner.friends.length === 0) return lacking
  for (const { id } of life.keeper.spreads())
    if (network.fragments?.isGiven(id) !== true) lacking.push(`friends have too little of ${name}'s ${id}`)
  for (const friend of owner.friends)
    for (const other of friend.machines) {
      const asOfMs = network.newest?.giver.asOfMs({ owner: friend.keys.principal.publicKey, node: other.node as Uint8Array })
      const ownMs = life.power.clock().nowMs()
      if (typeof asOfMs !== 'number' || ownMs - asOfMs > 4 * 60_000) lacking.push(`${other.name} has not the newest of ${name}`)
    }
  return lacking
}

/** Between what an owner's machines have written down as placed and what the holder has. */
function differences(owner: Owner, holder: Machine): string[] {
  const whole = new Set(wholeAt(holder, owner).map(({ name }) => name))
  const told = new Set<string>()
  for (const { network } of owner.machines)
    for (const { agreement, placed, release } of network?.fragments?.book.all() ?? [])
      if (placed && release === null && holder.node !== null && equalBytes(agreement.holder.node, holder.node))
        told.add(toHex(agreement.fragment))
  const lacking: string[] = []
  for (const name of told) if (!whole.has(name)) lacking.push(`${holder.name} lacks ${name.slice(0, 8)} of ${owner.name}`)
  for (const name of whole) if (!told.has(name)) lacking.push(`${holder.name} has ${name.slice(0, 8)} of ${owner.name}, who does not know`)
  return lacking
}

/** Nothing that was acknowledged is lost: it is in some version, or where older versions were given up it is what stands. Each machine has it by itself. */
export async function acknowledgedIsThere(owner: Owner): Promise<void> {
  for (const machine of owner.machines) await isThere(owner, machine)
}

async function isThere(owner: Owner, machine: Machine): Promise<void> {
  const volume = machine.life?.volume as TreeVolume
  for (const path of new Set(owner.acknowledged.map((one) => one.path))) {
    const acknowledged = owner.acknowledged.filter((one) => one.path === path)
    const texts = await (owner.hasPruned ? standing : owner.hasBurned ? readableTexts : textsOf)(volume, path)
    if (!owner.hasPruned)
      for (const { text, machine: by } of acknowledged)
        assert.ok(
          texts.includes(text),
          `${machine.name} has not ${short(text)} of ${path}, which ${by.name} acknowledged: ${texts.map(short).join()}`,
        )
    else if (!isSuperseded(owner, path))
      assert.deepEqual(texts.map(short), [short(acknowledged.at(-1)?.text ?? '')], `what stands at ${path}`)
  }
}

/** Something was tried there since, and may have come to be. */
function isSuperseded({ attempted, acknowledged }: Owner, path: string): boolean {
  const last = acknowledged.filter((one) => one.path === path).at(-1)?.text
  const at = attempted.findIndex(({ text }) => text === last)
  return attempted.slice(at + 1).some((one) => one.path === path || path.startsWith(`${one.path}/`))
}

async function standing(volume: TreeVolume, path: string): Promise<string[]> {
  const entry = await volume
    .current()
    .stat(path)
    .catch(() => null)
  return entry === null ? [] : [await (await volume.current().openFile(path)).text()]
}

async function textsOf(volume: TreeVolume, path: string): Promise<string[]> {
  const texts: string[] = []
  for (const { sequence, entry } of await pathVersions(volume, path))
    if (entry?.t === 'f') texts.push(await (await (await volume.at(sequence)).openFile(path)).text())
  return texts
}

/** As `textsOf`, of what can be read: of another machine's versions that went with the house some were with nobody else. */
async function readableTexts(volume: TreeVolume, path: string): Promise<string[]> {
  const texts: string[] = []
  for await (const version of volume.versions()) {
    const text = volume.at(version).then(async (snapshot) => (await snapshot.openFile(path)).text())
    texts.push(
      await text.catch((error: unknown) => {
        if (isHoltError(error)) return ''
        throw error
      }),
    )
  }
  return texts
}

const short = (text: string): string => text.slice(0, 16).trim()
