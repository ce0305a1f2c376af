import type { Control, Entry } from '@holt/control/schema.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Command, CommandCall, Outcome } from '../command.ts'
import { counted, humanBytes, localTime, modeText } from '../format.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'
import type { TextStyle } from '../text-style.ts'
import { joinTree, lastName, meansDirectory, treePath, versionOf } from '../tree-path.ts'

const PAGE = 1000

const atOption = {
  at: { type: 'text', value: 'VERSION', help: "an older version: its number, or a date for the newest not after it (see 'holt versions')" },
} as const

const ls: Command = {
  name: 'ls',
  summary: 'Lists a directory',
  arguments: [{ name: 'PATH', optional: true, complete: 'tree' }],
  options: { long: { type: 'flag', short: 'l', help: 'with mode, size, time and where links point' }, ...atOption },
  details: ['Control characters in names are shown escaped (\\n, \\x1b); --json has names as they are.'],
  examples: [
    { line: 'holt ls', does: 'lists the top of the tree' },
    { line: 'holt ls -l photos --at 2026-11-01', does: 'as it was at the end of that day' },
  ],
  run: async (call) => {
    const path = treePath(call.arguments[0] ?? '/')
    const entries = await listAll(call, path)
    const marks = call.terminal.isInteractive.output
    const lines = call.flag('long')
      ? longLines(entries, call.style)
      : entries.map((entry) => shownName(entry, call.style) + (marks && isDirectory(entry) ? '/' : ''))
    return { json: { path, entries }, lines }
  },
}

/** All pages of a directory; of anything else, itself. */
async function listAll(call: CommandCall, path: string): Promise<Entry[]> {
  const at = versionOf(call.text('at'))
  const entries: Entry[] = []
  try {
    for (let after: string | undefined, more = true; more; after = entries.at(-1)?.name) {
      const page = await call.ask('files.list', { path, ...at, limit: PAGE, ...(after === undefined ? {} : { after }) })
      entries.push(...page.entries)
      more = page.more && page.entries.length > 0
    }
    return entries
  } catch (error) {
    if (isHoltError(error, 'NOT_A_DIRECTORY')) return [await call.ask('files.stat', { path, ...at })]
    throw error
  }
}

function isDirectory({ type }: Entry): boolean {
  return type === 'directory' || type === 'volume'
}

function shownName(entry: Entry, style: TextStyle): string {
  const name = printable(entry.name === '' ? '/' : entry.name)
  if (isDirectory(entry)) return style.blue(name)
  return entry.type === 'symlink' ? style.cyan(name) : name
}

function longLines(entries: readonly Entry[], style: TextStyle): string[] {
  const rows = entries.map((entry) => {
    const target = entry.target === undefined ? '' : ` -> ${printable(entry.target)}`
    const redundancyClass = entry.redundancyClass === undefined ? '' : style.faint(`  [${printable(entry.redundancyClass)}]`)
    return [
      modeText(entry),
      entry.type === 'file' ? humanBytes(entry.sizeBytes) : '-',
      localTime(entry.modified),
      shownName(entry, style) + target + redundancyClass,
    ]
  })
  return table(rows, { right: [1] })
}

const mkdir: Command = {
  name: 'mkdir',
  summary: 'Makes a directory',
  arguments: [{ name: 'PATH', many: true, complete: 'tree' }],
  options: { parents: { type: 'flag', short: 'p', help: 'with those above it; no error when it is there already' } },
  examples: [{ line: 'holt mkdir -p photos/2026/november', does: 'makes all three' }],
  run: async (call) => {
    const paths = call.arguments.map(treePath)
    for (const path of paths) await call.ask('files.mkdir', { path, ...(call.flag('parents') ? { parents: true } : {}) })
    return { json: { made: paths }, report: [`Made ${paths.map(printable).join(', ')}.`] }
  },
}

const mv: Command = {
  name: 'mv',
  summary: 'Renames or moves',
  arguments: [
    { name: 'FROM', many: true, complete: 'tree' },
    { name: 'TO', complete: 'tree' },
  ],
  options: { force: { type: 'flag', short: 'f', help: 'replace a file that is in the way' } },
  examples: [
    { line: 'holt mv notes.txt old/notes.txt', does: 'renames it into another directory' },
    { line: 'holt mv a.jpg b.jpg photos/', does: 'moves both into a directory' },
  ],
  run: async (call) => {
    const to = call.arguments.at(-1) as string
    const from = call.arguments.slice(0, -1).map(treePath)
    const into = await directoryAt(call, treePath(to))
    if (!into && (from.length > 1 || meansDirectory(to)))
      throw new HoltError('NOT_A_DIRECTORY', `${treePath(to)} is not a directory`, { path: treePath(to) })
    const moves = from.map((path) => ({ from: path, to: into ? joinTree(treePath(to), lastName(path)) : treePath(to) }))
    for (const move of moves) await call.ask('files.move', { ...move, ...(call.flag('force') ? { replace: true } : {}) })
    return { json: { moved: moves }, report: moves.map((move) => `${printable(move.from)} -> ${printable(move.to)}`) }
  },
}

/** Whether there is a directory at that path. */
export async function directoryAt(call: CommandCall, path: string, control?: Control): Promise<boolean> {
  try {
    return isDirectory(await call.askOn(control ?? (await call.node()), 'files.stat', { path }))
  } catch (error) {
    if (isHoltError(error, 'NOT_FOUND')) return false
    throw error
  }
}

const rm: Command = {
  name: 'rm',
  summary: 'Removes; older versions keep it',
  arguments: [{ name: 'PATH', many: true, complete: 'tree' }],
  options: {
    recursive: { type: 'flag', short: 'r', help: 'directories with all that is in them' },
    trash: { type: 'flag', short: 't', help: 'into the trash, directories too; see `holt trash`' },
  },
  details: ['All paths go in one commit, or none does. Until the retention rules drop it, `holt restore` brings it back.'],
  examples: [
    { line: 'holt rm -r photos/blurred old.txt', does: 'removes both' },
    { line: 'holt rm --trash photos/blurred', does: 'moves it to the trash' },
  ],
  run: async (call) => {
    const paths = call.arguments.map(treePath)
    if (call.flag('trash')) return intoTrash(call, paths)
    await call.ask('files.remove', { paths, ...(call.flag('recursive') ? { recursive: true } : {}) })
    return {
      json: { removed: paths },
      report: [`Removed ${paths.length === 1 ? printable(paths[0] as string) : counted(paths.length, 'path')}.`],
    }
  },
}

async function intoTrash(call: CommandCall, paths: string[]): Promise<Outcome> {
  const { items } = await call.ask('trash.put', { paths })
  return {
    json: { items },
    report: [`Moved ${paths.length === 1 ? printable(paths[0] as string) : counted(paths.length, 'path')} to the trash.`],
  }
}

export const fileCommands: readonly Command[] = [ls, mkdir, mv, rm]
export { atOption }
