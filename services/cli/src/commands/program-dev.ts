import { relative, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { InstalledInfo, ProgramLogLine } from '@holt/control/programs.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import type { Command, CommandCall } from '../command.ts'
import { localTime } from '../format.ts'
import { printable } from '../printable.ts'
import { putDevProgram } from '../program/dev/dev-program.ts'
import { DevServer } from '../program/dev/dev-server.ts'
import { changesOf } from '../program/dev/watch-folder.ts'

const LOOK_AT_LOG_MS = 500

const dev: Command = {
  name: 'program dev',
  summary: 'Runs the program you write, and again with each change; its page loads by itself',
  arguments: [{ name: 'FOLDER', optional: true, complete: 'local' }],
  options: {
    grant: { type: 'text', many: true, value: 'POWER', help: 'as for `holt program install`' },
    port: { type: 'text', value: 'PORT', help: 'where its page is shown while this runs (default: any that is free)' },
  },
  details: [
    'It is a program beside that which people use, called NAME-dev, with a store of its own: what you try there harms nothing. It is signed by you, and its version is its own.',
    'Each change in FOLDER builds it anew. What does not compile is said here and on the page, and the version before goes on. What it writes shows here.',
    'Ctrl-C stops it; what it stored stays for the next time, until `holt program remove NAME-dev`.',
  ],
  examples: [{ line: 'holt program dev visitor-book --grant site', does: 'prints where its page is, then what it writes' }],
  run: async (call) => {
    const folder = resolve(call.terminal.currentFolder, call.arguments[0] ?? '.')
    const server = await DevServer.listen(portTyped(call.text('port') ?? '0'))
    try {
      // what cannot even begin is told as of any command
      let program = await putDevProgram(call, folder)
      show(server, program)
      if (!call.json) {
        await call.terminal.print(`${server.url}\n`)
        call.terminal.tell(
          `${printable(program.title)} runs; Ctrl-C ends it. It is built anew with each change in ${relative(call.terminal.currentFolder, folder) || '.'}\n`,
        )
      }
      const gone = new AbortController()
      const signal = AbortSignal.any([call.signal, gone.signal])
      const following = follow(call, program.id, signal).finally(() => gone.abort())
      following.catch(() => {}) // told below, when nothing else is under way
      const changes = changesOf(folder, signal)
      while ((await changes.next()).done !== true) program = (await again(call, server, folder)) ?? program
      await following
      // Ctrl-C ends what is asked by `call.ask`
      await (await call.node()).call('programs.stop', { id: program.id })
      return { json: { id: program.id, name: program.name, version: program.version }, report: [`${printable(program.title)} is stopped.`] }
    } finally {
      await server.close()
    }
  },
}

/** @returns null when it did not come to that: the version before goes on. */
async function again(call: CommandCall, server: DevServer, folder: string): Promise<InstalledInfo | null> {
  const begun = performance.now()
  try {
    const program = await putDevProgram(call, folder)
    show(server, program)
    if (!call.json) call.terminal.tell(`${program.version} after ${Math.round(performance.now() - begun)} ms\n`)
    return program
  } catch (caught) {
    const { message, code } = toHoltError(caught)
    if (call.signal.aborted) return null
    if (code === 'NODE_NOT_RUNNING') throw caught
    call.terminal.tell(`holt: ${printable(message)}\n`)
    server.failed(message)
    return null
  }
}

function show(server: DevServer, { name, page, problem }: InstalledInfo): void {
  server.page = page === null ? null : { port: page.port, host: `${name}.localhost` }
  server.changed()
  if (problem !== null) server.failed(problem)
}

/** What it writes, as it comes, until Ctrl-C. */
async function follow(call: CommandCall, id: string, signal: AbortSignal): Promise<void> {
  let last = (await call.ask('programs.logs', { id })).lines.at(-1)?.number ?? 0
  while (!signal.aborted) {
    await wait(LOOK_AT_LOG_MS, undefined, { signal }).catch(() => {})
    for (const { number, time, level, text } of await linesAfter(call, id, last)) {
      last = number
      const line = call.json ? JSON.stringify({ time, level, text }) : `${localTime(time)} ${level} ${printable(text)}`
      await call.terminal.print(`${line}\n`)
    }
  }
}

async function linesAfter(call: CommandCall, id: string, after: number): Promise<readonly ProgramLogLine[]> {
  try {
    return (await call.ask('programs.logs', { id, after })).lines
  } catch (error) {
    if (call.signal.aborted) return []
    throw error
  }
}

function portTyped(typed: string): number {
  const port = Number(typed)
  if (/^\d{1,5}$/.test(typed) && port <= 65_535) return port
  throw new HoltError('INPUT_INVALID', '--port takes a number up to 65535', { field: 'port' })
}

export const programDevCommands: readonly Command[] = [dev]
