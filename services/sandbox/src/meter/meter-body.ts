import { MORE, OP, skipImmediates } from './instruction.ts'
import { I32, I64, type FunctionType } from './module-parts.ts'
import { WasmReader, WasmWriter } from './wasm-bytes.ts'

/** What the bodies of one module have in common. */
export interface BodyContext {
  /** Index of the global that counts down; below zero the vat has spent its meter. */
  gasGlobal: number
  /** Functions below this index are the host's. */
  importedFunctions: number
  /** A block that takes nothing and leaves what a function of this type does. */
  blockTypeOf(type: FunctionType): readonly number[]
}

/** Whether tables change: where a vat's state lies outside of memory and globals. */
export interface BodyFacts {
  changesTables: boolean
}

/** Units of the meter for what does far more than one instruction's work. */
const COST = { call: 2, hostCall: 1000, grow: 1000 }

/** Eight locals are cleared in about the time of one instruction, eight bytes copied too (a shift by three). */
const LOCALS_PER_UNIT = 8
const BYTES_SHIFT = 3

interface BodyShape {
  loops: boolean
  calls: boolean
  bulk: boolean
}

/**
 * Writes a function's body again, with the meter in it.
 *
 * A **stretch** is code that runs from its first to its last instruction or not at all: it begins where a branch can lead and after each
 * conditional branch. The meter counts a stretch's instructions down at its beginning, and looks whether it is below zero where work can
 * repeat: at the head of each loop, and at the entry of functions that call or loop. So the sum depends on the path alone.
 *
 * Functions with loops count in a local variable, which the machine keeps in a register; the global has it during calls and afterwards.
 */
export function meterBody(body: WasmReader, type: FunctionType, context: BodyContext): { bytes: Uint8Array } & BodyFacts {
  const locals = readLocals(body)
  const shape = lookAhead(new WasmReader(body.bytes, body.at, body.end))
  const writer = new BodyWriter(context, shape, type.params + locals.count)
  writer.begin(locals.groups, Math.floor(locals.count / LOCALS_PER_UNIT) + 1, context.blockTypeOf(type))
  let changesTables = false
  while (body.at < body.end) {
    const from = body.at
    const opcode = body.byte()
    const operand = skipImmediates(body, opcode)
    if (
      opcode === OP.tableSet ||
      (opcode === OP.more && operand >= MORE.tableInit && operand !== MORE.elemDrop && operand !== MORE.tableSize)
    )
      changesTables = true
    writer.instruction(body.bytes, from, body.at, opcode, operand)
  }
  return { bytes: writer.out.written(), changesTables }
}

function readLocals(body: WasmReader): { count: number; groups: { count: number; type: number }[] } {
  const groups = Array.from({ length: body.u32() }, () => ({ count: body.u32(), type: body.byte() }))
  return { groups, count: groups.reduce((sum, { count }) => sum + count, 0) }
}

function lookAhead(body: WasmReader): BodyShape {
  const shape = { loops: false, calls: false, bulk: false }
  while (body.at < body.end) {
    const opcode = body.byte()
    const operand = skipImmediates(body, opcode)
    if (opcode === OP.loop) shape.loops = true
    else if (opcode === OP.call || opcode === OP.callIndirect) shape.calls = true
    else if (opcode === OP.more && isBulk(operand)) shape.bulk = true
  }
  return shape
}

function isBulk(operand: number): boolean {
  return (
    operand >= MORE.memoryInit &&
    operand !== MORE.dataDrop &&
    operand !== MORE.elemDrop &&
    operand !== MORE.tableGrow &&
    operand !== MORE.tableSize
  )
}

class BodyWriter {
  readonly out = new WasmWriter(512)
  readonly #stretch = new WasmWriter(256)
  readonly #context: BodyContext
  readonly #shape: BodyShape
  readonly #gasLocal: number
  readonly #sizeLocal: number
  #cost = 0
  #looks = false
  #depth = 0

  constructor(context: BodyContext, shape: BodyShape, firstFreeLocal: number) {
    this.#context = context
    this.#shape = shape
    this.#gasLocal = firstFreeLocal
    this.#sizeLocal = firstFreeLocal + (shape.loops ? 1 : 0)
  }

  /** Declares the locals and enters; a function with loops has one way out, behind a block around everything. */
  begin(groups: readonly { count: number; type: number }[], cost: number, blockType: readonly number[]): void {
    const { loops, calls, bulk } = this.#shape
    const all = [...groups]
    if (loops) all.push({ count: 1, type: I64 })
    if (bulk) all.push({ count: 1, type: I32 })
    this.out.u32(all.length)
    for (const { count, type } of all) this.out.u32(count).byte(type)
    if (loops) {
      this.#load(this.out)
      this.out.byte(OP.block).all(blockType)
    }
    this.#cost = cost
    this.#looks = loops || calls
  }

  instruction(bytes: Uint8Array, from: number, to: number, opcode: number, operand: number): void {
    const stretch = this.#stretch
    if (opcode === OP.more && (operand === MORE.dataDrop || operand === MORE.elemDrop)) return // a snapshot could not tell that it was done
    if (opcode === OP.call || opcode === OP.callIndirect) {
      this.#cost += opcode === OP.call && operand < this.#context.importedFunctions ? COST.hostCall : COST.call
      this.#store(stretch)
      stretch.slice(bytes, from, to)
      this.#load(stretch)
      return
    }
    if (opcode === OP.more && isBulk(operand)) this.#chargeSize()
    if (opcode === OP.return && this.#shape.loops) stretch.byte(OP.br).u32(this.#depth)
    else if (opcode === OP.end && this.#depth === 0) this.#leave(bytes, from, to)
    else stretch.slice(bytes, from, to)
    this.#count(opcode, operand)
  }

  #count(opcode: number, operand: number): void {
    switch (opcode) {
      case OP.block:
        this.#depth++
        return
      case OP.loop:
        this.#depth++
        this.#flush()
        this.#cost = 1
        this.#looks = true
        return
      case OP.if:
        this.#depth++
        this.#cost++
        return this.#flush()
      case OP.end:
        this.#depth--
        return this.#flush()
      case OP.else:
        return this.#flush()
      case OP.br:
      case OP.brIf:
      case OP.brTable:
      case OP.return:
      case OP.unreachable:
        this.#cost++
        return this.#flush()
      case OP.nop:
        return
      case OP.memoryGrow:
        this.#cost += COST.grow
        return
    }
    this.#cost += opcode === OP.more && operand === MORE.tableGrow ? COST.grow : 1
  }

  /** The end of the function. */
  #leave(bytes: Uint8Array, from: number, to: number): void {
    this.#stretch.slice(bytes, from, to)
    if (!this.#shape.loops) return
    this.#store(this.#stretch)
    this.#stretch.byte(OP.end)
  }

  /** The stretch is over: what it costs comes before it. */
  #flush(): void {
    const { out } = this
    if (this.#cost > 0 || this.#looks) {
      this.#get(out)
      out.byte(OP.i64Const).signed(this.#cost).byte(OP.i64Sub)
      if (this.#looks) this.#lookAndSet(out)
      else this.#set(out)
    }
    out.all(this.#stretch.written())
    this.#stretch.clear()
    this.#cost = 0
    this.#looks = false
  }

  #lookAndSet(out: WasmWriter): void {
    if (this.#shape.loops) out.byte(OP.localTee).u32(this.#gasLocal)
    else {
      this.#set(out)
      this.#get(out)
    }
    out.all([OP.i64Const, 0, OP.i64LtS, OP.if, 0x40])
    this.#store(out)
    out.all([OP.unreachable, OP.end])
  }

  /** Of an instruction that does as much as the number on top of the stack says. */
  #chargeSize(): void {
    const stretch = this.#stretch
    stretch.byte(OP.localSet).u32(this.#sizeLocal)
    this.#get(stretch)
    stretch.byte(OP.localGet).u32(this.#sizeLocal).all([OP.i64ExtendU, OP.i64Const, BYTES_SHIFT, OP.i64ShrU, OP.i64Sub])
    this.#set(stretch)
    stretch.byte(OP.localGet).u32(this.#sizeLocal)
  }

  #get(out: WasmWriter): void {
    if (this.#shape.loops) out.byte(OP.localGet).u32(this.#gasLocal)
    else out.byte(OP.globalGet).u32(this.#context.gasGlobal)
  }

  #set(out: WasmWriter): void {
    if (this.#shape.loops) out.byte(OP.localSet).u32(this.#gasLocal)
    else out.byte(OP.globalSet).u32(this.#context.gasGlobal)
  }

  /** Local variable to global. */
  #store(out: WasmWriter): void {
    if (!this.#shape.loops) return
    out.byte(OP.localGet).u32(this.#gasLocal).byte(OP.globalSet).u32(this.#context.gasGlobal)
  }

  /** Global to local variable. */
  #load(out: WasmWriter): void {
    if (!this.#shape.loops) return
    out.byte(OP.globalGet).u32(this.#context.gasGlobal).byte(OP.localSet).u32(this.#gasLocal)
  }
}
