import { type Static, Type } from 'typebox'
import { OWNER } from '../auth/caller.ts'

/** What people are told of without asking. */
export const NoticeKind = Type.Union([
  Type.Literal('drive-missing', { description: 'about: its folder' }),
  Type.Literal('drive-failing', { description: 'about: its folder' }),
  Type.Literal('storage-full', { description: 'less than a tenth is free' }),
  Type.Literal('repair-needed'),
  Type.Literal('repair-finished', { description: "about: 'good', 'problems' or 'failed'" }),
  Type.Literal('update-ready', { description: 'about: the version' }),
  Type.Literal('update-installed', { description: 'about: the version' }),
  Type.Literal('key-not-kept', { description: 'the recovery kit was never backed up' }),
  Type.Literal('files-merged', { description: 'files that were changed on two nodes apart, of which one content stands; about: which' }),
  Type.Literal('share-ends', { description: 'about: the label of the link' }),
  Type.Literal('folder-request', { description: 'a friend would like to write; about: who' }),
  Type.Literal('folder-offered', { description: 'a friend shares a folder; about: its name' }),
  Type.Literal('new-device', { description: 'somebody signed in from a browser that was never seen; about: which' }),
  Type.Literal('password-changed', { description: 'about: from which browser' }),
])
export type NoticeKind = Static<typeof NoticeKind>

export const noticeKinds = NoticeKind.anyOf.map((one) => one.const) as readonly NoticeKind[]

/** Everybody hears of what is done with their own account, the owner of the node too. */
const ofEverybody: ReadonlySet<NoticeKind> = new Set<NoticeKind>(['new-device', 'password-changed'])

export function kindsFor(person: string): NoticeKind[] {
  return noticeKinds.filter((kind) => person === OWNER || ofEverybody.has(kind))
}
