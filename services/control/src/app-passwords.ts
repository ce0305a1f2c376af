import { type Static, Type } from 'typebox'
import type { MethodSchemas } from './method-schema.ts'

/** Passwords of programs that speak WebDAV: each for one folder, made here and never chosen. */

export const AppPasswordName = Type.String({ minLength: 1, maxLength: 64, description: 'what it is for: a device, a program' })
const Folder = Type.String({ minLength: 1, maxLength: 4096, description: 'what it opens: this folder is the top for it' })

export const AppPasswordInfo = Type.Object({
  id: Type.String({ description: 'the beginning of the password; no secret' }),
  name: AppPasswordName,
  path: Folder,
  write: Type.Boolean({ description: 'false: it only reads' }),
  createdMs: Type.Integer(),
  usedMs: Type.Union([Type.Integer(), Type.Null()], { description: 'to the hour' }),
})
export type AppPasswordInfo = Static<typeof AppPasswordInfo>

export const AppPasswordWish = Type.Object(
  { name: AppPasswordName, path: Folder, write: Type.Boolean({ description: 'false: it only reads' }) },
  { additionalProperties: false },
)
export type AppPasswordWish = Static<typeof AppPasswordWish>

const Empty = Type.Object({}, { additionalProperties: false })

/** Those of the owner. */
export const appPasswordMethods = {
  'appPasswords.list': {
    params: Empty,
    result: Type.Object({ url: Type.String({ description: 'what WebDAV programs connect to' }), passwords: Type.Array(AppPasswordInfo) }),
    summary: "The owner's passwords for WebDAV programs, and where these connect",
  },
  'appPasswords.make': {
    params: AppPasswordWish,
    result: Type.Object({ url: Type.String(), password: Type.String({ description: 'told only now' }), info: AppPasswordInfo }),
    summary: 'Makes one, told once',
  },
  'appPasswords.revoke': {
    params: Type.Object({ id: Type.String({ maxLength: 32 }) }, { additionalProperties: false }),
    result: Empty,
    summary: 'Revokes one',
  },
} as const satisfies MethodSchemas

/** Where they are kept: with the page, which checks them. */
export interface AppPasswordBook {
  /** What WebDAV programs connect to. */
  readonly url: string
  list(): AppPasswordInfo[]
  make(wish: AppPasswordWish): Promise<{ password: string; info: AppPasswordInfo }>
  /** @throws HoltError NOT_FOUND */
  revoke(id: string): Promise<void>
}
