import type { FolderRequest, GivenFolderInfo } from '@holt/control/folders.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Command, CommandCall } from '../command.ts'
import { localTime } from '../format.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'
import { treePath } from '../tree-path.ts'
import { friendCalled, givenFolder, oneOf, takenFolder } from './folders.ts'
import { wholeNumber } from './versions.ts'

const DAY_SECONDS = 86_400

const rightOptions = {
  path: { type: 'text', value: 'PATH', help: 'where in the folder (default: what was asked for, else all of it)' },
  days: { type: 'text', value: 'N', help: 'it holds so many days (default 30)' },
  forever: { type: 'flag', help: 'it holds until it is taken back' },
  depth: { type: 'text', value: 'N', help: 'how often it may be handed on (default 0)' },
} as const

function rightOf(call: CommandCall, path: string): { path: string; expires: number | null; depth: number } {
  const days = wholeNumber(call.text('days'), 'days')
  if (days !== undefined && call.flag('forever')) throw new HoltError('INPUT_INVALID', 'say --days or --forever', { field: 'days' })
  if (days === 0) throw new HoltError('INPUT_INVALID', '--days is at least 1', { field: 'days' })
  const typed = call.text('path')
  const expires = call.flag('forever') ? null : Math.floor(Date.now() / 1000) + (days ?? 30) * DAY_SECONDS
  return { path: typed === undefined ? path : treePath(typed), expires, depth: wholeNumber(call.text('depth'), 'depth') ?? 0 }
}

type Waiting = FolderRequest & { folder: GivenFolderInfo }

async function waiting(call: CommandCall): Promise<Waiting[]> {
  const { given } = await call.ask('folders.list', {})
  return given.flatMap((folder) => folder.requests.map((request) => ({ ...request, folder })))
}

const requests: Command = {
  name: 'requests',
  summary: 'Shows who would like to write in folders of yours',
  arguments: [],
  options: {},
  examples: [{ line: 'holt requests', does: 'shows who asks for what, and the id to answer by' }],
  run: async (call) => {
    const all = await waiting(call)
    const rows = all.map(({ id, name, folder, path, note, made }) => [
      id.slice(0, 8),
      printable(name),
      printable(path === '/' ? folder.path : `${folder.path}${path}`),
      localTime(made),
      printable(note),
    ])
    return {
      json: { requests: all.map(({ folder, ...request }) => ({ ...request, folder: folder.id })) },
      lines:
        all.length === 0
          ? ['Nobody waits for an answer.']
          : table([['ID', 'FRIEND', 'WOULD WRITE IN', 'SINCE', 'SAYS'].map(call.style.faint), ...rows]),
    }
  },
}

const approve: Command = {
  name: 'requests approve',
  summary: 'Lets write who asked to',
  arguments: [{ name: 'ID' }],
  options: rightOptions,
  details: ['ID is that of `holt requests`, or as much of its beginning as no other has.'],
  examples: [{ line: 'holt requests approve 3fa9 --path June --days 7', does: 'for a week, in June only, whatever was asked for' }],
  run: async (call) => {
    const { id, folder, name, path } = oneOf(await waiting(call), call.arguments[0] as string, 'request')
    const given = await call.ask('folders.approve', { id: folder.id, request: id, ...rightOf(call, path) })
    return { json: given, report: [`${printable(name)} may write in ${printable(folder.path)} now.`] }
  },
}

const refuse: Command = {
  name: 'requests refuse',
  summary: 'Refuses a request to write',
  arguments: [{ name: 'ID' }],
  options: {},
  details: ['The same can be asked for again a day later.'],
  examples: [{ line: 'holt requests refuse 3fa9', does: 'the friend goes on reading only' }],
  run: async (call) => {
    const { id, folder, name } = oneOf(await waiting(call), call.arguments[0] as string, 'request')
    await call.ask('folders.refuse', { id: folder.id, request: id })
    return { json: { id }, report: [`${printable(name)} goes on reading only.`] }
  },
}

const ask: Command = {
  name: 'requests ask',
  summary: 'Asks a friend to be let write in a folder of theirs',
  arguments: [{ name: 'ID' }],
  options: { path: rightOptions.path, note: { type: 'text', value: 'TEXT', help: 'a word to the friend' } },
  details: ['ID is that of `holt folders`, or as much of its beginning as no other has.'],
  examples: [{ line: "holt requests ask 3fa90c12 --note 'I have more of them'", does: 'the friend sees it and answers' }],
  run: async (call) => {
    const { id, name } = await takenFolder(call)
    const typed = call.text('path')
    const note = call.text('note')
    await call.ask('folders.ask', { id, path: typed === undefined ? '/' : treePath(typed), ...(note === undefined ? {} : { note }) })
    return { json: { id }, report: [`${printable(name)} was asked.`] }
  },
}

const allow: Command = {
  name: 'requests allow',
  summary: 'Lets a friend who reads a folder write, unasked; or hands on what another friend allowed',
  arguments: [{ name: 'ID' }, { name: 'FRIEND' }],
  options: rightOptions,
  details: ['ID is that of `holt folders`, or as much of its beginning as no other has.'],
  examples: [{ line: 'holt requests allow 3fa90c12 Ben --forever', does: 'Ben writes until it is taken back' }],
  run: async (call) => {
    const { taken } = await call.ask('folders.list', {})
    const { friend, name } = await friendCalled(call, call.arguments[1] as string)
    const theirs = taken.find(({ id: known }) => known.startsWith(call.arguments[0] as string))
    if (theirs !== undefined) {
      await call.ask('folders.handOn', { id: theirs.id, friend, ...rightOf(call, '/') })
      return { json: { id: theirs.id, friend }, report: [`${printable(name)} may write in ${printable(theirs.label)}, too.`] }
    }
    const { id, path } = await givenFolder(call)
    const given = await call.ask('folders.letWrite', { id, friend, ...rightOf(call, '/') })
    return { json: given, report: [`${printable(name)} may write in ${printable(path)} now.`] }
  },
}

const revoke: Command = {
  name: 'requests revoke',
  summary: 'Takes back what a friend may write',
  arguments: [{ name: 'ID' }, { name: 'FRIEND' }],
  options: {},
  details: ['What was written stays, and the friend goes on reading. ID is that of `holt folders`.'],
  examples: [{ line: 'holt requests revoke 3fa90c12 Ben', does: 'nothing more that Ben writes comes here' }],
  run: async (call) => {
    const { id, grants, path } = await givenFolder(call)
    const { friend, name } = await friendCalled(call, call.arguments[1] as string)
    const theirs = grants.filter((grant) => grant.friend === friend)
    if (theirs.length === 0) throw new HoltError('NOT_FOUND', `${name} may not write there`, { node: name })
    for (const grant of theirs) await call.ask('folders.revoke', { id, grant: grant.id })
    return { json: { id, revoked: theirs.length }, report: [`${printable(name)} writes in ${printable(path)} no more.`] }
  },
}

export const requestCommands: readonly Command[] = [requests, approve, refuse, ask, allow, revoke]
