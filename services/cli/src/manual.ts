import { commandGroups } from './commands.ts'
import { exitMeanings } from './exit-codes.ts'
import { optionText, usageOf } from './help.ts'
import { commonOptions } from './command-line.ts'
import type { Command, OptionSpec } from './command.ts'

/** docs/cli.md, from the same table that parses command lines. Made by `npx tsx services/cli/src/write-manual.ts > docs/cli.md`. */
export function manual(): string {
  const groups = commandGroups.flatMap(({ title, commands }) => [`## ${title}`, ...commands.flatMap(commandSection)])
  return `${[...introduction, ...groups, '## Exit codes', 'From one table with the error codes that `--json` shows.', exitTable()].join('\n\n')}\n`
}

const introduction = [
  '# The command line',
  '`holt COMMAND …` talks to the node that is running on a data folder (`npx holt` in a checkout). Paths in the tree may be written without the leading `/`. `holt COMMAND --help` shows what stands here.',
  '## Options of every command',
  optionTable(commonOptions),
]

function commandSection(command: Command): string[] {
  const parts = [`### holt ${command.name}`, `    ${usageOf(command)}`, `${command.summary}.`, ...(command.details ?? [])]
  if (Object.keys(command.options).length > 0) parts.push(optionTable(command.options))
  parts.push(command.examples.map(({ line, does }) => `- \`${line}\` ${does}`).join('\n'))
  return parts
}

function optionTable(options: Readonly<Record<string, OptionSpec>>): string {
  const rows = Object.entries(options).map(([name, option]) => `| \`${optionText(name, option).trim()}\` | ${cell(option.help)} |`)
  return ['| option | |', '|---|---|', ...rows].join('\n')
}

function exitTable(): string {
  return ['| code | |', '|---|---|', ...Object.entries(exitMeanings).map(([code, meaning]) => `| ${code} | ${cell(meaning)} |`)].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
