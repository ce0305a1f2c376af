import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { checkPrincipal, type Principal } from '@holt/core/principal.ts'
import { bytesOf, literal, nullable, parse, record, type Shape, text, uint, version } from '@holt/core/shape.ts'
import { type SignedKind, signMap, verifyMap } from '@holt/core/signed.ts'
import { isAtOrUnder, splitPath } from '../names.ts'

/** How many certificates may lie between the owner and a writer. */
export const MAX_CHAIN = 16
const MAX_PATH_BYTES = 4096
export const SERIAL_BYTES = 16

/** The right to commit changes at or under a path of a volume, docs/formats.md §5; signed by who gives it. */
export interface Writecap {
  v: 1
  kind: 'writecap'
  volume: Uint8Array
  issuer: Principal
  subject: Principal
  path: string
  /** How often it may be passed on. */
  depth: number
  /** The last second it is good for; null: without end. */
  expires: number | null
  /** Names it in the `revoked` list of heads. */
  serial: Uint8Array
  sig: Uint8Array
}

/** What the receiver may do; must lie within what the giver may. */
export interface WriteGrant {
  subject: Principal
  path: string
  depth?: number
  expires?: number | null
}

const kind: SignedKind = { domain: 'holt/writecap/1' }

const pathShape: Shape<string> = {
  check(value, where) {
    const path = text({ maxBytes: MAX_PATH_BYTES }).check(value, where)
    try {
      splitPath(path)
    } catch (cause) {
      throw new HoltError('MALFORMED', `${where}: is no path`, { field: where }, { cause })
    }
    return path
  },
}

export const writecapShape: Shape<Writecap> = record({
  v: version(1),
  kind: literal('writecap'),
  volume: bytesOf(16),
  issuer: bytesOf(32),
  subject: bytesOf(32),
  path: pathShape,
  depth: uint({ max: MAX_CHAIN - 1 }),
  expires: nullable(uint()),
  serial: bytesOf(SERIAL_BYTES),
  sig: bytesOf(64),
})

export function encodeWritecap(writecap: Writecap): Uint8Array {
  return encode(writecap)
}

/** Structure only; a writecap means something in a chain alone: `verifyChain`. */
export function decodeWritecap(bytes: Uint8Array): Writecap {
  return parse(writecapShape, bytes, { maxBytes: 2 * MAX_PATH_BYTES, maxDepth: 2 })
}

/**
 * The owner gives a writecap of a volume.
 *
 * @param seed of the owner.
 */
export function issueWritecap(crypto: Crypto, volume: Uint8Array, grant: WriteGrant, seed: Uint8Array): Writecap {
  const unsigned = {
    v: 1 as const,
    kind: 'writecap' as const,
    volume,
    issuer: crypto.ed25519PublicKey(seed),
    subject: checkPrincipal(grant.subject),
    path: grant.path,
    depth: grant.depth ?? 0,
    expires: grant.expires ?? null,
    serial: crypto.randomBytes(SERIAL_BYTES),
  }
  return writecapShape.check(signMap(crypto, kind, { map: unsigned, seed }), 'writecap')
}

/**
 * The subject of a chain passes on a part of what it may do.
 *
 * @param seed of the chain's last subject.
 * @returns the chain with the new writecap at its end.
 * @throws HoltError NOT_AUTHORIZED when the grant is wider than the chain.
 */
export function delegateWritecap(crypto: Crypto, chain: readonly Writecap[], grant: WriteGrant, seed: Uint8Array): Writecap[] {
  const last = chain[chain.length - 1]
  if (last === undefined) throw new RangeError('an empty chain gives nothing to pass on')
  const expires = grant.expires === undefined ? last.expires : grant.expires
  const writecap = issueWritecap(crypto, last.volume, { ...grant, expires }, seed)
  checkLink(last, writecap)
  return [...chain, writecap]
}

export interface ChainClaim {
  volume: Uint8Array
  owner: Principal
  writer: Principal
  revoked: readonly Uint8Array[]
  /** Seconds: the moment that every expiry must not lie before. */
  at: number
}

/**
 * Checks that the owner gave the writer, by way of others, a right that still holds.
 *
 * @returns the path at or under which the writer may change the tree.
 * @throws HoltError NOT_AUTHORIZED, SIGNATURE_INVALID, CAP_EXPIRED, CAP_REVOKED.
 */
export function verifyChain(crypto: Crypto, chain: readonly Writecap[], claim: ChainClaim): string {
  const [first] = chain
  const last = chain[chain.length - 1]
  if (first === undefined || last === undefined || chain.length > MAX_CHAIN) refuse('there is no chain of writecaps, or too long a one')
  if (!equalBytes(first.issuer, claim.owner)) refuse('the chain does not begin with the owner')
  if (!equalBytes(last.subject, claim.writer)) refuse('the chain does not end with the writer')
  if (!equalBytes(first.volume, claim.volume)) refuse('the writecap is of another volume')
  for (let i = 1; i < chain.length; i++) checkLink(chain[i - 1] as Writecap, chain[i] as Writecap)
  for (const writecap of chain) verifyMap(crypto, kind, { map: writecap, signer: writecap.issuer })
  for (const writecap of chain) checkStillHolds(writecap, claim)
  return last.path
}

/** Each next writecap is given by who received the one before, and is narrower in everything. */
function checkLink(previous: Writecap, next: Writecap): void {
  if (!equalBytes(next.issuer, previous.subject)) refuse('a writecap was given by one who had none')
  if (!equalBytes(next.volume, previous.volume)) refuse('the writecap is of another volume')
  if (!isAtOrUnder(next.path, previous.path)) refuse('a writecap reaches outside of the one it comes from')
  if (next.depth >= previous.depth) refuse('a writecap was passed on too often')
  if (previous.expires !== null && (next.expires === null || next.expires > previous.expires))
    refuse('a writecap outlives the one it comes from')
}

function checkStillHolds({ serial, expires }: Writecap, { revoked, at }: ChainClaim): void {
  if (revoked.some((other) => equalBytes(other, serial))) {
    throw new HoltError('CAP_REVOKED', 'the owner took the writecap back', { serial: toHex(serial) })
  }
  if (expires !== null && at > expires) throw new HoltError('CAP_EXPIRED', 'the writecap has expired', { expires })
}

function refuse(message: string): never {
  throw new HoltError('NOT_AUTHORIZED', message)
}
