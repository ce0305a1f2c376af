import { DAG_CBOR_CODEC, cidCodec } from '@holt/core/cid.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { CAR_HEADER } from './car.ts'
import { type CommitRecord, type PackHeader, type PackRecord, parsePackRecord } from './pack-records.ts'
import { type ReadRange, type Section, SectionReader } from './section-reader.ts'
import { type Toc, TocEntries } from './toc.ts'

/** What a reader finds in a pack after a crash. */
export interface PackScan {
  /** Null when the first section is damaged or missing. */
  header: PackHeader | null
  /** Blocks and commit records that are whole, of the part that is kept. */
  toc: Toc
  /** Of the commit records of the part that is kept, in order. */
  heads: Uint8Array[]
  /** Proven by a commit record to have been on the drive once. */
  syncedBytes: number
  /** The end of the part that is kept; what follows is a torn tail, to be cut off. */
  keptBytes: number
  /** The table of contents' body when the pack is sealed. */
  sealed: { offset: number; length: number } | null
  /** Ranges of the kept part that hold no whole section. */
  damage: { offset: number; length: number }[]
}

/** A stretch of a pack. */
export interface FoundSection {
  start: number
  end: number
  /** Null: a range that holds no whole section. */
  record: PackRecord | 'block' | null
  bodyOffset: number
  bodyLength: number
  cid: Uint8Array
}

/**
 * Reads every section of a pack and decides what of it is kept, by the rule of docs/formats.md §3: up to the highest `synced` of any
 * whole commit record a bad section is damage; past it, the first bad section and all after it are a torn tail.
 */
export async function scanPack(read: ReadRange, sizeBytes: number): Promise<PackScan> {
  const found = await findSections(read, sizeBytes)
  const commits = found.flatMap(({ record }) => (record !== null && record !== 'block' && record.kind === 'commit' ? [record.commit] : []))
  const syncedBytes = commits.reduce((highest, commit) => Math.max(highest, commit.syncedBytes), 0)
  return keep(found, Math.min(syncedBytes, sizeBytes), sizeBytes)
}

/** The sections of a pack in order, and between them the stretches that are none. */
export async function findSections(read: ReadRange, sizeBytes: number): Promise<FoundSection[]> {
  const reader = new SectionReader(read, sizeBytes)
  const found: FoundSection[] = []
  const bad = (start: number, end: number): number =>
    found.push({ start, end, record: null, bodyOffset: start, bodyLength: 0, cid: new Uint8Array() })
  let at = CAR_HEADER.length
  if (!equalBytes(await read(0, at), CAR_HEADER)) bad(0, Math.min(at, sizeBytes))
  while (at < sizeBytes) {
    const section = await reader.at(at)
    if (section?.intact) found.push(await understood(section))
    // A wrong body is as long as its head says, unless the head is what is wrong: only a section that follows tells.
    const end = section?.intact ? section.end : ((await reader.findIntact(at + 1))?.start ?? sizeBytes)
    if (!section?.intact) bad(at, end)
    at = end
  }
  return found
}

async function understood(section: Section): Promise<FoundSection> {
  const { start, end, bodyOffset, body } = section
  return { start, end, bodyOffset, bodyLength: body.length, cid: section.cid.slice(), record: recordIn(section) }
}

function recordIn({ cid, body }: Section): PackRecord | 'block' | null {
  if (cidCodec(cid) !== DAG_CBOR_CODEC) return 'block'
  try {
    return parsePackRecord(body)
  } catch (error) {
    if (isHoltError(error, 'MALFORMED')) return null
    throw error // another version is no damage: it must not be cut off
  }
}

function keep(found: readonly FoundSection[], syncedBytes: number, sizeBytes: number): PackScan {
  const toc = { blocks: new TocEntries(), commits: new TocEntries() }
  const keptBytes = found[0]?.start === 0 ? 0 : Math.min(CAR_HEADER.length, sizeBytes)
  const scan: PackScan = { header: null, toc, heads: [], syncedBytes, keptBytes, sealed: null, damage: [] }
  for (const section of found) {
    const isWhole = section.record !== null
    if (!isWhole && section.start >= syncedBytes) break
    scan.keptBytes = isWhole ? section.end : Math.min(section.end, syncedBytes)
    if (section.record !== null) take(scan, section, section.record)
    else scan.damage.push({ offset: section.start, length: scan.keptBytes - section.start })
    if (scan.sealed || scan.keptBytes < section.end) break
  }
  return scan
}

function take(scan: PackScan, { cid, bodyOffset, bodyLength, start }: FoundSection, record: PackRecord | 'block'): void {
  if (record === 'block') scan.toc.blocks.add(cid, bodyOffset, bodyLength)
  else if (record.kind === 'toc') scan.sealed = { offset: bodyOffset, length: bodyLength }
  else if (record.kind === 'pack' && start === CAR_HEADER.length) scan.header = record.header
  else if (record.kind === 'commit') takeCommit(scan, record.commit, { cid, bodyOffset, bodyLength })
}

function takeCommit(scan: PackScan, commit: CommitRecord, place: { cid: Uint8Array; bodyOffset: number; bodyLength: number }): void {
  scan.toc.commits.add(place.cid, place.bodyOffset, place.bodyLength)
  scan.heads.push(...commit.heads)
}
