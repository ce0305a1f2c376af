import type { Control, MethodName, Params, Result } from '@holt/control/schema.ts'
import type { Folders } from './surroundings.ts'
import type { Terminal } from './terminal.ts'
import type { TextStyle } from './text-style.ts'

/** Where the words that may stand in a place come from, for shell completion. */
export type Completion = 'tree' | 'local' | 'folder' | 'drive' | 'class' | 'command' | readonly string[]

export interface OptionSpec {
  type: 'text' | 'flag'
  short?: string
  /** May be given several times. */
  many?: true
  /** What the value is, as help shows it: FILE, DIR. */
  value?: string
  help: string
  complete?: Completion
}

export interface ArgumentSpec {
  name: string
  optional?: true
  many?: true
  complete?: Completion
}

/** One command: what is said about it here gives parsing, help, the manual and shell completion. */
export interface Command {
  /** One word, or two: `drives add`. */
  name: string
  summary: string
  arguments: readonly ArgumentSpec[]
  options: Readonly<Record<string, OptionSpec>>
  /** Further paragraphs of its help. */
  details?: readonly string[]
  examples: readonly { line: string; does: string }[]
  run(call: CommandCall): Promise<Outcome | null>
}

/** What a command has to say: one JSON document, or lines for people. null: it has written its output itself. */
export interface Outcome {
  json: unknown
  /** What was asked for. */
  lines?: readonly string[]
  /** What was done; --quiet leaves it out. */
  report?: readonly string[]
  /** On stderr, even with --quiet: what went only partly well. */
  warnings?: readonly string[]
  exitCode?: number
}

export interface Amount {
  bytes: number
  items: number
}

/** One run of a command: what was typed and what it may use. */
export interface CommandCall {
  readonly terminal: Terminal
  readonly style: TextStyle
  readonly dataFolder: string
  readonly json: boolean
  readonly quiet: boolean
  /** Somebody watches the progress. */
  readonly isWatched: boolean
  /** Ctrl-C. */
  readonly signal: AbortSignal
  readonly arguments: readonly string[]
  text(option: string): string | undefined
  texts(option: string): readonly string[]
  flag(option: string): boolean
  /** @throws HoltError NODE_NOT_RUNNING, with how to start one. */
  node(): Promise<Control>
  /** The running node, or one that lives as long as `use` does. */
  anyNode<T>(use: (control: Control) => Promise<T>): Promise<T>
  /**
   * Calls the running node; long methods show their progress and end on Ctrl-C.
   *
   * @param expected what the call has to do, for progress of a node that does not know yet; null as long as it is unknown here too.
   */
  ask<Name extends MethodName>(name: Name, params: Params<Name>, expected?: () => Amount | null): Promise<Result<Name>>
  /** The same on a node that is given. */
  askOn<Name extends MethodName>(control: Control, name: Name, params: Params<Name>, expected?: () => Amount | null): Promise<Result<Name>>
  /** Becomes the node itself; does not come back. */
  readonly folders: Folders
  becomeNode(daemonArguments: readonly string[]): Promise<never>
}
