import { utf8 } from '@holt/core/bytes.ts'
import { assemble, I32, I64, i32 } from './assemble.ts'

/** Parameters of the functions of WASI that are called here, i for 32 bits and I for 64. */
const signatures = {
  fd_close: 'i',
  fd_filestat_get: 'ii',
  fd_filestat_set_size: 'iI',
  fd_pread: 'iiiIi',
  fd_prestat_dir_name: 'iii',
  fd_pwrite: 'iiiIi',
  fd_read: 'iiii',
  fd_readdir: 'iiiIi',
  fd_renumber: 'ii',
  fd_seek: 'iIii',
  fd_sync: 'i',
  fd_write: 'iiii',
  path_create_directory: 'iii',
  path_filestat_get: 'iiiii',
  path_open: 'iiiiiIIii',
  path_readlink: 'iiiiii',
  path_remove_directory: 'iii',
  path_rename: 'iiiiii',
  path_symlink: 'iiiii',
  path_unlink_file: 'iii',
} as const

type Argument = number | bigint | { text: string } | { loadedFrom: number }
export type WasiCall = readonly [name: keyof typeof signatures, ...args: Argument[]]

const NAME_AT = 0
/** Where `path_open` and others put their results; a call reads one back by `loadedFrom`. */
export const RESULT_AT = 64
/** Free for what calls read and write. */
export const ROOM_AT = 1 << 16
const ERRNOS_AT = 1024
const CONSTANTS_AT = 8192
/** Of the functions of WASI, after those of `holt`. */
const FIRST = 2
const CALLS_EVERY_TIME = 1000

/**
 * A program in WebAssembly that makes these calls for each request to its page, and answers with what each gave, a byte for each. A list is made
 * again and again, a thousand times, when `often` says so; the last ones count.
 */
export function wasiCalls(calls: readonly WasiCall[], { often = false } = {}): Uint8Array {
  const head = utf8(JSON.stringify({ status: 200, headers: [] }))
  const constants = [...Uint8Array.of(head.length, 0, 0, 0), ...head]
  const names = Object.keys(signatures) as (keyof typeof signatures)[]
  const argument = (value: Argument, type: string): number[] => {
    if (typeof value === 'bigint' || typeof value === 'number')
      return [type === 'I' ? 0x42 : 0x41, ...leb(BigInt(value), type === 'I' ? 64 : 32)]
    if ('loadedFrom' in value) return [...i32(value.loadedFrom), 0x28, 2, 0]
    const bytes = utf8(value.text)
    const at = CONSTANTS_AT + constants.length
    constants.push(...bytes)
    return [...i32(at), ...i32(bytes.length)]
  }
  const code = calls.flatMap(([name, ...args], index) => {
    const types = signatures[name].split('')
    const pushed = args.flatMap((value) => {
      const bytes = argument(value, types.shift() as string)
      if (typeof value === 'object' && 'text' in value) types.shift()
      return bytes
    })
    return [...i32(ERRNOS_AT + index), ...pushed, 0x10, FIRST + names.indexOf(name), 0x3a, 0, 0]
  })
  const repeated = [...i32(CALLS_EVERY_TIME), 0x21, 0, 0x03, 0x40, ...code, 0x20, 0, ...i32(1), 0x6b, 0x22, 0, 0x0d, 0, 0x0b]
  return assemble({
    imports: [
      { name: 'holt.name_read', params: [I32, I32, I32], results: [I32] },
      { name: 'holt.answer', params: [I32, I32] },
      ...names.map((name) => ({
        name: `wasi_snapshot_preview1.${name}`,
        params: signatures[name].split('').map((type) => (type === 'I' ? I64 : I32)),
        results: [I32],
      })),
    ],
    memory: { min: 64 },
    functions: [
      {
        export: 'holt_deliver',
        locals: [I32],
        code: [
          [...i32(NAME_AT), ...i32(0), ...i32(1), 0x10, 0, 0x1a],
          [...i32(NAME_AT), 0x2d, 0, 0, ...i32(0x68), 0x47, 0x04, 0x40, 0x0f, 0x0b], // only for requests
          often ? repeated : code,
          [...i32(CONSTANTS_AT), ...i32(4 + head.length), 0x10, 1],
          [...i32(ERRNOS_AT), ...i32(calls.length), 0x10, 1],
        ].flat(),
      },
    ],
    data: { at: CONSTANTS_AT, bytes: Uint8Array.from(constants) },
  })
}

/** A signed LEB128 number of any sign, given as either kind of the same bits. */
function leb(value: bigint, bits: number): number[] {
  const bytes: number[] = []
  for (let rest = BigInt.asIntN(bits, value); ; rest >>= 7n) {
    const low = Number(rest & 0x7fn)
    if (rest >> 6n === 0n || rest >> 6n === -1n) return [...bytes, low]
    bytes.push(low | 0x80)
  }
}
