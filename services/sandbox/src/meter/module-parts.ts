import { invalid, WasmReader, type WasmWriter } from './wasm-bytes.ts'

export const I32 = 0x7f
export const I64 = 0x7e
export const F32 = 0x7d
export const F64 = 0x7c

/** Sections by their numbers in the format. */
export const SECTION = {
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
} as const

/** In this order they must come. */
const order = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11]

/** Far more than any real module has; each costs memory before any code of it runs. */
const MOST = { types: 20_000, imports: 1_000, functions: 200_000, globals: 10_000, exports: 20_000, tables: 16 }
const LARGEST_TABLE = 65_536

export interface FunctionType {
  params: number
  results: Uint8Array
}
export interface ImportedFunction {
  module: string
  name: string
  type: number
}
export interface GlobalType {
  valueType: number
  mutable: boolean
}

/** What the pass must know of a module, and the raw contents of its sections. */
export interface ModuleParts {
  sections: Map<number, WasmReader>
  types: FunctionType[]
  imports: ImportedFunction[]
  /** The type of each function that the module defines. */
  functions: number[]
  /** null: it has none. Sizes in pages of 64 KiB. */
  memory: { min: number; max: number | null } | null
  tables: { elementType: number; min: number; max: number }[]
  globals: GlobalType[]
  exports: { name: string; kind: number; index: number }[]
  start: number | null
}

/** @param bytes a module that the engine of this platform validates. */
export function readModule(bytes: Uint8Array): ModuleParts {
  const reader = new WasmReader(bytes)
  reader.skip(8)
  const sections = new Map<number, WasmReader>()
  let last = -1
  while (reader.at < reader.end) {
    const id = reader.byte()
    const part = reader.part(reader.u32())
    if (id === 0) continue
    const place = order.indexOf(id)
    if (place <= last) throw invalid(`a section ${id} that is unknown or not in its place`)
    last = place
    sections.set(id, part)
  }
  const section = (id: number) => {
    const part = sections.get(id)
    return part === undefined ? null : new WasmReader(part.bytes, part.at, part.end)
  }
  const imports = list(section(SECTION.import), MOST.imports, 'imports', readImport)
  const start = section(SECTION.start)
  return {
    sections,
    types: list(section(SECTION.type), MOST.types, 'types', readType),
    imports,
    functions: list(section(SECTION.function), MOST.functions, 'functions', (part) => part.u32()),
    memory: list(section(SECTION.memory), 1, 'memories', readMemory)[0] ?? null,
    tables: list(section(SECTION.table), MOST.tables, 'tables', readTable),
    globals: readGlobals(section(SECTION.global)),
    exports: list(section(SECTION.export), MOST.exports, 'exports', (part) => ({
      name: part.name(),
      kind: part.byte(),
      index: part.u32(),
    })),
    start: start === null ? null : start.u32(),
  }
}

function list<Item>(part: WasmReader | null, most: number, what: string, read: (part: WasmReader) => Item): Item[] {
  if (part === null) return []
  const count = part.u32()
  if (count > most) throw invalid(`${count} ${what}, at most ${most} can be`)
  return Array.from({ length: count }, () => read(part))
}

function readType(part: WasmReader): FunctionType {
  if (part.byte() !== 0x60) throw invalid('a type that is not of a function')
  const params = part.u32()
  part.skip(params)
  const results = part.part(part.u32())
  return { params, results: results.bytes.slice(results.at, results.end) }
}

function readImport(part: WasmReader): ImportedFunction {
  const module = part.name()
  const name = part.name()
  if (part.byte() !== 0) throw invalid(`${module}.${name} is imported and is no function`)
  return { module, name, type: part.u32() }
}

function readLimits(part: WasmReader): { min: number; max: number | null } {
  const flags = part.byte()
  if (flags > 1) throw invalid('a memory or table that is shared or of 64 bits')
  const min = part.u32()
  return { min, max: flags === 1 ? part.u32() : null }
}

function readMemory(part: WasmReader): { min: number; max: number | null } {
  return readLimits(part)
}

function readTable(part: WasmReader): { elementType: number; min: number; max: number } {
  const elementType = part.byte()
  if (elementType !== 0x70 && elementType !== 0x6f) throw invalid('a table of an unknown kind')
  const { min, max } = readLimits(part)
  if (min > LARGEST_TABLE) throw invalid(`a table of ${min} entries, at most ${LARGEST_TABLE} can be`)
  return { elementType, min, max: Math.min(max ?? LARGEST_TABLE, LARGEST_TABLE) }
}

function readGlobals(part: WasmReader | null): GlobalType[] {
  return list(part, MOST.globals, 'globals', (global) => {
    const type = { valueType: global.byte(), mutable: global.byte() === 1 }
    skipConstant(global)
    return type
  })
}

/** Goes over a constant expression. */
function skipConstant(part: WasmReader): void {
  for (;;) {
    const opcode = part.byte()
    if (opcode === 0x0b) return
    if (opcode === 0x41 || opcode === 0x42 || opcode === 0x23 || opcode === 0xd0 || opcode === 0xd2) part.skipNumber()
    else if (opcode === 0x43) part.skip(4)
    else if (opcode === 0x44) part.skip(8)
    else if (opcode === 0xfd && part.u32() === 12) part.skip(16)
    else if (![0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e].includes(opcode)) throw invalid(`a constant of the unknown instruction ${opcode}`)
  }
}

/** Appends a section with this content. */
export function writeSection(out: WasmWriter, id: number, content: Uint8Array): void {
  out.byte(id).u32(content.length).all(content)
}
