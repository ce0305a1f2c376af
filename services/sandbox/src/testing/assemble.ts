import { I32, I64, SECTION, writeSection } from '../meter/module-parts.ts'
import { WasmWriter } from '../meter/wasm-bytes.ts'

export { I32, I64 }

export interface AssembledFunction {
  params?: readonly number[]
  results?: readonly number[]
  locals?: readonly number[]
  export?: string
  code: readonly number[]
}

export interface AssembledModule {
  /** "module.name" with parameters and results. */
  imports?: readonly { name: string; params?: readonly number[]; results?: readonly number[] }[]
  functions?: readonly AssembledFunction[]
  /** Pages of 64 KiB. */
  memory?: { min: number; max?: number }
  table?: { min: number; max?: number }
  globals?: readonly { type: number; mutable: boolean; init: readonly number[] }[]
  start?: number
  data?: { at: number; bytes: Uint8Array }
  extraSections?: readonly (readonly [number, Uint8Array])[]
}

/** Writes a module by hand, so that tests say exactly which instructions there are. Functions are numbered after the imports. */
export function assemble({
  imports = [],
  functions = [],
  memory,
  table,
  globals = [],
  start,
  data,
  extraSections = [],
}: AssembledModule): Uint8Array {
  const out = new WasmWriter().all([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
  const section = (id: number, content: WasmWriter) => writeSection(out, id, content.written().slice())
  const types = new WasmWriter().u32(imports.length + functions.length)
  for (const { params = [], results = [] } of [...imports, ...functions])
    types.byte(0x60).u32(params.length).all(params).u32(results.length).all(results)
  section(SECTION.type, types)
  if (imports.length > 0) {
    const content = new WasmWriter().u32(imports.length)
    for (const [index, { name }] of imports.entries()) {
      const dot = name.indexOf('.')
      content
        .name(name.slice(0, dot))
        .name(name.slice(dot + 1))
        .byte(0)
        .u32(index)
    }
    section(SECTION.import, content)
  }
  const declared = new WasmWriter().u32(functions.length)
  for (const index of functions.keys()) declared.u32(imports.length + index)
  section(SECTION.function, declared)
  if (table !== undefined) section(SECTION.table, limits(new WasmWriter().u32(1).byte(0x70), table))
  if (memory !== undefined) section(SECTION.memory, limits(new WasmWriter().u32(1), memory))
  if (globals.length > 0) {
    const content = new WasmWriter().u32(globals.length)
    for (const { type, mutable, init } of globals)
      content
        .byte(type)
        .byte(mutable ? 1 : 0)
        .all(init)
        .byte(0x0b)
    section(SECTION.global, content)
  }
  const exported = functions.flatMap((entry, index) =>
    entry.export === undefined ? [] : [{ name: entry.export, index: imports.length + index }],
  )
  const exportCount = exported.length + (memory === undefined ? 0 : 1)
  const exportsContent = new WasmWriter().u32(exportCount)
  for (const { name, index } of exported) exportsContent.name(name).byte(0).u32(index)
  if (memory !== undefined) exportsContent.name('memory').byte(2).u32(0)
  section(SECTION.export, exportsContent)
  if (start !== undefined) section(SECTION.start, new WasmWriter().u32(start))
  const code = new WasmWriter().u32(functions.length)
  for (const { locals = [], code: body } of functions) {
    const content = new WasmWriter().u32(locals.length)
    for (const type of locals) content.u32(1).byte(type)
    content.all(body).byte(0x0b)
    code.u32(content.length).all(content.written())
  }
  section(SECTION.code, code)
  if (data !== undefined)
    section(SECTION.data, new WasmWriter().u32(1).u32(0).byte(0x41).all(leb(data.at)).byte(0x0b).u32(data.bytes.length).all(data.bytes))
  for (const [id, content] of extraSections) writeSection(out, id, content)
  return out.written().slice()
}

function limits(content: WasmWriter, { min, max }: { min: number; max?: number }): WasmWriter {
  return max === undefined ? content.byte(0).u32(min) : content.byte(1).u32(min).u32(max)
}

/** A signed LEB128 number, as constants have it. */
export function leb(value: number): number[] {
  return [...new WasmWriter().signed(value).written()]
}

/** `i32.const`. */
export function i32(value: number): number[] {
  return [0x41, ...leb(value)]
}
