import { utf8 } from './bytes.ts'
import { CID_BYTES, type Cid, checkCid } from './cid.ts'
import { decode, decodePadded, type DecodeLimits } from './codec.ts'
import { HoltError, type HoltErrorCode, toHoltError } from './errors.ts'

/**
 * What a decoded value must be. `check` returns the value itself, or throws a HoltError that names the field:
 * UNSUPPORTED_VERSION for another `v`, MALFORMED for everything else.
 */
export interface Shape<T> {
  check(value: unknown, where: string): T
  /** The field may be missing; only `record` looks at it. */
  readonly optional?: true
}

export type ShapeOf<S> = S extends Shape<infer T> ? T : never

/** Decodes one structure and nothing behind it. */
export function parse<T>(shape: Shape<T>, bytes: Uint8Array, limits?: Partial<DecodeLimits>): T {
  return shape.check(decode(bytes, limits), '')
}

/** Decodes one structure followed by zeros. */
export function parsePadded<T>(shape: Shape<T>, bytes: Uint8Array, limits?: Partial<DecodeLimits>): T {
  return shape.check(decodePadded(bytes, limits), '')
}

function refuse(where: string, what: string, code: HoltErrorCode = 'MALFORMED'): never {
  throw new HoltError(code, `${where || 'the structure'}: ${what}`, { field: where })
}

type Fields = Record<string, Shape<unknown>>
type OptionalNames<F extends Fields> = { [N in keyof F]: undefined extends ShapeOf<F[N]> ? N : never }[keyof F]
type RecordOf<F extends Fields> = { [N in Exclude<keyof F, OptionalNames<F>>]: ShapeOf<F[N]> } & {
  [N in OptionalNames<F>]?: Exclude<ShapeOf<F[N]>, undefined>
}
type Flat<T> = { [N in keyof T]: T[N] }

/** A map with exactly these fields. Put `v` first: a later version may have other fields beside it. */
export function record<F extends Fields>(fields: F): Shape<Flat<RecordOf<F>>> {
  const shapes = Object.entries(fields)
  return {
    check(value, where) {
      const map = checkMap(value, where)
      let present = 0
      for (const [name, shape] of shapes) {
        const field = map[name]
        const path = where === '' ? name : `${where}.${name}`
        if (field !== undefined) {
          present++
          shape.check(field, path)
        } else if (shape.optional !== true) refuse(path, 'is missing')
      }
      if (present !== Object.keys(map).length) refuseUnknown(map, fields, where)
      return map as Flat<RecordOf<F>>
    },
  }
}

function checkMap(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) refuse(where, 'is no map')
  return value as Record<string, unknown>
}

function refuseUnknown(map: Record<string, unknown>, fields: Fields, where: string): never {
  const unknown = Object.keys(map).find((name) => !Object.hasOwn(fields, name)) ?? ''
  refuse(where === '' ? unknown : `${where}.${unknown}`, 'is a field not known here')
}

/** A map whose field `tag` says which of the shapes it has. */
export function oneOf<S extends Record<string, Shape<unknown>>>(tag: string, shapes: S): Shape<ShapeOf<S[keyof S]>> {
  return {
    check(value, where) {
      const kind = checkMap(value, where)[tag]
      const shape = typeof kind === 'string' && Object.hasOwn(shapes, kind) ? shapes[kind] : undefined
      if (shape === undefined) refuse(where === '' ? tag : `${where}.${tag}`, `is none of ${Object.keys(shapes).join(', ')}`)
      return shape.check(value, where) as ShapeOf<S[keyof S]>
    },
  }
}

/** A map of any names to one shape. */
export function mapOf<T>(shape: Shape<T>, { max, maxNameBytes }: { max: number; maxNameBytes: number }): Shape<Record<string, T>> {
  const names = text({ maxBytes: maxNameBytes })
  return {
    check(value, where) {
      const map = checkMap(value, where)
      const keys = Object.keys(map)
      if (keys.length > max) refuse(where, `has ${keys.length} fields, at most ${max} are allowed`)
      for (const name of keys) {
        names.check(name, where)
        shape.check(map[name], `${where}[${JSON.stringify(name)}]`)
      }
      return map as Record<string, T>
    },
  }
}

export function arrayOf<T>(shape: Shape<T>, { min = 0, max }: { min?: number; max: number }): Shape<T[]> {
  return {
    check(value, where) {
      if (!Array.isArray(value)) refuse(where, 'is no array')
      if (value.length < min || value.length > max) refuse(where, `has ${value.length} items, ${min} to ${max} are allowed`)
      for (let i = 0; i < value.length; i++) shape.check(value[i], `${where}[${i}]`)
      return value as T[]
    },
  }
}

/** An array with one shape for each place. */
export function tuple<S extends readonly Shape<unknown>[]>(...shapes: S): Shape<{ [I in keyof S]: ShapeOf<S[I]> }> {
  return {
    check(value, where) {
      if (!Array.isArray(value) || value.length !== shapes.length) refuse(where, `is no array of ${shapes.length}`)
      for (let i = 0; i < shapes.length; i++) (shapes[i] as Shape<unknown>).check(value[i], `${where}[${i}]`)
      return value as { [I in keyof S]: ShapeOf<S[I]> }
    },
  }
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return { check: (value, where) => shape.check(value, where), optional: true }
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return { check: (value, where) => (value === null ? null : shape.check(value, where)) }
}

export function literal<const L extends string | number | boolean>(expected: L): Shape<L> {
  return { check: (value, where) => (value === expected ? expected : refuse(where, `is not ${JSON.stringify(expected)}`)) }
}

/** The field `v`. */
export function version<const V extends number>(known: V): Shape<V> {
  return {
    check(value, where) {
      if (value === known) return known
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) refuse(where, 'is no version')
      refuse(where, `version ${value} is not known here`, 'UNSUPPORTED_VERSION')
    },
  }
}

export function integer({ min, max = Number.MAX_SAFE_INTEGER }: { min: number; max?: number }): Shape<number> {
  return {
    check(value, where) {
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) refuse(where, 'is no integer')
      if (value < min || value > max) refuse(where, `is ${value}, ${min} to ${max} are allowed`)
      return value
    },
  }
}

export function uint({ min = 0, max }: { min?: number; max?: number } = {}): Shape<number> {
  return integer({ min, max })
}

export function bytes({ max, multipleOf = 1 }: { max: number; multipleOf?: number }): Shape<Uint8Array> {
  return {
    check(value, where) {
      if (!(value instanceof Uint8Array)) refuse(where, 'is no byte string')
      if (value.length > max || value.length % multipleOf !== 0) refuse(where, `has ${value.length} bytes, at most ${max} are allowed`)
      return value
    },
  }
}

export function bytesOf(length: number): Shape<Uint8Array> {
  return {
    check(value, where) {
      if (!(value instanceof Uint8Array) || value.length !== length) refuse(where, `is no byte string of ${length} bytes`)
      return value
    },
  }
}

export const cid: Shape<Cid> = {
  check(value, where) {
    const bytes = bytesOf(CID_BYTES).check(value, where)
    try {
      return checkCid(bytes)
    } catch (error) {
      refuse(where, toHoltError(error).message, toHoltError(error).code)
    }
  },
}

export function text({ maxBytes }: { maxBytes: number }): Shape<string> {
  return {
    check(value, where) {
      if (typeof value !== 'string') refuse(where, 'is no text')
      if (3 * value.length > maxBytes && utf8(value).length > maxBytes) refuse(where, `is text of more than ${maxBytes} bytes`)
      return value
    },
  }
}

/** [seconds since 1970, nanoseconds]. */
export const time: Shape<readonly [number, number]> = tuple(integer({ min: Number.MIN_SAFE_INTEGER }), uint({ max: 999_999_999 }))
