import { DAG_CBOR_CODEC, cidCodec } from '@holt/core/cid.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { TimeSlice } from '@holt/core/event-loop.ts'
import { CAR_HEADER } from '@holt/core/car.ts'
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

interface Visitor {
  /** The section's bytes must not be kept. */
  section(section: Section, record: PackRecord | 'block'): void
  /** A stretch that holds no whole section. */
  bad(start: number, end: number): void
}

/** Goes through the sections of a pack in order, to its end or its table of contents. @returns where that was. */
export async function walkPack(read: ReadRange, sizeBytes: number, visitor: Visitor): Promise<number> {
  const reader = new SectionReader(read, sizeBytes)
  const slice = new TimeSlice()
  let at = CAR_HEADER.length
  if (!equalBytes(await read(0, at), CAR_HEADER)) visitor.bad(0, Math.min(at, sizeBytes))
  for (let count = 0; at < sizeBytes; count++) {
    const section = await reader.at(at)
    const record = section?.intact ? recordIn(section) : null
    if (section && record !== null) {
      visitor.section(section, record)
      at = section.end
      if (record !== 'block' && record.kind === 'toc') return at
    } else {
      // A wrong body is as long as its head says, unless the head is what is wrong: only a whole section that follows tells.
      const next = (await reader.findIntact(at + 1))?.start ?? sizeBytes
      visitor.bad(at, next)
      at = next
    }
    if (count % 256 === 0 && slice.isOver) await slice.next()
  }
  return Math.min(at, sizeBytes)
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

/**
 * Reads every section of a pack and decides what of it is kept, by the rule of docs/formats.md §3: up to the highest `synced` of any
 * whole commit record a bad section is damage; past it, the first bad section and all after it are a torn tail.
 */
export async function scanPack(read: ReadRange, sizeBytes: number): Promise<PackScan> {
  const findings = new Findings()
  const end = await walkPack(read, sizeBytes, findings)
  return findings.judged(end)
}

class Findings implements Visitor {
  readonly #toc: Toc = { blocks: new TocEntries(), commits: new TocEntries() }
  readonly #commits: (CommitRecord & { start: number })[] = []
  readonly #bad: { start: number; end: number }[] = []
  #header: PackHeader | null = null
  #sealed: { start: number; offset: number; length: number } | null = null

  section({ cid, start, bodyOffset, body }: Section, record: PackRecord | 'block'): void {
    if (record === 'block') this.#toc.blocks.add(cid, bodyOffset, body.length)
    else if (record.kind === 'toc') this.#sealed = { start, offset: bodyOffset, length: body.length }
    else if (record.kind === 'pack' && start === CAR_HEADER.length) this.#header = record.header
    else if (record.kind === 'commit') {
      this.#toc.commits.add(cid, bodyOffset, body.length)
      this.#commits.push({ ...record.commit, start })
    }
  }

  bad(start: number, end: number): void {
    this.#bad.push({ start, end })
  }

  judged(end: number): PackScan {
    const syncedBytes = Math.min(
      end,
      this.#commits.reduce((highest, commit) => Math.max(highest, commit.syncedBytes), 0),
    )
    const { keptBytes, damage } = this.#cut(end, syncedBytes)
    const heads = this.#commits.flatMap((commit) => (commit.start < keptBytes ? commit.heads : []))
    this.#toc.blocks.cutAt(keptBytes)
    this.#toc.commits.cutAt(keptBytes)
    const { offset = 0, length = 0, start = keptBytes } = this.#sealed ?? {}
    const header = keptBytes > CAR_HEADER.length ? this.#header : null
    return { header, toc: this.#toc, heads, syncedBytes, keptBytes, damage, sealed: start < keptBytes ? { offset, length } : null }
  }

  #cut(end: number, syncedBytes: number): { keptBytes: number; damage: PackScan['damage'] } {
    const damage = []
    for (const bad of this.#bad) {
      if (bad.start >= syncedBytes) return { keptBytes: bad.start, damage }
      const damagedEnd = Math.min(bad.end, syncedBytes)
      damage.push({ offset: bad.start, length: damagedEnd - bad.start })
      if (damagedEnd < bad.end) return { keptBytes: damagedEnd, damage }
    }
    return { keptBytes: end, damage }
  }
}
