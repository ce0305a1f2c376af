/**
 * Who may call what. A route that is not listed here is the owner's alone, so that a new one is closed until somebody decides.
 *
 * - `anybody`: strangers too; the route itself says what they get.
 * - `setup`: with the set-up code before there is an owner, the owner's after.
 * - `program`: with an app password, for which WebDAV looks itself; sessions and tokens count for nothing there.
 * - `person`: whoever is signed in, about themselves; never a token.
 * - fields: whoever is signed in, and tokens for calls of this kind, where the paths in these fields of the request are theirs:
 *   `pass` to see on the way, `read`, `write`, and `change` for what may not be the shared folder itself.
 */
export type Access = 'anybody' | 'setup' | 'program' | 'person' | 'owner' | PathFields

export interface PathFields {
  pass?: readonly string[]
  read?: readonly string[]
  write?: readonly string[]
  change?: readonly string[]
}

const table: Readonly<Record<string, Access>> = {
  'GET /api': 'anybody',
  'GET /api/session': 'anybody',
  'POST /api/session': 'anybody',
  'DELETE /api/session': 'anybody',
  'GET /api/authority': 'anybody',
  'POST /api/authority/trusted': 'anybody',
  'GET /api/shared/:id': 'anybody',
  'GET /api/shared/:id/blocks/:cid': 'anybody',
  'POST /api/invited/look': 'anybody',
  'POST /api/invited': 'anybody',
  'POST /api/passkeys/options': 'anybody',
  'POST /api/passkeys/sign-in': 'anybody',

  'PUT /api/session/password': 'person',
  'POST /api/session/confirm': 'person',
  'POST /api/session/confirm/passkey': 'person',
  'GET /api/sessions': 'person',
  'DELETE /api/sessions': 'person',
  'DELETE /api/sessions/:id': 'person',
  'GET /api/passkeys': 'person',
  'POST /api/passkeys/new': 'person',
  'POST /api/passkeys': 'person',
  'DELETE /api/passkeys/:id': 'person',
  'GET /api/tokens': 'person',
  'POST /api/tokens': 'person',
  'DELETE /api/tokens/:id': 'person',
  'GET /api/app-passwords': 'person',
  'POST /api/app-passwords': 'person',
  'DELETE /api/app-passwords/:id': 'person',
  'GET /api/activity': 'person',
  'GET /api/notices': 'person',
  'POST /api/notices/read': 'person',
  'GET /api/push': 'person',
  'PUT /api/push': 'person',
  'DELETE /api/push/:id': 'person',
  'POST /api/push/:id/test': 'person',

  'GET /api/events': {},
  'GET /api/files': { pass: ['query.path'] },
  'GET /api/files/search': { read: ['query.path', 'query.after'] },
  'GET /api/files/entry': { pass: ['query.path'] },
  'GET /api/files/versions': { read: ['query.path'] },
  'GET /api/files/content': { read: ['query.path'] },
  'GET /api/files/thumbnail': { read: ['query.path'] },
  'PUT /api/files/thumbnail': { write: ['body.path'] },
  'PUT /api/files/content': { write: ['query.path'] },
  'POST /api/files/directories': { write: ['body.path'] },
  'POST /api/files/move': { change: ['body.from', 'body.to'] },
  'POST /api/files/remove': { change: ['body.paths'] },
  'GET /api/trash': {},
  'POST /api/trash': { change: ['body.paths'] },
  'POST /api/trash/restore': { write: ['body.into'] },
  'POST /api/files/zip': { read: ['body.paths'] },
  'GET /api/files/zip/:id': {},
  'GET /api/uploads': {},
  'OPTIONS /api/uploads': {},
  'POST /api/uploads': {},
  'HEAD /api/uploads/:id': {},
  'PATCH /api/uploads/:id': {},
  'DELETE /api/uploads/:id': {},
  'PUT /api/uploads/:id/place': { write: ['body.path'] },
  'POST /api/files/restore': { change: ['body.path', 'body.to'] },
}

/** @param url as the route was registered, with `:names`. */
export function accessOf(method: string, url: string): Access {
  if (/^\/dav(?:\/|$)/.test(url)) return 'program'
  if (!/^\/api(?:\/|$)/.test(url)) return 'anybody'
  if (/^\/api\/setup(?:\/|$)/.test(url)) return 'setup'
  return table[`${method} ${url}`] ?? (method === 'HEAD' ? table[`GET ${url}`] : undefined) ?? 'owner'
}

export const listedRoutes: readonly string[] = Object.keys(table)
