import { blake3 } from './blake3.ts'
import { concatBytes, utf8 } from './bytes.ts'
import type { Crypto } from './crypto.ts'
import { ROOT_KEY_BYTES, type RootKey } from './root-key-words.ts'

export { backUpRootKey, openRootKeyFile } from './root-key-file.ts'
export { ROOT_KEY_BYTES, type RootKey, rootKeyFromWords, rootKeyToWords } from './root-key-words.ts'

const VOLUME_ID_BYTES = 16

/** Ed25519. */
export interface KeyPair {
  seed: Uint8Array
  publicKey: Uint8Array
}

export interface RootKeys {
  /** Owns the volumes and signs their heads. */
  principal: KeyPair
  /** Signs fragments and drives, so that they do not show whose tree they hold. */
  storage: KeyPair
  /** Signs packages of programs that the owner wrote. */
  author: KeyPair
  /** Seals what the node remembers of the links its owner gave away. */
  sharesKey: Uint8Array
  /** Seals what the node remembers of other nodes and their owners. */
  relationsKey: Uint8Array
  /** Seals what the node writes down of what programs do. */
  journalKey: Uint8Array
  /** By which a program of this owner signs, and nothing else does. */
  programKey(program: Uint8Array): KeyPair
  volume: { id: Uint8Array; salt: Uint8Array }
  /** Key number `epoch` of the root volume's top. */
  volumeKey(epoch: number): Uint8Array
}

/** All keys of docs/formats.md §1. */
export function deriveRootKeys(crypto: Crypto, rootKey: RootKey): RootKeys {
  if (rootKey.length !== ROOT_KEY_BYTES) throw new RangeError('a root key is 32 bytes')
  const derive = (info: Uint8Array): Uint8Array => crypto.hkdf(rootKey, { salt: utf8('holt'), info, lengthBytes: 32 })
  const principal = keyPair(crypto, derive(utf8('holt/principal/1')))
  const salt = new Uint8Array(16)
  const id = volumeId(principal.publicKey, salt)
  // each commit and each look at the versions needs it, nearly always the same
  let volumeKey: { epoch: number; key: Uint8Array } | null = null
  return {
    principal,
    storage: keyPair(crypto, derive(utf8('holt/storage/1'))),
    author: keyPair(crypto, derive(utf8('holt/author/1'))),
    sharesKey: derive(utf8('holt/shares/1')),
    relationsKey: derive(utf8('holt/relations/1')),
    journalKey: derive(utf8('holt/program-journal/1')),
    programKey: (program) => keyPair(crypto, derive(concatBytes([utf8('holt/program-key/1'), program]))),
    volume: { id, salt },
    volumeKey: (epoch) => {
      if (volumeKey?.epoch !== epoch) volumeKey = { epoch, key: derive(concatBytes([utf8('holt/volume-key/1'), id, bigEndian32(epoch)])) }
      return volumeKey.key
    },
  }
}

/** A volume's id binds it to its owner: a head of it signed by another is recognised. */
export function volumeId(owner: Uint8Array, salt: Uint8Array): Uint8Array {
  return blake3(concatBytes([utf8('holt/volume/1'), owner, salt])).slice(0, VOLUME_ID_BYTES)
}

function keyPair(crypto: Crypto, seed: Uint8Array): KeyPair {
  return { seed, publicKey: crypto.ed25519PublicKey(seed) }
}

function bigEndian32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}
