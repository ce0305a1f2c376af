import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Params, TransferReport } from '@holt/control/schema.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Command, CommandCall, Outcome } from '../command.ts'
import { PARTLY_DONE } from '../exit-codes.ts'
import { counted, humanBytes } from '../format.ts'
import { measureLocals } from '../measure-locals.ts'
import { printable } from '../printable.ts'
import { readStreamTo, writeStreamFrom } from '../streams.ts'
import { meansDirectory, treePath, versionOf } from '../tree-path.ts'
import { atOption, directoryAt } from './files.ts'

/** What fits in a JSON document without harm. */
const JSON_CONTENT_LIMIT = 16 << 20

const put: Command = {
  name: 'put',
  summary: 'Copies local files and directories in',
  arguments: [
    { name: 'LOCAL', many: true, complete: 'local' },
    { name: 'PATH', complete: 'tree' },
  ],
  options: {
    'random-access': { type: 'flag', help: 'for files that will be changed in the middle: small chunks' },
    wait: { type: 'flag', help: 'until all of it is on its drives' },
  },
  details: [
    'When PATH is a directory the files go into it; otherwise the one LOCAL becomes PATH. A PATH that ends in / is a directory, and made when it is not there. LOCAL - takes stdin.',
    'Names, times, modes, symlinks and empty directories are kept; sockets and devices are skipped and named. Repeating a put skips what is there already with the same size and time: so it goes on after Ctrl-C.',
  ],
  examples: [
    { line: 'holt put ~/Pictures /', does: 'copies the folder to /Pictures' },
    { line: 'holt put a.txt b.txt notes/', does: 'copies both into /notes' },
    { line: 'pg_dump db | holt put - backups/db.sql', does: 'stores what is piped in' },
  ],
  run: (call) => (call.arguments[0] === '-' ? putStdin(call) : putLocals(call)),
}

async function putLocals(call: CommandCall): Promise<Outcome> {
  const typed = call.arguments.at(-1) as string
  const locals = call.arguments.slice(0, -1)
  if (locals.includes('-')) throw new HoltError('INPUT_INVALID', '- (stdin) cannot be combined with other files')
  const path = treePath(typed)
  let into = await directoryAt(call, path)
  if (!into && meansDirectory(typed)) {
    await call.ask('files.mkdir', { path, parents: true })
    into = true
  }
  if (!into && locals.length > 1) throw new HoltError('NOT_A_DIRECTORY', `${path} is not a directory`, { path })
  const started = performance.now()
  const params: Params<'files.importLocal'> = {
    locals: locals.map((local) => resolve(call.terminal.currentFolder, local)),
    path,
    place: into ? 'into' : 'as',
    ...(call.flag('random-access') ? { randomAccess: true } : {}),
    ...(call.flag('wait') ? { waitForSpread: true } : {}),
  }
  const expected = call.isWatched ? measureLocals(params.locals, call.signal) : undefined
  const report = await keptOnCancel(() => call.ask('files.importLocal', params, expected))
  return transferOutcome(report, 'Put', (performance.now() - started) / 1000)
}

async function putStdin(call: CommandCall): Promise<Outcome> {
  const path = treePath(call.arguments[1] as string)
  if (call.arguments.length > 2) throw new HoltError('INPUT_INVALID', '- (stdin) cannot be combined with other files')
  if (meansDirectory(call.arguments[1] as string) || (await directoryAt(call, path))) {
    throw new HoltError('IS_A_DIRECTORY', `${path} is a directory: what comes from stdin needs a name`, { path })
  }
  const sizeBytes = await writeStreamFrom(call, path)
  return { json: { path, bytes: sizeBytes }, report: [`Put ${humanBytes(sizeBytes)} to ${printable(path)}.`] }
}

const get: Command = {
  name: 'get',
  summary: 'Copies out to a local path',
  arguments: [
    { name: 'PATH', complete: 'tree' },
    { name: 'LOCAL', optional: true, complete: 'local' },
  ],
  options: atOption,
  details: [
    'LOCAL is . when it is not given. When it is a directory the copy goes into it; one that ends in / is made. LOCAL - writes a file to stdout.',
  ],
  examples: [
    { line: 'holt get photos ~/restored/', does: 'copies /photos to ~/restored/photos' },
    { line: 'holt get notes.txt . --at 2026-11-01', does: 'the file as it was on that day' },
  ],
  run: async (call) => {
    const path = treePath(call.arguments[0] as string)
    if (call.arguments[1] === '-') return await catFile(call, path)
    const local = await localTarget(call)
    const started = performance.now()
    const report = await keptOnCancel(() => call.ask('files.exportLocal', { path, local, ...versionOf(call.text('at')) }))
    return transferOutcome(report, 'Got', (performance.now() - started) / 1000)
  },
}

/** The node itself copies into a directory that is there, as `cp` does; here one is made where a closing / asks for it. */
async function localTarget(call: CommandCall): Promise<string> {
  const typed = call.arguments[1] ?? '.'
  const local = resolve(call.terminal.currentFolder, typed)
  if (typed.endsWith('/')) await mkdir(local, { recursive: true })
  return local
}

const cat: Command = {
  name: 'cat',
  summary: 'Writes a file to stdout',
  arguments: [{ name: 'PATH', complete: 'tree' }],
  options: atOption,
  examples: [{ line: 'holt cat notes.txt | less', does: 'reads a note' }],
  run: (call) => catFile(call, treePath(call.arguments[0] as string)),
}

async function catFile(call: CommandCall, path: string): Promise<Outcome | null> {
  const version = versionOf(call.text('at'))
  if (!call.json) {
    await readStreamTo(call, { path, ...version }, (bytes) => call.terminal.print(bytes))
    return null
  }
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  await readStreamTo(call, { path, ...version }, async (bytes) => {
    sizeBytes += bytes.length
    if (sizeBytes > JSON_CONTENT_LIMIT)
      throw new HoltError('TOO_LARGE', `${path} is over ${humanBytes(JSON_CONTENT_LIMIT)}: too large for a JSON document`, { path })
    parts.push(bytes)
  })
  return { json: { path, sizeBytes, base64: Buffer.concat(parts).toString('base64') } }
}

function transferOutcome(report: TransferReport, verb: string, seconds: number): Outcome {
  const { files, directories, symlinks, bytes, unchanged, skipped, sequence } = report
  const what = [counted(files, 'file'), counted(directories, 'directory', 'directories')]
  if (symlinks > 0) what.push(counted(symlinks, 'symlink'))
  const rate = seconds > 0.5 && bytes > 0 ? `, ${humanBytes(bytes / seconds)}/s` : ''
  const rest = unchanged > 0 ? `; ${counted(unchanged, 'file')} unchanged` : ''
  return {
    json: report,
    report: [`${verb} ${what.join(', ')}, ${humanBytes(bytes)} in ${seconds.toFixed(1)} s${rate}${rest}; version ${sequence}.`],
    warnings: skipped.map(({ path, reason }) => `skipped ${printable(path)}: ${printable(reason)}`),
    exitCode: skipped.length > 0 ? PARTLY_DONE : 0,
  }
}

async function keptOnCancel<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!isHoltError(cause, 'CANCELLED')) throw cause
    throw new HoltError('CANCELLED', 'cancelled; what was copied before is kept, and the same command goes on from there', {}, { cause })
  }
}

export const transferCommands: readonly Command[] = [put, get, cat]
