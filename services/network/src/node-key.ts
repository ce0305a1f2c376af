import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { encode } from '@holt/core/codec.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { readTwice, writeTwice } from '@holt/core/kept-twice.ts'
import { bytesOf, literal, parse, record, version } from '@holt/core/shape.ts'

/** The seed of the Ed25519 key that is this node's name on the network: of its own, so that a lost box does not have its owner's. */
const KEY_FILE = 'keys/node-key'

const nodeKey = record({ v: version(1), kind: literal('node-key'), seed: bytesOf(32) })

export function encodeNodeKey(seed: Uint8Array): Uint8Array {
  return encode({ v: 1, kind: 'node-key', seed })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodeNodeKey(bytes: Uint8Array): Uint8Array {
  return parse(nodeKey, bytes).seed.slice()
}

/**
 * The node's key; made when there is none.
 *
 * @throws HoltError KEY_FILE_DAMAGED: a node does not take a new name unasked, for others know it by the old one.
 */
export async function openNodeKey(data: Disk, crypto: Crypto): Promise<Uint8Array> {
  try {
    const kept = await readTwice(data, KEY_FILE)
    if (kept) return decodeNodeKey(kept.content)
  } catch (cause) {
    if (!isHoltError(cause, 'MALFORMED')) throw cause
    throw new HoltError('KEY_FILE_DAMAGED', "the node's key is damaged, and so is its copy", {}, { cause })
  }
  const seed = crypto.randomBytes(32)
  await data.makeFolder('keys')
  await writeTwice(data, KEY_FILE, encodeNodeKey(seed))
  return seed
}
