import { utf8 } from './bytes.ts'
import { CID_BYTES, type Cid, DAG_CBOR_CODEC, RAW_CODEC } from './cid.ts'
import { HoltError } from './errors.ts'

/**
 * CARv1 (https://ipld.io/specs/transport/car/carv1/): after a header, sections `varint(length) || CID || body`.
 * Only what packs are made of: CIDs of one form (`cid.ts`), lengths of at most four varint bytes.
 */

/** `varint(17) || {roots: [], version: 1}`. */
export const CAR_HEADER = new Uint8Array([0x11, 0xa2, 0x65, ...utf8('roots'), 0x80, 0x67, ...utf8('version'), 0x01])

/** A table of contents is the longest body there is; a sealed block is at most 1 MiB + 64 KiB. */
export const MAX_BODY_BYTES = 1 << 26

const MAX_VARINT_BYTES = 4
/** So many bytes hold the varint and CID of any section. */
export const MAX_SECTION_HEAD_BYTES = MAX_VARINT_BYTES + CID_BYTES

/** One section within some bytes, of which it may lie only partly in them. */
export interface SectionPlace {
  codec: number
  cidOffset: number
  bodyOffset: number
  bodyLength: number
  /** Where the next one begins. */
  end: number
}

export function sectionLength(bodyLength: number): number {
  return varintLength(CID_BYTES + bodyLength) + CID_BYTES + bodyLength
}

function varintLength(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4
}

export function frameSection(cid: Cid, body: Uint8Array): Uint8Array {
  const section = new Uint8Array(sectionLength(body.length))
  let at = 0
  for (let rest = CID_BYTES + body.length; ; rest >>>= 7) {
    section[at++] = rest < 0x80 ? rest : (rest & 0x7f) | 0x80
    if (rest < 0x80) break
  }
  section.set(cid, at)
  section.set(body, at + CID_BYTES)
  return section
}

/**
 * Reads the head of the section at `at`; its body may reach beyond `bytes`.
 *
 * @returns 'short' when `bytes` end within the head, 'bad' when it is none.
 */
export function parseSectionHead(bytes: Uint8Array, at: number): SectionPlace | 'short' | 'bad' {
  let length = 0
  let used = 0
  for (;;) {
    if (at + used >= bytes.length) return 'short'
    const byte = bytes[at + used] as number
    length += (byte & 0x7f) * 2 ** (7 * used)
    used++
    if (byte < 0x80) break
    if (used === MAX_VARINT_BYTES) return 'bad'
  }
  if (length < CID_BYTES || length - CID_BYTES > MAX_BODY_BYTES || used !== varintLength(length)) return 'bad'
  const cidOffset = at + used
  if (cidOffset + CID_BYTES > bytes.length) return 'short'
  if (!isCidAt(bytes, cidOffset)) return 'bad'
  const bodyOffset = cidOffset + CID_BYTES
  return { codec: bytes[cidOffset + 1] as number, cidOffset, bodyOffset, bodyLength: length - CID_BYTES, end: cidOffset + length }
}

export function isCidAt(bytes: Uint8Array, at: number): boolean {
  const codec = bytes[at + 1]
  return bytes[at] === 1 && (codec === RAW_CODEC || codec === DAG_CBOR_CODEC) && bytes[at + 2] === 0x1e && bytes[at + 3] === 32
}

/**
 * Takes a run of whole sections apart.
 *
 * @throws HoltError MALFORMED when they are anything else.
 */
export function splitSections(bytes: Uint8Array): SectionPlace[] {
  const places: SectionPlace[] = []
  for (let at = 0; at < bytes.length; ) {
    const place = parseSectionHead(bytes, at)
    if (typeof place === 'string' || place.end > bytes.length) throw new HoltError('MALFORMED', `no CAR section at ${at}`, { offset: at })
    places.push(place)
    at = place.end
  }
  return places
}
