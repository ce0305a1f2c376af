import { utf8 } from '@holt/core/bytes.ts'
import { ProgramError, type VatHost } from './vat-host.ts'
import type { GuestMemory } from './wasm-program.ts'

/** Numbers of WASI preview 1. */
const ERRNO = { success: 0, badf: 8, inval: 28, nosys: 52, spipe: 70 }
const FILETYPE_CHARACTER_DEVICE = 2
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
 * WASI preview 1 for one instance: the delivery's body is standard input, standard output is its answer, standard error the log.
 * The clock stands still during a delivery.
 */
export function wasiImports(host: VatHost, memory: GuestMemory): WasiFunctions {
  let inputAt = 0
  let errorLine = ''
  const logged = (text: string) => {
    const lines = (errorLine + text).split('\n')
    errorLine = (lines.pop() as string).slice(-4096)
    for (const line of lines) host.log('info', line)
  }
  const vectors = (at: number, count: number) =>
    Array.from({ length: Math.min(count >>> 0, 1024) }, (_, index) => ({
      at: memory.u32(at + index * 8),
      length: memory.u32(at + index * 8 + 4),
    }))
  const args = host.args.map((arg) => utf8(`${arg}\0`))
  const functions: WasiFunctions = {
    args_sizes_get: (count: number, size: number) => {
      memory.setU32(count, args.length)
      memory.setU32(
        size,
        args.reduce((sum, arg) => sum + arg.length, 0),
      )
      return ERRNO.success
    },
    args_get: (pointers: number, texts: number) => {
      let at = texts >>> 0
      for (const [index, arg] of args.entries()) {
        memory.setU32((pointers >>> 0) + index * 4, at)
        memory.view(at, arg.length).set(arg)
        at += arg.length
      }
      return ERRNO.success
    },
    environ_sizes_get: (count: number, size: number) => {
      memory.setU32(count, 0)
      memory.setU32(size, 0)
      return ERRNO.success
    },
    environ_get: () => ERRNO.success,
    clock_res_get: (clock: number, to: number) => {
      if (clock >>> 0 >= CLOCKS) return ERRNO.inval
      memory.setU64(to, 100_000_000n)
      return ERRNO.success
    },
    clock_time_get: (clock: number, _precision: bigint, to: number) => {
      if (clock >>> 0 >= CLOCKS) return ERRNO.inval
      memory.setU64(to, BigInt(host.nowMs) * 1_000_000n)
      return ERRNO.success
    },
    random_get: (at: number, length: number) => {
      memory.view(at, length).set(host.random(length >>> 0))
      return ERRNO.success
    },
    sched_yield: () => ERRNO.success,
    proc_exit: (code: number) => {
      throw new ProgramExit(code)
    },
    proc_raise: () => {
      throw new ProgramError('it raised a signal')
    },
    fd_write: (fd: number, at: number, count: number, written: number) => {
      if (fd !== 1 && fd !== 2) return ERRNO.badf
      let length = 0
      for (const part of vectors(at, count)) {
        const bytes = memory.copy(part.at, part.length)
        if (fd === 1) host.answer(bytes)
        else logged(new TextDecoder().decode(bytes))
        length += bytes.length
      }
      memory.setU32(written, length)
      return ERRNO.success
    },
    fd_read: (fd: number, at: number, count: number, read: number) => {
      if (fd !== 0) return ERRNO.badf
      const from = inputAt
      for (const part of vectors(at, count)) {
        const bytes = host.body.subarray(inputAt, inputAt + part.length)
        memory.view(part.at, bytes.length).set(bytes)
        inputAt += bytes.length
      }
      memory.setU32(read, inputAt - from)
      return ERRNO.success
    },
    fd_fdstat_get: (fd: number, to: number) => {
      if (fd > 2 || fd < 0) return ERRNO.badf
      memory.view(to, 24).fill(0)
      memory.view(to, 1)[0] = FILETYPE_CHARACTER_DEVICE
      return ERRNO.success
    },
    fd_seek: (fd: number) => (fd > 2 || fd < 0 ? ERRNO.badf : ERRNO.spipe),
    fd_close: (fd: number) => (fd > 2 || fd < 0 ? ERRNO.badf : ERRNO.success),
    fd_prestat_get: () => ERRNO.badf,
  }
  return Object.fromEntries(wasiImportNames.map((name) => [name, functions[name] ?? (() => ERRNO.nosys)]))
}
