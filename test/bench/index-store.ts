import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { blake3 } from '@holt/core/blake3.ts'
import { NodejsDisk } from '@holt/platform-nodejs/nodejs-disk.ts'
import { BlockIndex, INDEX_FOLDER } from '@holt/store/index/block-index.ts'
import type { RunDescriptor } from '@holt/store/index/run-format.ts'
import { bytesIn } from './measure.ts'
import type { BenchTable } from './report.ts'

/** Which store finds a block's place: ours, or an embedded one where it is installed. All hold the same entries. */
const entries = Math.round(1_000_000 * Number(process.env['HOLT_BENCH_SCALE'] ?? 1))
const lookups = 20_000
const BATCH_ENTRIES = 1000
const PLACE_BYTES = 12

interface Candidate {
  add(digests: readonly Uint8Array[], firstNumber: number): Promise<void>
  /** @returns the body offset that was stored. */
  find(digest: Uint8Array): Promise<number | undefined>
  close(): Promise<void>
}

type OpenCandidate = (folder: string) => Promise<Candidate>

export async function bench(): Promise<BenchTable[]> {
  const table: BenchTable = {
    title: `the places of ${entries} blocks`,
    columns: ['', 'added per s', 'open ms', 'found one by one per s', 'found 16 at once per s', 'MiB on disk', 'MiB of heap and buffers'],
    rows: [],
  }
  for (const [name, load] of Object.entries(candidates)) {
    const open = await load()
    table.rows.push(open ? await measured(name, open) : [name, 'not installed', '', '', '', '', ''])
  }
  return [table]
}

const candidates: Record<string, () => Promise<OpenCandidate | null>> = {
  'own runs': async () => openOwn,
  'classic-level': async () => openLevel((await installed('classic-level')) as LevelModule | null),
  lmdb: async () => openLmdb((await installed('lmdb')) as LmdbModule | null),
}

async function installed(name: string): Promise<unknown> {
  try {
    return await import(name)
  } catch {
    return null
  }
}

async function measured(name: string, open: OpenCandidate): Promise<string[]> {
  const folder = await mkdtemp(join(process.env['HOLT_BENCH_DIR'] ?? tmpdir(), 'holt-index-'))
  try {
    const heldBefore = heldBytes()
    let store = await open(folder)
    const added = await perSecond(entries, () => addAll(store))
    await store.close()
    const beganMs = performance.now()
    store = await open(folder)
    const openMs = performance.now() - beganMs
    const heldMiB = (heldBytes() - heldBefore) / 2 ** 20
    const oneByOne = await perSecond(lookups, () => findSome(store, 1))
    const atOnce = await perSecond(lookups, () => findSome(store, 16))
    await store.close()
    const sizeMiB = (await bytesIn(folder)) / 2 ** 20
    return [name, added.toFixed(0), openMs.toFixed(1), oneByOne.toFixed(0), atOnce.toFixed(0), sizeMiB.toFixed(1), heldMiB.toFixed(1)]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What the process holds after everything dead was collected; what a native store maps into memory does not count. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let round = 0; round < 3; round++) collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const beganMs = performance.now()
  await work()
  return (1000 * count) / (performance.now() - beganMs)
}

function digestOf(number: number): Uint8Array {
  return blake3(new Uint8Array(new Uint32Array([number, 7]).buffer))
}

async function addAll(store: Candidate): Promise<void> {
  for (let first = 0; first < entries; first += BATCH_ENTRIES) {
    const count = Math.min(BATCH_ENTRIES, entries - first)
    await store.add(
      Array.from({ length: count }, (_, i) => digestOf(first + i)),
      first,
    )
  }
}

async function findSome(store: Candidate, atOnce: number): Promise<void> {
  const find = async (lane: number): Promise<void> => {
    for (let i = lane; i < lookups; i += atOnce) {
      const number = (i * 7919) % entries
      const offset = await store.find(digestOf(number))
      if (offset !== number) throw new Error(`block ${number} was found at ${offset}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, (_, lane) => find(lane)))
}

async function openOwn(folder: string): Promise<Candidate> {
  const disk = new NodejsDisk(folder)
  await disk.makeFolder(INDEX_FOLDER)
  let runs: RunDescriptor[] = savedRuns.get(folder) ?? []
  const save = async (next: readonly RunDescriptor[]): Promise<void> => {
    runs = [...next]
    savedRuns.set(folder, runs)
  }
  const index = new BlockIndex({ disk, isPackThere: () => true, save, reindex: async () => {} })
  await index.open(runs)
  return {
    async add(digests, first) {
      for (const [i, digest] of digests.entries()) index.add(digest, { pack: (first + i) >>> 6, offset: first + i, length: 1 << 20 })
      await index.keepUp()
    },
    find: async (digest) => (await index.find(digest))[0]?.offset,
    async close() {
      await index.flush()
      await index.close()
    },
  }
}

/** The store keeps the list of runs in its manifest. */
const savedRuns = new Map<string, RunDescriptor[]>()

function placeBytes(number: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(PLACE_BYTES))
  view.setUint32(0, number >>> 6)
  view.setUint32(4, number)
  view.setUint32(8, 1 << 20)
  return new Uint8Array(view.buffer)
}

function offsetIn(place: Uint8Array | undefined): number | undefined {
  return place && new DataView(place.buffer, place.byteOffset).getUint32(4)
}

interface LevelModule {
  ClassicLevel: new (
    folder: string,
    options: { keyEncoding: 'view'; valueEncoding: 'view' },
  ) => {
    open(): Promise<void>
    batch(operations: { type: 'put'; key: Uint8Array; value: Uint8Array }[]): Promise<void>
    get(key: Uint8Array): Promise<Uint8Array | undefined>
    close(): Promise<void>
  }
}

function openLevel(module: LevelModule | null): OpenCandidate | null {
  if (!module) return null
  return async (folder) => {
    const level = new module.ClassicLevel(folder, { keyEncoding: 'view', valueEncoding: 'view' })
    await level.open()
    return {
      async add(digests, first) {
        await level.batch(digests.map((digest, i) => ({ type: 'put', key: digest.subarray(0, 16), value: placeBytes(first + i) })))
      },
      find: async (digest) => offsetIn(await level.get(digest.subarray(0, 16))),
      close: () => level.close(),
    }
  }
}

interface LmdbModule {
  open(options: { path: string; keyEncoding: 'binary'; encoding: 'binary' }): {
    put(key: Uint8Array, value: Uint8Array): Promise<boolean>
    getBinary(key: Uint8Array): Uint8Array | undefined
    close(): Promise<void>
  }
}

function openLmdb(module: LmdbModule | null): OpenCandidate | null {
  if (!module) return null
  return async (folder) => {
    const path = join(folder, 'lmdb')
    await mkdir(path, { recursive: true })
    const lmdb = module.open({ path, keyEncoding: 'binary', encoding: 'binary' })
    return {
      async add(digests, first) {
        await Promise.all(digests.map((digest, i) => lmdb.put(digest.subarray(0, 16), placeBytes(first + i))))
      },
      find: async (digest) => offsetIn(lmdb.getBinary(digest.subarray(0, 16))),
      close: () => lmdb.close(),
    }
  }
}
