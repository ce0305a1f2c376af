import { encode } from '@holt/core/codec.ts'
import { HoltError } from '@holt/core/errors.ts'
import { literal, parse, record, uint, version } from '@holt/core/shape.ts'
import type { TreeEntry } from '@holt/tree/types.ts'

/** Who owns an entry on the machines where it is mounted, as its attribute `owner`; docs/formats.md. None: who mounts it. */
export interface OwnerRecord {
  uid: number
  gid: number
}

export const OWNER_ATTRIBUTE = 'owner'
/** The largest number stands for none. */
const MAX_ID = 0xffff_fffe
const id = uint({ max: MAX_ID })
const shape = record({ v: version(1), kind: literal('owner'), uid: id, gid: id })

/** @throws HoltError INPUT_INVALID */
export function withOwnerRecord(x: TreeEntry['x'], { uid, gid }: OwnerRecord): Record<string, Uint8Array> {
  if (uid > MAX_ID || gid > MAX_ID) throw new HoltError('INPUT_INVALID', 'nobody has this number', { uid, gid })
  return { ...x, [OWNER_ATTRIBUTE]: encode({ v: 1, kind: 'owner', uid, gid }) }
}

/** null when it has none. @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function ownerRecordOf(entry: TreeEntry): OwnerRecord | null {
  const bytes = entry.x?.[OWNER_ATTRIBUTE]
  if (bytes === undefined) return null
  const { uid, gid } = parse(shape, bytes)
  return { uid, gid }
}
