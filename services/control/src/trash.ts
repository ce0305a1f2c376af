import { type Static, Type } from 'typebox'
import type { MethodSchemas } from './method-schema.ts'
import { Entry, LeaseToken, Path, Seconds } from './tree-types.ts'

/** The trash: what was removed and can be put back. */

const strict = { additionalProperties: false }
const TrashId = Type.String({ minLength: 1, maxLength: 64 })
const Ids = Type.Array(TrashId, { minItems: 1, maxItems: 10000 })

export const TrashItem = Type.Object({
  id: TrashId,
  path: Type.String({ description: 'where it was' }),
  removed: Seconds,
  entry: Entry,
})
export type TrashItem = Static<typeof TrashItem>

export const OnConflict = Type.Union([Type.Literal('refuse'), Type.Literal('replace'), Type.Literal('keep-both')], {
  description:
    'when something else is there now: nothing is restored; or that goes to the trash itself; or it comes back under another name',
})
export type OnConflict = Static<typeof OnConflict>

export const trashMethods = {
  'trash.put': {
    params: Type.Object({ paths: Type.Array(Path, { minItems: 1, maxItems: 10000 }), token: LeaseToken }, strict),
    result: Type.Object({ items: Type.Array(TrashItem) }),
    summary: 'Moves to the trash in one commit, folders with all that is in them',
  },
  'trash.list': {
    params: Type.Object(
      {
        after: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'last id of the page before' })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10000 })),
      },
      strict,
    ),
    result: Type.Object({ items: Type.Array(TrashItem), more: Type.Boolean() }),
    summary: 'A page of the trash, newest first',
  },
  'trash.restore': {
    params: Type.Object(
      {
        ids: Ids,
        onConflict: Type.Optional(OnConflict),
        into: Type.Optional(Path),
      },
      strict,
    ),
    result: Type.Object({ paths: Type.Array(Type.String(), { description: 'where they are now' }) }),
    summary: 'Puts back in one commit; ALREADY_EXISTS tells which paths are taken',
  },
  'trash.empty': {
    params: Type.Object({ ids: Type.Optional(Ids) }, strict),
    result: Type.Object({ removed: Type.Integer() }),
    summary: 'Removes these, or all, from the trash; older versions keep them by the retention rules',
  },
} as const satisfies MethodSchemas
