import { concatBytes, equalBytes, utf8 } from '../bytes.ts'
import { frameSection, parseSectionHead } from '../car.ts'
import { CID_BYTES, type Cid, checkCid, cidCodec, cidKey, cidOf, cidToText, DAG_CBOR_CODEC } from '../cid.ts'
import { HoltError } from '../errors.ts'
import { decodeManifest, encodeManifest, type Manifest, manifestCid, MAX_PACKAGE_BYTES, PART_BYTES } from './manifest.ts'
import { decodeSignature, encodeSignature, type PackageSignature } from './signature.ts'

/**
 * A package as one file: CARv1, its roots the manifest and, when it is signed, the signature; then each block once, in one order. So the same
 * package is the same file, and tools of IPFS take it as it is.
 */

export interface ProgramPackage {
  cid: Cid
  manifest: Manifest
  /** null: not signed yet. */
  signature: PackageSignature | null
  /** @throws HoltError NOT_FOUND */
  file(path: string): Uint8Array
}

/** What headers, names of blocks and the manifest may add to the files. */
const MAX_ARCHIVE_BYTES = MAX_PACKAGE_BYTES + (4 << 20)

/** `{roots: […], version: 1}` in DAG-CBOR; roots are links (tag 42), which only this header has. */
const HEADER_FIRST = [0xa2, 0x65, ...utf8('roots')]
const LINK_FIRST = [0xd8, 0x2a, 0x58, CID_BYTES + 1, 0x00]
const HEADER_LAST = [0x67, ...utf8('version'), 0x01]

function carHeader(roots: readonly Cid[]): Uint8Array {
  const links = roots.flatMap((root) => [...LINK_FIRST, ...root])
  const map = [...HEADER_FIRST, 0x80 + roots.length, ...links, ...HEADER_LAST]
  return Uint8Array.from([map.length, ...map]) // with two roots still a varint of one byte
}

/** @param files of which the manifest is; each path must be among them. */
export function encodeArchive(
  manifest: Manifest,
  { files, signature = null }: { files: ReadonlyMap<string, Uint8Array>; signature?: PackageSignature | null },
): Uint8Array {
  const manifestBlock = encodeManifest(manifest)
  const root = manifestCid(manifestBlock)
  const sections = [frameSection(root, manifestBlock)]
  const roots = [root]
  if (signature !== null) {
    const block = encodeSignature(signature)
    roots.push(cidOf(block, DAG_CBOR_CODEC))
    sections.push(frameSection(roots[1] as Cid, block))
  }
  const written = new Set<string>()
  for (const { path, parts } of manifest.files) {
    const content = files.get(path)
    if (content === undefined) throw new RangeError(`${path} was not given`)
    parts.forEach((cid, i) => {
      if (written.has(cidKey(cid))) return
      written.add(cidKey(cid))
      sections.push(frameSection(cid, content.subarray(i * PART_BYTES, (i + 1) * PART_BYTES)))
    })
  }
  return concatBytes([carHeader(roots), ...sections])
}

/** The CIDs of a file's parts, as its manifest has them. */
export function partsOf(content: Uint8Array): Cid[] {
  const parts: Cid[] = []
  for (let at = 0; at < content.length; at += PART_BYTES) parts.push(cidOf(content.subarray(at, at + PART_BYTES)))
  return parts
}

/**
 * Reads a package, every block of it checked against its CID. The signature is decoded, not yet verified.
 *
 * @throws HoltError MALFORMED for any other bytes than `encodeArchive` makes; UNSUPPORTED_VERSION; TOO_LARGE; BLOCK_CORRUPT.
 */
export function decodeArchive(bytes: Uint8Array): ProgramPackage {
  if (bytes.length > MAX_ARCHIVE_BYTES)
    throw new HoltError('TOO_LARGE', `a package has at most ${MAX_ARCHIVE_BYTES} bytes, this ${bytes.length}`, { bytes: bytes.length })
  const reader = new SectionReader(bytes)
  const manifestBlock = reader.next(DAG_CBOR_CODEC)
  const manifest = decodeManifest(manifestBlock.body)
  const signatureBlock = reader.roots === 2 ? reader.next(DAG_CBOR_CODEC) : null
  const roots = [manifestBlock.cid, ...(signatureBlock === null ? [] : [signatureBlock.cid])]
  if (!equalBytes(bytes.subarray(0, reader.headerBytes), carHeader(roots))) throw malformed('its header does not name its blocks')
  const blocks = new Map<string, Uint8Array>()
  for (const { path, size, parts } of manifest.files) {
    parts.forEach((cid, i) => {
      const length = Math.min(PART_BYTES, size - i * PART_BYTES)
      let block = blocks.get(cidKey(cid))
      if (block === undefined) {
        block = reader.expect(cid)
        blocks.set(cidKey(cid), block)
      }
      if (block.length !== length) throw malformed(`a part of ${path} has another length than it says`)
    })
  }
  reader.end()
  return {
    cid: manifestBlock.cid,
    manifest,
    signature: signatureBlock === null ? null : decodeSignature(signatureBlock.body),
    file(path) {
      const found = manifest.files.find((file) => file.path === path)
      if (found === undefined) throw new HoltError('NOT_FOUND', `the package has no file ${path}`, { path })
      const parts = found.parts.map((cid) => blocks.get(cidKey(cid)) as Uint8Array)
      return parts.length === 1 ? (parts[0] as Uint8Array) : concatBytes(parts)
    },
  }
}

class SectionReader {
  readonly headerBytes: number
  readonly roots: number
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    const sizes = [1, 2].map((count) => carHeader(new Array<Cid>(count).fill(new Uint8Array(CID_BYTES))).length)
    const isOf = (count: number): boolean => bytes.length > (sizes[count - 1] as number) && startsLike(bytes, count)
    this.roots = isOf(1) ? 1 : isOf(2) ? 2 : 0
    if (this.roots === 0) throw malformed('it does not begin as a package does')
    this.headerBytes = sizes[this.roots - 1] as number
    this.#at = this.headerBytes
  }

  next(codec?: number): { cid: Cid; body: Uint8Array } {
    const place = parseSectionHead(this.#bytes, this.#at)
    if (typeof place === 'string' || place.end > this.#bytes.length) throw malformed(`no block at ${this.#at}`)
    if (codec !== undefined && place.codec !== codec) throw malformed(`a block of another kind at ${this.#at}`)
    this.#at = place.end
    const cid = checkCid(this.#bytes.slice(place.cidOffset, place.bodyOffset))
    const body = this.#bytes.subarray(place.bodyOffset, place.end)
    if (!equalBytes(cidOf(body, cidCodec(cid)), cid))
      throw new HoltError('BLOCK_CORRUPT', `a block of the package is not what its name says: ${cidToText(cid)}`, { cid: cidToText(cid) })
    return { cid, body }
  }

  expect(cid: Cid): Uint8Array {
    const found = this.next()
    if (!equalBytes(found.cid, cid)) throw malformed('its blocks are not in the order of its files')
    return found.body
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw malformed(`${this.#bytes.length - this.#at} bytes follow the last block`)
  }
}

function startsLike(bytes: Uint8Array, roots: number): boolean {
  const first = carHeader(new Array<Cid>(roots).fill(new Uint8Array(CID_BYTES))).subarray(0, 1 + HEADER_FIRST.length + 1)
  return equalBytes(bytes.subarray(0, first.length), first)
}

function malformed(what: string): HoltError {
  return new HoltError('MALFORMED', `this is no package: ${what}`)
}
