import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { SshStatus } from '@holt/control/box/methods.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Command, CommandCall } from '../command.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'

/** More than twenty keys need. */
const MAX_KEY_FILE_BYTES = 64 * 1024

export const boxSsh: Command = {
  name: 'box ssh',
  summary: 'Shows who may sign in to the box through SSH, or turns it on or off',
  arguments: [{ name: 'on|off', optional: true }],
  options: {
    key: { type: 'text', value: 'FILE', help: 'with on: public keys to let in besides those that are, as in id_ed25519.pub' },
    only: { type: 'flag', help: 'with --key: these keys, and none of those before' },
  },
  details: ['For the user `owner`, from the home network, by key only. Turning it off also ends who is in.'],
  examples: [
    { line: 'holt box ssh', does: 'shows whether it is on, and for which keys' },
    { line: 'holt box ssh on --key ~/.ssh/id_ed25519.pub', does: 'lets that computer in' },
    { line: 'holt box ssh off', does: 'shuts everybody out; the keys are kept for the next time' },
  ],
  run: async (call) => {
    const wanted = call.arguments[0]
    const before = await call.ask('box.ssh.get', {})
    if (wanted === undefined) return { json: before, lines: statusLines(before, call) }
    if (wanted !== 'on' && wanted !== 'off')
      throw new HoltError('INPUT_INVALID', `'${printable(wanted)}' is neither on nor off`, { field: 'on|off' })
    const kept = call.flag('only') ? [] : before.keys.map(({ text }) => text)
    const keys = [...new Set([...kept, ...(await newKeys(call))])]
    await call.ask('box.ssh.set', { enabled: wanted === 'on', keys })
    const after = await call.ask('box.ssh.get', {})
    return { json: after, lines: statusLines(after, call) }
  },
}

function statusLines({ enabled, running, keys, hostKey }: SshStatus, { style }: CommandCall): string[] {
  const state = !enabled ? 'off' : running ? style.green('on') : style.red('on, but it does not run')
  const rows = keys.map(({ kind, comment, fingerprint }) => [printable(comment || '-'), printable(kind), printable(fingerprint)])
  return [
    `SSH is ${state}.`,
    ...(hostKey === null ? [] : [`The box shows itself as ${printable(hostKey)}`]),
    ...(keys.length === 0 ? [] : ['', ...table([['KEY', 'KIND', 'FINGERPRINT'].map(style.faint), ...rows])]),
  ]
}

/** One a line; the box checks them. */
async function newKeys(call: CommandCall): Promise<string[]> {
  const typed = call.text('key')
  if (typed === undefined) return []
  const path = resolve(call.terminal.currentFolder, typed)
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new HoltError(cause.code === 'ENOENT' ? 'NOT_FOUND' : 'IO_FAILED', `${printable(path)} cannot be read`, {}, { cause })
  })
  if (text.length > MAX_KEY_FILE_BYTES) throw new HoltError('TOO_LARGE', `${printable(path)} is too large for keys`)
  if (/PRIVATE KEY/.test(text))
    throw new HoltError('INPUT_INVALID', `${printable(path)} is a private key; give the file that ends in .pub`, { field: 'key' })
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}
