/** The records of a ZIP archive (APPNOTE 6.3): stored, not packed, names in UTF-8, sizes behind the bytes, 64-bit where they must be. */

export interface ZipEntry {
  /** '/'-separated, a folder's ends with '/'. */
  name: string
  /** Unix mode with its type bits. */
  mode: number
  /** Seconds since 1970. */
  modified: number
  sizeBytes: number
}

export interface WrittenEntry extends ZipEntry {
  crc: number
  offset: number
}

const MAX_32 = 0xffffffff
const MAX_16 = 0xffff
const VERSION_64 = 45
const VERSION_MADE = (3 << 8) | VERSION_64 // on Unix: modes count
/** Sizes and CRC follow the bytes; names are UTF-8. */
const FLAGS = 0x0808

/** It may come to be this long before its end is known. */
const needs64 = ({ sizeBytes }: ZipEntry): boolean => sizeBytes >= MAX_32

export function localHeader(entry: ZipEntry): Uint8Array {
  const name = Buffer.from(entry.name)
  const sizes = needs64(entry) ? Buffer.alloc(20) : Buffer.alloc(0)
  if (sizes.length > 0) sizes.writeUInt32LE(0x0010_0001) // both, told later
  const extra = Buffer.concat([sizes, timeExtra(entry.modified)])
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(needs64(entry) ? VERSION_64 : 20, 4)
  header.writeUInt16LE(FLAGS, 6)
  header.writeUInt32LE(dosTime(entry.modified), 10)
  if (needs64(entry)) {
    header.writeUInt32LE(MAX_32, 18)
    header.writeUInt32LE(MAX_32, 22)
  }
  header.writeUInt16LE(name.length, 26)
  header.writeUInt16LE(extra.length, 28)
  return Buffer.concat([header, name, extra])
}

/** What follows the bytes of an entry. */
export function dataDescriptor(entry: ZipEntry, crc: number): Uint8Array {
  const descriptor = Buffer.alloc(needs64(entry) ? 24 : 16)
  descriptor.writeUInt32LE(0x08074b50, 0)
  descriptor.writeUInt32LE(crc, 4)
  if (needs64(entry)) {
    descriptor.writeBigUInt64LE(BigInt(entry.sizeBytes), 8)
    descriptor.writeBigUInt64LE(BigInt(entry.sizeBytes), 16)
  } else {
    descriptor.writeUInt32LE(entry.sizeBytes, 8)
    descriptor.writeUInt32LE(entry.sizeBytes, 12)
  }
  return descriptor
}

export function centralHeader(entry: WrittenEntry): Uint8Array {
  const name = Buffer.from(entry.name)
  const large = [...(needs64(entry) ? [entry.sizeBytes, entry.sizeBytes] : []), ...(entry.offset >= MAX_32 ? [entry.offset] : [])]
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(VERSION_MADE, 4)
  header.writeUInt16LE(large.length > 0 ? VERSION_64 : 20, 6)
  header.writeUInt16LE(FLAGS, 8)
  header.writeUInt32LE(dosTime(entry.modified), 12)
  header.writeUInt32LE(entry.crc, 16)
  header.writeUInt32LE(Math.min(entry.sizeBytes, MAX_32), 20)
  header.writeUInt32LE(Math.min(entry.sizeBytes, MAX_32), 24)
  header.writeUInt16LE(name.length, 28)
  const extra = Buffer.concat([timeExtra(entry.modified), largeExtra(large)])
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt16LE(entry.name.endsWith('/') ? 0x10 : 0, 38)
  header.writeUInt16LE(entry.mode, 40)
  header.writeUInt32LE(Math.min(entry.offset, MAX_32), 42)
  return Buffer.concat([header, name, extra])
}

function largeExtra(values: readonly number[]): Buffer {
  if (values.length === 0) return Buffer.alloc(0)
  const extra = Buffer.alloc(4 + 8 * values.length)
  extra.writeUInt16LE(0x0001, 0)
  extra.writeUInt16LE(8 * values.length, 2)
  for (const [i, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i)
  return extra
}

/** The exact second, in UTC; the time of the old field has none. */
function timeExtra(modified: number): Buffer {
  const seconds = Math.floor(modified)
  if (seconds < -0x80000000 || seconds > 0x7fffffff) return Buffer.alloc(0)
  const extra = Buffer.alloc(9)
  extra.writeUInt16LE(0x5455, 0)
  extra.writeUInt16LE(5, 2)
  extra.writeUInt8(1, 4)
  extra.writeInt32LE(seconds, 5)
  return extra
}

export interface CentralDirectory {
  count: number
  offset: number
  sizeBytes: number
}

export function endOfArchive({ count, offset, sizeBytes }: CentralDirectory): Uint8Array {
  const is64 = count >= MAX_16 || offset >= MAX_32 || sizeBytes >= MAX_32
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(count, MAX_16), 8)
  end.writeUInt16LE(Math.min(count, MAX_16), 10)
  end.writeUInt32LE(Math.min(sizeBytes, MAX_32), 12)
  end.writeUInt32LE(Math.min(offset, MAX_32), 16)
  return is64 ? Buffer.concat([end64({ count, offset, sizeBytes }), end]) : end
}

function end64({ count, offset, sizeBytes }: CentralDirectory): Buffer {
  const end = Buffer.alloc(56 + 20)
  end.writeUInt32LE(0x06064b50, 0)
  end.writeBigUInt64LE(44n, 4)
  end.writeUInt16LE(VERSION_MADE, 12)
  end.writeUInt16LE(VERSION_64, 14)
  end.writeBigUInt64LE(BigInt(count), 24)
  end.writeBigUInt64LE(BigInt(count), 32)
  end.writeBigUInt64LE(BigInt(sizeBytes), 40)
  end.writeBigUInt64LE(BigInt(offset), 48)
  end.writeUInt32LE(0x07064b50, 56)
  end.writeBigUInt64LE(BigInt(offset + sizeBytes), 64)
  end.writeUInt32LE(1, 72)
  return end
}

/** Local time to two seconds, from 1980 to 2107. */
function dosTime(modified: number): number {
  const date = new Date(modified * 1000)
  const year = date.getFullYear()
  if (!(year >= 1980)) return (1 << 21) | (1 << 16)
  if (year > 2107) return 0xff9fbf7d
  const day = ((year - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate()
  const time = (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1)
  return ((day << 16) | time) >>> 0
}
