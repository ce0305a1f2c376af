import { HoltError } from '@holt/core/errors.ts'
import type { Command } from '../command.ts'
import { findCommand } from '../command-line.ts'
import { exitMeanings } from '../exit-codes.ts'
import { type CommandGroup, commandHelp, exitCodeHelp, overview } from '../help.ts'

export function helpCommand(groups: () => readonly CommandGroup[]): Command {
  return {
    name: 'help',
    summary: 'Explains a command, or lists them',
    arguments: [{ name: 'COMMAND', optional: true, many: true, complete: 'command' }],
    options: {},
    examples: [
      { line: 'holt help put', does: 'options and examples of put' },
      { line: 'holt help exit-codes', does: 'what a script can rely on' },
    ],
    run: async ({ arguments: words }) => {
      const commands = groups().flatMap((group) => group.commands)
      if (words.length === 0) return { json: commands.map(({ name, summary }) => ({ name, summary })), lines: overview(groups()) }
      if (words[0] === 'exit-codes') return { json: exitMeanings, lines: exitCodeHelp() }
      const found = findCommand(commands, words)
      if (found === null) throw new HoltError('INPUT_INVALID', `there is no command '${words.join(' ')}'; 'holt help' lists them`)
      const { command } = found
      return { json: { ...command, run: undefined }, lines: commandHelp(command) }
    },
  }
}
