/** Just enough of the WebAssembly binary format for a module with one function over an imported memory. */

const MAGIC_AND_VERSION = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
export const I32 = 0x7f
export const V128 = 0x7b

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128)
  bytes.push(rest)
  return bytes
}

const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)]

/** Signed LEB128 of small non-negative numbers: a byte more where the sign bit would be set. */
const i32Const = (value: number): number[] => [0x41, ...(value < 64 ? [value] : [(value & 127) | 128, value >> 7])]

export const op = {
  get: (local: number) => [0x20, ...unsigned(local)],
  set: (local: number) => [0x21, ...unsigned(local)],
  tee: (local: number) => [0x22, ...unsigned(local)],
  i32Const,
  i32Add: [0x6a],
  i32LessUnsigned: [0x49],
  load: (offset: number) => [...simd(0), 4, ...unsigned(offset)],
  store: [...simd(11), 4, 0],
  splat: (byte: number) => [...simd(12), ...Array.from({ length: 16 }, () => byte)],
  swizzle: simd(14),
  /** As `swizzle` for indices below 16, without a check; needs the relaxed SIMD of 2023. */
  relaxedSwizzle: simd(0x100),
  and: simd(78),
  xor: simd(81),
  lessSigned8: simd(37),
  add8: simd(110),
  shiftRight16: simd(141),
  /** Runs `body` again as long as it leaves a non-zero i32. */
  loop: (body: readonly number[]) => [0x03, 0x40, ...body, 0x0d, 0, 0x0b],
} as const

const list = (items: readonly (readonly number[])[]) => [...unsigned(items.length), ...items.flat()]
const section = (id: number, content: readonly number[]) => [id, ...unsigned(content.length), ...content]
const text = (name: string) => list(Array.from(name, (character) => [character.charCodeAt(0)]))

/**
 * A module that imports `env.memory` and exports the function `run`.
 *
 * @param locals types of the locals after the parameters, in runs: [how many, type].
 */
export function functionModule(options: {
  parameters: number[]
  locals: [number, number][]
  body: readonly number[]
}): Uint8Array<ArrayBuffer> {
  const { parameters, locals, body } = options
  const code = [...list(locals.map(([count, type]) => [...unsigned(count), type])), ...body, 0x0b]
  return Uint8Array.from([
    ...MAGIC_AND_VERSION,
    ...section(1, list([[0x60, ...list(parameters.map((type) => [type])), 0]])),
    ...section(2, list([[...text('env'), ...text('memory'), 2, 0, 1]])),
    ...section(3, list([[0]])),
    ...section(7, list([[...text('run'), 0, 0]])),
    ...section(10, list([[...unsigned(code.length), ...code]])),
  ])
}
