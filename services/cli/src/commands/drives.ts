import { resolve } from 'node:path'
import type { DriveInfo } from '@holt/control/schema.ts'
import type { Command } from '../command.ts'
import { counted, humanBytes } from '../format.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'
import type { TextStyle } from '../text-style.ts'

const examples = [
  { line: 'holt drives', does: 'shows state and room of each' },
  { line: 'holt drives add /mnt/usb/holt', does: 'takes an empty folder as a drive' },
  { line: 'holt drives remove /mnt/old/holt', does: 'moves its fragments elsewhere, then forgets it' },
]

const runList: Command['run'] = async (call) => {
  const { drives } = await call.ask('drives.list', {})
  return { json: { drives }, lines: driveLines(drives, call.style) }
}

function driveLines(drives: readonly DriveInfo[], style: TextStyle): string[] {
  if (drives.length === 0) return ['There are no drives.']
  const head = ['STATE', 'FREE', 'TOTAL', 'HELD', 'FRAGMENTS', 'FOLDER'].map(style.faint)
  const rows = drives.map(({ state, freeBytes, totalBytes, fragmentBytes, fragmentCount, folder, problem }) => [
    state === 'ok' ? style.green(state) : state === 'missing' || state === 'failing' ? style.red(state) : style.yellow(state),
    humanBytes(freeBytes),
    humanBytes(totalBytes),
    humanBytes(fragmentBytes),
    String(fragmentCount),
    printable(folder) + (problem === undefined ? '' : `  (${printable(problem)})`),
  ])
  return table([head, ...rows], { right: [1, 2, 3, 4] })
}

const drives: Command = {
  name: 'drives',
  summary: 'Lists the drives that hold fragments',
  arguments: [],
  options: {},
  examples,
  run: runList,
}
const list: Command = { ...drives, name: 'drives list', summary: 'The same' }

const add: Command = {
  name: 'drives add',
  summary: 'Takes a folder as a drive',
  arguments: [{ name: 'DIR', many: true, complete: 'folder' }],
  options: {},
  details: ['The folder is empty, new, or was a drive of this owner before. It is filled by and by; `holt wait` waits for it.'],
  examples,
  run: async (call) => {
    const added: DriveInfo[] = []
    for (const folder of call.arguments) added.push(await call.ask('drives.add', { folder: resolve(call.terminal.currentFolder, folder) }))
    return {
      json: { drives: added },
      report: added.map(({ folder, freeBytes }) => `Added ${printable(folder)} with ${humanBytes(freeBytes)} free.`),
    }
  },
}

const remove: Command = {
  name: 'drives remove',
  summary: 'Moves the fragments of a drive elsewhere, then forgets it',
  arguments: [{ name: 'DIR', complete: 'drive' }],
  options: { force: { type: 'flag', help: 'forget a drive that is gone; what it held is rebuilt on the others' } },
  examples,
  run: async (call) => {
    const { drives: known } = await call.ask('drives.list', {})
    const typed = call.arguments[0] as string
    const absolute = resolve(call.terminal.currentFolder, typed)
    const drive = known.find(({ id, folder }) => folder === absolute || folder === typed || id === typed)
    const folder = drive?.folder ?? absolute
    await call.ask('drives.remove', { folder: drive?.id ?? absolute, ...(call.flag('force') ? { force: true } : {}) })
    return { json: { removed: folder }, report: [`Removed ${printable(folder)}; ${counted(known.length - 1, 'drive')} left.`] }
  },
}

export const driveCommands: readonly Command[] = [drives, list, add, remove]
