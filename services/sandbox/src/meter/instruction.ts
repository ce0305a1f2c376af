import { invalid, type WasmReader } from './wasm-bytes.ts'

/** Opcodes that the pass treats by themselves. */
export const OP = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  tableSet: 0x26,
  memoryGrow: 0x40,
  i64Const: 0x42,
  i64LtS: 0x53,
  i64Sub: 0x7d,
  i64ShrU: 0x88,
  i64ExtendU: 0xad,
  more: 0xfc,
  simd: 0xfd,
} as const

/** Of those behind 0xfc. */
export const MORE = {
  memoryInit: 8,
  dataDrop: 9,
  memoryCopy: 10,
  memoryFill: 11,
  tableInit: 12,
  elemDrop: 13,
  tableCopy: 14,
  tableGrow: 15,
  tableSize: 16,
  tableFill: 17,
} as const

/**
 * Goes over what follows an opcode.
 *
 * @returns the number behind 0xfc or 0xfd; for `call` the function; else 0.
 * @throws PROGRAM_INVALID for instructions of proposals that are not counted here (threads, exceptions, tail calls, garbage
 *   collection, relaxed SIMD): each would be a way around the meter, or different on another processor.
 */
export function skipImmediates(code: WasmReader, opcode: number): number {
  if (opcode >= 0x45 && opcode <= 0xc4) return 0
  if (opcode >= 0x28 && opcode <= 0x3e) return memoryArgument(code)
  switch (opcode) {
    case OP.unreachable:
    case OP.nop:
    case OP.else:
    case OP.end:
    case OP.return:
    case 0x1a: // drop
    case 0x1b: // select
    case 0xd1: // ref.is_null
      return 0
    case OP.call:
      return code.u32()
    case OP.block:
    case OP.loop:
    case OP.if:
    case OP.br:
    case OP.brIf:
    case OP.localGet:
    case OP.localSet:
    case OP.localTee:
    case OP.globalGet:
    case OP.globalSet:
    case 0x25: // table.get
    case OP.tableSet:
    case 0x3f: // memory.size
    case OP.memoryGrow:
    case 0x41: // i32.const
    case OP.i64Const:
    case 0xd0: // ref.null
    case 0xd2: // ref.func
      code.skipNumber()
      return 0
    case OP.callIndirect:
      code.skipNumber()
      code.skipNumber()
      return 0
    case OP.brTable:
      for (let labels = code.u32() + 1; labels > 0; labels--) code.skipNumber()
      return 0
    case 0x1c: // select with types
      code.skip(code.u32())
      return 0
    case 0x43: // f32.const
      code.skip(4)
      return 0
    case 0x44: // f64.const
      code.skip(8)
      return 0
    case OP.more:
      return skipMore(code)
    case OP.simd:
      return skipSimd(code)
  }
  throw invalid(`the instruction ${opcode.toString(16)} is not one of those that run here`)
}

function memoryArgument(code: WasmReader): number {
  if (code.u32() >= 64) throw invalid('more than one memory')
  code.skipNumber()
  return 0
}

function skipMore(code: WasmReader): number {
  const which = code.u32()
  if (which > MORE.tableFill) throw invalid(`the instruction fc ${which} is not one of those that run here`)
  const numbers = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1][which] as number
  for (let left = numbers; left > 0; left--) code.skipNumber()
  return which
}

function skipSimd(code: WasmReader): number {
  const which = code.u32()
  if (which > 255) throw invalid(`the instruction fd ${which} is not one of those that run here: its result depends on the processor`)
  if (which <= 11 || (which >= 84 && which <= 93)) {
    memoryArgument(code)
    if (which >= 84 && which <= 91) code.skip(1)
  } else if (which === 12 || which === 13) code.skip(16)
  else if (which >= 21 && which <= 34) code.skip(1)
  return which
}
