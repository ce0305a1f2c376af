import type { Result } from '@holt/control/schema.ts'
import type { Command } from '../command.ts'
import { printable } from '../printable.ts'
import { treePath, versionOf } from '../tree-path.ts'
import { atOption } from './files.ts'

type Found = Result<'files.search'>['found']

const find: Command = {
  name: 'find',
  summary: 'Searches names',
  arguments: [{ name: 'TEXT' }, { name: 'PATH', optional: true, complete: 'tree' }],
  options: { ...atOption },
  details: ['Each word of TEXT is in the name, in any case and with any accents.'],
  examples: [
    { line: 'holt find "lake 2026"', does: 'names with both in them, in the whole tree' },
    { line: 'holt find cafe letters', does: 'finds letters/Café.txt too' },
  ],
  run: async (call) => {
    const [text, path] = [call.arguments[0] as string, treePath(call.arguments[1] ?? '/')]
    const found: Found = []
    for (let after: string | null | undefined; after !== null; ) {
      const page = await call.ask('files.search', { text, path, ...versionOf(call.text('at')), ...(after === undefined ? {} : { after }) })
      found.push(...page.found)
      after = page.after
    }
    return { json: { found }, lines: found.map((one) => printable(one.path)) }
  },
}

export const findCommands: readonly Command[] = [find]
