import { fromHex, toHex, utf8 } from '@holt/core/bytes.ts'
import { cidOf, DAG_CBOR_CODEC, type Cid } from '@holt/core/cid.ts'
import { decode, encode } from '@holt/core/codec.ts'
import { HoltError } from '@holt/core/errors.ts'
import { arrayOf, bytes, bytesOf, literal, record, text, uint, version } from '@holt/core/shape.ts'
import { frameSection } from '@holt/core/car.ts'
import type { PackId } from './pack-keeper.ts'

/** What a pack says of itself in its first section. */
export interface PackHeader {
  id: PackId
  redundancyClass: string
  createdSeconds: number
}

export interface CommitRecord {
  heads: Uint8Array[]
  /** So many bytes of the pack were known to be on the drive when this was written. */
  syncedBytes: number
}

const MAX_HEAD_BYTES = 256 << 10
/** So that a commit record is no longer than a sealed block. */
export const MAX_COMMIT_RECORD_BYTES = 1 << 20

const headerShape = record({ v: version(1), kind: literal('pack'), id: bytesOf(16), class: text({ maxBytes: 255 }), created: uint() })
const commitShape = record({
  v: version(1),
  kind: literal('commit'),
  heads: arrayOf(bytes({ max: MAX_HEAD_BYTES }), { max: 65_536 }),
  synced: uint({ max: 2 ** 32 }),
})

/** A clear record as a section of a pack. */
export interface RecordSection {
  cid: Cid
  section: Uint8Array
  /** Of the body within the section. */
  bodyOffset: number
  bodyLength: number
}

export function recordSection(body: Uint8Array): RecordSection {
  const cid = cidOf(body, DAG_CBOR_CODEC)
  const section = frameSection(cid, body)
  return { cid, section, bodyOffset: section.length - body.length, bodyLength: body.length }
}

export function encodePackHeader({ id, redundancyClass, createdSeconds }: PackHeader): Uint8Array {
  return encode({ v: 1, kind: 'pack', id: fromHex(id), class: redundancyClass, created: createdSeconds })
}

/** @returns as many records as the heads need; at least one. */
export function encodeCommitRecords(heads: readonly Uint8Array[], syncedBytes: number): Uint8Array[] {
  return groupHeads(heads).map((group) => encode({ v: 1, kind: 'commit', heads: group, synced: syncedBytes }))
}

function groupHeads(heads: readonly Uint8Array[]): Uint8Array[][] {
  const groups: Uint8Array[][] = [[]]
  let room = MAX_COMMIT_RECORD_BYTES / 2
  for (const head of heads) {
    if (head.length > MAX_HEAD_BYTES)
      throw new HoltError('TOO_LARGE', 'a head is longer than a commit record may hold', { bytes: head.length })
    room -= head.length + 16
    if (room < 0) {
      groups.push([])
      room = MAX_COMMIT_RECORD_BYTES / 2 - head.length
    }
    groups.at(-1)?.push(head)
  }
  return groups
}

export type PackRecord = { kind: 'pack'; header: PackHeader } | { kind: 'commit'; commit: CommitRecord } | { kind: 'toc' }

/**
 * What a clear record in a pack is; a table of contents is only recognised (`parseToc` reads it).
 *
 * @throws HoltError MALFORMED, UNSUPPORTED_VERSION.
 */
export function parsePackRecord(body: Uint8Array): PackRecord {
  if (isToc(body)) return { kind: 'toc' }
  const value = decode(body, { maxBytes: MAX_COMMIT_RECORD_BYTES, maxDepth: 2 })
  if (isKind(value, 'commit')) {
    const { heads, synced } = commitShape.check(value, '')
    return { kind: 'commit', commit: { heads: heads.map((head) => head.slice()), syncedBytes: synced } }
  }
  const { id, class: redundancyClass, created } = headerShape.check(value, '')
  return { kind: 'pack', header: { id: toHex(id), redundancyClass, createdSeconds: created } }
}

function isKind(value: unknown, kind: string): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind
}

/** The map of four fields begins with its shortest names: `v`, then `kind`. */
const tocBeginning = new Uint8Array([0xa4, 0x61, ...utf8('v'), 0x01, 0x64, ...utf8('kind'), 0x63, ...utf8('toc')])

function isToc(body: Uint8Array): boolean {
  return tocBeginning.every((byte, i) => body[i] === byte)
}
