import { equalBytes } from '@holt/core/bytes.ts'
import type { Cid } from '@holt/core/cid.ts'
import { encode } from '@holt/core/codec.ts'
import type { Disk } from '@holt/core/disk.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { readTwice, writeTwice } from '@holt/core/kept-twice.ts'
import { arrayOf, bytes, bytesOf, cid, literal, nullable, parse, record, tuple, uint, version } from '@holt/core/shape.ts'
import { parseHead } from '@holt/tree/caps/head.ts'
import { covers, decodeLine, encodeLine, type Line, MAX_LINE_BYTES, MOST_NODES, type SignedLine } from './line.ts'

/** A version that this node had or has taken in, and which commits are in it. */
export interface PastVersion {
  root: Cid
  clock: Line['clock']
}

export interface KeptLines {
  /** Where this node stood when it last wrote it down. */
  current: SignedLine | null
  /** Where it stands if the store has that head. */
  next: SignedLine | null
  /** Oldest first. */
  past: readonly PastVersion[]
}

const FILE = 'cluster/lines'
const MOST_PAST = 128
/** The newest stay; of those before, every second goes. */
const KEPT_WHOLE = 64
const clockShape = arrayOf(tuple(bytesOf(32), uint({ min: 1 })), { min: 1, max: MOST_NODES })
const line = nullable(bytes({ max: MAX_LINE_BYTES }))
const keptShape = record({
  v: version(1),
  kind: literal('lines'),
  current: line,
  next: line,
  past: arrayOf(record({ root: cid, clock: clockShape }), { max: MOST_PAST }),
})

export function encodeLines({ current, next, past }: KeptLines): Uint8Array {
  const bytesOfLine = (one: SignedLine | null): Uint8Array | null => (one === null ? null : encodeLine(one))
  return encode({ v: 1, kind: 'lines', current: bytesOfLine(current), next: bytesOfLine(next), past })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodeLines(content: Uint8Array): KeptLines {
  const { current, next, past } = parse(keptShape, content, { maxBytes: 1 << 20 })
  const lineOf = (kept: Uint8Array | null): SignedLine | null => (kept === null ? null : decodeLine(kept))
  return { current: lineOf(current), next: lineOf(next), past: past.map(({ root, clock }) => ({ root: root.slice(), clock })) }
}

/** Where this node stands, durably. */
export class LineBook {
  readonly #disk: Disk
  #kept: KeptLines

  private constructor(disk: Disk, kept: KeptLines) {
    this.#disk = disk
    this.#kept = kept
  }

  /** One that is damaged is begun anew: what is committed counts as new then, and is merged with what others have. */
  static async open(disk: Disk, warn: (text: string) => void): Promise<LineBook> {
    await disk.makeFolder('cluster')
    try {
      const file = await readTwice(disk, FILE)
      if (file !== null) return new LineBook(disk, decodeLines(file.content))
    } catch (error) {
      if (!isHoltError(error) || !['MALFORMED', 'UNSUPPORTED_VERSION', 'TOO_LARGE'].includes(error.code)) throw error
      warn(`what this node remembers of its other nodes' versions is damaged: ${error.message}`)
    }
    return new LineBook(disk, { current: null, next: null, past: [] })
  }

  /** The line of this head, if it was written down. */
  lineOf(head: Uint8Array): SignedLine | null {
    const { current, next } = this.#kept
    return [next, current].find((one) => one !== null && equalBytes(one.head, head)) ?? null
  }

  /** What was last known to be the newest here, when the newest head is another: what was to be it, but perhaps never was, does not count. */
  get current(): SignedLine | null {
    return this.#kept.current
  }

  /** Versions that are in both, the newest first. */
  common(other: Line['clock']): Cid[] {
    return this.#kept.past
      .filter(({ clock }) => covers(other, clock))
      .map(({ root }) => root)
      .reverse()
  }

  /** Durable when it resolves: the head of `next` is about to become the newest here, in the place of that of `current`. */
  async expect(next: SignedLine, current: SignedLine): Promise<void> {
    await this.#write({ ...this.#kept, current, next })
  }

  /**
   * The head of this line is the newest here.
   *
   * @param joined the line that was merged into it: who made that one goes on from there, and so it is what both have in common then.
   */
  async stand(current: SignedLine, joined: Line | null = null): Promise<void> {
    const past = [...this.#kept.past, ...(joined === null ? [] : [pastOf(joined)]), pastOf(current)]
    await this.#write({ current, next: null, past: thinned(past) })
  }

  async #write(kept: KeptLines): Promise<void> {
    await writeTwice(this.#disk, FILE, encodeLines(kept))
    this.#kept = kept
  }
}

function pastOf({ head, clock }: Line): PastVersion {
  return { root: parseHead(head).root, clock }
}

function thinned(past: readonly PastVersion[]): PastVersion[] {
  if (past.length <= MOST_PAST) return [...past]
  const old = past.length - KEPT_WHOLE
  return past.filter((_, i) => i >= old || i % 2 === 0)
}
