import assert from 'node:assert/strict'
import { before, mock, test } from 'node:test'
import { toHex } from '@holt/core/bytes.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { pathVersions } from '@holt/tree/path-versions.ts'
import type { TreeVolume } from '@holt/tree/tree-volume.ts'
import { Family, Member } from '../testing/simulated-family.ts'
import { eachSeed } from '../testing/simulated-world.ts'

const FILE = 'services/network/src/cluster/cluster.simulation.test.ts'
/** Trees are sealed and merged in them: a two-hundredth of what cheaper simulations run. */
const SEEDS = Math.max(1, Math.ceil(Number(process.env['HOLT_SEEDS'] ?? 2000) / 200))

/** A family in which things happen. */
class Story extends Family {
  /** What was acknowledged, path and text, and by whom. */
  readonly acknowledged: { path: string; text: string; by: string }[] = []

  /** One thing that may happen. */
  async happens(number: number): Promise<void> {
    const { world } = this
    const member = this.any()
    const what = world.below(10)
    const path = ['/a', '/b', '/dir/c', '/dir/deep/d'][world.below(4)] as string
    if (what < 5) {
      const text = `${member.name} ${number}`
      const put = member.put(path, text).then(
        () => void this.acknowledged.push({ path, text, by: member.name }),
        (error: unknown) => {
          if (!isHoltError(error)) throw error
        },
      )
      if (world.below(4) > 0) await world.clock.until(put)
      else put.catch(() => {})
      world.note(`${member.name} puts ${path}`)
    } else if (what === 5) {
      const gone = ['/a', '/dir'][world.below(2)] as string
      await world.clock.until(member.remove(gone))
      world.note(`${member.name} removes ${gone}`)
    } else if (what === 6) {
      const other = this.any()
      if (world.below(2) === 0) world.network.cut(member.node.publicKey, other.node.publicKey)
      else world.network.join(member.node.publicKey, other.node.publicKey)
    } else if (what === 7) {
      // wherever it is in what it does
      const before = world.below(400)
      await world.clock.pass(before)
      member.crash()
      await world.clock.pass(world.below(60_000))
      await world.clock.until(member.start())
      world.note(`${member.name} crashed`)
    } else await world.clock.pass(world.below(what === 8 ? 200 : 90_000))
  }
}

async function textsOf(volume: TreeVolume, path: string): Promise<string[]> {
  const texts: string[] = []
  for (const { sequence, entry } of await pathVersions(volume, path))
    if (entry?.t === 'f') texts.push(await (await (await volume.at(sequence)).openFile(path)).text())
  return texts
}

// work gives way after some milliseconds of the thread's clock: on a busy machine that would make another story of a seed
before(() => void mock.method(performance, 'now', () => 0))

async function liveApart(seed: number): Promise<string[]> {
  const family = new Story(seed)
  const { world, members } = family
  for (const name of ['one', 'two', 'three'].slice(0, 2 + world.below(2))) members.push(new Member(family, name))
  for (const member of members) await world.clock.until(member.start())
  const voters = [[], members.slice(0, 1), members][world.below(3)] as Member[]
  if (voters.length > 0)
    await world.clock.until((members[0] as Member).cluster.leadership.setVoters(voters.map(({ node }) => node.publicKey)))
  for (let number = 0; number < 12 + world.below(20); number++) await family.happens(number)
  for (const a of members) for (const b of members) if (a !== b) world.network.join(a.node.publicKey, b.node.publicKey)
  await world.clock.pass(10 * 60_000)
  const leaders = members.map(({ cluster }) => toHex(cluster.leadership.leader ?? new Uint8Array(0)))
  assert.deepEqual([new Set(leaders).size, leaders[0] === ''], [1, voters.length === 0], 'all know one leader, if there are voters')
  const heads = members.map(({ volume }) => toHex(volume.head as Uint8Array))
  assert.equal(new Set(heads).size, 1, `all have one head: ${members.flatMap(({ warnings }) => warnings).join('; ')}`)
  for (const { volume, name } of members)
    for (const path of new Set(family.acknowledged.map((one) => one.path))) {
      const texts = await world.clock.until(textsOf(volume, path))
      for (const one of family.acknowledged)
        if (one.path === path)
          assert.ok(texts.includes(one.text), `${name} has ${one.text} of ${path}, which ${one.by} acknowledged: ${texts.join()}`)
    }
  for (const { cluster } of members) await world.clock.until(cluster.stop())
  return world.history
}

test('no acknowledged commit is lost, and all nodes end with one head', async () => {
  await eachSeed(FILE, SEEDS, async (seed) => void (await liveApart(seed)))
})

test('the same seed is the same story', async () => {
  assert.deepEqual(await liveApart(3), await liveApart(3))
})
