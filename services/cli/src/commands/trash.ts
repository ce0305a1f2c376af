import type { TrashItem } from '@holt/control/trash.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Command, CommandCall } from '../command.ts'
import { counted, humanBytes, localTime } from '../format.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'
import { treePath } from '../tree-path.ts'

const PAGE = 1000

const examples = [
  { line: 'holt trash', does: 'lists what is in the trash, newest first' },
  { line: 'holt trash restore photos/blurred', does: 'puts back what was removed from there last' },
  { line: 'holt trash empty', does: 'removes all of it' },
]

const runList: Command['run'] = async (call) => {
  const items = await listAll(call)
  const rows = items.map(({ id, path, removed, entry }) => [
    localTime(removed),
    entry.type === 'file' ? humanBytes(entry.sizeBytes) : entry.type,
    call.style.faint(id),
    printable(path),
  ])
  const head = ['REMOVED', 'SIZE', 'ID', 'PATH'].map(call.style.faint)
  return { json: { items }, lines: items.length === 0 ? ['The trash is empty.'] : table([head, ...rows], { right: [1] }) }
}

async function listAll(call: CommandCall): Promise<TrashItem[]> {
  const items: TrashItem[] = []
  for (let more = true; more; ) {
    const after = items.at(-1)?.id
    const page = await call.ask('trash.list', { limit: PAGE, ...(after === undefined ? {} : { after }) })
    items.push(...page.items)
    more = page.more && page.items.length > 0
  }
  return items
}

const trash: Command = {
  name: 'trash',
  summary: 'Lists what was moved to the trash',
  arguments: [],
  options: {},
  details: [
    '`holt rm --trash` and the page move things here; after 30 days, or what `holt retention --trash` says, they go by themselves.',
  ],
  examples,
  run: runList,
}
const list: Command = { ...trash, name: 'trash list', summary: 'The same' }

const restore: Command = {
  name: 'trash restore',
  summary: 'Puts things back where they were',
  arguments: [{ name: 'PATH', many: true }],
  options: {
    force: { type: 'flag', short: 'f', help: 'what is there now goes to the trash itself' },
    beside: { type: 'flag', help: 'under another name when something is there now' },
    into: { type: 'text', value: 'DIR', help: 'into this directory instead', complete: 'tree' },
  },
  details: ['PATH is where it was (of several the one removed last), or its id. All are put back in one commit, or none.'],
  examples,
  run: async (call) => {
    const items = await listAll(call)
    const ids = call.arguments.map((typed) => idOf(items, typed))
    const onConflict = call.flag('force') ? 'replace' : call.flag('beside') ? 'keep-both' : 'refuse'
    const into = call.text('into')
    const { paths } = await call.ask('trash.restore', { ids, onConflict, ...(into === undefined ? {} : { into: treePath(into) }) })
    return { json: { paths }, report: paths.map((path) => `Restored ${printable(path)}.`) }
  },
}

/** @throws HoltError NOT_FOUND */
function idOf(items: readonly TrashItem[], typed: string): string {
  const found = items.find(({ id }) => id === typed) ?? items.find(({ path }) => path === treePath(typed))
  if (found === undefined) throw new HoltError('NOT_FOUND', `${typed} is not in the trash`, { path: typed })
  return found.id
}

const empty: Command = {
  name: 'trash empty',
  summary: 'Removes what is in the trash',
  arguments: [{ name: 'PATH', many: true, optional: true }],
  options: {},
  details: ['All of it, or what was at these paths. Older versions keep it until the retention rules drop them.'],
  examples,
  run: async (call) => {
    const some = call.arguments.length === 0 ? {} : { ids: await idsAt(call) }
    const { removed } = await call.ask('trash.empty', some)
    return { json: { removed }, report: [`Removed ${counted(removed, 'item')} for good.`] }
  },
}

async function idsAt(call: CommandCall): Promise<string[]> {
  const items = await listAll(call)
  return call.arguments.map((typed) => idOf(items, typed))
}

export const trashCommands: readonly Command[] = [trash, list, restore, empty]
