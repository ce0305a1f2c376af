/**
 * Before which calls of a session the password or a passkey is asked for again, when neither was given within five minutes: a browser
 * that was left open must not be enough. So it is for what cannot be undone, opens a door, or makes what is stored less safe, and for
 * signing others out, which a thief would do first. What closes a door or ends something on trial is not asked: it must be quick.
 * Nor is what goes on every day, and can be taken back: files, the trash, links, the safety of one folder.
 *
 * A token does without: it was made for just these calls by somebody who was asked. Routes that take the password of a form
 * look for themselves (`checkAgain`).
 */
type Asked = true | ((body: unknown) => boolean)

const table: Readonly<Record<string, Asked>> = {
  'POST /api/people/invitations': true,
  'PUT /api/people/:id': true,
  'DELETE /api/people/:id': true,
  'POST /api/tokens': true,
  'POST /api/app-passwords': true,
  'POST /api/passkeys/new': true,
  'POST /api/passkeys': true,
  'DELETE /api/passkeys/:id': true,
  'DELETE /api/sessions': true,
  'DELETE /api/sessions/:id': true,

  'POST /api/drives': true,
  'POST /api/jobs': (body) => (body as { kind?: unknown } | null)?.kind === 'remove-drive',
  'PUT /api/classes/:name': true,
  'PUT /api/retention': true,

  'PUT /api/peers': true,
  'POST /api/cluster/invitation': true,
  'PUT /api/cluster/voters': true,
  'POST /api/peers/code': true,
  'POST /api/peers/pair': true,
  'PUT /api/peers/relations/:id/share': true,
  'DELETE /api/peers/relations/:id': true,
  'PUT /api/peers/wishes/:name': true,
  'PUT /api/peers/repair': true,

  'POST /api/programs': true,
  'PUT /api/programs/:id/powers': true,
  'DELETE /api/programs/:id': true,

  'PUT /api/network': true,
  'POST /api/network/phones': true,
  'PUT /api/box/updates/plan': true,
  'POST /api/box/updates/install': true,
  'POST /api/box/disks/prepare': true,
  'PUT /api/box/time': true,
}

/** @param url as the route was registered, with `:names`. */
export function asksAgain(method: string, url: string, body: unknown): boolean {
  const asked = table[`${method} ${url}`]
  return typeof asked === 'function' ? asked(body) : asked === true
}

export const askedRoutes: readonly string[] = Object.keys(table)
