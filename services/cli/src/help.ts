import type { ArgumentSpec, Command, OptionSpec } from './command.ts'
import { commonOptions } from './command-line.ts'
import { exitMeanings } from './exit-codes.ts'
import { table } from './table.ts'

/** What `holt help` shows: the groups, in the order a person meets them. */
export interface CommandGroup {
  title: string
  commands: readonly Command[]
}

export function usageOf(command: Command): string {
  const options = Object.keys(command.options).length > 0 ? ' [options]' : ''
  return `holt ${command.name}${command.arguments.map((argument) => ` ${argumentText(argument)}`).join('')}${options}`
}

function argumentText({ name, optional, many }: ArgumentSpec): string {
  const text = many === true ? `${name}…` : name
  return optional === true ? `[${text}]` : text
}

export function overview(groups: readonly CommandGroup[]): string[] {
  const lines = ['Holt keeps one encrypted tree of files on your drives.', '', 'Usage: holt COMMAND …']
  for (const { title, commands } of groups) {
    const rows = commands.map((command) => [
      `${command.name}${command.arguments.map((argument) => ` ${argumentText(argument)}`).join('')}`,
      command.summary,
    ])
    lines.push('', title, ...table(rows, { indent: '  ' }))
  }
  lines.push('', 'Every command takes', ...optionLines(commonOptions))
  lines.push('', "'holt COMMAND --help' shows options and examples; 'holt help exit-codes' what a script can rely on.")
  return lines
}

export function commandHelp(command: Command): string[] {
  const lines = [`Usage: ${usageOf(command)}`, '', `${command.summary}.`]
  for (const paragraph of command.details ?? []) lines.push('', ...wrapped(paragraph))
  if (Object.keys(command.options).length > 0) lines.push('', 'Options', ...optionLines(command.options))
  lines.push('', 'Options of every command', ...optionLines(commonOptions))
  lines.push('', 'Examples', ...command.examples.flatMap(({ line, does }) => [`  ${line}`, `      ${does}`]))
  return lines
}

/** As wide as a terminal is at least. */
function wrapped(paragraph: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of paragraph.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > 80) {
      lines.push(line)
      line = ''
    }
    line += `${line === '' ? '' : ' '}${word}`
  }
  return [...lines, line]
}

export function exitCodeHelp(): string[] {
  const rows = Object.entries(exitMeanings).map(([code, meaning]) => [code, meaning])
  return ['Exit codes', ...table(rows, { indent: '  ', right: [0] })]
}

function optionLines(options: Readonly<Record<string, OptionSpec>>): string[] {
  return table(
    Object.entries(options).map(([name, option]) => [optionText(name, option), option.help]),
    { indent: '  ' },
  )
}

export function optionText(name: string, { short, value, many }: OptionSpec): string {
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}${many === true ? ' …' : ''}`
}
