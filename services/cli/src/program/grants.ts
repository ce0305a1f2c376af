import type { ProgramGrant, Wish } from '@holt/control/programs.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { CommandCall } from '../command.ts'
import { printable } from '../printable.ts'
import { treePath } from '../tree-path.ts'

/** What a wish asks for, in plain words. */
export function wishText({ kind, write, hosts = [] }: Wish): string {
  if (kind === 'folder') return write === true ? 'read and change a folder that you choose' : 'read a folder that you choose'
  if (kind === 'hosts') return `send requests to ${hosts.map(printable).join(', ')}`
  if (kind === 'messages') return 'exchange messages with programs of your friends, and your own'
  if (kind === 'signing') return 'sign with a key of its own'
  if (kind === 'alarms') return 'wake up at times that it sets, also while nobody uses it'
  return kind === 'page' ? 'show a page, and answer who opens it' : 'know the time to the millisecond'
}

export function grantText(grant: ProgramGrant): string {
  if (grant.kind === 'folder') return `${grant.write ? 'reads and changes' : 'reads'} ${printable(grant.path)}`
  if (grant.kind === 'hosts') return `sends requests to ${grant.hosts.map(printable).join(', ')}`
  if (grant.kind === 'page') return grant.network ? 'shows a page, also to other machines' : 'shows a page on this machine'
  if (grant.kind === 'messages') return `exchanges messages with ${grant.with === null ? 'friends' : grant.with.join(', ')}`
  if (grant.kind === 'signing') return 'signs with a key of its own'
  return grant.kind === 'alarms' ? 'wakes up at times that it sets' : 'knows the exact time'
}

/**
 * `photos=/pictures`, `photos=/pictures:read`, `site`, `site=network`, `feeds=example.org,example.net`, `post`, `post=12D3KooW…`.
 *
 * @throws HoltError INPUT_INVALID
 */
export function grantTyped(wishes: readonly Wish[], typed: string): ProgramGrant {
  const at = typed.indexOf('=')
  const name = at < 0 ? typed : typed.slice(0, at)
  const value = at < 0 ? null : typed.slice(at + 1)
  const wish = wishes.find((one) => one.name === name)
  if (wish === undefined)
    throw new HoltError('INPUT_INVALID', `it wishes no '${name}'; it wishes ${wishes.map((one) => one.name).join(', ') || 'nothing'}`, {
      field: 'grant',
    })
  return grantOf(wish, value)
}

function grantOf(wish: Wish, value: string | null): ProgramGrant {
  const { kind, name } = wish
  if (kind === 'folder') {
    if (value === null || value === '') throw new HoltError('INPUT_INVALID', `which folder? ${name}=PATH`, { field: 'grant' })
    const readOnly = value.endsWith(':read')
    return { kind, name, path: treePath(readOnly ? value.slice(0, -':read'.length) : value), write: wish.write === true && !readOnly }
  }
  if (kind === 'hosts') return { kind, name, hosts: value === null ? (wish.hosts ?? []) : value.split(',') }
  if (kind === 'page') {
    if (value !== null && value !== 'network')
      throw new HoltError('INPUT_INVALID', `a page is given by ${name} or ${name}=network`, { field: 'grant' })
    return { kind, name, network: value === 'network' }
  }
  if (kind === 'messages') return { kind, name, with: value === null ? null : value.split(',') }
  if (value !== null) throw new HoltError('INPUT_INVALID', `'${name}' takes no value`, { field: 'grant' })
  return { kind, name }
}

/** Asks for what was not typed, one wish after the other; without a terminal only what was typed is given. */
export async function askForGrants(
  call: CommandCall,
  wishes: readonly Wish[],
  { typed, had }: { typed: readonly string[]; had: readonly ProgramGrant[] },
): Promise<ProgramGrant[]> {
  const grants = typed.map((text) => grantTyped(wishes, text))
  if (!call.terminal.isInteractive.input || call.json) return grants
  for (const wish of wishes) {
    if (grants.some(({ name }) => name === wish.name) || had.some(({ name, kind }) => name === wish.name && kind === wish.kind)) continue
    const grant = await askForOne(call, wish)
    if (grant !== null) grants.push(grant)
  }
  return grants
}

async function askForOne(call: CommandCall, wish: Wish): Promise<ProgramGrant | null> {
  const { terminal, signal } = call
  const why = `It would ${wishText(wish)}: “${printable(wish.reason)}”${wish.optional ? ' (it works without)' : ''}`
  terminal.tell(`${why}\n`)
  if (wish.kind === 'folder') {
    const folder = (await terminal.question('Which folder? (empty: none) ', { signal })).trim()
    return folder === '' ? null : grantOf(wish, folder)
  }
  const yes = /^y(es)?$/i.test((await terminal.question('Allow it? (yes/no) ', { signal })).trim())
  return yes ? grantOf(wish, null) : null
}
