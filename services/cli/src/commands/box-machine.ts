import { resolve } from 'node:path'
import type { UpdateStatus } from '@holt/control/box/methods.ts'
import { renderUnicodeCompact } from 'uqr'
import type { Command } from '../command.ts'
import { humanBytes } from '../format.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'
import { boxSsh } from './box-ssh.ts'

const diskExamples = [
  { line: 'holt box disks', does: 'shows every drive, and what has to be typed to erase it' },
  { line: "holt box prepare /dev/sda --consent 'erase S3Z9NB0K'", does: 'erases that drive and makes it one for Holt' },
  { line: 'holt drives add /data/drives/…/holt', does: 'then takes it: prepare says its folder' },
]

const disks: Command = {
  name: 'box disks',
  summary: 'Shows the drives in and on the box, and how they are',
  arguments: [],
  options: {},
  examples: diskExamples,
  run: async (call) => {
    const { disks: found } = await call.ask('box.disks.list', {})
    const withHealth = []
    for (const disk of found)
      withHealth.push({ ...disk, health: await call.ask('box.disks.health', { device: disk.device }).catch(() => null) })
    const head = ['DRIVE', 'SIZE', 'IS', 'HEALTH', 'NAME', 'TO ERASE IT TYPE'].map(call.style.faint)
    const rows = withHealth.map(({ device, sizeBytes, role, health, name, consent }) => [
      printable(device),
      humanBytes(sizeBytes),
      role,
      health === null ? 'unknown' : health.state === 'failing' ? call.style.red('failing') : health.state,
      printable(name),
      role === 'foreign' || role === 'empty' ? printable(consent) : '',
    ])
    return { json: { disks: withHealth }, lines: table([head, ...rows], { right: [1] }) }
  },
}

const prepare: Command = {
  name: 'box prepare',
  summary: 'Erases a drive and makes it one for Holt',
  arguments: [{ name: 'DEVICE' }],
  options: { consent: { type: 'text', value: 'TEXT', help: 'what `holt box disks` says has to be typed' } },
  details: ['Everything on it is lost. A drive that the box runs from is refused.'],
  examples: diskExamples,
  run: async (call) => {
    const { folder } = await call.ask('box.disks.prepare', { device: call.arguments[0] as string, consent: call.text('consent') ?? '' })
    return { json: { folder }, report: [`It is ready: holt drives add ${printable(folder)}`] }
  },
}

const updateExamples = [
  { line: 'holt box update', does: 'shows both slots and their versions' },
  { line: 'holt box update /run/media/stick/holt.raucb && holt box restart', does: 'installs a bundle and starts it' },
]

const update: Command = {
  name: 'box update',
  summary: 'Shows what the box runs, or installs an update from a file',
  arguments: [{ name: 'FILE', optional: true, complete: 'local' }],
  options: {},
  details: ['The update runs after the next restart. Should it not work, the box goes back to what ran before by itself.'],
  examples: updateExamples,
  run: async (call) => {
    const file = call.arguments[0]
    if (file !== undefined) {
      const path = resolve(call.terminal.currentFolder, file)
      const bundle = await call.ask('box.updates.inspect', { path })
      await call.ask('box.updates.install', { path })
      return { json: bundle, report: [`Version ${printable(bundle.version)} is installed; it runs after holt box restart.`] }
    }
    const status = await call.ask('box.updates.status', {})
    const rows = status.slots.map(({ bootname, version, state, bootStatus }) => [bootname, printable(version ?? '-'), state, bootStatus])
    const lines = status.available
      ? table([['SLOT', 'VERSION', 'STATE', 'STARTS'].map(call.style.faint), ...rows])
      : ['This system is not updated by bundles.']
    return { json: status, lines, warnings: updateWarnings(status) }
  },
}

function updateWarnings({ onTrial, version, next, fellBackFrom, slots }: UpdateStatus): string[] {
  const waiting = slots.find(({ name }) => name === next)
  return [
    ...(onTrial ? [`Version ${printable(version ?? '')} is on trial: should it not work, the box goes back by itself.`] : []),
    ...(fellBackFrom === null ? [] : [`Version ${printable(fellBackFrom)} did not work: the box went back by itself.`]),
    ...(waiting === undefined ? [] : [`Version ${printable(waiting.version ?? '')} runs after holt box restart.`]),
  ]
}

const restart: Command = {
  name: 'box restart',
  summary: 'Restarts the box',
  arguments: [],
  options: {},
  examples: [{ line: 'holt box restart', does: 'takes about a minute' }],
  run: async (call) => {
    await call.ask('box.power.restart', {})
    return { json: { restarting: true }, report: ['The box restarts.'] }
  },
}

const shutdown: Command = {
  name: 'box shutdown',
  summary: 'Switches the box off',
  arguments: [],
  options: {},
  examples: [{ line: 'holt box shutdown', does: 'ends everything in order first' }],
  run: async (call) => {
    await call.ask('box.power.shutdown', {})
    return { json: { shuttingDown: true }, report: ['The box switches off.'] }
  },
}

const recoveryKey: Command = {
  name: 'box recovery-key',
  summary: 'Makes a key that opens the drive of the box when its TPM does not',
  arguments: [],
  options: {},
  details: [
    'It is shown once and kept nowhere: write it down, or scan it. The box asks for it on its screen when the TPM refuses.',
    'One that was made before does not open the drive any more.',
  ],
  examples: [{ line: 'holt box recovery-key', does: 'shows the key, and a code to scan' }],
  run: async (call) => {
    const { key } = await call.ask('box.data.makeRecoveryKey', {})
    return { json: { key }, lines: [key, '', ...renderUnicodeCompact(key, { border: 2 }).split('\n')] }
  },
}

const reset: Command = {
  name: 'box reset',
  summary: 'Makes the box as it came, and erases its own drive',
  arguments: [],
  options: { consent: { type: 'text', value: 'TEXT', help: "has to be 'erase everything'" } },
  details: ['Files are lost unless other drives or boxes hold enough of them, and you have the 24 words.'],
  examples: [{ line: "holt box reset --consent 'erase everything'", does: 'restarts into the set-up' }],
  run: async (call) => {
    await call.ask('box.power.factoryReset', { consent: call.text('consent') ?? '' })
    return { json: { resetting: true }, report: ['The box restarts and erases its drive.'] }
  },
}

export const boxMachineCommands: readonly Command[] = [disks, prepare, update, restart, shutdown, boxSsh, recoveryKey, reset]
