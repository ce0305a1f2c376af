import type { Command } from '../command.ts'
import { localTime } from '../format.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'
import { treePath } from '../tree-path.ts'

const show: Command = {
  name: 'webdav',
  summary: 'Shows where WebDAV programs connect, and the app passwords they have',
  arguments: [],
  options: {},
  details: [
    'Computers and telephones show the tree as a drive of theirs by WebDAV. Each has an app password of its own; the password of the page does not work there. docs/webdav.md says how each connects.',
    'These are your own; members of a box make theirs on the page Security.',
  ],
  examples: [{ line: 'holt webdav', does: 'the address, and which devices have a password' }],
  run: async (call) => {
    const found = await call.ask('appPasswords.list', {})
    const rows = found.passwords.map(({ id, name, path, write, usedMs }) => [
      id,
      printable(name),
      printable(path),
      write ? 'reads and writes' : 'reads',
      usedMs === null ? call.style.faint('never') : localTime(usedMs / 1000),
    ])
    const heads = ['ID', 'FOR', 'FOLDER', 'MAY', 'USED'].map(call.style.faint)
    return { json: found, lines: [found.url, ...(rows.length === 0 ? [] : ['', ...table([heads, ...rows])])] }
  },
}

const add: Command = {
  name: 'webdav add',
  summary: 'Makes an app password for a WebDAV program, shown once',
  arguments: [{ name: 'NAME' }, { name: 'PATH', optional: true, complete: 'tree' }],
  options: { 'read-only': { type: 'flag', help: 'nothing can be changed by it' } },
  details: ['With PATH that folder is all the program sees. The name is for you: the device, or the program. Any user name will do there.'],
  examples: [
    { line: 'holt webdav add laptop', does: 'a password that opens everything' },
    { line: "holt webdav add 'photo frame' /photos --read-only", does: 'one that looks at photos' },
  ],
  run: async (call) => {
    const [name = '', typed = '/'] = call.arguments
    const path = treePath(typed)
    const made = await call.ask('appPasswords.make', { name, path, write: !call.flag('read-only') })
    return {
      json: made,
      lines: [made.password],
      report: [`It opens ${printable(path)} at ${made.url} and is shown only now; \`holt webdav revoke ${made.info.id}\` ends it.`],
    }
  },
}

const revoke: Command = {
  name: 'webdav revoke',
  summary: 'Ends an app password',
  arguments: [{ name: 'ID' }],
  options: {},
  details: ['The ID is that of `holt webdav`: the beginning of the password.'],
  examples: [{ line: 'holt webdav revoke K7M29', does: 'who has it gets no further answer' }],
  run: async (call) => {
    const id = (call.arguments[0] as string).toUpperCase()
    await call.ask('appPasswords.revoke', { id })
    return { json: { id }, report: [`${printable(id)} opens nothing any more.`] }
  },
}

export const webdavCommands: readonly Command[] = [show, add, revoke]
