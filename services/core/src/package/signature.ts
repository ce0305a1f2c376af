import { blake3 } from '../blake3.ts'
import { concatBytes, equalBytes, utf8 } from '../bytes.ts'
import type { Cid } from '../cid.ts'
import { encode } from '../codec.ts'
import type { Crypto } from '../crypto.ts'
import { HoltError } from '../errors.ts'
import type { Principal } from '../principal.ts'
import type { KeyPair } from '../root-key.ts'
import { arrayOf, bytesOf, cid, literal, parse, record, type ShapeOf, uint, version } from '../shape.ts'
import { signMap, verifyMap } from '../signed.ts'
import type { Manifest } from './manifest.ts'
import { slug } from './powers.ts'

export const MOST_HAND_OVERS = 16
export const MAX_SIGNATURE_BLOCK_BYTES = 8192
const PROGRAM_ID_BYTES = 16

const packageKind = { domain: 'holt/package/1' }
const handOverKind = { domain: 'holt/hand-over/1' }

const programName = slug(32)

export function isProgramName(text: string): boolean {
  try {
    return programName.check(text, '') === text
  } catch {
    return false
  }
}

const handOverShape = record({
  v: version(1),
  kind: literal('hand-over'),
  program: programName,
  from: bytesOf(32),
  to: bytesOf(32),
  made: uint(),
  sig: bytesOf(64),
})

/** Whoever had the right to sign a program's packages gives it to another, and has it no more. */
export type HandOver = ShapeOf<typeof handOverShape>

const signatureShape = record({
  v: version(1),
  kind: literal('package-signature'),
  package: cid,
  author: bytesOf(32),
  /** From the program's first author to this one. */
  chain: arrayOf(handOverShape, { max: MOST_HAND_OVERS }),
  sig: bytesOf(64),
})

export type PackageSignature = ShapeOf<typeof signatureShape>

export function signHandOver(
  crypto: Crypto,
  { program, to, made }: { program: string; to: Principal; made: number },
  from: KeyPair,
): HandOver {
  return signMap(crypto, handOverKind, { map: { v: 1, kind: 'hand-over', program, from: from.publicKey, to, made }, seed: from.seed })
}

export function signPackage(
  crypto: Crypto,
  { package: cid, chain = [] }: { package: Cid; chain?: readonly HandOver[] },
  author: KeyPair,
): PackageSignature {
  const map = { v: 1 as const, kind: 'package-signature' as const, package: cid, author: author.publicKey, chain: [...chain] }
  return signMap(crypto, packageKind, { map, seed: author.seed })
}

export function encodeHandOver(handOver: HandOver): Uint8Array {
  return encode(handOver)
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION. */
export function decodeHandOver(block: Uint8Array): HandOver {
  return parse(handOverShape, block, { maxBytes: MAX_SIGNATURE_BLOCK_BYTES })
}

export function encodeSignature(signature: PackageSignature): Uint8Array {
  return encode(signature)
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION. */
export function decodeSignature(block: Uint8Array): PackageSignature {
  return parse(signatureShape, block, { maxBytes: MAX_SIGNATURE_BLOCK_BYTES })
}

/**
 * Checks that the author whom the manifest names signed this package, and may sign this program's.
 *
 * @returns the author of the program's first version.
 * @throws HoltError SIGNATURE_INVALID; NOT_AUTHORIZED for a chain that does not lead to the author.
 */
export function verifyPackage(
  crypto: Crypto,
  signature: PackageSignature,
  { package: cid, manifest }: { package: Cid; manifest: Manifest },
): Principal {
  if (!equalBytes(signature.package, cid)) throw new HoltError('SIGNATURE_INVALID', 'the signature is of another package')
  if (!equalBytes(signature.author, manifest.author))
    throw new HoltError('SIGNATURE_INVALID', 'the package is not signed by the author it names')
  verifyMap(crypto, packageKind, { map: signature, signer: signature.author })
  let holder = signature.chain[0]?.from ?? signature.author
  for (const link of signature.chain) {
    if (link.program !== manifest.name || !equalBytes(link.from, holder))
      throw new HoltError('NOT_AUTHORIZED', 'the hand-overs do not follow each other')
    verifyMap(crypto, handOverKind, { map: link, signer: link.from })
    holder = link.to
  }
  if (!equalBytes(holder, signature.author)) throw new HoltError('NOT_AUTHORIZED', 'the program was handed over to another author')
  return signature.chain[0]?.from ?? signature.author
}

/** What stays the same over all versions and authors of a program. */
export function programId(firstAuthor: Principal, name: string): Uint8Array {
  return blake3(concatBytes([utf8('holt/program/1'), firstAuthor, utf8(name)])).slice(0, PROGRAM_ID_BYTES)
}

/**
 * Whoever handed a program over may not sign for it any more: what follows an installed version has all its hand-overs, and may have more.
 *
 * @throws HoltError NOT_AUTHORIZED
 */
export function checkFollows(installed: PackageSignature, next: PackageSignature): void {
  const same = installed.chain.every((link, i) => {
    const other = next.chain[i]
    return other !== undefined && equalBytes(link.to, other.to) && equalBytes(link.from, other.from)
  })
  if (!same) throw new HoltError('NOT_AUTHORIZED', 'this version is signed by an author who has handed the program over')
  if (next.chain.length === installed.chain.length && !equalBytes(installed.author, next.author))
    throw new HoltError('NOT_AUTHORIZED', 'this version is signed by another author, who was not handed the program')
}
