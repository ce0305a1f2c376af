import { utf8 } from '@holt/core/bytes.ts'
import { meterModule, PREPARED_BY } from '../meter/meter-pass.ts'
import { programImports } from '../program-imports.ts'
import type { ProgramCode } from '../types.ts'
import { assemble, type AssembledModule, I32, i32 } from './assemble.ts'

let scripts = 0

export function script(text: string): ProgramCode {
  return { id: `script ${scripts++}`, kind: 'script', load: async () => utf8(text) }
}

/** A module as it is after it was installed. */
export function wasm(module: AssembledModule | Uint8Array): ProgramCode {
  const bytes = module instanceof Uint8Array ? module : assemble(module)
  const { module: prepared } = meterModule(bytes, programImports)
  return { id: `wasm ${scripts++} by ${PREPARED_BY}`, kind: 'wasm', load: async () => prepared.slice() }
}

const call4 = { params: [I32, I32, I32, I32], results: [I32] }

/** What test programs in WebAssembly import; their functions are numbered after these. */
export const imports = [
  { name: 'holt.body_size', results: [I32] }, // 0
  { name: 'holt.body_read', params: [I32, I32, I32], results: [I32] }, // 1
  { name: 'holt.answer', params: [I32, I32] }, // 2
  { name: 'holt.call', ...call4 }, // 3
  { name: 'holt.reply_read', params: [I32, I32, I32], results: [I32] }, // 4
  { name: 'holt.ask', ...call4 }, // 5
  { name: 'holt.fail', params: [I32, I32] }, // 6
] as const

const BODY_AT = 1024

/** Reads the body to `BODY_AT` and leaves nothing on the stack. */
export const readBody = [...i32(BODY_AT), ...i32(0), 0x10, 0, 0x10, 1, 0x1a]

/** Answers what came. */
export const echo: AssembledModule = {
  imports,
  memory: { min: 2 },
  functions: [{ export: 'holt_deliver', code: [...readBody, ...i32(BODY_AT), 0x10, 0, 0x10, 2] }],
}

/** Counts its deliveries in memory and in a global, and answers both as bytes. */
export const counter: AssembledModule = {
  imports,
  memory: { min: 2 },
  globals: [{ type: I32, mutable: true, init: i32(0) }],
  functions: [
    {
      export: 'holt_deliver',
      code: [
        [0x23, 0, ...i32(1), 0x6a, 0x24, 0], // global += 1
        [...i32(0), ...i32(0), 0x2d, 0, 0, ...i32(1), 0x6a, 0x3a, 0, 0], // byte 0 += 1
        [...i32(1), 0x23, 0, 0x3a, 0, 0], // byte 1 = global
        [...i32(0), ...i32(2), 0x10, 2],
      ].flat(),
    },
  ],
}

/** Uses the power "echo" with the body, synchronously, and answers its reply. */
export const caller: AssembledModule = {
  imports,
  memory: { min: 2 },
  functions: [
    {
      export: 'holt_deliver',
      locals: [I32],
      code: [
        readBody,
        [...i32(0), ...i32(4), ...i32(BODY_AT), 0x10, 0, 0x10, 3, 0x21, 0],
        [0x20, 0, ...i32(0), 0x48, 0x04, 0x40, ...i32(0), ...i32(4), 0x10, 6, 0x0f, 0x0b], // fails with "echo" when it was refused
        [...i32(BODY_AT), ...i32(0), 0x20, 0, 0x10, 4, 0x1a],
        [...i32(BODY_AT), 0x20, 0, 0x10, 2],
      ].flat(),
    },
  ],
  data: { at: 0, bytes: utf8('echo') },
}

/** Asks the power "echo" for the body and answers when its reply comes. */
export const asker: AssembledModule = {
  imports,
  memory: { min: 2 },
  functions: [
    { export: 'holt_deliver', code: [...readBody, ...i32(0), ...i32(4), ...i32(BODY_AT), 0x10, 0, 0x10, 5, 0x1a] },
    {
      export: 'holt_answered',
      params: [I32, I32],
      code: [...i32(BODY_AT), ...i32(0), 0x20, 1, 0x10, 4, 0x1a, ...i32(BODY_AT), 0x20, 1, 0x10, 2],
    },
  ],
  data: { at: 0, bytes: utf8('echo') },
}

/** Never ends. */
export const endless: AssembledModule = {
  imports,
  memory: { min: 1 },
  functions: [{ export: 'holt_deliver', code: [0x03, 0x40, 0x0c, 0, 0x0b] }],
}

/** A WASI command: reads up to 100 bytes of standard input, writes them to standard output, ends with the first byte minus 48. */
export const command: AssembledModule = {
  imports: [
    { name: 'wasi_snapshot_preview1.fd_read', ...call4 },
    { name: 'wasi_snapshot_preview1.fd_write', ...call4 },
    { name: 'wasi_snapshot_preview1.proc_exit', params: [I32] },
  ],
  memory: { min: 1 },
  functions: [
    {
      export: '_start',
      code: [
        [...i32(0), ...i32(64), 0x36, 2, 0, ...i32(4), ...i32(100), 0x36, 2, 0], // the one vector: at 64, 100 bytes
        [...i32(0), ...i32(0), ...i32(1), ...i32(8), 0x10, 0, 0x1a], // how many came: at 8
        [...i32(4), ...i32(8), 0x28, 2, 0, 0x36, 2, 0],
        [...i32(1), ...i32(0), ...i32(1), ...i32(12), 0x10, 1, 0x1a],
        [...i32(64), 0x2d, 0, 0, ...i32(48), 0x6b, 0x10, 2],
      ].flat(),
    },
  ],
}
