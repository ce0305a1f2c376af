import { HASH_BYTES } from '@holt/core/blake3-tree.ts'
import { encode } from '@holt/core/codec.ts'
import { bytes, literal, nullable, parse, record, type Shape, version } from '@holt/core/shape.ts'
import { unwrapChecked, wrapChecked } from '@holt/store/fragments/checked-file.ts'
import { MAX_TAIL_BYTES } from '@holt/store/fragments/fragment-file.ts'
import {
  type Agreement,
  decodeAgreement,
  decodeRelease,
  encodeAgreement,
  encodeRelease,
  MAX_AGREEMENT_BYTES,
  type Release,
} from './agreement.ts'

/** What a holder writes down of one fragment: docs/formats.md §6. */
export interface HeldRecord {
  agreement: Agreement
  /** Empty when it was released. */
  tail: Uint8Array
  /** Hashes of the groups of the shard. */
  groups: Uint8Array
  /** All of it is there, and durably. */
  complete: boolean
  release: Release | null
}

const MAX_GROUPS_BYTES = 4096 * HASH_BYTES
const boolean: Shape<boolean> = { check: (value, where) => (value === true ? literal(true) : literal(false)).check(value, where) }
const heldShape = record({
  v: version(1),
  kind: literal('held'),
  agreement: bytes({ max: MAX_AGREEMENT_BYTES }),
  tail: bytes({ max: MAX_TAIL_BYTES }),
  groups: bytes({ max: MAX_GROUPS_BYTES, multipleOf: HASH_BYTES }),
  complete: boolean,
  release: nullable(bytes({ max: MAX_AGREEMENT_BYTES })),
})

export function encodeHeld({ agreement, tail, groups, complete, release }: HeldRecord): Uint8Array {
  const released = release === null ? null : encodeRelease(release)
  return wrapChecked(encode({ v: 1, kind: 'held', agreement: encodeAgreement(agreement), tail, groups, complete, release: released }))
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION, TOO_LARGE */
export function decodeHeld(file: Uint8Array): HeldRecord {
  const { agreement, tail, groups, complete, release } = parse(heldShape, unwrapChecked(file))
  return { agreement: decodeAgreement(agreement), tail, groups, complete, release: release === null ? null : decodeRelease(release) }
}
