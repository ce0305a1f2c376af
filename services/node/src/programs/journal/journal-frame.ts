import { concatBytes, fromHex, toHex, utf8 } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { type HoltErrorCode, holtErrorCodes, isHoltError } from '@holt/core/errors.ts'
import { openSecret, sealSecret } from '@holt/core/sealed-file.ts'
import { arrayOf, bytesOf, literal, nullable, oneOf, parse, record, type ShapeOf, text, uint, version } from '@holt/core/shape.ts'
import type { JournalEntry } from './journal-entry.ts'

/** How the journal lies in its file: docs/formats.md §3. */

const LENGTH_BYTES = 4
/** What `sealSecret` takes, with room for the frame around the entries. */
const MAX_FRAME_BYTES = 60 << 10
const MAX_SEALED_BYTES = 66 << 10
const MOST_ENTRIES = 1024

const common = { n: uint({ min: 1 }), t: uint(), p: bytesOf(16) }
const short = text({ maxBytes: 128 })

const entryShape = oneOf('kind', {
  line: record({ kind: literal('line'), ...common, level: short, text: text({ maxBytes: 8192 }) }),
  use: record({
    kind: literal('use'),
    ...common,
    power: short,
    what: short,
    about: text({ maxBytes: 2048 }),
    code: nullable(short),
  }),
})

const frameShape = record({
  v: version(1),
  kind: literal('program-journal'),
  entries: arrayOf(entryShape, { min: 1, max: MOST_ENTRIES }),
})

/** Whole frames for these entries, in their order, one after the other. */
export async function sealFrames(crypto: Crypto, key: Uint8Array, entries: readonly JournalEntry[]): Promise<Uint8Array> {
  const frames: Uint8Array[] = []
  for (const some of inFrames(entries)) {
    const sealed = await sealSecret(crypto, key, encode({ v: 1, kind: 'program-journal', entries: some.map(stored) }))
    const length = new Uint8Array(LENGTH_BYTES)
    new DataView(length.buffer).setUint32(0, sealed.length)
    frames.push(length, sealed)
  }
  return concatBytes(frames)
}

/**
 * All that can be read of a file: a frame that was altered is left out.
 *
 * @returns `endBytes`: where the last frame that is there whole ends; what follows was cut short. `damaged`: frames left out.
 */
export async function openFrames(
  crypto: Crypto,
  key: Uint8Array,
  file: Uint8Array,
): Promise<{ entries: JournalEntry[]; endBytes: number; damaged: number }> {
  const entries: JournalEntry[] = []
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  let at = 0
  let damaged = 0
  while (at + LENGTH_BYTES <= file.length) {
    const length = view.getUint32(at)
    const end = at + LENGTH_BYTES + length
    if (length > MAX_SEALED_BYTES || end > file.length) break
    try {
      const opened = parse(frameShape, await openSecret(crypto, key, file.subarray(at + LENGTH_BYTES, end)))
      entries.push(...opened.entries.map(entryOf))
    } catch (error) {
      if (!isHoltError(error)) throw error
      damaged++
    }
    at = end
  }
  return { entries, endBytes: at, damaged }
}

function* inFrames(entries: readonly JournalEntry[]): Generator<JournalEntry[]> {
  let some: JournalEntry[] = []
  let bytes = 0
  for (const entry of entries) {
    const size = encode(stored(entry)).length
    if (some.length === MOST_ENTRIES || bytes + size > MAX_FRAME_BYTES) {
      yield some
      some = []
      bytes = 0
    }
    some.push(entry)
    bytes += size
  }
  if (some.length > 0) yield some
}

function stored(entry: JournalEntry): ShapeOf<typeof entryShape> {
  const where = { n: entry.number, t: Math.max(0, Math.round(entry.time * 1000)), p: fromHex(entry.program) as Uint8Array }
  if (entry.kind === 'line') return { kind: 'line', ...where, level: entry.level, text: wellFormed(entry.text) }
  const { power, what, about, code } = entry
  return { kind: 'use', ...where, power: wellFormed(power), what: wellFormed(what), about: wellFormed(about), code }
}

/** A program may write halves of characters, and cutting may leave one. */
function wellFormed(words: string): string {
  return new TextDecoder().decode(utf8(words))
}

const levels = ['debug', 'info', 'warn', 'error'] as const

function entryOf(one: ShapeOf<typeof entryShape>): JournalEntry {
  const where = { number: one.n, time: one.t / 1000, program: toHex(one.p) }
  if (one.kind === 'line') return { kind: 'line', ...where, level: levels.find((level) => level === one.level) ?? 'info', text: one.text }
  const { power, what, about, code } = one
  return { kind: 'use', ...where, power, what, about, code: code === null ? null : knownCode(code) }
}

/** Of a later build there may be one that is not known here. */
function knownCode(code: string): HoltErrorCode {
  return holtErrorCodes.find((one) => one === code) ?? 'INTERNAL'
}
