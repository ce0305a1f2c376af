import { createDecipheriv } from 'node:crypto'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { digestOfGroups, GROUP_BYTES, groupCount, HASH_BYTES, hashGroup } from '@holt/core/blake3-tree.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import { cidDigest } from '@holt/core/cid.ts'
import type { WorkEnvironment } from '@holt/core/work-pool.ts'
import type { BlockPlace } from '@holt/store/types.ts'
import type { BlockOutline } from '@holt/tree/block-outlines.ts'
import type { OpenedPart, OpenPartInput } from '@holt/tree/jobs.ts'
import { KEY_NUMBER_OFFSET, NONCE_BYTES, NONCE_OFFSET, SEALED_HEADER_BYTES, SEALED_OVERHEAD_BYTES } from '@holt/tree/sealed-block.ts'

const CIPHER_BLOCK_BYTES = 16
/** GCM's counter when its first byte of text comes; before it is that of the tag. */
const FIRST_COUNTER = 2

const NONE: OpenedPart = { content: null, outline: null }

/**
 * Opens a part of a sealed block where it lies. What is read is checked against the block's CID: all of it the first time, then only the groups
 * of the hash's tree in which the part lies. As all of a block is proven by its CID, the tag at its end says nothing more.
 */
export async function openPart(_environment: WorkEnvironment, input: OpenPartInput): Promise<OpenedPart> {
  const { cid, place, keys, from, to, outline } = input
  if (from < 0 || to <= from || to > place.length - SEALED_OVERHEAD_BYTES) return NONE
  try {
    const proven = outline === null ? provenWhole(place, cidDigest(cid)) : provenGroups(place, outline, input)
    if (proven === null) return NONE
    const key = keys[((proven.outline.head[KEY_NUMBER_OFFSET] as number) << 8) | (proven.outline.head[KEY_NUMBER_OFFSET + 1] as number)]
    if (proven.outline.head[0] !== 1 || key === undefined) return NONE
    return { content: opened(proven, key, input), outline: outline === null ? proven.outline : null }
  } catch {
    return NONE // a file that is gone or cut; the store knows more
  }
}

interface Proven {
  outline: BlockOutline
  /** Bytes of the sealed block from here on. */
  start: number
  bytes: Uint8Array
}

function provenWhole(place: BlockPlace, digest: Uint8Array): Proven | null {
  const bytes = readAt(place, 0, place.length)
  const count = groupCount(bytes.length)
  const hashes = new Uint8Array(count * HASH_BYTES)
  for (let index = 0; index < count; index++) hashes.set(hashGroup(groupOf(bytes, index), index, count), index * HASH_BYTES)
  const isRight = equalBytes(count === 1 ? hashes : digestOfGroups(hashes), digest)
  return isRight ? { outline: { head: bytes.slice(0, SEALED_HEADER_BYTES), hashes }, start: 0, bytes } : null
}

function provenGroups(place: BlockPlace, outline: BlockOutline, { from, to }: OpenPartInput): Proven | null {
  const count = groupCount(place.length)
  if (outline.hashes.length !== count * HASH_BYTES) return null
  const first = Math.floor((SEALED_HEADER_BYTES + blockStart(from)) / GROUP_BYTES)
  const start = first * GROUP_BYTES
  const end = Math.min(place.length, Math.ceil((SEALED_HEADER_BYTES + to) / GROUP_BYTES) * GROUP_BYTES)
  const bytes = readAt(place, start, end - start)
  for (let at = 0; at * GROUP_BYTES < bytes.length; at++) {
    const index = first + at
    const known = outline.hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES)
    if (!equalBytes(hashGroup(groupOf(bytes, at), index, count), known)) return null
  }
  return { outline, start, bytes }
}

function groupOf(bytes: Uint8Array, index: number): Uint8Array {
  return bytes.subarray(index * GROUP_BYTES, (index + 1) * GROUP_BYTES)
}

/** @throws when so much is not there. */
function readAt(place: BlockPlace, offset: number, lengthBytes: number): Uint8Array {
  const bytes = new Uint8Array(lengthBytes)
  const fd = openSync(place.path, constants.O_RDONLY)
  try {
    if (readSync(fd, bytes, 0, lengthBytes, place.offset + offset) < lengthBytes) throw new RangeError('it ends before')
    return bytes
  } finally {
    closeSync(fd)
  }
}

/** Where the cipher can begin. */
function blockStart(offset: number): number {
  return offset - (offset % CIPHER_BLOCK_BYTES)
}

function opened({ outline, start, bytes }: Proven, key: Uint8Array, { from, to }: OpenPartInput): Uint8Array {
  const aligned = blockStart(from)
  const counter = Buffer.alloc(CIPHER_BLOCK_BYTES)
  counter.set(outline.head.subarray(NONCE_OFFSET, SEALED_HEADER_BYTES))
  counter.writeUInt32BE(FIRST_COUNTER + aligned / CIPHER_BLOCK_BYTES, NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-ctr', key, counter)
  const at = SEALED_HEADER_BYTES - start
  const content = decipher.update(bytes.subarray(at + aligned, at + to))
  return new Uint8Array(content.subarray(from - aligned))
}
