import { type Static, Type } from 'typebox'

/** What many calls are about. */

export const Path = Type.String({ minLength: 1, maxLength: 65536, description: "absolute path in the tree, '/'-separated" })
export const At = Type.Optional(
  Type.Union([
    Type.Integer({ minimum: 1, description: 'sequence number of a version' }),
    Type.String({ description: 'ISO 8601 date: the newest version not after it' }),
  ]),
)
export const FencingToken = Type.Object(
  { term: Type.Integer({ minimum: 0 }), number: Type.Integer({ minimum: 1 }) },
  { description: 'of a lease; of two the one with the higher term, then number, was granted later' },
)
export type FencingToken = Static<typeof FencingToken>
export const LeaseToken = Type.Optional(FencingToken)
export const Seconds = Type.Number({ description: 'seconds since 1970, with a fraction' })

export const Entry = Type.Object({
  name: Type.String(),
  type: Type.Union([Type.Literal('file'), Type.Literal('directory'), Type.Literal('symlink'), Type.Literal('volume')]),
  sizeBytes: Type.Integer({ description: 'files only, else 0' }),
  mode: Type.Integer(),
  modified: Seconds,
  target: Type.Optional(Type.String({ description: 'of a symlink' })),
  redundancyClass: Type.Optional(Type.String({ description: 'set on this very entry' })),
  content: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      description: 'files only: names the bytes; two entries with the same name have the same bytes',
    }),
  ),
  attributes: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description: 'extended attributes of programs, user.…, in base64; where they were asked for',
    }),
  ),
})
export type Entry = Static<typeof Entry>
