import { RAW_CODEC, cidFromDigest } from '@holt/core/cid.ts'
import fc from 'fast-check'
import { nameProblem } from './names.ts'
import type { TreeEntry } from './types.ts'

/** Entries of every kind, for property tests. */

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const time = fc.tuple(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), fc.nat(999_999_999))
const m = fc.nat(0o7777)
const x = fc.dictionary(fc.string({ maxLength: 8 }), fc.uint8Array({ maxLength: 40 }), { maxKeys: 3, noNullPrototype: true })
const k = fc.array(bytes(32), { minLength: 1, maxLength: 3 })
export const arbitraryCid = bytes(32).map((digest) => cidFromDigest(digest, RAW_CODEC))
const r = fc.option(arbitraryCid)
const e = fc.nat(70_000)
const cl = fc.constantFrom('standard', 'photos')
const z = fc.nat(Number.MAX_SAFE_INTEGER)

const file = fc.record(
  { t: fc.constant('f' as const), m, mt: time, k, r, z, c: fc.constantFrom(16 as const, 20 as const), h: fc.nat(5), x, e, cl },
  { requiredKeys: ['t', 'm', 'mt', 'k', 'r', 'z', 'c', 'h'], noNullPrototype: true },
)
const directory = fc.record(
  { t: fc.constant('d' as const), m, mt: time, k, r, x, e, cl },
  { requiredKeys: ['t', 'm', 'mt', 'k', 'r'], noNullPrototype: true },
)
const link = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 300 })
  .filter((to) => !to.includes('\0'))
  .map((to) => ({ t: 'l' as const, m: 0o777, mt: [0, 0] as const, to }))
const volume = fc.record(
  { t: fc.constant('v' as const), m, mt: time, k, id: bytes(16), o: bytes(32), s: bytes(16) },
  { noNullPrototype: true },
)

export const arbitraryEntry: fc.Arbitrary<TreeEntry> = fc.oneof(file, directory, link, volume)

export const arbitraryName = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 70 }),
    fc.constantFrom('é', '\u{ffff}', '\u{10000}', '__proto__'),
  )
  .filter((name) => nameProblem(name) === null)
