import { parseArgs } from 'node:util'
import { HoltError } from '@holt/core/errors.ts'
import type { Command, OptionSpec } from './command.ts'

/** Understood by every command, before or after its name. */
export const commonOptions = {
  data: { type: 'text', value: 'DIR', help: "the node's data folder (default: $HOLT_DATA, else ~/.holt)", complete: 'folder' },
  json: { type: 'flag', help: 'one JSON document on stdout; errors as JSON on stderr' },
  quiet: { type: 'flag', short: 'q', help: 'no progress and no report, only what was asked for' },
  help: { type: 'flag', short: 'h', help: 'show the help of the command' },
} as const satisfies Record<string, OptionSpec>

export interface CommandLine {
  command: Command
  arguments: string[]
  values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>
}

/** The command that words begin with, longest name first, and how many words its name has. */
export function findCommand(commands: readonly Command[], words: readonly string[]): { command: Command; nameWords: number } | null {
  for (const nameWords of [2, 1]) {
    const command = words.length < nameWords ? undefined : commands.find(({ name }) => name === words.slice(0, nameWords).join(' '))
    if (command !== undefined) return { command, nameWords }
  }
  return null
}

/** @throws HoltError INPUT_INVALID with what is wrong and, when it is known, the command whose help says more. */
export function parseCommandLine(commands: readonly Command[], args: readonly string[]): CommandLine {
  const leading = leadingOptions(args)
  const found = findCommand(commands, args.slice(leading))
  if (found === null) throw unknownCommand(commands, args[leading])
  const { command, nameWords } = found
  const rest = [...args.slice(0, leading), ...args.slice(leading + nameWords)]
  const { values, positionals } = parseOptions(command, rest)
  if (values['help'] !== true) checkCount(command, positionals)
  return { command, arguments: positionals, values }
}

/** How many words of common options stand before the command. */
function leadingOptions(args: readonly string[]): number {
  let at = 0
  while (args[at]?.startsWith('-') === true && args[at] !== '-') at += args[at] === '--data' ? 2 : 1
  return at
}

function parseOptions(command: Command, args: readonly string[]): Pick<CommandLine, 'values'> & { positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options: parserOptions({ ...commonOptions, ...command.options }), allowPositionals: true })
  } catch (error) {
    // "Unknown option '-x'. To specify a positional argument …": the first sentence says it.
    const [sentence] = (error as Error).message.split(/[.\n] ?(?=To specify|$)/)
    throw wrongUse(command, (sentence ?? '').replace(/\.$/, ''))
  }
}

function parserOptions(
  specs: Readonly<Record<string, OptionSpec>>,
): Record<string, { type: 'string' | 'boolean'; short?: string; multiple?: boolean }> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { type, short, many }]) => [
      name,
      {
        type: type === 'flag' ? ('boolean' as const) : ('string' as const),
        multiple: many === true,
        ...(short === undefined ? {} : { short }),
      },
    ]),
  )
}

function checkCount(command: Command, given: readonly string[]): void {
  const least = command.arguments.filter(({ optional }) => optional !== true).length
  const most = command.arguments.some(({ many }) => many === true) ? Number.POSITIVE_INFINITY : command.arguments.length
  if (given.length < least)
    throw wrongUse(command, `missing: ${command.arguments.filter(({ optional }) => optional !== true)[given.length]?.name ?? ''}`)
  if (given.length > most) throw wrongUse(command, `one argument too many: '${given[most] ?? ''}'`)
}

export function wrongUse(command: Command, fault: string): HoltError {
  return new HoltError('INPUT_INVALID', `${fault}; see 'holt ${command.name} --help'`, { command: command.name })
}

function unknownCommand(commands: readonly Command[], word: string | undefined): HoltError {
  if (word === undefined) return new HoltError('INPUT_INVALID', "which command? 'holt help' lists them")
  const near = commands.map(({ name }) => name).find((name) => name.startsWith(`${word} `) || distance(name, word) <= 1)
  const hint = near === undefined ? "'holt help' lists them" : `did you mean 'holt ${near}'?`
  return new HoltError('INPUT_INVALID', `there is no command '${word}'; ${hint}`)
}

/** 0 or 1 for what one typing slip (a letter more, less, wrong, or two swapped) explains, else 2. */
function distance(a: string, b: string): number {
  if (a === b) return 0
  let start = 0
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++
  const [x, y] = [a.slice(start), b.slice(start)]
  const swapped = x.length > 1 && x.slice(0, 2) === `${y[1] ?? ''}${y[0] ?? ''}` && x.slice(2) === y.slice(2)
  return x.slice(1) === y.slice(1) || x.slice(1) === y || x === y.slice(1) || swapped ? 1 : 2
}
