import { utf8 } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { arrayOf, literal, optional, parse, record, type Shape, text, tuple, version } from '@holt/core/shape.ts'
import type { XmlElement } from './xml/element.ts'

/**
 * Properties that programs make up and expect to find again, as one extended attribute of the file or folder; docs/formats.md. They go where it goes, are versioned and
 * copied with it. What is stored are elements, not their text: whoever else may write attributes can put nothing into an answer but elements.
 */
export const PROPERTIES_ATTRIBUTE = 'user.webdav'

const MOST_PROPERTIES = 64
const MOST_DEPTH = 5
const MOST_CHILDREN = 256
/** An entry lies in a node of its directory with others. */
export const MOST_PROPERTY_BYTES = 32_768

interface Stored {
  s: string
  n: string
  a?: [string, string, string][]
  c?: (string | Stored)[]
}

const piece = text({ maxBytes: MOST_PROPERTY_BYTES })
const NAME = /^[A-Za-z_\u0080-\u{effff}][-.\w\u0080-\u{effff}]*$/u
const name: Shape<string> = {
  check(value, where) {
    const checked = text({ maxBytes: 1024 }).check(value, where)
    if (!NAME.test(checked)) throw new HoltError('MALFORMED', `${where}: is no name`, { field: where })
    return checked
  },
}
const attributes = optional(arrayOf(tuple(piece, name, piece), { max: 64 }))
const elementOf = (depth: number): Shape<Stored> =>
  record({ s: piece, n: name, a: attributes, c: optional(arrayOf(childOf(depth), { max: MOST_CHILDREN })) }) as Shape<Stored>
const childOf = (depth: number): Shape<string | Stored> => ({
  check(value, where) {
    if (typeof value === 'string') return piece.check(value, where)
    if (depth <= 1) throw new HoltError('MALFORMED', `${where}: is too deep`, { field: where })
    return elementOf(depth - 1).check(value, where)
  },
})
const shape = record({ v: version(1), kind: literal('webdav'), p: arrayOf(elementOf(MOST_DEPTH), { max: MOST_PROPERTIES }) })

/** @throws HoltError TOO_LARGE, MALFORMED for what cannot be kept. */
export function encodeProperties(properties: readonly XmlElement[]): Uint8Array {
  const value = shape.check({ v: 1, kind: 'webdav', p: properties.map(store) }, '')
  const bytes = encode(value)
  if (bytes.length > MOST_PROPERTY_BYTES) throw new HoltError('TOO_LARGE', 'there are too many properties', { sizeBytes: bytes.length })
  return bytes
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION. */
export function decodeProperties(bytes: Uint8Array): XmlElement[] {
  return parse(shape, bytes).p.map(load)
}

/** None where there are none, or another program wrote something else under this name. */
export function propertiesIn(attributes: Readonly<Record<string, string>> | undefined): XmlElement[] {
  const base64 = attributes?.[PROPERTIES_ATTRIBUTE]
  if (base64 === undefined) return []
  try {
    return decodeProperties(Buffer.from(base64, 'base64'))
  } catch (error) {
    if (isHoltError(error)) return []
    throw error
  }
}

function store({ namespace, name: local, attributes: given, children }: XmlElement): Stored {
  return {
    s: namespace,
    n: local,
    ...(given.length === 0 ? {} : { a: given.map((one): [string, string, string] => [one.namespace, one.name, one.value]) }),
    ...(children.length === 0 ? {} : { c: children.map((child) => (typeof child === 'string' ? child : store(child))) }),
  }
}

function load({ s, n, a = [], c = [] }: Stored): XmlElement {
  return {
    namespace: s,
    name: n,
    attributes: a.map(([namespace, local, value]) => ({ namespace, name: local, value })),
    children: c.map((child) => (typeof child === 'string' ? child : load(child))),
  }
}

/** Fits into what is kept. */
export function isKeepable(property: XmlElement): boolean {
  try {
    return utf8(JSON.stringify(property)).length <= 2 * MOST_PROPERTY_BYTES && encodeProperties([property]).length > 0
  } catch (error) {
    if (isHoltError(error)) return false
    throw error
  }
}
