import { utf8 } from '@holt/core/bytes.ts'
import type { GuestMemory } from '../guest-memory.ts'
import { ProgramError, type VatHost } from '../vat-host.ts'
import { Descriptors } from './descriptors.ts'
import { ERRNO, errnoOf, WasiError } from './errno.ts'
import { fileFunctions, MOST_BYTES_AT_ONCE, readFile, writeFile } from './file-functions.ts'

const CLOCKS = 4

/** `proc_exit`. */
export class ProgramExit extends Error {
  readonly exitCode: number
  constructor(exitCode: number) {
    super(`exit ${exitCode}`)
    this.exitCode = exitCode
  }
}

/** All functions of preview 1: a module may import any, those that are not here say ENOSYS. */
export const wasiImportNames = [
  'args_get',
  'args_sizes_get',
  'environ_get',
  'environ_sizes_get',
  'clock_res_get',
  'clock_time_get',
  'fd_advise',
  'fd_allocate',
  'fd_close',
  'fd_datasync',
  'fd_fdstat_get',
  'fd_fdstat_set_flags',
  'fd_fdstat_set_rights',
  'fd_filestat_get',
  'fd_filestat_set_size',
  'fd_filestat_set_times',
  'fd_pread',
  'fd_prestat_get',
  'fd_prestat_dir_name',
  'fd_pwrite',
  'fd_read',
  'fd_readdir',
  'fd_renumber',
  'fd_seek',
  'fd_sync',
  'fd_tell',
  'fd_write',
  'path_create_directory',
  'path_filestat_get',
  'path_filestat_set_times',
  'path_link',
  'path_open',
  'path_readlink',
  'path_remove_directory',
  'path_rename',
  'path_symlink',
  'path_unlink_file',
  'poll_oneoff',
  'proc_exit',
  'proc_raise',
  'random_get',
  'sched_yield',
  'sock_accept',
  'sock_recv',
  'sock_send',
  'sock_shutdown',
] as const

type WasiFunctions = Record<string, (...args: never[]) => number>

/**
 * WASI preview 1 for one instance: the delivery's body is standard input, standard output is its answer, standard error the log, and the folders that
 * the program was given are open from the start. The clock stands still during a delivery.
 */
export class Wasi {
  readonly imports: WasiFunctions
  readonly #host: VatHost
  readonly #memory: GuestMemory
  readonly #open: Descriptors
  #inputAt = 0
  #errorLine = ''

  constructor(host: VatHost, memory: GuestMemory) {
    this.#host = host
    this.#memory = memory
    this.#open = new Descriptors(host)
    const functions: Record<string, (...args: never[]) => number | void> = {
      ...fileFunctions(this.#open, memory),
      ...this.#surroundings(),
      fd_read: (fd: number, at: number, count: number, read: number) => memory.setU32(read, this.#read(fd, at, count)),
      fd_write: (fd: number, at: number, count: number, written: number) => memory.setU32(written, this.#write(fd, at, count)),
    }
    this.imports = Object.fromEntries(wasiImportNames.map((name) => [name, answering(functions[name] ?? (() => ERRNO.notThere))]))
  }

  /** After a delivery: what was written to files is with the node. @throws HoltError of the power. */
  finish(): void {
    this.#inputAt = 0
    this.#open.settle()
  }

  #read(fd: number, at: number, count: number): number {
    const found = this.#open.find(fd)
    if (found.kind !== 'stream') return readFile(this.#open.file(fd, { read: true }), this.#memory, at, count)
    if (found.stream !== 'in') throw new WasiError(ERRNO.badFd)
    const from = this.#inputAt
    for (const part of this.#memory.vectors(at, count)) {
      const bytes = this.#host.body.subarray(this.#inputAt, this.#inputAt + part.length)
      this.#memory.view(part.at, bytes.length).set(bytes)
      this.#inputAt += bytes.length
    }
    return this.#inputAt - from
  }

  #write(fd: number, at: number, count: number): number {
    const found = this.#open.find(fd)
    if (found.kind !== 'stream') return writeFile(this.#open, this.#open.file(fd, { write: true }), this.#memory, { at, count })
    if (found.stream === 'in') throw new WasiError(ERRNO.badFd)
    let length = 0
    for (const part of this.#memory.vectors(at, count)) {
      const bytes = this.#memory.copy(part.at, Math.min(part.length, MOST_BYTES_AT_ONCE - length))
      if (found.stream === 'out') this.#host.answer(bytes)
      else this.#log(new TextDecoder().decode(bytes))
      length += bytes.length
    }
    return length
  }

  #log(text: string): void {
    const lines = (this.#errorLine + text).split('\n')
    this.#errorLine = (lines.pop() as string).slice(-4096)
    for (const line of lines) this.#host.log('info', line)
  }

  #surroundings(): Record<string, (...args: never[]) => number | void> {
    const [host, memory] = [this.#host, this.#memory]
    const args = host.args.map((arg) => utf8(`${arg}\0`))
    return {
      args_sizes_get: (count: number, size: number) => {
        memory.setU32(count, args.length)
        memory.setU32(
          size,
          args.reduce((sum, arg) => sum + arg.length, 0),
        )
      },
      args_get: (pointers: number, texts: number) => {
        let at = texts >>> 0
        for (const [index, arg] of args.entries()) {
          memory.setU32((pointers >>> 0) + index * 4, at)
          memory.view(at, arg.length).set(arg)
          at += arg.length
        }
      },
      environ_sizes_get: (count: number, size: number) => {
        memory.setU32(count, 0)
        memory.setU32(size, 0)
      },
      environ_get: () => {},
      clock_res_get: (clock: number, to: number) => {
        if (clock >>> 0 >= CLOCKS) return ERRNO.invalid
        memory.setU64(to, 100_000_000n)
      },
      clock_time_get: (clock: number, _precision: bigint, to: number) => {
        if (clock >>> 0 >= CLOCKS) return ERRNO.invalid
        memory.setU64(to, BigInt(host.nowMs) * 1_000_000n)
      },
      random_get: (at: number, length: number) => memory.view(at, length).set(host.random(length >>> 0)),
      sched_yield: () => {},
      proc_exit: (code: number) => {
        throw new ProgramExit(code)
      },
      proc_raise: () => {
        throw new ProgramError('it raised a signal')
      },
    }
  }
}

/** A function as a program calls it: with a number of WASI for how it went. */
function answering(work: (...args: never[]) => number | void): (...args: never[]) => number {
  return (...args) => {
    try {
      return work(...args) ?? ERRNO.success
    } catch (error) {
      const errno = errnoOf(error)
      if (errno === null) throw error
      return errno
    }
  }
}
