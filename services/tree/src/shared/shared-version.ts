import { equalBytes } from '@holt/core/bytes.ts'
import { type Cid, cidOf } from '@holt/core/cid.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { type Head, parseHead, signHead } from '../caps/head.ts'
import { unsealedContentOf } from '../directory-node.ts'
import { epochOf } from '../key-rotation.ts'
import { decodeRoot, encodeRoot } from '../nodes.ts'
import { openBlock, sealBlock, sealedKeyNumber } from '../sealed-block.ts'
import type { DirectoryEntry, Keys, Time } from '../types.ts'
import type { Signer, VolumeName } from '../volume-options.ts'

/** One version of a shared folder, which to others is a volume of its own: a signed head, and the sealed root node that it names. */
export interface SharedVersion {
  head: Uint8Array
  root: Uint8Array
}

export const MAX_SHARED_BYTES = 60 << 10

export interface NewSharedVersion {
  /** The folder as it is, sealed. */
  dir: DirectoryEntry
  /** No key below is of a later one. */
  epoch: number
  seq: number
  prev: Cid | null
  revoked: readonly Uint8Array[]
  time: Time
}

/** Whose it is, what seals its root nodes (the newest; one more each time a reader is shut out), and who signs. */
export interface SharedFolder {
  name: VolumeName
  keys: Keys
  signer: Signer
}

/** The folder's nodes stay as they are: only its entry is put into a root node of the shared volume. @throws HoltError TOO_LARGE */
export async function makeSharedVersion(
  crypto: Crypto,
  { name, keys, signer }: SharedFolder,
  { dir, epoch, seq, prev, revoked, time }: NewSharedVersion,
): Promise<SharedVersion> {
  if (unsealedContentOf(dir) !== null) throw new TypeError('only what is sealed can be shared')
  const number = keys.length - 1
  const key = keys[number] as Uint8Array
  const root = await sealBlock(crypto, { number, key }, encodeRoot({ dir, history: null, epoch, time }))
  const { publicKey: writer, chain, seed } = signer
  const head = signHead(crypto, seed, { ...volumeOf(name), seq, root: cidOf(root), prev, time, writer, chain, revoked })
  if (head.length > MAX_SHARED_BYTES || root.length > MAX_SHARED_BYTES)
    throw new HoltError('TOO_LARGE', 'this folder was shared, and taken back, too often: share it anew')
  return { head, root }
}

function volumeOf({ id, owner, salt }: VolumeName): Pick<Head, 'volume' | 'owner' | 'salt'> {
  return { volume: id, owner, salt }
}

export interface OpenedVersion {
  head: Head
  epoch: number
  /** Which key of the volume seals its root node. */
  keyNumber: number
  dir: DirectoryEntry
}

/**
 * Opens a version. Whether its head is to be believed is for `acceptHead`.
 *
 * @throws HoltError MALFORMED; NOT_AUTHORIZED for a folder that is of later keys than it says; DECRYPTION_FAILED for a key that is not held.
 */
export async function openSharedVersion(
  crypto: Crypto,
  { name, keys }: Pick<SharedFolder, 'name' | 'keys'>,
  { head: bytes, root }: SharedVersion,
): Promise<OpenedVersion> {
  const head = parseHead(bytes)
  if (!equalBytes(head.volume, name.id) || !equalBytes(head.owner, name.owner) || !equalBytes(head.salt, name.salt))
    throw new HoltError('MALFORMED', 'the head is of another volume')
  if (!equalBytes(cidOf(root), head.root)) throw new HoltError('MALFORMED', 'the root node is not the one that the head names')
  const { dir, epoch, history } = decodeRoot(await openBlock(crypto, keys, root))
  if (history !== null) throw new HoltError('MALFORMED', 'a root node of something else')
  if (epochOf(dir) > epoch) throw new HoltError('NOT_AUTHORIZED', 'keys of a folder that are later than those of its volume')
  return { head, dir, epoch, keyNumber: sealedKeyNumber(root) }
}
