import { resolve } from 'node:path'
import type { Control, MethodName, Params, Result } from '@holt/control/schema.ts'
import { readToken, underLease } from '@holt/control/under-lease.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Amount, CommandCall } from './command.ts'
import type { CommandLine } from './command-line.ts'
import { ProgressLine } from './progress-line.ts'
import type { ConnectedNode, Folders, Surroundings } from './surroundings.ts'
import type { Terminal } from './terminal.ts'
import { type TextStyle, textStyle } from './text-style.ts'

/** A parsed command line, and the node it talks to once it asks for one. */
export class RunningCall implements CommandCall {
  readonly terminal: Terminal
  readonly style: TextStyle
  readonly dataFolder: string
  readonly json: boolean
  readonly quiet: boolean
  readonly isWatched: boolean
  readonly signal: AbortSignal
  readonly arguments: readonly string[]
  readonly #line: CommandLine
  readonly #surroundings: Surroundings
  #node: Promise<ConnectedNode> | null = null

  constructor(line: CommandLine, surroundings: Surroundings) {
    const { terminal, interrupted } = surroundings
    const { data, json, quiet } = line.values
    this.#line = line
    this.#surroundings = surroundings
    this.terminal = terminal
    this.style = textStyle(terminal)
    this.dataFolder = typeof data === 'string' ? resolve(terminal.currentFolder, data) : defaultDataFolder(terminal)
    this.json = json === true
    this.quiet = quiet === true
    this.isWatched = terminal.isInteractive.errors && !this.quiet && !this.json
    this.signal = interrupted
    this.arguments = line.arguments
  }

  text(option: string): string | undefined {
    return this.#value(option) as string | undefined
  }

  texts(option: string): readonly string[] {
    return (this.#value(option) ?? []) as string[]
  }

  flag(option: string): boolean {
    return this.#value(option) === true
  }

  async node(): Promise<Control> {
    this.#node ??= this.#surroundings.connect(this.dataFolder)
    const lease = this.terminal.environment['HOLT_LEASE']
    try {
      return underLease(await this.#node, lease === undefined || lease === '' ? null : readToken(lease))
    } catch (error) {
      throw isHoltError(error, 'NODE_NOT_RUNNING') ? this.#withHowToStart(error) : error
    }
  }

  async anyNode<T>(use: (control: Control) => Promise<T>): Promise<T> {
    const { connect, startNode } = this.#surroundings
    this.#node = connect(this.dataFolder).catch((error: unknown) => {
      if (!isHoltError(error, 'NODE_NOT_RUNNING')) throw error
      return startNode(this.dataFolder)
    })
    return await use(await this.#node)
  }

  async ask<Name extends MethodName>(name: Name, params: Params<Name>, expected?: () => Amount | null): Promise<Result<Name>> {
    return await this.askOn(await this.node(), name, params, expected)
  }

  async askOn<Name extends MethodName>(
    control: Control,
    name: Name,
    params: Params<Name>,
    expected?: () => Amount | null,
  ): Promise<Result<Name>> {
    if (this.quiet || this.json) return await control.call(name, params, { signal: this.signal })
    const line = new ProgressLine(this.terminal, { expected })
    try {
      return await control.call(name, params, { signal: this.signal, onProgress: (progress) => line.show(progress) })
    } finally {
      line.clear()
    }
  }

  get folders(): Folders {
    return this.#surroundings.folders
  }

  becomeNode(daemonArguments: readonly string[]): Promise<never> {
    return this.#surroundings.becomeNode(daemonArguments)
  }

  async release(): Promise<void> {
    const node = await this.#node?.catch(() => null)
    await node?.release()
  }

  #value(option: string): unknown {
    const { command, values } = this.#line
    if (!Object.hasOwn(command.options, option)) throw new TypeError(`'${command.name}' declares no option '${option}'`)
    return values[option]
  }

  #withHowToStart(cause: HoltError): HoltError {
    const start = `holt start${this.dataFolder === defaultDataFolder(this.terminal) ? '' : ` --data ${this.dataFolder}`}`
    return new HoltError('NODE_NOT_RUNNING', `${cause.message}; start one with: ${start}`, { ...cause.data, start }, { cause })
  }
}

function defaultDataFolder({ environment, homeFolder, currentFolder }: Terminal): string {
  return resolve(currentFolder, environment['HOLT_DATA'] ?? resolve(homeFolder, '.holt'))
}
