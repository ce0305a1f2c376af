import { equalBytes } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { volumeId } from '@holt/core/root-key.ts'
import {
  arrayOf,
  bytesOf,
  literal,
  nullable,
  oneOf,
  parse,
  parsePadded,
  record,
  type Shape,
  text,
  uint,
  version,
} from '@holt/core/shape.ts'
import { type SignedKind, signMap, verifyMap } from '@holt/core/signed.ts'
import { entryShape, KEY_BYTES, MAX_KEYS } from '../entry.ts'
import { nameProblem, splitPath } from '../names.ts'
import type { Keys, Snapshot, TreeEntry } from '../types.ts'

const MAX_READCAP_BYTES = 4 << 20
const MAX_LABEL_BYTES = 1024

/** What a readcap opens: a whole volume, newest version, always; or one entry and what was below it when it was given. */
export type ReadTarget = { t: 'volume'; k: Keys } | { t: 'entry'; entry: TreeEntry; name: string }

/** The right to open, docs/formats.md §5: keys, and who gave them. Secret: it travels sealed to its receiver. */
export interface Readcap {
  v: 1
  kind: 'readcap'
  /** For people. */
  label: string
  volume: Uint8Array
  owner: Principal
  salt: Uint8Array
  target: ReadTarget
  /** The last second that well-behaved software uses it; keys that were read cannot be taken back. */
  expires: number | null
  issuer: Principal
  sig: Uint8Array
}

const kind: SignedKind = { domain: 'holt/readcap/1' }

const nameShape: Shape<string> = {
  check(value, where) {
    const name = text({ maxBytes: 255 }).check(value, where)
    if (nameProblem(name) !== null) throw new HoltError('MALFORMED', `${where}: is no name`, { field: where })
    return name
  },
}

const readcapShape: Shape<Readcap> = record({
  v: version(1),
  kind: literal('readcap'),
  label: text({ maxBytes: MAX_LABEL_BYTES }),
  volume: bytesOf(16),
  owner: bytesOf(32),
  salt: bytesOf(16),
  target: oneOf('t', {
    volume: record({ t: literal('volume'), k: arrayOf(bytesOf(KEY_BYTES), { min: 1, max: MAX_KEYS }) }),
    entry: record({ t: literal('entry'), entry: entryShape, name: nameShape }),
  }),
  expires: nullable(uint()),
  issuer: bytesOf(32),
  sig: bytesOf(64),
})

export interface ReadGrant {
  label: string
  owner: Principal
  salt: Uint8Array
  target: ReadTarget
  expires?: number | null
}

/** @param seed of who gives it. */
export function issueReadcap(crypto: Crypto, { label, owner, salt, target, expires = null }: ReadGrant, seed: Uint8Array): Readcap {
  const volume = volumeId(owner, salt)
  const unsigned = {
    v: 1 as const,
    kind: 'readcap' as const,
    label,
    volume,
    owner,
    salt,
    target,
    expires,
    issuer: crypto.ed25519PublicKey(seed),
  }
  return readcapShape.check(signMap(crypto, kind, { map: unsigned, seed }), 'readcap')
}

/**
 * Passes on a part of what a readcap opens.
 *
 * @param options `snapshot`: the tree as the readcap opens it; `path` is within it; `expires` at most that of the readcap;
 * `seed` of who passes it on.
 * @throws HoltError NOT_FOUND; INPUT_INVALID for a symlink or the top; NOT_AUTHORIZED when it would outlive the readcap.
 */
export async function attenuateReadcap(
  crypto: Crypto,
  readcap: Readcap,
  { snapshot, path, label, expires, seed }: { snapshot: Snapshot; path: string; label: string; expires?: number | null; seed: Uint8Array },
): Promise<Readcap> {
  const name = splitPath(path).pop()
  if (name === undefined) throw new HoltError('INPUT_INVALID', 'the whole is no part', { path })
  const entry = await snapshot.stat(path)
  if (entry === null) throw new HoltError('NOT_FOUND', `there is no ${path}`, { path })
  if (entry.t === 'l') throw new HoltError('INPUT_INVALID', 'a symlink holds nothing to open', { path })
  const until = expires === undefined ? readcap.expires : expires
  if (readcap.expires !== null && (until === null || until > readcap.expires))
    throw new HoltError('NOT_AUTHORIZED', 'the part would outlive the whole')
  return issueReadcap(
    crypto,
    { label, owner: readcap.owner, salt: readcap.salt, target: { t: 'entry', entry, name }, expires: until },
    seed,
  )
}

export function encodeReadcap(readcap: Readcap): Uint8Array {
  return encode(readcap)
}

/** Structure only. @param options `padded`: zeros may follow. */
export function decodeReadcap(bytes: Uint8Array, { padded = false }: { padded?: boolean } = {}): Readcap {
  return (padded ? parsePadded : parse)(readcapShape, bytes, { maxBytes: MAX_READCAP_BYTES, maxDepth: 8 })
}

/**
 * @throws HoltError SIGNATURE_INVALID; NOT_AUTHORIZED when the volume is not the named owner's; CAP_EXPIRED by the clock.
 */
export function verifyReadcap(crypto: Crypto, readcap: Readcap, { nowSeconds = Date.now() / 1000 }: { nowSeconds?: number } = {}): void {
  const { volume, owner, salt, issuer, expires } = readcap
  if (!equalBytes(volume, volumeId(owner, salt)))
    throw new HoltError('NOT_AUTHORIZED', 'the readcap names an owner that the volume does not have')
  verifyMap(crypto, kind, { map: readcap, signer: issuer })
  if (expires !== null && Math.floor(nowSeconds) > expires) throw new HoltError('CAP_EXPIRED', 'the readcap has expired', { expires })
}
