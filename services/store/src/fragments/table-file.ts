import { equalBytes, fromHex, toHex } from '@holt/core/bytes.ts'
import { blake3 } from '@holt/core/blake3.ts'
import { decode, encode } from '@holt/core/codec.ts'
import type { Disk } from '@holt/core/disk.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { arrayOf, bytes, bytesOf, literal, record, text, uint, version } from '@holt/core/shape.ts'
import { shardBytesOf, type SpreadPack } from './fragment-file.ts'
import type { FragmentHolder } from './holder.ts'
import type { HomeCondition, PackTable, Spreading } from './pack-table.ts'

/**
 * The table of packs as a file, so that a start need not open every fragment. Only a cache: lost or damaged, it is made again from
 * the fragments' descriptors, and what it says is checked against the names found on the drives.
 */
export const KEEPER_FOLDER = 'keeper'
export const TABLE_PATH = `${KEEPER_FOLDER}/packs`
const DIGEST_BYTES = 32
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
const tableShape = record({
  v: version(1),
  kind: literal('packs'),
  drives: arrayOf(bytesOf(16), { max: 255 }),
  packs: arrayOf(spreadingShape, { max: 1 << 24 }),
})

export function encodeTable(table: PackTable, holders: readonly FragmentHolder[]): Uint8Array {
  const numbers = new Map(holders.map((holder, number) => [holder, number]))
  const packs = table.all().flatMap((pack) => pack.spreadings.map((spreading) => encodeSpreading(spreading, numbers)))
  const body = encode({ v: 1, kind: 'packs', drives: holders.map(({ id }) => fromHex(id)), packs })
  const file = new Uint8Array(DIGEST_BYTES + body.length)
  file.set(blake3(body))
  file.set(body, DIGEST_BYTES)
  return file
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

/**
 * Fills the empty `table` from the file.
 *
 * @param holders those that are configured; what was on others is left out.
 * @returns false when there is no whole file.
 */
export async function loadTable(
  disk: Disk,
  table: PackTable,
  options: { holders: readonly FragmentHolder[]; owner: Uint8Array },
): Promise<boolean> {
  const file = await disk.readFile(TABLE_PATH)
  if (file === null || file.length < DIGEST_BYTES) return false
  const body = file.subarray(DIGEST_BYTES)
  if (!equalBytes(blake3(body), file.subarray(0, DIGEST_BYTES))) return false
  try {
    fillTable(table, body, options)
    return true
  } catch (error) {
    if (!isHoltError(error)) throw error
    return false // written by another version
  }
}

function fillTable(
  table: PackTable,
  body: Uint8Array,
  { holders, owner }: { holders: readonly FragmentHolder[]; owner: Uint8Array },
): void {
  const limits = { maxBytes: body.length, maxDepth: 4, maxItems: Number.MAX_SAFE_INTEGER }
  const { drives, packs } = tableShape.check(decode(body, limits), '')
  const byNumber = drives.map((id) => holders.find((holder) => holder.id === toHex(id)))
  for (const p of packs) {
    const spread: SpreadPack = {
      id: toHex(p.id),
      redundancyClass: p.c,
      sizeBytes: p.z,
      toc: { offset: p.o, length: p.l },
      createdSeconds: p.t,
      dataFragments: p.k,
      totalFragments: p.n,
      shardBytes: shardBytesOf(p.z, p.k),
      roots: p.r,
      owner,
      signature: p.s,
    }
    const { homes } = table.add(spread)
    for (let at = 0; at < p.h.length; at += 3) {
      const holder = byNumber[p.h[at + 1] as number]
      const condition = conditions[p.h[at + 2] as number] ?? 'unsure'
      if (holder !== undefined) homes.push({ index: p.h[at] as number, holder, condition })
    }
  }
}
