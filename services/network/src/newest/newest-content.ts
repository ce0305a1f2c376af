import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { openSecret, sealSecret } from '@holt/core/sealed-file.ts'
import { arrayOf, bytes, literal, optional, parse, record, version } from '@holt/core/shape.ts'
import { MAX_RECORD_BYTES } from '../endpoints/endpoint-record.ts'
import { MAX_RELATION_BYTES } from '../relations/relation.ts'

/** What only the owner reads of a record of the newest state. */
export interface NewestContent {
  /** The newest heads of all volumes. */
  heads: Uint8Array[]
  /** Between the owner and their friends. */
  relations: Uint8Array[]
  /** Where nodes of those friends were. */
  records: Uint8Array[]
  /** What the owner wants of each friend, as the terms' file has it. */
  terms: Uint8Array
  /** Which commits of which of the owner's nodes are in the newest head, signed; null while there were no others. */
  line: Uint8Array | null
}

const MAX_HEAD_BYTES = 16 << 10
const MOST_OF_EACH = 256
const MAX_TERMS_BYTES = 8 << 10
const MAX_LINE_BYTES = 24 << 10
/** What `sealSecret` takes, less what stands around it. */
const MAX_CONTENT_BYTES = 63 << 10
const contentShape = record({
  v: version(1),
  kind: literal('newest-content'),
  heads: arrayOf(bytes({ max: MAX_HEAD_BYTES }), { max: MOST_OF_EACH }),
  relations: arrayOf(bytes({ max: MAX_RELATION_BYTES }), { max: MOST_OF_EACH }),
  records: arrayOf(bytes({ max: MAX_RECORD_BYTES }), { max: MOST_OF_EACH }),
  terms: bytes({ max: MAX_TERMS_BYTES }),
  line: optional(bytes({ max: MAX_LINE_BYTES })),
})

/** What does not fit is left out, heads last. */
export function encodeNewestContent(content: NewestContent): Uint8Array {
  const terms = content.terms.length <= MAX_TERMS_BYTES ? content.terms : new Uint8Array(0)
  const line = content.line !== null && content.line.length <= MAX_LINE_BYTES ? { line: content.line } : {}
  let left = MAX_CONTENT_BYTES - terms.length - (line.line?.length ?? 0)
  const fitting = (parts: readonly Uint8Array[]): Uint8Array[] =>
    parts.slice(0, MOST_OF_EACH).filter(({ length }) => length + 3 <= left && (left -= length + 3) >= 0)
  const heads = fitting(content.heads)
  // a friend that cannot be found is of less use than one fewer that can
  const relations = fitting(content.relations.slice(0, MOST_FRIENDS))
  return encode({ v: 1, kind: 'newest-content', heads, relations, records: fitting(content.records), terms, ...line })
}

const MOST_FRIENDS = 16

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodeNewestContent(bytes: Uint8Array): NewestContent {
  const { line = null, heads, relations, records, terms } = parse(contentShape, bytes.slice())
  return { heads, relations, records, terms, line }
}

export async function sealNewestContent(crypto: Crypto, key: Uint8Array, content: NewestContent): Promise<Uint8Array> {
  return sealSecret(crypto, key, encodeNewestContent(content))
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION; DECRYPTION_FAILED */
export async function openNewestContent(crypto: Crypto, key: Uint8Array, sealed: Uint8Array): Promise<NewestContent> {
  return decodeNewestContent(await openSecret(crypto, key, sealed))
}
