import { HoltError, isHoltError } from '@holt/core/errors.ts'
import {
  arrayOf,
  bytes,
  bytesOf,
  cid,
  literal,
  mapOf,
  nullable,
  oneOf,
  optional,
  record,
  type Shape,
  text,
  time,
  uint,
} from '@holt/core/shape.ts'
import { utf8Length } from './names.ts'
import type { DirectoryEntry, TreeEntry } from './types.ts'

export const KEY_BYTES = 32
export const MAX_KEYS = 65_535
/** An entry lies whole in one node. */
export const MAX_ENTRY_BYTES = 512 << 10
/** 2^53 bytes in chunks of 2^16 need no higher tree. */
export const MAX_CHUNK_TREE_HEIGHT = 5

const target = text({ maxBytes: 4096 })
const symlinkTarget: Shape<string> = {
  check(value, where) {
    const checked = target.check(value, where)
    if (checked === '' || checked.includes('\0')) throw new HoltError('MALFORMED', `${where}: is empty or holds NUL`, { field: where })
    return checked
  },
}
const common = { m: uint({ max: 0o7777 }), mt: time, x: optional(mapOf(bytes({ max: 65_536 }), { max: 256, maxNameBytes: 255 })) }
const keyed = { ...common, k: arrayOf(bytesOf(KEY_BYTES), { min: 1, max: MAX_KEYS }) }
const content = { ...keyed, r: nullable(cid), e: optional(uint()), cl: optional(text({ maxBytes: 32 })) }
const chunkLog2: Shape<16 | 20> = { check: (value, where) => (value === 16 ? literal(16) : literal(20)).check(value, where) }

const fileShape = record({ t: literal('f'), ...content, z: uint(), c: chunkLog2, h: uint({ max: MAX_CHUNK_TREE_HEIGHT }) })
export const directoryShape: Shape<DirectoryEntry> = record({ t: literal('d'), ...content })
const symlinkShape = record({ t: literal('l'), ...common, to: symlinkTarget })
const volumeShape = record({ t: literal('v'), ...keyed, id: bytesOf(16), o: bytesOf(32), s: bytesOf(16) })

/** An entry of a directory, docs/formats.md §5. */
export const entryShape: Shape<TreeEntry> = oneOf('t', { f: fileShape, d: directoryShape, l: symlinkShape, v: volumeShape })

/** Without the fields that are undefined. */
export function compactEntry(entry: TreeEntry): TreeEntry {
  const fields = Object.entries(entry)
  if (fields.every(([, value]) => value !== undefined)) return entry
  const compact: Record<string, unknown> = { ...entry }
  for (const [name, value] of fields) if (value === undefined) delete compact[name]
  return compact as unknown as TreeEntry
}

/**
 * Checks an entry that a caller made.
 *
 * @throws HoltError INPUT_INVALID, TOO_LARGE.
 */
export function checkEntry(made: TreeEntry): TreeEntry {
  const entry = compactEntry(made)
  try {
    entryShape.check(entry, 'entry')
  } catch (error) {
    throw isHoltError(error, 'MALFORMED') ? new HoltError('INPUT_INVALID', error.message, error.data) : error
  }
  const sizeBytes = encodedEntryBytes(entry)
  if (sizeBytes > MAX_ENTRY_BYTES) throw new HoltError('TOO_LARGE', `an entry of ${sizeBytes} bytes`, { sizeBytes })
  return entry
}

/** Exactly what `encode(entry)` takes, without encoding it. */
export function encodedEntryBytes(entry: TreeEntry): number {
  let size = 1
  for (const field of Object.keys(entry)) {
    const value = entry[field as keyof TreeEntry] as unknown
    // A directory that is not sealed yet will have a CID where it now has null.
    if (value !== undefined) size += 1 + field.length + (field === 'r' ? 38 : encodedBytes(value))
  }
  return size
}

function encodedBytes(value: unknown): number {
  if (typeof value === 'number') return headBytes(value < 0 ? -1 - value : value)
  if (typeof value === 'string') return stringBytes(utf8Length(value))
  if (value instanceof Uint8Array) return stringBytes(value.length)
  if (value === null) return 1
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + encodedBytes(item), headBytes(value.length))
  const fields = Object.entries(value as Record<string, unknown>)
  return fields.reduce((sum, [name, field]) => sum + encodedBytes(name) + encodedBytes(field), headBytes(fields.length))
}

function stringBytes(length: number): number {
  return headBytes(length) + length
}

function headBytes(argument: number): number {
  if (argument < 24) return 1
  if (argument < 0x100) return 2
  if (argument < 0x10000) return 3
  return argument < 0x1_0000_0000 ? 5 : 9
}

/** What a named entry takes in a directory leaf. */
export function encodedSlotBytes(name: string, entry: TreeEntry): number {
  return 1 + encodedBytes(name) + encodedEntryBytes(entry)
}
