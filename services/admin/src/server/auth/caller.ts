import { HoltError } from '@holt/core/errors.ts'
import { Type, type Static } from 'typebox'
import type { SessionRecord } from './sessions.ts'

/** The id of the owner among the people of a node. */
export const OWNER = 'owner'

export const Role = Type.Union([
  Type.Literal('owner', { description: 'everything' }),
  Type.Literal('member', { description: 'a home folder, and what was shared' }),
  Type.Literal('guest', { description: 'reads what was shared' }),
])
export type Role = Static<typeof Role>

/** A path and all below it. */
export const Grant = Type.Object(
  { path: Type.String({ minLength: 1, maxLength: 4096 }), write: Type.Boolean() },
  { additionalProperties: false },
)
export type Grant = Static<typeof Grant>

/** Who sends a request, and what they may. */
export interface Caller {
  person: string
  name: string
  role: Role
  /** A path is open when every one of these lists opens it; none: the whole tree. */
  limits: readonly (readonly Grant[])[]
  /** null: not by a session, but by a token. */
  session: Readonly<SessionRecord> | null
  token: { id: string; write: boolean; calls: readonly string[] } | null
}

export function mayRead({ limits }: Pick<Caller, 'limits'>, path: string): boolean {
  return limits.every((grants) => grants.some((grant) => isAtOrUnder(path, grant.path)))
}

export function mayWrite({ limits, token }: Pick<Caller, 'limits' | 'token'>, path: string): boolean {
  if (token?.write === false) return false
  return limits.every((grants) => grants.some((grant) => grant.write && isAtOrUnder(path, grant.path)))
}

/** May be removed, moved or replaced: what was given itself stays where its giver put it. */
export function mayChange({ limits, token }: Pick<Caller, 'limits' | 'token'>, path: string): boolean {
  if (token?.write === false) return false
  return limits.every((grants) => grants.some((grant) => grant.write && path !== grant.path && isAtOrUnder(path, grant.path)))
}

/** On the way to something that may be read: it is seen that it is there, and nothing beside it. */
export function mayPass({ limits }: Pick<Caller, 'limits'>, path: string): boolean {
  return limits.every((grants) => grants.some((grant) => isAtOrUnder(path, grant.path) || isAtOrUnder(grant.path, path)))
}

export function isAtOrUnder(path: string, folder: string): boolean {
  return path === folder || folder === '/' || path.startsWith(`${folder}/`)
}

export function notYours(path: string): HoltError {
  return new HoltError('NOT_AUTHORIZED', 'this was not shared with you', { path })
}
