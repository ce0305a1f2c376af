import { compareBytes, equalBytes, toHex } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { arrayOf, bytes, bytesOf, literal, parse, record, tuple, uint, version } from '@holt/core/shape.ts'
import { type SignedKind, signMap, verifyMap } from '@holt/core/signed.ts'
import { headCid, parseHead } from '@holt/tree/caps/head.ts'

/**
 * Where one node stands with a volume, docs/formats.md §6: its newest head, and how far each node's own commits are in it. `ordered` is
 * how far the leader's order is in it.
 */
export interface Line {
  head: Uint8Array
  /** Node, and the number of its newest commit that is in the head; in the order of nodes. */
  clock: readonly ClockEntry[]
  ordered: { term: number; index: number }
}

export type ClockEntry = readonly [node: Principal, count: number]
export type SignedLine = Line & { owner: Principal; sig: Uint8Array }

export const MAX_HEAD_BYTES = 256 << 10
export const MOST_NODES = 64
export const MAX_LINE_BYTES = MAX_HEAD_BYTES + 4096
const KIND: SignedKind = { domain: 'holt/line/1' }
const clockShape = arrayOf(tuple(bytesOf(32), uint({ min: 1 })), { min: 1, max: MOST_NODES })
const lineShape = record({
  v: version(1),
  kind: literal('line'),
  owner: bytesOf(32),
  head: bytes({ max: MAX_HEAD_BYTES }),
  clock: clockShape,
  ordered: record({ term: uint(), index: uint() }),
  sig: bytesOf(64),
})

export function signLine(crypto: Crypto, owner: KeyPair, { head, clock, ordered }: Line): SignedLine {
  const map = { v: 1, kind: 'line', owner: owner.publicKey, head, clock, ordered }
  const { sig } = signMap(crypto, KIND, { map, seed: owner.seed })
  return { head, clock, ordered, owner: owner.publicKey, sig }
}

export function encodeLine({ owner, head, clock, ordered, sig }: SignedLine): Uint8Array {
  return encode({ v: 1, kind: 'line', owner, head, clock, ordered, sig })
}

/** Says nothing of signatures. @throws HoltError MALFORMED, UNSUPPORTED_VERSION, TOO_LARGE */
export function decodeLine(content: Uint8Array): SignedLine {
  if (content.length > MAX_LINE_BYTES) throw new HoltError('TOO_LARGE', 'a line is small')
  const { owner, head, clock, ordered, sig } = parse(lineShape, content)
  const isInOrder = clock.every(([node], i) => i === 0 || compareBytes((clock[i - 1] as ClockEntry)[0], node) < 0)
  if (!isInOrder) throw new HoltError('MALFORMED', 'clock: nodes out of order or twice', { field: 'clock' })
  return {
    head: head.slice(),
    clock: clock.map(([node, count]) => [node.slice(), count] as const),
    ordered,
    owner: owner.slice(),
    sig: sig.slice(),
  }
}

/** @throws HoltError SIGNATURE_INVALID; NOT_AUTHORIZED for a line of another owner. */
export function verifyLine(crypto: Crypto, line: SignedLine, owner: Principal): void {
  if (!equalBytes(line.owner, owner)) throw new HoltError('NOT_AUTHORIZED', 'the line is of another owner')
  const { head, clock, ordered, sig } = line
  verifyMap(crypto, KIND, { map: { v: 1, kind: 'line', owner, head, clock, ordered, sig }, signer: owner })
}

/** `apart`: each has commits that the other has not. `alike`: both have the same commits, though it may be in different heads. */
export type Standing = 'alike' | 'behind' | 'ahead' | 'apart'

/** How `a` stands to `b`. */
export function compareClocks(a: Line['clock'], b: Line['clock']): Standing {
  const [isIn, hasAll] = [covers(b, a), covers(a, b)]
  if (isIn && hasAll) return 'alike'
  return isIn ? 'behind' : hasAll ? 'ahead' : 'apart'
}

/** Every commit of `inner` is in `outer`. */
export function covers(outer: Line['clock'], inner: Line['clock']): boolean {
  return inner.every(([node, count]) => countOf(outer, node) >= count)
}

export function countOf(clock: Line['clock'], node: Principal): number {
  return clock.find(([one]) => equalBytes(one, node))?.[1] ?? 0
}

/** The commits of both. */
export function joinClocks(a: Line['clock'], b: Line['clock']): ClockEntry[] {
  const joined = new Map<string, ClockEntry>()
  for (const entry of [...a, ...b]) {
    const key = toHex(entry[0])
    if ((joined.get(key)?.[1] ?? 0) < entry[1]) joined.set(key, entry)
  }
  return [...joined.values()].sort(([one], [other]) => compareBytes(one, other))
}

/**
 * Whose entry stands where both changed one name: that which the leader came to know last, as it has less of the leader's order in it; else the
 * one that was committed last, else the one with the higher CID. The same on every node.
 */
export function isStronger(a: Line, b: Line): boolean {
  const order = compareOrder(b.ordered, a.ordered)
  if (order !== 0) return order > 0
  const [one, other] = [parseHead(a.head), parseHead(b.head)]
  const time = one.time[0] - other.time[0] || one.time[1] - other.time[1]
  return time !== 0 ? time > 0 : compareBytes(headCid(a.head), headCid(b.head)) > 0
}

/** Of two heads with the same commits all nodes keep one: the one that has more of the leader's order, the higher number, the higher CID. */
export function isKept(a: Line, b: Line): boolean {
  const order = compareOrder(a.ordered, b.ordered) || parseHead(a.head).seq - parseHead(b.head).seq
  return order !== 0 ? order > 0 : compareBytes(headCid(a.head), headCid(b.head)) >= 0
}

export function compareOrder(a: Line['ordered'], b: Line['ordered']): number {
  return a.term - b.term || a.index - b.index
}
