/** What a dex file names and defines, as far as it is asked here. https://source.android.com/docs/core/runtime/dex-format */

export interface Method {
  /** As the file has it: `Landroid/os/Build;`. */
  owner: string
  name: string
  returns: string
  parameters: readonly string[]
}

export interface Field {
  owner: string
  name: string
  type: string
}

export interface DefinedClass {
  name: string
  /** Its superclass, then its interfaces. */
  above: readonly string[]
  methods: readonly Method[]
  fields: readonly Field[]
}

export interface Dex {
  methods: readonly Method[]
  fields: readonly Field[]
  classes: readonly DefinedClass[]
}

const NO_INDEX = 0xffffffff

export function readDex(bytes: Buffer): Dex {
  const u4 = (at: number): number => bytes.readUInt32LE(at)
  const u2 = (at: number): number => bytes.readUInt16LE(at)
  /** @param at of the number in the header; @returns each of so many rows. */
  const table = <T>(at: number, rowBytes: number, read: (at: number) => T): T[] =>
    Array.from({ length: u4(at) }, (_, i) => read(u4(at + 4) + i * rowBytes))
  const types = (at: number): string[] =>
    at === 0 ? [] : Array.from({ length: u4(at) }, (_, i) => typeNames[u2(at + 4 + 2 * i)] as string)

  const strings = table(0x38, 4, (at) => {
    const { next } = uleb(bytes, u4(at))
    return bytes.subarray(next, bytes.indexOf(0, next)).toString('utf8')
  })
  const typeNames = table(0x40, 4, (at) => strings[u4(at)] as string)
  const protos = table(0x48, 12, (at) => ({ returns: typeNames[u4(at + 4)] as string, parameters: types(u4(at + 8)) }))
  const fields = table(0x50, 8, (at) => ({
    owner: typeNames[u2(at)] as string,
    type: typeNames[u2(at + 2)] as string,
    name: strings[u4(at + 4)] as string,
  }))
  const methods = table(0x58, 8, (at) => ({
    owner: typeNames[u2(at)] as string,
    ...(protos[u2(at + 2)] as (typeof protos)[number]),
    name: strings[u4(at + 4)] as string,
  }))
  const classes = table(0x60, 32, (at) => {
    const above = u4(at + 8) === NO_INDEX ? [] : [typeNames[u4(at + 8)] as string]
    const defined = members(bytes, u4(at + 24))
    return {
      name: typeNames[u4(at)] as string,
      above: [...above, ...types(u4(at + 12))],
      fields: defined.fields.map((index) => fields[index] as Field),
      methods: defined.methods.map((index) => methods[index] as Method),
    }
  })
  return { methods, fields, classes }
}

/** Of one class, by their numbers. */
function members(bytes: Buffer, at: number): { fields: number[]; methods: number[] } {
  const found = { fields: [] as number[], methods: [] as number[] }
  if (at === 0) return found
  let place = at
  const next = (): number => {
    const read = uleb(bytes, place)
    place = read.next
    return read.value
  }
  const counts = [next(), next(), next(), next()]
  for (const [i, count] of counts.entries()) {
    let index = 0
    for (let left = count; left > 0; left--) {
      index += next()
      next() // access
      if (i >= 2) next() // where its code is
      found[i < 2 ? 'fields' : 'methods'].push(index)
    }
  }
  return found
}

function uleb(bytes: Buffer, at: number): { value: number; next: number } {
  let [value, shift, next] = [0, 0, at]
  for (;;) {
    const byte = bytes[next++] as number
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return { value, next }
    shift += 7
  }
}
