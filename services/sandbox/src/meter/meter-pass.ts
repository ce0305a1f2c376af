import { decode, encode } from '@holt/core/codec.ts'
import { meterBody } from './meter-body.ts'
import { type FunctionType, I32, I64, type ModuleParts, readModule, SECTION, writeSection } from './module-parts.ts'
import { invalid, WasmReader, WasmWriter } from './wasm-bytes.ts'

/** Changes with whatever changes the count or what a snapshot means. */
export const PREPARED_BY = 1

/** Names that the pass gives; a program cannot have any of this kind. */
export const OWN_PREFIX = 'holt:'
export const GAS_EXPORT = 'holt:gas'
export const START_EXPORT = 'holt:start'
export const MEMORY_IMPORT = { module: 'holt:host', name: 'memory' }
const FACTS_SECTION = 'holt:facts'

const LARGEST_MODULE = 64 * 1024 * 1024

export interface ModuleFacts {
  /** In pages of 64 KiB; null: it has no memory. `max` is 65536 where the module says nothing. */
  memory: { min: number; max: number } | null
  /** Bytes that its tables can come to, eight for each entry. */
  tableBytes: number
  /** Exported as `holt:g0` …, in this order: all that change. */
  mutableGlobals: readonly string[]
  canSnapshot: boolean
}

/**
 * Puts the meter into a module, takes its memory out of its hands, and gives the host what a snapshot needs.
 *
 * - Each function counts what it does (`meterBody`), in a global that only the host sees.
 * - The memory is imported, so that the host bounds it; tables get a largest size.
 * - The start function is exported instead of running by itself: what it does is counted too.
 * - Every global that changes is exported.
 *
 * @param imports what the module may import, as "module.name".
 * @throws HoltError PROGRAM_INVALID.
 */
export function meterModule(wasm: Uint8Array, imports: ReadonlySet<string>): { module: Uint8Array; facts: ModuleFacts } {
  if (wasm.length > LARGEST_MODULE) throw invalid(`the module has ${wasm.length} bytes, at most ${LARGEST_MODULE} can be`)
  // before the engine reads it: a million imports are refused by their number alone
  const parts = readModule(checkedHeader(wasm))
  if (!WebAssembly.validate(wasm as BufferSource)) throw invalid('not a valid WebAssembly module')
  checkNames(parts, imports)
  const code = meterCode(parts)
  const facts = factsOf(parts, code.changesTables)
  const out = new WasmWriter(wasm.length * 2)
  out.all([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
  out.byte(0)
  const facted = new WasmWriter().name(FACTS_SECTION).all(encode(facts as never))
  out.u32(facted.length).all(facted.written())
  const rebuilt = new Map<number, Uint8Array | null>([
    [SECTION.type, code.types],
    [SECTION.import, importSection(parts)],
    [SECTION.table, tableSection(parts)],
    [SECTION.memory, null],
    [SECTION.global, globalSection(parts)],
    [SECTION.export, exportSection(parts, facts)],
    [SECTION.start, null],
    [SECTION.code, code.section],
  ])
  for (const id of [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11]) {
    const raw = parts.sections.get(id)
    const content = rebuilt.has(id) ? (rebuilt.get(id) as Uint8Array | null) : (raw?.bytes.subarray(raw.at, raw.end) ?? null)
    if (content !== null && content.length > 0) writeSection(out, id, content)
  }
  return { module: out.written().slice(), facts }
}

/** What `meterModule` found, from the module it made. */
export function factsOfModule(module: WebAssembly.Module): ModuleFacts {
  const [section] = WebAssembly.Module.customSections(module, FACTS_SECTION)
  if (section === undefined) throw invalid('the module was not prepared')
  return decode(new Uint8Array(section)) as unknown as ModuleFacts
}

function checkedHeader(wasm: Uint8Array): Uint8Array {
  if (![0, 0x61, 0x73, 0x6d, 1, 0, 0, 0].every((byte, at) => wasm[at] === byte)) throw invalid('not WebAssembly')
  return wasm
}

function checkNames(parts: ModuleParts, imports: ReadonlySet<string>): void {
  const unknown = parts.imports.map(({ module, name }) => `${module}.${name}`).filter((name) => !imports.has(name))
  if (unknown.length > 0) throw invalid(`nothing here is called ${unknown.slice(0, 5).join(', ').slice(0, 200)}`)
  if (parts.exports.some(({ name }) => name.startsWith(OWN_PREFIX)))
    throw invalid(`names that begin with ${OWN_PREFIX} are not a program's`)
}

function factsOf(parts: ModuleParts, changesTables: boolean): ModuleFacts {
  const mutable = parts.globals.filter((global) => global.mutable)
  const telling = mutable.every(({ valueType }) => valueType <= I32 && valueType >= 0x7c)
  return {
    memory: parts.memory === null ? null : { min: parts.memory.min, max: Math.min(parts.memory.max ?? 65536, 65536) },
    tableBytes: parts.tables.reduce((sum, { max, min }) => sum + 8 * (changesTables ? max : min), 0),
    mutableGlobals: mutable.map((_, index) => `${OWN_PREFIX}g${index}`),
    canSnapshot: telling && !changesTables,
  }
}

function meterCode(parts: ModuleParts): { types: Uint8Array; section: Uint8Array; changesTables: boolean } {
  const code = parts.sections.get(SECTION.code)
  const reader = code === undefined ? new WasmReader(Uint8Array.of(0)) : new WasmReader(code.bytes, code.at, code.end)
  const count = reader.u32()
  if (count !== parts.functions.length) throw invalid('functions and their code are not as many')
  const blockTypes = new BlockTypes(parts.types)
  const context = {
    gasGlobal: parts.globals.length,
    importedFunctions: parts.imports.length,
    blockTypeOf: (type: FunctionType) => blockTypes.of(type),
  }
  const out = new WasmWriter((code === undefined ? 0 : code.end - code.at) * 2)
  out.u32(count)
  let changesTables = false
  for (const index of parts.functions) {
    const type = parts.types[index]
    if (type === undefined) throw invalid('a function of no type')
    const metered = meterBody(reader.part(reader.u32()), type, context)
    changesTables ||= metered.changesTables
    out.u32(metered.bytes.length).all(metered.bytes)
  }
  return { types: blockTypes.section(parts), section: out.written(), changesTables }
}

/** Types of blocks that leave several values must stand in the section of types. */
class BlockTypes {
  readonly #known: number
  readonly #added = new Map<string, { index: number; results: Uint8Array }>()

  constructor(types: readonly FunctionType[]) {
    this.#known = types.length
  }

  of({ results }: FunctionType): readonly number[] {
    if (results.length === 0) return [0x40]
    if (results.length === 1) return [results[0] as number]
    const key = results.join(' ')
    let type = this.#added.get(key)
    if (type === undefined) {
      type = { index: this.#known + this.#added.size, results }
      this.#added.set(key, type)
    }
    return [...new WasmWriter().signed(type.index).written()]
  }

  section(parts: ModuleParts): Uint8Array {
    const out = new WasmWriter().u32(this.#known + this.#added.size)
    appendEntries(out, parts, SECTION.type)
    for (const { results } of this.#added.values()) out.all([0x60, 0]).u32(results.length).all(results)
    return out.written()
  }
}

/** The entries of a section as they are, without their number. */
function appendEntries(out: WasmWriter, parts: ModuleParts, id: number): void {
  const raw = parts.sections.get(id)
  if (raw === undefined) return
  const reader = new WasmReader(raw.bytes, raw.at, raw.end)
  reader.u32()
  out.slice(raw.bytes, reader.at, raw.end)
}

function importSection(parts: ModuleParts): Uint8Array {
  const out = new WasmWriter().u32(parts.imports.length + (parts.memory === null ? 0 : 1))
  for (const { module, name, type } of parts.imports) out.name(module).name(name).byte(0).u32(type)
  if (parts.memory !== null) out.name(MEMORY_IMPORT.module).name(MEMORY_IMPORT.name).all([2, 0]).u32(parts.memory.min)
  return out.written()
}

function tableSection(parts: ModuleParts): Uint8Array {
  const out = new WasmWriter()
  if (parts.tables.length === 0) return out.written()
  out.u32(parts.tables.length)
  for (const { elementType, min, max } of parts.tables) out.byte(elementType).byte(1).u32(min).u32(max)
  return out.written()
}

function globalSection(parts: ModuleParts): Uint8Array {
  const out = new WasmWriter().u32(parts.globals.length + 1)
  appendEntries(out, parts, SECTION.global)
  return out.all([I64, 1, 0x42, 0, 0x0b]).written()
}

function exportSection(parts: ModuleParts, facts: ModuleFacts): Uint8Array {
  const start = parts.start === null ? 0 : 1
  const out = new WasmWriter().u32(parts.exports.length + 1 + facts.mutableGlobals.length + start)
  appendEntries(out, parts, SECTION.export)
  out.name(GAS_EXPORT).byte(3).u32(parts.globals.length)
  let next = 0
  for (const [index, global] of parts.globals.entries()) {
    if (global.mutable)
      out
        .name(facts.mutableGlobals[next++] as string)
        .byte(3)
        .u32(index)
  }
  if (parts.start !== null) out.name(START_EXPORT).byte(0).u32(parts.start)
  return out.written()
}
