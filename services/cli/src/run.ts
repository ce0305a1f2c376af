import { errorToJson, toHoltError } from '@holt/core/errors.ts'
import type { Outcome } from './command.ts'
import { type CommandLine, parseCommandLine } from './command-line.ts'
import { exitCodeOf } from './exit-codes.ts'
import { commandHelp } from './help.ts'
import { printable } from './printable.ts'
import { RunningCall } from './running-call.ts'
import type { Surroundings } from './surroundings.ts'
import type { Terminal } from './terminal.ts'
import { CLI_VERSION } from './version.ts'

interface OutputForm {
  terminal: Terminal
  json: boolean
  quiet: boolean
}

/** Runs one command line. @returns the exit code; everything else has been printed. */
export async function runHolt(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings
  // A line that does not parse still says in which form its error is wanted.
  const json = wantsJson(args)
  try {
    if (args.length === 1 && args[0] === '--version') {
      await terminal.print(`holt ${CLI_VERSION}\n`)
      return 0
    }
    const line = parseCommandLine(surroundings.commands, asksForHelp(args) ? ['help', ...args] : args)
    if (line.values['help'] === true && line.command.name !== 'help') {
      await terminal.print(`${commandHelp(line.command).join('\n')}\n`)
      return 0
    }
    const outcome = await runCommand(line, surroundings)
    return outcome === null ? 0 : await show(outcome, { terminal, json, quiet: line.values['quiet'] === true })
  } catch (error) {
    return tellError(error, { terminal, json })
  }
}

function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return (end < 0 ? args : args.slice(0, end)).includes('--json')
}

/** `holt`, `holt --help`. */
function asksForHelp(args: readonly string[]): boolean {
  return args.length === 0 || (args.length === 1 && (args[0] === '--help' || args[0] === '-h'))
}

async function runCommand(line: CommandLine, surroundings: Surroundings): Promise<Outcome | null> {
  const call = new RunningCall(line, surroundings)
  try {
    return await line.command.run(call)
  } finally {
    await call.release()
  }
}

async function show(outcome: Outcome, { terminal, json, quiet }: OutputForm): Promise<number> {
  const { lines = [], report = [], warnings = [], exitCode = 0 } = outcome
  if (json) await terminal.print(`${JSON.stringify(outcome.json)}\n`)
  else {
    const text = quiet ? lines : [...lines, ...report]
    if (text.length > 0) await terminal.print(`${text.join('\n')}\n`)
    for (const warning of warnings) terminal.tell(`holt: ${warning}\n`)
  }
  return exitCode
}

function tellError(error: unknown, { terminal, json }: Pick<OutputForm, 'terminal' | 'json'>): number {
  const known = toHoltError(error)
  if (json) terminal.tell(`${JSON.stringify({ error: errorToJson(known) })}\n`)
  else {
    terminal.tell(`holt: ${printable(known.message)}\n`)
    if (known.code === 'INTERNAL' && error instanceof Error && error.stack !== undefined) terminal.tell(`${error.stack}\n`)
  }
  return exitCodeOf[known.code]
}
