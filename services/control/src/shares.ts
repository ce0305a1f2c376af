import { type Static, Type } from 'typebox'
import type { MethodSchemas } from './method-schema.ts'

const Empty = Type.Object({})
const Seconds = Type.Integer({ minimum: 0, maximum: 1e12, description: 'seconds since 1970' })
const ShareId = Type.String({ pattern: '^[0-9a-f]{32}$', description: 'hex' })

export const ShareInfo = Type.Object({
  id: ShareId,
  path: Type.String(),
  label: Type.String({ description: 'for who opens the link' }),
  secret: Type.String({ description: 'base64url: what the link carries behind its #; whoever has it can read what is shared' }),
  made: Seconds,
  expires: Type.Union([Seconds, Type.Null()], { description: 'the last second in which it opens; null: until it is taken back' }),
  expired: Type.Boolean(),
})
export type ShareInfo = Static<typeof ShareInfo>

/** Links by which others read a file or folder without an account. */
export const shareMethods = {
  'shares.create': {
    params: Type.Object({
      path: Type.String({ minLength: 1, maxLength: 16384, description: "absolute path in the tree, '/'-separated" }),
      label: Type.Optional(Type.String({ maxLength: 256, description: 'the name of what is shared when absent' })),
      expires: Type.Optional(Type.Union([Seconds, Type.Null()])),
    }),
    result: ShareInfo,
    summary: 'Makes a link by which others read a file or folder, as it is whenever they look',
  },
  'shares.list': {
    params: Empty,
    result: Type.Object({ shares: Type.Array(ShareInfo) }),
    summary: 'Links that were given away, newest first; expired ones for another month',
  },
  'shares.revoke': {
    params: Type.Object({ id: ShareId }),
    result: Type.Object({}),
    summary: 'Takes a link back: it opens no more',
  },
} as const satisfies MethodSchemas
