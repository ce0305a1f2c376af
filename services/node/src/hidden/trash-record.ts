import { encode } from '@holt/core/codec.ts'
import { literal, parse, record, text, time, version } from '@holt/core/shape.ts'
import type { Time, TreeEntry } from '@holt/tree/types.ts'

/** What an entry in the trash remembers, as its attribute `trash`; docs/formats.md. */
export interface TrashRecord {
  path: string
  time: Time
}

export const TRASH_ATTRIBUTE = 'trash'
/** An attribute has room for so much and the other fields. */
export const MAX_TRASHED_PATH_BYTES = 65_000

const shape = record({ v: version(1), kind: literal('trash'), path: text({ maxBytes: MAX_TRASHED_PATH_BYTES }), time })

export function withTrashRecord(entry: TreeEntry, { path, time }: TrashRecord): Record<string, Uint8Array> {
  return { ...entry.x, [TRASH_ATTRIBUTE]: encode({ v: 1, kind: 'trash', path, time }) }
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function trashRecordOf(entry: TreeEntry): TrashRecord {
  const { path, time } = parse(shape, entry.x?.[TRASH_ATTRIBUTE] ?? new Uint8Array())
  return { path, time }
}

/** The entry as it was before it came into the trash. */
export function withoutTrashRecord(entry: TreeEntry): TreeEntry {
  const { x, ...rest } = entry
  const others = Object.fromEntries(Object.entries(x ?? {}).filter(([name]) => name !== TRASH_ATTRIBUTE))
  return (Object.keys(others).length === 0 ? rest : { ...rest, x: others }) as TreeEntry
}
