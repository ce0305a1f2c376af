import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { NetworkStatus } from '@holt/control/box/methods.ts'
import type { NetworkSettings } from '@holt/control/box/network-settings.ts'
import { HoltError } from '@holt/core/errors.ts'
import { renderUnicodeCompact } from 'uqr'
import type { Command, CommandCall } from '../command.ts'
import { humanBytes } from '../format.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'

/** More than any settings need. */
const MAX_SETTINGS_BYTES = 1 << 20

const networkExamples = [
  { line: 'holt box', does: 'shows how the box is connected' },
  { line: 'holt box network --json > network.json', does: 'saves its settings, to change them in an editor' },
  { line: 'holt box try network.json && holt box keep', does: 'tries them, and keeps them when that got through' },
]

const overview: Command = {
  name: 'box',
  summary: 'Shows how the box is connected: links, devices, phones',
  arguments: [],
  options: {},
  details: ['The box commands work where the node runs on a router made from the image; elsewhere they say that it does not.'],
  examples: networkExamples,
  run: async (call) => {
    const status = await call.ask('box.network.status', {})
    return { json: status, lines: statusLines(status, call) }
  },
}

function statusLines({ online, gateway, links, leases }: NetworkStatus, { style }: CommandCall): string[] {
  const state = online ? style.green('connected') : style.red('not connected')
  const linkRows = links.map(({ name, role, up, addresses, receivedBytes, sentBytes }) => [
    printable(name),
    role,
    up ? 'up' : style.yellow('down'),
    humanBytes(receivedBytes),
    humanBytes(sentBytes),
    addresses.map(printable).join(' '),
  ])
  const lines = [`Outside: ${state}${gateway === null ? '' : ` through ${printable(gateway)}`}`, '']
  lines.push(...table([['LINK', 'PART', 'STATE', 'RECEIVED', 'SENT', 'ADDRESSES'].map(style.faint), ...linkRows], { right: [3, 4] }))
  if (leases.length === 0) return lines
  const leaseRows = leases.map(({ name, address, mac }) => [printable(name ?? '-'), printable(address), printable(mac)])
  return [...lines, '', ...table([['DEVICE', 'ADDRESS', 'MAC'].map(style.faint), ...leaseRows])]
}

const network: Command = {
  name: 'box network',
  summary: 'Shows the network settings, as JSON',
  arguments: [],
  options: {},
  details: ['What it shows holds passwords of the line and of the Wi-Fi.'],
  examples: networkExamples,
  run: async (call) => {
    const { settings, trial } = await call.ask('box.network.get', {})
    return {
      json: settings,
      lines: JSON.stringify(settings, null, 2).split('\n'),
      warnings: trial === null ? [] : [`Other settings are on trial for ${Math.ceil(trial.remainingMs / 1000)} s more.`],
    }
  },
}

const trySettings: Command = {
  name: 'box try',
  summary: 'Tries network settings for a minute',
  arguments: [{ name: 'FILE', complete: 'local' }],
  options: {},
  details: [
    'FILE is what `holt box network` showed, changed. Unless `holt box keep` follows within a minute, the settings before come back.',
  ],
  examples: networkExamples,
  run: async (call) => {
    const settings = await readSettings(call.arguments[0] as string, call.terminal.currentFolder)
    const { id, remainingMs } = await call.ask('box.network.set', { settings })
    return { json: { id, remainingMs }, report: [`On trial for ${Math.round(remainingMs / 1000)} s: holt box keep keeps them.`] }
  },
}

/** The node checks what is in it. */
async function readSettings(typed: string, currentFolder: string): Promise<NetworkSettings> {
  const path = resolve(currentFolder, typed)
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new HoltError(cause.code === 'ENOENT' ? 'NOT_FOUND' : 'IO_FAILED', `${printable(path)} cannot be read`, {}, { cause })
  })
  if (text.length > MAX_SETTINGS_BYTES) throw new HoltError('TOO_LARGE', `${printable(path)} is too large for settings`)
  try {
    return JSON.parse(text) as NetworkSettings
  } catch (cause) {
    throw new HoltError('INPUT_INVALID', `${printable(path)} is not JSON`, { field: 'FILE' }, { cause })
  }
}

const keep: Command = {
  name: 'box keep',
  summary: 'Keeps the network settings that are on trial',
  arguments: [],
  options: {},
  examples: networkExamples,
  run: async (call) => {
    const { trial } = await call.ask('box.network.get', {})
    if (trial === null) throw new HoltError('CONFLICT', 'nothing is on trial, or its minute is over')
    await call.ask('box.network.confirm', { id: trial.id })
    return { json: { kept: true }, report: ['The settings are kept.'] }
  },
}

const back: Command = {
  name: 'box back',
  summary: 'Ends a trial: the network settings before come back',
  arguments: [],
  options: {},
  examples: [{ line: 'holt box back', does: 'does not wait for the end of the minute' }],
  run: async (call) => {
    await call.ask('box.network.rollBack', {})
    return { json: { trial: null }, report: ['The settings before are back.'] }
  },
}

const phoneExamples = [
  { line: "holt box phone 'My phone'", does: 'shows a code for the WireGuard app' },
  { line: 'holt box phone laptop --file > laptop.conf', does: 'gives the file instead' },
  { line: "holt box forget 'My phone'", does: 'shuts it out' },
]

const phone: Command = {
  name: 'box phone',
  summary: 'Lets a phone or laptop in from outside, through WireGuard',
  arguments: [{ name: 'NAME' }],
  options: {
    everything: { type: 'flag', help: 'all its traffic goes through the box, not only that for home' },
    file: { type: 'flag', help: 'the configuration as text, not as a code to scan' },
  },
  details: ['What is shown holds its secret key, and is shown only now.'],
  examples: phoneExamples,
  run: async (call) => {
    const added = await call.ask('box.wireguard.addPhone', { name: call.arguments[0] as string, everything: call.flag('everything') })
    const lines = call.flag('file') ? added.configuration.trimEnd() : renderUnicodeCompact(added.configuration, { border: 2 })
    return { json: added, lines: lines.split('\n') }
  },
}

const forget: Command = {
  name: 'box forget',
  summary: 'Shuts a phone or laptop out again',
  arguments: [{ name: 'NAME' }],
  options: {},
  examples: phoneExamples,
  run: async (call) => {
    const name = call.arguments[0] as string
    await call.ask('box.wireguard.removePhone', { name })
    return { json: { removed: name }, report: [`${printable(name)} is shut out.`] }
  },
}

export const boxNetworkCommands: readonly Command[] = [overview, network, trySettings, keep, back, phone, forget]
