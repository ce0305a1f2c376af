import assert from 'node:assert/strict'
import test from 'node:test'
import { cidKey, type Cid } from '@holt/core/cid.ts'
import { CrashDisk } from '@holt/core/crash-disk.ts'
import type { MemoryDisk } from '@holt/core/memory-disk.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import { MemoryKeeper } from './memory-keeper.ts'
import type { PackStore } from './pack-store.ts'
import { bytesFrom, headOf, numbersFrom, openedStore } from './test-world.ts'
import type { LiveBlocks } from './types.ts'

/** What was done to a store, and when: enough to say what must be there after a power cut at any place. */
class Journal {
  readonly disk: CrashDisk
  readonly keeper: MemoryKeeper
  readonly bodies = new Map<string, Uint8Array>()
  /** Each commit with all blocks appended before it; `began` and `ended` are places in the disk's record. */
  readonly commits: { sequence: number; cids: Cid[]; began: number; ended: number }[] = []
  #cids: Cid[] = []

  constructor(base?: MemoryDisk, keeper?: MemoryKeeper) {
    this.disk = new CrashDisk(base)
    this.keeper = new MemoryKeeper({ position: () => this.disk.position, base: keeper })
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

  /** Goes on from a state that a cut may have left: what is there then is what must be there from then on. */
  async after(cut: number, random: () => number): Promise<Journal> {
    const next = new Journal(this.disk.randomState(cut, random), this.keeper.asOf(cut))
    const store = await openedStore(next.disk, next.keeper, { packBytes: 1500, indexTableEntries: 6 })
    const [newest] = store.heads()
    for (const commit of this.commits) {
      const isThere = newest !== undefined && equalBytes(headOf(1, commit.sequence), newest)
      next.commits.push({ ...commit, began: 0, ended: isThere ? 0 : Number.POSITIVE_INFINITY })
      if (isThere) next.#cids = [...commit.cids]
    }
    for (const [key, body] of this.bodies) next.bodies.set(key, body)
    await store.close()
    return next
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
    assert.equal(store.stats().lostPacks, 0)
    for (const cid of seen?.cids ?? []) assert.deepEqual(await store.get(cid), this.bodies.get(cidKey(cid)))
    await store.close()
  }
}

const options = { packBytes: 1500, indexTableEntries: 6 }

/** Looks at every cut of what the journal recorded from `from` on. @returns how many states that were. */
async function checkAllCuts(journal: Journal, { from = 0, exhaustiveBits = 4 } = {}): Promise<number> {
  let states = 0
  for (let cut = from; cut <= journal.disk.position; cut++) {
    for (const state of journal.disk.states(cut, { exhaustiveBits })) {
      states++
      await journal.check(state, cut, options)
    }
  }
  return states
}

test('after a power cut anywhere, every acknowledged commit is there with all its blocks, and no head without its blocks', async () => {
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
  const states = await checkAllCuts(journal)
  assert.ok(states > 1000, `${states} states`)
})

test('a power cut anywhere while garbage is collected takes no live block and no head', async () => {
  const journal = new Journal()
  const store = await openedStore(journal.disk, journal.keeper, options)
  for (let i = 0; i < 54; i++) await journal.put(store, i, 60 + 30 * (i % 7), i % 5 === 3 ? 'precious' : 'standard')
  await journal.commit(store)
  await store.settle()
  journal.forget(journal.cids.filter((_, i) => i % 7 > 2))
  await journal.commit(store)
  const from = journal.disk.position
  const report = await store.collect({ live: once(journal.cids) })
  assert.ok(report.packsRemoved >= 4 && report.movedBytes > options.packBytes, JSON.stringify(report))
  await journal.put(store, 100, 400)
  await journal.commit(store)
  await store.settle()
  await store.close()
  const states = await checkAllCuts(journal, { from, exhaustiveBits: 2 })
  assert.ok(states > 300, `${states} states`)
})

test('a power cut anywhere while blocks move to another class takes none', async () => {
  const journal = new Journal()
  const store = await openedStore(journal.disk, journal.keeper, options)
  for (let i = 0; i < 30; i++) await journal.put(store, i, 60 + 30 * (i % 7))
  await journal.commit(store)
  await store.settle()
  journal.forget(journal.cids.filter((_, i) => i % 9 === 4))
  await journal.commit(store)
  const from = journal.disk.position
  const report = await store.collect({ live: halved(journal.cids, 'precious') })
  assert.ok(report.movedBytes > options.packBytes, JSON.stringify(report))
  await journal.put(store, 100, 400)
  await journal.commit(store)
  await store.settle()
  await store.close()
  const states = await checkAllCuts(journal, { from, exhaustiveBits: 2 })
  assert.ok(states > 200, `${states} states`)
})

/** Every second one belongs in this class. */
async function* halved(cids: Cid[], redundancyClass: string): AsyncGenerator<LiveBlocks> {
  yield { cids: cids.filter((_, i) => i % 2 === 0), redundancyClass }
  yield { cids: cids.filter((_, i) => i % 2 === 1), redundancyClass: null }
}

async function* once(cids: Cid[], redundancyClass: string | null = null): AsyncGenerator<LiveBlocks> {
  yield { cids, redundancyClass }
}

/** A long life with everything in it, cut at random places; each state is gone on with, and cut again. */
async function live(seed: number): Promise<void> {
  const random = numbersFrom(seed)
  let journal = new Journal()
  for (let life = 0; life < 3; life++) {
    const store = await openedStore(journal.disk, journal.keeper, options)
    for (let step = 0; step < 30; step++) await takeStep(journal, store, random)
    const cut = Math.floor((0.3 + 0.7 * random()) * journal.disk.position)
    await journal.check(journal.disk.randomState(cut, random), cut, options)
    journal = await journal.after(cut, random)
  }
}

async function takeStep(journal: Journal, store: PackStore, random: () => number): Promise<void> {
  const kind = random()
  if (kind < 0.6)
    await journal.put(store, Math.floor(1e9 * random()), Math.floor(1200 * random()), random() < 0.3 ? 'precious' : 'standard')
  else if (kind < 0.8) await journal.commit(store)
  else if (kind < 0.9) await store.settle()
  else {
    journal.forget(journal.cids.filter(() => random() < 0.5))
    await journal.commit(store)
    await store.collect({ live: halved(journal.cids, random() < 0.5 ? 'precious' : 'standard') })
  }
}

test('many lives with cuts at random places, each going on from what the cut before left', async () => {
  for (let seed = 1; seed <= 40; seed++) await live(seed)
})
