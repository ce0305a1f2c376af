import type { ShareInfo } from '@holt/control/shares.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Command, CommandCall } from '../command.ts'
import { localTime } from '../format.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'
import { treePath } from '../tree-path.ts'
import { inviteToFolder, shareWithFriend } from './folders.ts'
import { wholeNumber } from './versions.ts'

const DAY_SECONDS = 86_400

const addressOption = {
  address: { type: 'text', value: 'URL', help: "how others reach the node's page, when not as this machine does" },
} as const

const share: Command = {
  name: 'share',
  summary: 'Makes a link by which others read a file or folder, or shares a folder with a friend',
  arguments: [{ name: 'PATH', complete: 'tree' }],
  options: {
    days: { type: 'text', value: 'N', help: 'the link opens so many days (default 7)' },
    forever: { type: 'flag', help: 'the link opens until it is taken back' },
    label: { type: 'text', value: 'TEXT', help: 'shown to who opens it (default: the name)' },
    with: { type: 'text', value: 'FRIEND', help: 'no link: this friend, whose node is paired, has the folder among its own files' },
    invite: { type: 'flag', help: 'no link: shows a code as `holt pair` does, and shares the folder with whoever pairs by it' },
    ...addressOption,
  },
  details: [
    'Who has the link sees the path as it is whenever they look, and nothing beside it, in any browser that reaches the page of this node. The browser decrypts; what opens the bytes stands behind the # and is not sent.',
    'Whoever the link is passed on to can read as well. `holt unshare` takes it back; what was read cannot be taken back.',
  ],
  examples: [
    { line: 'holt share photos/2026-06', does: 'prints a link that opens for a week' },
    { line: 'holt share photos --with Anna', does: 'Anna can take the folder, and has what changes in it within seconds' },
    { line: 'holt share report.pdf --days 1 --address https://192.168.77.1', does: 'one for today, by the address that a box has at home' },
  ],
  run: async (call) => {
    const path = treePath(call.arguments[0] as string)
    const friend = call.text('with')
    if (call.flag('invite')) return inviteToFolder(call, path)
    if (friend !== undefined) return shareWithFriend(call, path, friend)
    const days = wholeNumber(call.text('days'), 'days')
    if (days !== undefined && call.flag('forever')) throw new HoltError('INPUT_INVALID', 'say --days or --forever', { field: 'days' })
    if (days === 0) throw new HoltError('INPUT_INVALID', '--days is at least 1', { field: 'days' })
    const expires = call.flag('forever') ? null : Math.floor(Date.now() / 1000) + (days ?? 7) * DAY_SECONDS
    const label = call.text('label')
    const made = await call.ask('shares.create', { path, expires, ...(label === undefined ? {} : { label }) })
    const link = linkOf(made, await addressFor(call))
    return { json: { ...made, link }, lines: [link], report: [`It opens ${untilText(made)}.`] }
  },
}

const shares: Command = {
  name: 'shares',
  summary: 'Lists the links that were given away',
  arguments: [],
  options: addressOption,
  examples: [{ line: 'holt shares', does: 'shows what each is of, until when it opens, and the link itself' }],
  run: async (call) => {
    const { shares: found } = await call.ask('shares.list', {})
    const address = found.length === 0 ? '' : await addressFor(call)
    const rows = found.map((one) => [
      one.id.slice(0, 8),
      printable(one.path),
      one.expired ? call.style.faint('expired') : untilText(one),
      one.expired ? '' : linkOf(one, address),
    ])
    return {
      json: { shares: found.map((one) => ({ ...one, link: linkOf(one, address) })) },
      lines: table([['ID', 'PATH', 'OPENS', 'LINK'].map(call.style.faint), ...rows]),
    }
  },
}

const unshare: Command = {
  name: 'unshare',
  summary: 'Takes a link back: it opens no more',
  arguments: [{ name: 'ID' }],
  options: {},
  details: ['The ID is that of `holt shares`, or as much of its beginning as no other has.'],
  examples: [{ line: 'holt unshare 3fa90c12', does: 'ends that link at once' }],
  run: async (call) => {
    const typed = (call.arguments[0] as string).toLowerCase()
    const { shares: found } = await call.ask('shares.list', {})
    const meant = found.filter(({ id }) => typed !== '' && id.startsWith(typed))
    if (meant.length !== 1)
      throw new HoltError('NOT_FOUND', `${meant.length === 0 ? 'no link' : 'more than one link'} has an id that begins with '${typed}'`, {
        share: typed,
      })
    const { id, path } = meant[0] as ShareInfo
    await call.ask('shares.revoke', { id })
    return { json: { id, path }, report: [`The link to ${printable(path)} opens no more.`] }
  },
}

function linkOf({ secret }: ShareInfo, address: string): string {
  return `${address}s/#${secret}`
}

function untilText({ expires }: ShareInfo): string {
  return expires === null ? 'until it is taken back' : `until ${localTime(expires)}`
}

/** Ends with '/'. */
async function addressFor(call: CommandCall): Promise<string> {
  const typed = call.text('address')
  if (typed === undefined) return (await call.ask('node.status', {})).pageUrl ?? 'http://localhost/'
  if (!URL.canParse(typed) || !/^https?:$/.test(new URL(typed).protocol))
    throw new HoltError('INPUT_INVALID', `'${typed}' is no address of a page, such as https://192.168.77.1`, { field: 'address' })
  const { origin, pathname } = new URL(typed)
  return `${origin}${pathname.replace(/\/*$/, '/')}`
}

export const shareCommands: readonly Command[] = [share, shares, unshare]
