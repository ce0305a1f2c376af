import type { Cid } from '@holt/core/cid.ts'
import { encode } from '@holt/core/codec.ts'
import { bytesOf, cid, literal, nullable, parse, record, type Shape, type ShapeOf, text, uint, version } from '@holt/core/shape.ts'
import type { TreeEntry } from '@holt/tree/types.ts'

/** What the hidden area remembers of a phone's pictures, each as the attribute of an entry; docs/formats.md §5. */

const flag = uint({ max: 1 })
const name = text({ maxBytes: 255 })

const shapes = {
  /** A content that was taken in, and where it was put. */
  photo: record({ v: version(1), kind: literal('photo'), path: text({ maxBytes: 16_384 }), root: nullable(cid), size: uint() }),
  /** An item of the phone's list that was taken in, as it was then. */
  seen: record({ v: version(1), kind: literal('photo-seen'), change: uint(), size: uint(), modified: uint(), digest: bytesOf(32) }),
  /** One that could not be read: it is tried again. */
  later: record({
    v: version(1),
    kind: literal('photo-later'),
    change: uint(),
    name,
    size: uint(),
    modified: uint(),
    month: text({ maxBytes: 7 }),
    video: flag,
    tries: uint({ max: 1_000_000 }),
  }),
  /** How far the list of a volume was gone through, and which list it was. */
  cursor: record({
    v: version(1),
    kind: literal('photo-cursor'),
    database: text({ maxBytes: 1024 }),
    /** All pictures could be seen, videos were wanted: what could not be seen then may be anywhere in the list. */
    all: flag,
    videos: flag,
    change: uint(),
    id: uint(),
    done: uint(),
  }),
  /** A video of which not all has come. */
  partial: record({
    v: version(1),
    kind: literal('photo-partial'),
    volume: name,
    database: text({ maxBytes: 1024 }),
    id: uint(),
    change: uint(),
    size: uint(),
  }),
} satisfies Record<string, Shape<unknown>>

type Shapes = typeof shapes
export type PhotoRecordName = keyof Shapes
export type PhotoRecord<Name extends PhotoRecordName> = Omit<ShapeOf<Shapes[Name]>, 'v' | 'kind'>

const kinds: Record<PhotoRecordName, string> = {
  photo: 'photo',
  seen: 'photo-seen',
  later: 'photo-later',
  cursor: 'photo-cursor',
  partial: 'photo-partial',
}

export function encodePhotoRecord<Name extends PhotoRecordName>(name: Name, fields: PhotoRecord<Name>): Uint8Array {
  return encode({ v: 1, kind: kinds[name], ...(fields as object) })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodePhotoRecord<Name extends PhotoRecordName>(name: Name, encoded: Uint8Array): PhotoRecord<Name> {
  return parse(shapes[name] as unknown as Shape<PhotoRecord<Name>>, encoded)
}

/** @returns null where there is no entry. @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function photoRecordOf<Name extends PhotoRecordName>(name: Name, entry: TreeEntry | null): PhotoRecord<Name> | null {
  return entry === null ? null : decodePhotoRecord(name, entry.x?.[name] ?? new Uint8Array())
}

export function isSameRoot(a: Cid | null, b: Cid | null): boolean {
  return a === null || b === null ? a === b : a.length === b.length && a.every((byte, i) => byte === b[i])
}
