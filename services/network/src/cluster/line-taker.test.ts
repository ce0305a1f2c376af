import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { systemClock } from '@holt/store/fragments/clock.ts'
import { TreeWorld } from '@holt/tree/tree-world.ts'
import type { TreeVolume } from '@holt/tree/tree-volume.ts'
import type { ClusterVolume } from './cluster.ts'
import type { Leadership } from './leadership.ts'
import type { SignedLine } from './line.ts'
import { LineBook } from './line-book.ts'
import { LineTaker } from './line-taker.ts'

/** Two nodes of one owner over one store; what each says comes to the other when the test has it come. */
class Pair {
  readonly world = new TreeWorld()
  readonly conflicts: string[] = []

  async node(number: number, volume: TreeVolume) {
    const { crypto, seed, options } = this.world
    const owner = { seed, publicKey: crypto.ed25519PublicKey(seed) }
    const joined: (() => void)[] = []
    const taker = new LineTaker({
      crypto,
      clock: systemClock,
      keys: { owner, node: { seed, publicKey: new Uint8Array(32).fill(number) } },
      volume: Object.assign(volume, { id: options.id }) as unknown as ClusterVolume,
      book: await LineBook.open(new MemoryDisk(), assert.fail),
      leadership: { isLeading: false } as Leadership,
      others: () => [],
      onChunks: () => {},
      onJoined: async (_, { conflicts }) => {
        this.conflicts.push(...conflicts.map(({ path }) => path))
        for (const go of joined.splice(0)) go()
      },
      onOrder: () => {},
      warn: assert.fail,
    })
    const take = (line: SignedLine) =>
      new Promise<void>((resolve) => {
        joined.push(resolve)
        taker.take(new Uint8Array(32), line)
      })
    const textAt = async (path: string) => (await volume.current().openFile(path)).text()
    const put = (path: string, text: string) => this.world.put(volume, path, text, undefined)
    return { volume, taker, take, put, textAt, own: () => taker.own() }
  }
}

test('what was merged once is what both have in common: a file that its node goes on to fill is no conflict', async () => {
  const pair = new Pair()
  const { world } = pair
  const first = await world.create()
  await world.put(first, '/before', 'x')
  const one = await pair.node(1, first)
  const other = await pair.node(2, await world.reopen({ head: first.head as Uint8Array }))
  await other.put('/beside', 'first')
  await one.take(await other.own())
  await other.take(await one.own())
  pair.conflicts.length = 0

  await one.put('/new', '')
  await other.put('/beside', 'of the other')
  await other.take(await one.own())
  await one.put('/new', 'filled')
  // the other's goes on, too: its entry would be the one that was committed last
  world.nowMs += 5000
  await other.put('/beside', 'once more')
  await other.take(await one.own())
  assert.equal(await other.textAt('/new'), 'filled')
  await one.take(await other.own())
  assert.equal(await one.textAt('/new'), 'filled')
  assert.equal(await one.textAt('/beside'), 'once more')
  assert.deepEqual(pair.conflicts, [])
  for (const { taker } of [one, other]) await taker.stop()
})
