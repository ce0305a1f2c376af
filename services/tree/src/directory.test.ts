import assert from 'node:assert/strict'
import test from 'node:test'
import { decodePrefix } from '@holt/core/codec.ts'
import fc from 'fast-check'
import { findEntry, listEntries } from './directory.ts'
import { contentOf, type Directory, loadNode, type NodeRef, withContent } from './directory-node.ts'
import { type NamedChange, updateDirectory } from './directory-update.ts'
import { arbitraryName } from './entry-world.ts'
import { compareNames } from './names.ts'
import { NodeCache } from './node-cache.ts'
import { NodeReader } from './node-reader.ts'
import { encodeDirectoryInner, MAX_NODE_BYTES, MAX_NODE_ITEMS, type NamedEntry } from './nodes.ts'
import { MemoryBlockStore } from './memory-block-store.ts'
import { openBlock, sealBlock, sealingKey } from './sealed-block.ts'
import { symlink, syncCrypto as crypto } from './tree-world.ts'
import { TreeSealer } from './tree-sealer.ts'
import type { DirectoryEntry, SymlinkEntry } from './types.ts'

/** One directory in a store, without a volume around it. */
class DirectoryWorld {
  readonly store = new MemoryBlockStore()
  entry: DirectoryEntry = { t: 'd', m: 0o755, mt: [0, 0], k: [crypto.randomBytes(32)], r: null }
  reader = new NodeReader({ store: this.store, crypto })

  get directory(): Directory {
    return { reader: this.reader, keys: this.entry.k, root: contentOf(this.entry) }
  }

  async change(changes: Iterable<readonly [string, SymlinkEntry | null]>): Promise<void> {
    const named: NamedChange[] = [...changes].map(([name, entry]) => ({ name, entry }))
    named.sort((a, b) => compareNames(a.name, b.name))
    this.entry = withContent(this.entry, await updateDirectory(this.directory, named, { key: sealingKey(this.entry.k) }))
  }

  /** @param forget also empties the cache. */
  async seal({ forget = true } = {}): Promise<void> {
    const sealer = new TreeSealer(this.reader)
    const sealed = await sealer.sealDirectory(this.entry)
    await sealer.flush()
    this.entry = sealed
    if (forget) this.reader = new NodeReader({ store: this.store, crypto, cache: new NodeCache(0) })
  }

  async list(after?: string): Promise<NamedEntry[]> {
    const entries: NamedEntry[] = []
    for await (const leaf of listEntries(this.directory, after)) entries.push(...leaf)
    return entries
  }

  /** Items and content bytes of every sealed node. */
  async shapes(): Promise<{ kind: string; items: number; bytes: number; height: number }[]> {
    const shapes: { kind: string; items: number; bytes: number; height: number }[] = []
    const visit = async (ref: NodeRef): Promise<number> => {
      const node = await loadNode(this.directory, ref)
      const content = await openBlock(crypto, this.entry.k, await this.store.get(ref.cid as Uint8Array))
      const heights = node.kind === 'leaf' ? [-1] : []
      if (node.kind === 'inner') for (const child of node.children) heights.push(await visit(child.ref))
      assert.equal(new Set(heights).size, 1, 'all leaves are equally deep')
      const height = (heights[0] as number) + 1
      const items = node.kind === 'leaf' ? node.entries.length : node.children.length
      shapes.push({ kind: node.kind, items, bytes: decodePrefix(content).length, height })
      return height
    }
    const root = contentOf(this.entry)
    if (root !== null) await visit(root)
    return shapes
  }
}

const arbitraryTarget = fc.oneof(
  { weight: 9, arbitrary: fc.constant('x') },
  { weight: 1, arbitrary: fc.nat(4000).map((n) => 'y'.repeat(n + 1)) },
)
const arbitrarySteps = fc.array(
  fc.record({
    changes: fc.array(
      fc.tuple(
        fc.oneof(
          arbitraryName,
          fc.nat(400).map((n) => `n${n}`),
        ),
        fc.option(arbitraryTarget),
      ),
      { maxLength: 300 },
    ),
    seals: fc.boolean(),
  }),
  { maxLength: 6 },
)

test('holds what a plain map holds, whatever comes and goes', async () => {
  await fc.assert(
    fc.asyncProperty(arbitrarySteps, async (steps) => {
      const world = new DirectoryWorld()
      const model = new Map<string, SymlinkEntry>()
      for (const { changes, seals } of steps) {
        const step = new Map(changes.map(([name, to]) => [name, to === null ? null : symlink(to)] as const))
        for (const [name, entry] of step)
          if (entry === null) model.delete(name)
          else model.set(name, entry)
        await world.change(step)
        if (seals) await world.seal()
        const expected = [...model].map(([name, entry]) => ({ name, entry })).sort((a, b) => compareNames(a.name, b.name))
        assert.deepEqual(await world.list(), expected)
        const [middle] = expected.slice(expected.length / 2)
        if (middle !== undefined) {
          assert.deepEqual(
            await world.list(middle.name),
            expected.filter(({ name }) => compareNames(name, middle.name) > 0),
          )
          assert.deepEqual(await findEntry(world.directory, middle.name), middle.entry)
        }
        assert.equal(await findEntry(world.directory, 'not there at all'), null)
      }
      await world.seal()
      checkShapes(await world.shapes())
    }),
    { numRuns: 60 },
  )
})

function checkShapes(shapes: Awaited<ReturnType<DirectoryWorld['shapes']>>): void {
  for (const { items, bytes } of shapes) {
    assert.ok(items >= 1 && items <= MAX_NODE_ITEMS, `${items} items`)
    assert.ok(bytes <= MAX_NODE_BYTES || items === 1, `${bytes} bytes in ${items} items`)
  }
}

const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => [`file ${String(from + i).padStart(7, '0')}`, symlink('x')] as const)

test('a hundred thousand names put at once fill their nodes well', async () => {
  const world = new DirectoryWorld()
  await world.change(numbered(100_000))
  await world.seal()
  const shapes = await world.shapes()
  checkShapes(shapes)
  const leaves = shapes.filter(({ kind }) => kind === 'leaf')
  assert.ok(leaves.length <= 800, `${leaves.length} leaves`)
  assert.equal(Math.max(...shapes.map(({ height }) => height)), 2)
  assert.equal((await world.list()).length, 100_000)
})

test('removing nearly everything leaves few nodes', async () => {
  const world = new DirectoryWorld()
  await world.change(numbered(20_000))
  await world.seal()
  for (let from = 0; from < 20_000; from += 50) await world.change(numbered(49, from).map(([name]) => [name, null] as const))
  await world.seal()
  const shapes = await world.shapes()
  checkShapes(shapes)
  assert.equal((await world.list()).length, 400)
  assert.ok(shapes.length < 25, `${shapes.length} nodes for 400 names`)
  await world.change((await world.list()).map(({ name }) => [name, null] as const))
  assert.equal(contentOf(world.entry), null)
})

test('a change of one name writes only the nodes above it', async () => {
  const world = new DirectoryWorld()
  await world.change(numbered(50_000))
  await world.seal({ forget: false })
  const before = world.store.blockCount
  await world.change([['file 0025000', symlink('y')]])
  await world.seal({ forget: false })
  assert.equal(world.store.blockCount - before, 3)
})

test('sealing again writes nothing, and gives the memory of the nodes back', async () => {
  const world = new DirectoryWorld()
  await world.change(numbered(1000))
  const dirty = contentOf(world.entry) as NodeRef
  await world.seal()
  const before = world.store.blockCount
  assert.equal(dirty.node, null)
  await world.seal()
  assert.equal(world.store.blockCount, before)
})

test('after a failed append the nodes are still in memory, and can be sealed later', async () => {
  const world = new DirectoryWorld()
  await world.change(numbered(1000))
  world.store.failAt(1)
  await assert.rejects(world.seal(), { code: 'DISK_FULL' })
  assert.equal((await world.list()).length, 1000)
  world.store.heal()
  await world.seal()
  assert.equal((await world.list()).length, 1000)
})

test('an unchanged directory keeps its root', async () => {
  const world = new DirectoryWorld()
  await world.change(numbered(500))
  const { directory } = world
  const same = await updateDirectory(directory, [{ name: 'not there', entry: null }], { key: sealingKey(world.entry.k) })
  assert.equal(same, directory.root)
})

test('refuses nodes whose names lie elsewhere than their parent says, and towers of nodes', async () => {
  const world = new DirectoryWorld()
  await world.change([['m', symlink('x')]])
  await world.seal()
  const key = sealingKey(world.entry.k)
  const leaf = world.entry.r as Uint8Array
  const inner = async (children: { first: string; cid: Uint8Array }[]) =>
    world.store.put(await sealBlock(crypto, key, encodeDirectoryInner(children)))
  const useRoot = (r: Uint8Array) => {
    world.entry = { ...world.entry, r }
  }
  useRoot(await inner([{ first: 'a', cid: leaf }]))
  await assert.rejects(world.list(), { code: 'MALFORMED' })
  useRoot(
    await inner([
      { first: 'm', cid: leaf },
      { first: 'n', cid: leaf },
    ]),
  )
  await assert.rejects(world.list(), { code: 'MALFORMED' })
  let tower = leaf
  for (let height = 0; height < 40; height++) tower = await inner([{ first: 'm', cid: tower }])
  useRoot(tower)
  await assert.rejects(world.list(), { code: 'MALFORMED' })
  await assert.rejects(findEntry(world.directory, 'm'), { code: 'MALFORMED' })
  await assert.rejects(world.change([['m', null]]), { code: 'MALFORMED' })
})

test('who does not hold the key finds nothing in the cache either', async () => {
  const world = new DirectoryWorld()
  await world.change(numbered(10))
  await world.seal({ forget: false })
  assert.equal((await world.list()).length, 10)
  const stranger = { ...world.directory, keys: [crypto.randomBytes(32)] }
  await assert.rejects(findEntry(stranger, 'file 0000001'), { code: 'DECRYPTION_FAILED' })
})
