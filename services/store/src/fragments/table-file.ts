import { concatBytes, fromHex, toHex } from '@holt/core/bytes.ts'
import { decodePrefix, encode } from '@holt/core/codec.ts'
import type { Disk } from '@holt/core/disk.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { TimeSlice } from '@holt/core/event-loop.ts'
import { arrayOf, bytes, bytesOf, literal, record, type ShapeOf, text, uint, version } from '@holt/core/shape.ts'
import { unwrapChecked, wrapChecked } from './checked-file.ts'
import { shardBytesOf, type SpreadPack } from './fragment-file.ts'
import type { FragmentHolder } from './holder.ts'
import type { HomeCondition, PackTable, Spreading } from './pack-table.ts'

/**
 * The table of packs as a file, so that a start need not open every fragment. Only a cache: lost or damaged, it is made again from
 * the fragments' descriptors, and what it says is checked against the names found on the drives.
 */
export const KEEPER_FOLDER = 'keeper'
export const TABLE_PATH = `${KEEPER_FOLDER}/packs`
const conditions: readonly HomeCondition[] = ['trusted', 'unsure', 'tail', 'corrupt']

const spreadingShape = record({
  id: bytesOf(16),
  c: text({ maxBytes: 64 }),
  k: uint({ min: 1, max: 255 }),
  n: uint({ min: 1, max: 255 }),
  z: uint({ min: 1 }),
  t: uint(),
  o: uint(),
  l: uint(),
  r: bytes({ max: 255 * 32, multipleOf: 32 }),
  s: bytesOf(64),
  // index, number of the drive, condition
  h: bytes({ max: 3 * 65536, multipleOf: 3 }),
})
const headerShape = record({
  v: version(1),
  kind: literal('packs'),
  drives: arrayOf(bytesOf(16), { max: 255 }),
  count: uint(),
})

/** Header and spreadings one after the other. */
export async function encodeTable(table: PackTable, holders: readonly FragmentHolder[]): Promise<Uint8Array> {
  const slice = new TimeSlice()
  const numbers = new Map(holders.map((holder, number) => [holder, number]))
  const spreadings = table.all().flatMap((pack) => pack.spreadings)
  const items = [encode({ v: 1, kind: 'packs', drives: holders.map(({ id }) => fromHex(id)), count: spreadings.length })]
  for (const spreading of spreadings) {
    items.push(encode(encodeSpreading(spreading, numbers)))
    if (slice.isOver) await slice.next()
  }
  return wrapChecked(concatBytes(items))
}

function encodeSpreading({ spread, homes }: Spreading, numbers: ReadonlyMap<FragmentHolder, number>): Record<string, unknown> {
  const places = homes.flatMap(({ index, holder, condition }) => {
    const number = numbers.get(holder)
    return number === undefined ? [] : [index, number, conditions.indexOf(condition)]
  })
  return {
    id: fromHex(spread.id),
    c: spread.redundancyClass,
    k: spread.dataFragments,
    n: spread.totalFragments,
    z: spread.sizeBytes,
    t: spread.createdSeconds,
    o: spread.toc.offset,
    l: spread.toc.length,
    r: spread.roots,
    s: spread.signature,
    h: Uint8Array.from(places),
  }
}

interface TableReader {
  /** Those that are configured; what was on others is left out. */
  holders: readonly FragmentHolder[]
  owner: Uint8Array
}

/** Fills the empty `table` from the file. @returns false when there is no whole file. */
export async function loadTable(disk: Disk, table: PackTable, reader: TableReader): Promise<boolean> {
  const file = await disk.readFile(TABLE_PATH)
  if (file === null) return false
  try {
    await fillTable(table, unwrapChecked(file), reader)
    return true
  } catch (error) {
    if (!isHoltError(error)) throw error
    return false // damaged, or written by another version
  }
}

async function fillTable(table: PackTable, body: Uint8Array, { holders, owner }: TableReader): Promise<void> {
  const slice = new TimeSlice()
  const limits = { maxBytes: body.length, maxDepth: 2 }
  const header = decodePrefix(body, limits)
  const { drives, count } = headerShape.check(header.value, '')
  const byNumber = drives.map((id) => holders.find((holder) => holder.id === toHex(id)))
  for (let at = header.length, read = 0; read < count; read++) {
    const { value, length } = decodePrefix(body.subarray(at), limits)
    addSpreading(table, spreadingShape.check(value, ''), { byNumber, owner })
    at += length
    if (slice.isOver) await slice.next()
  }
}

interface Places {
  byNumber: readonly (FragmentHolder | undefined)[]
  owner: Uint8Array
}

function addSpreading(table: PackTable, stored: ShapeOf<typeof spreadingShape>, { byNumber, owner }: Places): void {
  const spread: SpreadPack = {
    id: toHex(stored.id),
    redundancyClass: stored.c,
    sizeBytes: stored.z,
    toc: { offset: stored.o, length: stored.l },
    createdSeconds: stored.t,
    dataFragments: stored.k,
    totalFragments: stored.n,
    shardBytes: shardBytesOf(stored.z, stored.k),
    roots: stored.r,
    owner,
    signature: stored.s,
  }
  const { homes } = table.add(spread)
  for (let at = 0; at < stored.h.length; at += 3) {
    const holder = byNumber[stored.h[at + 1] as number]
    const condition = conditions[stored.h[at + 2] as number] ?? 'unsure'
    if (holder !== undefined) homes.push({ index: stored.h[at] as number, holder, condition })
  }
}
