/** Erasure coding, k = 10, m = 4, shards of 1 MiB, one thread: node --import tsx test/bench/erasure.ts */
import assert from 'node:assert/strict'
import { getRandomValues } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { createEncoder, createRebuilder } from '@holt/core/erasure/erasure.ts'
import { interpolationRows } from '@holt/core/erasure/matrix.ts'
import { simdErasureCode } from '@holt/core/erasure/simd-erasure-code.ts'
import type { WindowCoder } from '@holt/core/erasure/window-coder.ts'
import { ReedSolomonErasure } from '@subspace/reed-solomon-erasure.wasm'
import { Isal, type IsalBuild } from './isal.ts'
import { type BenchTable, printTable } from './report.ts'
import { type BenchRow, rowsTable, targetRow } from './rows.ts'

const DATA_COUNT = 10
const PARITY_COUNT = 4
const SHARD_BYTES = 1024 * 1024
const SUBSPACE_TARGET = 8
const ISAL_SSE_TARGET = 1
/** All take turns, so that a busy moment of the machine does not fall on one alone. */
const ROUNDS = 4
const SECONDS_PER_TURN = 0.4

/** The best seconds of one call so far. */
class Stopwatch {
  best = Number.POSITIVE_INFINITY

  turn(call: () => void): void {
    const end = performance.now() + SECONDS_PER_TURN * 1000
    for (let begin = performance.now(); begin < end; begin = performance.now()) {
      call()
      this.best = Math.min(this.best, (performance.now() - begin) / 1000)
    }
  }

  get megabytesPerSecond(): number {
    return (DATA_COUNT * SHARD_BYTES) / this.best / 1e6
  }
}

export async function bench(): Promise<BenchTable[]> {
  return [rowsTable(`erasure code, ${DATA_COUNT} + ${PARITY_COUNT}, shards of 1 MiB, one thread`, await benchErasure())]
}

/** A fault when our bytes, the reference's and ISA-L's are not the same. */
export async function benchErasure(): Promise<BenchRow[]> {
  if (simdErasureCode === null) throw new Error('this runtime has no WebAssembly SIMD')
  const simd = simdErasureCode
  const data = Array.from({ length: DATA_COUNT }, () => randomShard())
  const parity = simd.encode(data, PARITY_COUNT)
  const subspace = await ReedSolomonErasure.fromCurrentDirectory()
  const contiguous = Buffer.concat([...data, Buffer.alloc(PARITY_COUNT * SHARD_BYTES)])
  const encoder = createEncoder({ dataCount: DATA_COUNT, parityCount: PARITY_COUNT, windowBytes: SHARD_BYTES })
  const rebuilder = createRebuilder({
    dataCount: DATA_COUNT,
    sources: [4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
    wanted: [0, 1, 2, 3],
    windowBytes: SHARD_BYTES,
  })
  fill(encoder, data)
  fill(rebuilder, [...data, ...parity])
  const isal = Isal.build()

  const times = { inPlace: new Stopwatch(), copying: new Stopwatch(), rebuilding: new Stopwatch(), subspace: new Stopwatch() }
  const isalTimes: Record<IsalBuild, Stopwatch> = {
    base: new Stopwatch(),
    sse: new Stopwatch(),
    avx2: new Stopwatch(),
    best: new Stopwatch(),
  }
  for (let round = 0; round < ROUNDS; round++) {
    times.inPlace.turn(() => encoder.code(SHARD_BYTES))
    if (isal !== null) isalTurn(isal, { data, parity, times: isalTimes })
    times.copying.turn(() => void simd.encode(data, PARITY_COUNT))
    times.rebuilding.turn(() => rebuilder.code(SHARD_BYTES))
    times.subspace.turn(() => assert.equal(subspace.encode(contiguous, DATA_COUNT, PARITY_COUNT), ReedSolomonErasure.RESULT_OK))
  }
  for (const [j, shard] of parity.entries()) {
    assert.ok(
      shard.every((byte, at) => byte === encoder.output(j)[at]),
      'windows and whole shards disagree',
    )
    assert.ok(
      Buffer.from(shard).equals(contiguous.subarray((DATA_COUNT + j) * SHARD_BYTES, (DATA_COUNT + j + 1) * SHARD_BYTES)),
      'the reference disagrees',
    )
  }
  for (const [j, shard] of data.slice(0, PARITY_COUNT).entries())
    assert.ok(Buffer.from(shard).equals(rebuilder.output(j)), 'rebuilding fails')
  encoder.close()
  rebuilder.close()
  isal?.close()
  return [...ownRows(times), ...(isal === null ? [isalMissing] : isalRows(times.inPlace, isalTimes))]
}

interface IsalTurn {
  data: Uint8Array[]
  parity: Uint8Array[]
  times: Record<IsalBuild, Stopwatch>
}

function isalTurn(isal: Isal, { data, parity, times }: IsalTurn): void {
  const sources = [...data.keys()]
  const wanted = parity.map((_, j) => DATA_COUNT + j)
  const result = isal.encode({
    matrix: interpolationRows({ sources, wanted }),
    data,
    parityCount: PARITY_COUNT,
    secondsPerBuild: SECONDS_PER_TURN,
  })
  for (const [j, shard] of parity.entries()) assert.ok(Buffer.from(shard).equals(result.parity[j] as Uint8Array), 'ISA-L disagrees')
  for (const [build, stopwatch] of Object.entries(times)) stopwatch.best = Math.min(stopwatch.best, result.seconds[build as IsalBuild])
}

function ownRows(times: Record<'inPlace' | 'copying' | 'rebuilding' | 'subspace', Stopwatch>): BenchRow[] {
  const { inPlace, copying, rebuilding, subspace } = times
  return [
    { name: 'encode, data in kernel memory', value: speed(inPlace) },
    { name: 'encode, copied in and out', value: speed(copying) },
    { name: 'rebuild 4 lost data fragments', value: speed(rebuilding) },
    { name: '@subspace/reed-solomon-erasure.wasm', value: speed(subspace) },
    targetRow('encode ÷ @subspace', ratio(inPlace, subspace), SUBSPACE_TARGET),
    { name: 'encode with copies ÷ @subspace', value: '', ratio: ratio(copying, subspace) },
  ]
}

function isalRows(own: Stopwatch, times: Record<IsalBuild, Stopwatch>): BenchRow[] {
  return [
    ...Object.entries(times).map(([build, time]) => ({ name: `Intel ISA-L, ${build}`, value: speed(time) })),
    targetRow('encode ÷ ISA-L SSE', ratio(own, times.sse), ISAL_SSE_TARGET),
    { name: 'encode ÷ ISA-L at its best', value: '', ratio: ratio(own, times.best) },
  ]
}

const isalMissing: BenchRow = { name: 'Intel ISA-L', value: 'not measured: apt-get install gcc libisal-dev' }

function speed(time: Stopwatch): string {
  return `${time.megabytesPerSecond.toFixed(0)} MB/s`
}

function ratio(own: Stopwatch, other: Stopwatch): number {
  return other.best / own.best
}

function fill(coder: WindowCoder, fragments: readonly Uint8Array[]): void {
  for (const [i, index] of coder.plan.sources.entries()) coder.input(i).set(fragments[index] as Uint8Array)
}

function randomShard(): Uint8Array {
  const shard = new Uint8Array(SHARD_BYTES)
  for (let offset = 0; offset < SHARD_BYTES; offset += 65536) getRandomValues(shard.subarray(offset, offset + 65536))
  return shard
}

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const table of await bench()) printTable(table)
