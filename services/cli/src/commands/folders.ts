import { hostname } from 'node:os'
import type { FoldersStatus, GivenFolderInfo, TakenFolderInfo } from '@holt/control/folders.ts'
import type { PeerInfo } from '@holt/control/peers.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Command, CommandCall, Outcome } from '../command.ts'
import { localTime } from '../format.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'
import { showPairingCode } from './peers.ts'

/** The friend whose name, as `holt peers` shows it, begins so. @throws HoltError NOT_FOUND */
export async function friendCalled(call: CommandCall, typed: string): Promise<{ friend: string; name: string }> {
  const { peers } = await call.ask('peers.list', {})
  const meant = peers.filter(
    ({ peer, name, relation }) =>
      relation?.relation === 'friend' &&
      typed !== '' &&
      (name?.startsWith(typed) || peer.startsWith(typed) || relation.owner.startsWith(typed)),
  )
  const owners = new Set(meant.map(({ relation }) => relation?.owner))
  const [one] = meant
  if (owners.size !== 1 || !one?.relation)
    throw new HoltError(
      'NOT_FOUND',
      `${owners.size === 0 ? 'no friend is' : 'more than one friend may be'} '${typed}': see \`holt peers\``,
      {
        node: typed,
      },
    )
  return { friend: one.relation.owner, name: one.name ?? one.peer }
}

/** `holt share PATH --with FRIEND` */
export async function shareWithFriend(call: CommandCall, path: string, typed: string): Promise<Outcome> {
  const { friend, name } = await friendCalled(call, typed)
  const made = await call.ask('folders.share', { path, friend })
  return { json: made, report: [`${printable(name)} can take ${printable(path)} now, and read it.`] }
}

/** `holt share PATH --invite`: a friend is made by a code, and reads the folder. */
export async function inviteToFolder(call: CommandCall, path: string): Promise<Outcome> {
  const entry = await call.ask('files.stat', { path })
  if (entry.type !== 'directory') throw new HoltError('NOT_A_DIRECTORY', `${path} is no folder`, { path })
  const { json } = await showPairingCode(call, { relation: 'friend', name: hostname().slice(0, 32) })
  const { relation, name, peer } = json as PeerInfo
  if (!relation) throw new HoltError('PEER_FAILED', 'the node that paired is not known any more')
  const made = await call.ask('folders.share', { path, friend: relation.owner })
  return { json: made, report: [`${printable(name ?? peer)} can take ${printable(path)} now, and read it.`] }
}

const STATES = {
  offered: 'offered',
  coming: 'on its way',
  here: 'read',
  missing: 'gone here',
  ended: 'ended',
  declined: 'declined',
} as const satisfies Record<TakenFolderInfo['state'], string>

const folders: Command = {
  name: 'folders',
  summary: 'Shows folders that friends read or change, and theirs',
  arguments: [],
  options: {},
  details: [
    'A folder that is shared with a friend lies in both trees: what changes in it comes to the other within seconds, and stays there. `holt share PATH --with FRIEND` shares one.',
  ],
  examples: [{ line: 'holt folders', does: 'shows who reads what, who may write where, and what friends share with you' }],
  run: async (call) => {
    const status = await call.ask('folders.list', {})
    return { json: status, lines: lines(call, status) }
  },
}

function lines({ style }: CommandCall, { running, given, taken }: FoldersStatus): string[] {
  if (!running) return ['This node is not among others now: see `holt peers`.']
  if (given.length + taken.length === 0) return ['No folder is shared with a friend, and no friend shares one with you.']
  const mine = given.flatMap((folder) =>
    folder.readers.map(({ friend, name }) => {
      const grants = folder.grants.filter((grant) => grant.friend === friend)
      const writes = grants.map(({ path, expires }) => `${printable(path)}${expires === null ? '' : ` until ${localTime(expires)}`}`)
      return [folder.id.slice(0, 8), printable(folder.path), printable(name), writes.length === 0 ? 'reads' : `writes ${writes.join(', ')}`]
    }),
  )
  const theirs = taken.map((folder) => [
    folder.id.slice(0, 8),
    printable(folder.path ?? folder.label),
    printable(folder.name),
    folder.writable.length > 0 ? `write ${folder.writable.map(printable).join(', ')}` : STATES[folder.state],
    [...(folder.lost === null ? [] : [LOST[folder.lost]]), ...(folder.unsent ? ['changed here only'] : [])].join(', '),
  ])
  return [
    ...(mine.length === 0 ? [] : table([['ID', 'YOURS', 'FRIEND', 'MAY'].map(style.faint), ...mine])),
    ...(mine.length === 0 || theirs.length === 0 ? [] : ['']),
    ...(theirs.length === 0 ? [] : table([['ID', 'OF FRIENDS', 'FRIEND', 'YOU', ''].map(style.faint), ...theirs])),
  ]
}

const LOST = { CAP_REVOKED: 'writing was taken back', CAP_EXPIRED: 'the time to write is over' } as const

const idText = 'ID is that of `holt folders`, or as much of its beginning as no other has.'

/** @throws HoltError NOT_FOUND */
export function oneOf<T extends { id: string }>(all: readonly T[], typed: string, what: string): T {
  const meant = all.filter(({ id }) => typed !== '' && id.startsWith(typed.toLowerCase()))
  const [one] = meant
  if (meant.length === 1 && one !== undefined) return one
  throw new HoltError(
    'NOT_FOUND',
    `${meant.length === 0 ? `no ${what} has` : `more than one ${what} have`} an id that begins with '${typed}'`,
    {
      id: typed,
    },
  )
}

/** @throws HoltError NOT_FOUND */
export async function takenFolder(call: CommandCall): Promise<TakenFolderInfo> {
  return oneOf((await call.ask('folders.list', {})).taken, call.arguments[0] as string, 'folder of a friend')
}

/** @throws HoltError NOT_FOUND */
export async function givenFolder(call: CommandCall): Promise<GivenFolderInfo> {
  return oneOf((await call.ask('folders.list', {})).given, call.arguments[0] as string, 'folder of yours')
}

const take: Command = {
  name: 'folders take',
  summary: 'Takes a folder that a friend shares',
  arguments: [{ name: 'ID' }],
  options: {},
  details: [`It comes to /shared, and follows what changes. ${idText}`],
  examples: [{ line: 'holt folders take 3fa90c12', does: 'brings it here' }],
  run: async (call) => {
    const folder = await takenFolder(call)
    await call.ask('folders.accept', { id: folder.id })
    return { json: { id: folder.id }, report: [`${printable(folder.label)} of ${printable(folder.name)} comes to /shared.`] }
  },
}

const leave: Command = {
  name: 'folders leave',
  summary: 'Follows a folder of a friend no more, or does not take it',
  arguments: [{ name: 'ID' }],
  options: {},
  details: [`What is here stays, as a folder like any other. ${idText}`],
  examples: [{ line: 'holt folders leave 3fa90c12', does: 'keeps what is here and hears no more of it' }],
  run: async (call) => {
    const { id, label, state } = await takenFolder(call)
    await (state === 'offered' ? call.ask('folders.decline', { id }) : call.ask('folders.leave', { id }))
    return { json: { id }, report: [`${printable(label)} is followed no more.`] }
  },
}

const end: Command = {
  name: 'folders end',
  summary: 'Shuts a friend out of a folder, or all of them',
  arguments: [{ name: 'ID' }],
  options: { with: { type: 'text', value: 'FRIEND', help: 'only this friend' } },
  details: [`What a friend has cannot be taken back; what is written from then on has new keys. ${idText}`],
  examples: [{ line: 'holt folders end 3fa90c12 --with Ben', does: 'Ben gets nothing more of it' }],
  run: async (call) => {
    const { id, path } = await givenFolder(call)
    const typed = call.text('with')
    const friend = typed === undefined ? {} : { friend: (await friendCalled(call, typed)).friend }
    await call.ask('folders.unshare', { id, ...friend })
    const done =
      typed === undefined ? `Nobody reads ${printable(path)} any more.` : `${printable(typed)} gets nothing more of ${printable(path)}.`
    return { json: { id, ...friend }, report: [done] }
  },
}

const here: Command = {
  name: 'folders here',
  summary: 'Looks after a shared folder of yours on this node, when the one that did is no more',
  arguments: [{ name: 'ID' }],
  options: {},
  details: [`While two nodes do, readers refuse what the one that is behind says. ${idText}`],
  examples: [{ line: 'holt folders here 3fa90c12', does: 'friends hear from this node what is new' }],
  run: async (call) => {
    const { id, path } = await givenFolder(call)
    await call.ask('folders.takeOver', { id })
    return { json: { id }, report: [`This node looks after ${printable(path)} now.`] }
  },
}

export const folderCommands: readonly Command[] = [folders, take, leave, end, here]
