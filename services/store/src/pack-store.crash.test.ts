import assert from 'node:assert/strict'
import test from 'node:test'
import { cidKey, type Cid } from '@holt/core/cid.ts'
import { CrashDisk } from '@holt/core/crash-disk.ts'
import type { MemoryDisk } from '@holt/core/memory-disk.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import { MemoryKeeper } from './memory-keeper.ts'
import type { PackStore } from './pack-store.ts'
import { bytesFrom, headOf, openedStore } from './test-world.ts'

/** What was done to a store, and when: enough to say what must be there after a power cut at any place. */
class Journal {
  readonly disk: CrashDisk
  readonly keeper: MemoryKeeper
  readonly bodies = new Map<string, Uint8Array>()
  /** Each commit with all blocks appended before it; `began` and `ended` are places in the disk's record. */
  readonly commits: { sequence: number; cids: Cid[]; began: number; ended: number }[] = []
  #cids: Cid[] = []

  constructor(base?: MemoryDisk) {
    this.disk = new CrashDisk(base)
    this.keeper = new MemoryKeeper({ position: () => this.disk.position })
  }

  async put(store: PackStore, seed: number, lengthBytes: number, redundancyClass?: string): Promise<void> {
    const body = bytesFrom(seed, lengthBytes)
    const cid = await store.put(body, { redundancyClass })
    this.bodies.set(cidKey(cid), body)
    this.#cids.push(cid)
  }

  async commit(store: PackStore): Promise<void> {
    const commit = { sequence: this.commits.length + 1, cids: [...this.#cids], began: this.disk.position, ended: Number.POSITIVE_INFINITY }
    this.commits.push(commit)
    await store.commit([headOf(1, commit.sequence)])
    commit.ended = this.disk.position
  }

  /** Blocks that garbage collection may take from here on. */
  forget(cids: readonly Cid[]): void {
    const gone = new Set(cids.map(cidKey))
    this.#cids = this.#cids.filter((cid) => !gone.has(cidKey(cid)))
  }

  get cids(): Cid[] {
    return [...this.#cids]
  }

  /** The newest head is one that was committed or being committed, none older than the last acknowledged; and all it needs is there. */
  async check(state: MemoryDisk, cut: number, options: { packBytes: number; indexTableEntries: number }): Promise<void> {
    const store = await openedStore(state, this.keeper.asOf(cut), options)
    const [newest] = store.heads()
    const acknowledged = this.commits.filter(({ ended }) => ended <= cut).at(-1)
    const seen = this.commits.find(({ sequence }) => newest && equalBytes(headOf(1, sequence), newest))
    assert.ok(!newest || seen, 'a head that nobody committed')
    assert.ok(
      (seen?.sequence ?? 0) >= (acknowledged?.sequence ?? 0),
      `commit ${acknowledged?.sequence} was acknowledged, ${seen?.sequence} is there`,
    )
    assert.ok(!seen || seen.began <= cut, 'a head from the future')
    for (const cid of seen?.cids ?? []) assert.deepEqual(await store.get(cid), this.bodies.get(cidKey(cid)))
    await store.close()
  }
}

test('after a power cut anywhere, every acknowledged commit is there with all its blocks, and no head without its blocks', async () => {
  const options = { packBytes: 1500, indexTableEntries: 6 }
  const journal = new Journal()
  const store = await openedStore(journal.disk, journal.keeper, options)
  for (let round = 0; round < 4; round++) {
    await journal.put(store, 10 * round, 700)
    await journal.put(store, 10 * round + 1, 300, 'precious')
    await Promise.all([journal.commit(store), journal.put(store, 10 * round + 2, 500)])
  }
  await journal.commit(store)
  await store.settle()
  await store.close()
  let states = 0
  for (let cut = 0; cut <= journal.disk.position; cut++) {
    for (const state of journal.disk.states(cut, { exhaustiveBits: 5 })) {
      states++
      await journal.check(state, cut, options)
    }
  }
  assert.ok(states > 1000, `${states} states`)
})
