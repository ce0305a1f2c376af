import assert from 'node:assert/strict'
import { test } from 'node:test'
import { equalBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { systemClock } from '@holt/store/fragments/clock.ts'
import { parseHead } from '@holt/tree/caps/head.ts'
import { TreeWorld } from '@holt/tree/tree-world.ts'
import type { TreeVolume } from '@holt/tree/tree-volume.ts'
import { joinRecovered } from './join-recovered.ts'
import { encodeLine, signLine } from './line.ts'
import { LineBook } from './line-book.ts'

const node = (number: number) => new Uint8Array(32).fill(number)

/** Two nodes of one owner that were one, and went on apart; the newest head is the first one's. */
async function apart() {
  const world = new TreeWorld()
  const owner = { seed: world.seed, publicKey: world.crypto.ed25519PublicKey(world.seed) }
  const one = await world.create()
  await world.put(one, '/both', 'base')
  await world.put(one, '/gone', 'gone')
  const other = await world.reopen({ head: one.head as Uint8Array })
  for (const path of ['/1', '/2', '/3']) await world.put(one, path, 'of one')
  await one.edit((edit) => edit.remove('/gone'))
  await world.put(other, '/of-other', 'of the other')
  const lineOf = ({ head }: TreeVolume, clock: [Uint8Array, number][]) =>
    encodeLine(signLine(world.crypto, owner, { head: head as Uint8Array, clock, ordered: { term: 0, index: 0 } }))
  const lines = [
    lineOf(one, [
      [node(1), 9],
      [node(2), 2],
    ]),
    lineOf(other, [
      [node(1), 4],
      [node(2), 5],
    ]),
  ]
  const disk = new MemoryDisk()
  const warnings: string[] = []
  const recover = (volume: TreeVolume, said: readonly Uint8Array[]) =>
    joinRecovered({
      volume: Object.assign(volume, { id: world.options.id }),
      lines: said,
      crypto: world.crypto,
      clock: systemClock,
      disk,
      keys: { owner, node: node(3) },
      warn: (text) => warnings.push(text),
    })
  const again = await world.reopen({ head: one.head as Uint8Array })
  return { world, owner, one, other, again, lines, lineOf, recover, disk, warnings }
}

async function namesOf(volume: TreeVolume): Promise<string[]> {
  return (await volume.current().list('/')).entries.map(({ name }) => name)
}

test('what one of two lost nodes had alone is in the tree again, and the new node knows whose commits it has', async () => {
  const { again, lines, recover, disk, warnings } = await apart()
  assert.deepEqual(await recover(again, lines), { isAll: true, conflicts: [] })
  assert.deepEqual(await namesOf(again), ['1', '2', '3', 'both', 'of-other'])
  const { current } = await LineBook.open(disk, assert.fail)
  assert.deepEqual(current?.head, again.head)
  assert.deepEqual(current?.clock, [
    [node(1), 9],
    [node(2), 5],
  ])
  // once more nothing is new
  const before = again.head
  await recover(again, lines)
  assert.deepEqual(again.head, before)
  assert.deepEqual(warnings, [])
})

test('a head that came after what was said of it counts as more than that', async () => {
  const { world, one, lines, recover } = await apart()
  await world.put(one, '/4', 'of one, of which no line is')
  const again = await world.reopen({ head: one.head as Uint8Array })
  await recover(again, lines)
  assert.deepEqual(await namesOf(again), ['1', '2', '3', '4', 'both', 'of-other'])
})

test('what was there before, lines of others and lines that lie change nothing', async () => {
  const { world, again, lines, lineOf, recover, warnings } = await apart()
  const stranger = new TreeWorld()
  const strange = await stranger.create()
  const before = again.head
  const ofStranger = encodeLine(
    signLine(
      world.crypto,
      { seed: stranger.seed, publicKey: world.crypto.ed25519PublicKey(stranger.seed) },
      { head: strange.head as Uint8Array, clock: [[node(7), 7]], ordered: { term: 0, index: 0 } },
    ),
  )
  const forged = (lines[1] as Uint8Array).slice()
  forged[forged.length - 1] = (forged.at(-1) as number) ^ 1
  const known = lineOf(await world.reopen({ head: again.head as Uint8Array }), [[node(1), 3]])
  assert.deepEqual(await recover(again, [lines[0] as Uint8Array, known, ofStranger, forged, Uint8Array.of(1, 2, 3)]), {
    isAll: true,
    conflicts: [],
  })
  assert.deepEqual(again.head, before)
  assert.equal(warnings.length, 3)
})

test('what cannot be read now is said', async () => {
  const { world, other, again, lines, recover, warnings } = await apart()
  const { root } = parseHead(other.head as Uint8Array)
  const get = world.store.get.bind(world.store)
  world.store.get = async (cid, ...options) => {
    if (equalBytes(cid, root)) throw new HoltError('BLOCK_NOT_FOUND', 'no friend gave it')
    return get(cid, ...options)
  }
  assert.equal((await recover(again, lines)).isAll, false)
  assert.equal(warnings.length, 1)
  assert.deepEqual(await namesOf(again), ['1', '2', '3', 'both'])
})
