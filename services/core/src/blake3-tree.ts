import { blake3, blake3Subtree } from './blake3.ts'
import { concatBytes, equalBytes } from './bytes.ts'
import { HoltError } from './errors.ts'

/**
 * BLAKE3 is a tree of hashes. So whoever has the digest of a file can check any part of it with a few hashes beside: a proof needs no
 * format of its own, and every digest that was ever signed can be proven against.
 *
 * A file is cut into groups of 64 KiB. The hash of a group is the value of its subtree; that of a file's only group is the digest itself.
 *
 * Source: O'Connor, Aumasson, Neves, Wilcox-O'Hearn 2021, "BLAKE3: one function, fast everywhere", §2.
 */
export const GROUP_BYTES = 64 << 10
export const HASH_BYTES = 32
const CHUNK_BYTES = 1024
const BLOCK_BYTES = 64
const [CHUNK_START, CHUNK_END, PARENT, ROOT] = [1, 2, 4, 8]

const IV = Uint32Array.of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19)
const PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]
/** Which words of the message each of the seven rounds takes. */
const SCHEDULE = Array.from({ length: 6 }).reduce<number[][]>(
  (rounds) => [...rounds, PERMUTATION.map((from) => (rounds.at(-1) as number[])[from] as number)],
  [Array.from({ length: 16 }, (_, i) => i)],
)
/** Places of the state that are mixed together: columns, then diagonals. */
const MIXED = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const

const state = new Uint32Array(16)
const words = new Uint32Array(16)

function rotated(x: number, by: number): number {
  return (x >>> by) | (x << (32 - by))
}

/** Puts the new chaining value into `value`; the message is in `words`. */
function compress(value: Uint32Array, counter: number, blockBytes: number, flags: number): void {
  state.set(value)
  state.set(IV.subarray(0, 4), 8)
  state[12] = counter
  state[13] = Math.floor(counter / 2 ** 32)
  state[14] = blockBytes
  state[15] = flags
  for (const round of SCHEDULE) {
    for (let i = 0; i < 8; i++) {
      const [a, b, c, d] = MIXED[i] as readonly [number, number, number, number]
      mix(a, b, c, d, words[round[2 * i] as number] as number, words[round[2 * i + 1] as number] as number)
    }
  }
  for (let i = 0; i < 8; i++) value[i] = (state[i] as number) ^ (state[i + 8] as number)
}

// oxlint-disable-next-line eslint/max-params -- the innermost step: an object for each would be most of the work
function mix(ia: number, ib: number, ic: number, id: number, x: number, y: number): void {
  let [a, b, c, d] = [state[ia] as number, state[ib] as number, state[ic] as number, state[id] as number]
  a = (a + b + x) | 0
  d = rotated(d ^ a, 16)
  c = (c + d) | 0
  b = rotated(b ^ c, 12)
  a = (a + b + y) | 0
  d = rotated(d ^ a, 8)
  c = (c + d) | 0
  b = rotated(b ^ c, 7)
  state[ia] = a
  state[ib] = b
  state[ic] = c
  state[id] = d
}

function loadWords(bytes: Uint8Array): void {
  words.fill(0)
  for (let i = 0; i < bytes.length; i++) words[i >> 2] = (words[i >> 2] as number) | ((bytes[i] as number) << (8 * (i & 3)))
}

function toBytes(value: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(HASH_BYTES)
  for (let i = 0; i < HASH_BYTES; i++) bytes[i] = (value[i >> 2] as number) >>> (8 * (i & 3))
  return bytes
}

function hashChunk(bytes: Uint8Array, counter: number, flags: number): Uint8Array {
  const value = IV.slice()
  const last = Math.max(0, Math.ceil(bytes.length / BLOCK_BYTES) - 1)
  for (let block = 0; block <= last; block++) {
    const part = bytes.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES)
    loadWords(part)
    const ends = (block === 0 ? CHUNK_START : 0) | (block === last ? CHUNK_END | flags : 0)
    compress(value, counter, part.length, ends)
  }
  return toBytes(value)
}

function hashParent(left: Uint8Array, right: Uint8Array, flags: number): Uint8Array {
  const value = IV.slice()
  loadWords(concatBytes([left, right]))
  compress(value, 0, BLOCK_BYTES, PARENT | flags)
  return toBytes(value)
}

/** The largest power of two below `count`: how many are left of the top. */
function leftOf(count: number): number {
  let left = 1
  while (2 * left < count) left *= 2
  return left
}

function hashChunks(bytes: Uint8Array, counter: number, flags: number): Uint8Array {
  const chunks = Math.max(1, Math.ceil(bytes.length / CHUNK_BYTES))
  if (chunks === 1) return hashChunk(bytes, counter, flags)
  const left = leftOf(chunks)
  const [first, second] = [bytes.subarray(0, left * CHUNK_BYTES), bytes.subarray(left * CHUNK_BYTES)]
  return hashParent(hashChunks(first, counter, 0), hashChunks(second, counter + left, 0), flags)
}

export function groupCount(sizeBytes: number): number {
  return Math.max(1, Math.ceil(sizeBytes / GROUP_BYTES))
}

/** The hash of one group of a file that has `count` of them. */
export function hashGroup(bytes: Uint8Array, index: number, count: number): Uint8Array {
  if (bytes.length > GROUP_BYTES || index >= count) throw new RangeError('is no group')
  if (count === 1) return blake3(bytes)
  const chunk = (index * GROUP_BYTES) / CHUNK_BYTES
  return (bytes.length === GROUP_BYTES ? blake3Subtree(bytes, chunk) : null) ?? hashChunks(bytes, chunk, 0)
}

/** As `hashGroup`, without a kernel. */
export function hashGroupPortably(bytes: Uint8Array, index: number, count: number): Uint8Array {
  return hashChunks(bytes, (index * GROUP_BYTES) / CHUNK_BYTES, count === 1 ? ROOT : 0)
}

/** The hash of groups `from` to `to`, whose hashes lie in `hashes` one after the other. */
function subtree(hashes: Uint8Array, from: number, to: number, flags: number): Uint8Array {
  if (to - from === 1) return hashes.subarray(from * HASH_BYTES, to * HASH_BYTES)
  const middle = from + leftOf(to - from)
  return hashParent(subtree(hashes, from, middle, 0), subtree(hashes, middle, to, 0), flags)
}

/** The file's BLAKE3, from the hashes of all its groups. */
export function digestOfGroups(hashes: Uint8Array): Uint8Array {
  const count = hashes.length / HASH_BYTES
  if (!Number.isInteger(count) || count < 1) throw new RangeError('are no hashes of groups')
  return subtree(hashes, 0, count, ROOT).slice()
}

/** Some groups of a file: from `from` to before `to`, of `count`. */
export interface GroupRange {
  from: number
  to: number
  count: number
}

/** What is needed beside these groups to come to the digest: hashes of subtrees, from left to right. For many of one file: `GroupTree`. */
export function proveGroups(hashes: Uint8Array, range: GroupRange): Uint8Array {
  return new GroupTree(hashes).prove(range)
}

/** Proves one range of a file after the other: what was hashed once is remembered, which takes a few times the memory of the hashes. */
export class GroupTree {
  readonly #hashes: Uint8Array
  readonly #known = new Map<number, Uint8Array>()

  /** @param hashes of all groups, one after the other; they must not change. */
  constructor(hashes: Uint8Array) {
    this.#hashes = hashes
  }

  /** As `proveGroups`. */
  prove({ from, to, count }: GroupRange): Uint8Array {
    const walk = (first: number, end: number): Uint8Array[] => {
      if (end <= from || first >= to) return [this.#value(first, end)]
      if (from <= first && end <= to) return []
      const middle = first + leftOf(end - first)
      return [...walk(first, middle), ...walk(middle, end)]
    }
    return concatBytes(walk(0, count))
  }

  #value(from: number, to: number): Uint8Array {
    if (to - from === 1) return this.#hashes.subarray(from * HASH_BYTES, to * HASH_BYTES)
    // no file has more groups than fit into half of a number
    const key = from * 2 ** 26 + to
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const middle = from + leftOf(to - from)
    const value = hashParent(this.#value(from, middle), this.#value(middle, to), 0)
    this.#known.set(key, value)
    return value
  }
}

/**
 * Checks whole groups against the digest of the file that they are of.
 *
 * @param bytes of groups `from` to `to`; only the last of a file may be shorter than a group.
 * @throws HoltError BLOCK_CORRUPT when bytes or proof are not those of that file.
 */
export function verifyGroups(digest: Uint8Array, range: GroupRange, { bytes, proof }: { bytes: Uint8Array; proof: Uint8Array }): void {
  const { from, to, count } = range
  if (from < 0 || from >= to || to > count) throw new RangeError('is no range of groups')
  let used = 0
  const walk = (first: number, end: number): Uint8Array => {
    if (end <= from || first >= to) return proof.subarray(used++ * HASH_BYTES, used * HASH_BYTES)
    if (end - first === 1) return hashGroup(bytes.subarray((first - from) * GROUP_BYTES, (end - from) * GROUP_BYTES), first, count)
    const middle = first + leftOf(end - first)
    const [left, right] = [walk(first, middle), walk(middle, end)]
    return hashParent(left, right, end - first === count ? ROOT : 0)
  }
  const fits = bytes.length > (to - from - 1) * GROUP_BYTES && bytes.length <= (to - from) * GROUP_BYTES
  if (fits && equalBytes(walk(0, count), digest) && used * HASH_BYTES === proof.length) return
  throw new HoltError('BLOCK_CORRUPT', 'a part of a file is not what its hash says', { from, to })
}
