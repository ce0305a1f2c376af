import type { ArgumentSpec, Command, CommandCall, Completion, OptionSpec } from './command.ts'
import { commonOptions, findCommand } from './command-line.ts'
import { printable } from './printable.ts'
import { lastName, treePath } from './tree-path.ts'

export interface Candidates {
  words: string[]
  /** The shell's own completion of local paths is wanted too. */
  local: 'local' | 'folder' | null
}

/** What may stand in the place of the last word. */
export async function completeWords(call: CommandCall, commands: readonly Command[], words: readonly string[]): Promise<Candidates> {
  const current = words.at(-1) ?? ''
  const before = withoutCommonOptions(words.slice(0, -1))
  const names = commandNames(commands, before, current)
  if (names !== null) return { words: names, local: null }
  const found = findCommand(commands, before)
  if (found === null) return { words: [], local: null }
  const options: Readonly<Record<string, OptionSpec>> = { ...commonOptions, ...found.command.options }
  const previous = options[(words.at(-2) ?? '').replace(/^--/, '')]
  if (previous?.type === 'text' && words.at(-2)?.startsWith('--') === true) return await candidatesFor(call, previous.complete, current)
  if (current.startsWith('-'))
    return {
      words: matching(
        Object.keys(options).map((name) => `--${name}`),
        current,
      ),
      local: null,
    }
  const given = before.slice(found.nameWords).filter((word) => !word.startsWith('-') || word === '-').length
  const subcommands = before.length === found.nameWords ? subcommandsOf(commands, found.command.name, current) : []
  const candidates = await candidatesFor(call, argumentAt(found.command.arguments, given)?.complete, current)
  return { ...candidates, words: [...subcommands, ...candidates.words] }
}

function withoutCommonOptions(words: readonly string[]): string[] {
  const rest: string[] = []
  for (let i = 0; i < words.length; i++) {
    if (words[i] === '--data') i++
    else if (words[i] !== '--json' && words[i] !== '--quiet' && words[i] !== '-q') rest.push(words[i] as string)
  }
  return rest
}

/** First words while none is there, second words while they make the command; null when the command is whole. */
function commandNames(commands: readonly Command[], before: readonly string[], current: string): string[] | null {
  if (findCommand(commands, before) !== null) return null
  if (before.length === 1) return subcommandsOf(commands, before[0] as string, current)
  if (before.length > 1) return []
  const firsts = new Set(commands.map(({ name }) => name.split(' ')[0] as string).filter((name) => !name.startsWith('_')))
  return matching([...firsts], current)
}

function subcommandsOf(commands: readonly Command[], first: string, current: string): string[] {
  const names = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name.split(' ')[1] as string)
  return matching(names, current)
}

/** The one that takes many takes all that are over; what follows it is the last word, which may as well be one of the many. */
function argumentAt(specs: readonly ArgumentSpec[], position: number): ArgumentSpec | undefined {
  const many = specs.findIndex(({ many: isMany }) => isMany === true)
  if (many < 0 || position < many) return specs[position]
  return position === many ? specs[many] : (specs[many + 1] ?? specs[many])
}

async function candidatesFor(call: CommandCall, from: Completion | undefined, current: string): Promise<Candidates> {
  if (from === undefined) return { words: [], local: null }
  if (typeof from !== 'string') return { words: matching(from, current), local: null }
  if (from === 'local' || from === 'folder') return { words: [], local: from }
  if (from === 'command') return { words: [], local: null }
  if (from === 'tree') return { words: await treeNames(call, current), local: null }
  if (from === 'class')
    return {
      words: matching(
        (await call.ask('classes.list', {})).classes.map(({ name }) => name),
        current,
      ),
      local: null,
    }
  return {
    words: matching(
      (await call.ask('drives.list', {})).drives.map(({ folder }) => folder),
      current,
    ),
    local: null,
  }
}

async function treeNames(call: CommandCall, current: string): Promise<string[]> {
  const typedDirectory = current.slice(0, current.length - lastName(current).length)
  const { entries } = await call.ask('files.list', { path: treePath(`/${typedDirectory}`), limit: 1000 })
  return entries
    .filter(({ name }) => name.startsWith(lastName(current)) && printable(name) === name)
    .map(({ name, type }) => `${typedDirectory}${name}${type === 'directory' || type === 'volume' ? '/' : ''}`)
}

function matching(words: readonly string[], start: string): string[] {
  return words.filter((word) => word.startsWith(start))
}
