import { crc32 } from './crc32.mjs'
import { deflateRawSync } from 'node:zlib'

/** 1980-01-01, the first day of this format: the same files give the same bytes. */
const FIRST_DAY = 0x0021
/** What Android maps into memory as it lies begins at such an offset; libraries at the beginning of a page, of whatever size. */
const ALIGNMENT = 4
const PAGE_ALIGNMENT = 16_384

/**
 * A ZIP file as Android takes one: entries in the given order, no times, what is stored aligned.
 *
 * @param entries `{ name, bytes, store }`
 */
export function zipOf(entries) {
  const parts = []
  const directory = []
  let offset = 0
  for (const { name, bytes, store = false } of entries) {
    const packed = store ? bytes : deflateRawSync(bytes, { level: 9 })
    const nameBytes = Buffer.from(name)
    const alignment = name.endsWith('.so') ? PAGE_ALIGNMENT : ALIGNMENT
    const padding = store ? (alignment - ((offset + 30 + nameBytes.length) % alignment)) % alignment : 0
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(0x0800, 2) // names are UTF-8
    shared.writeUInt16LE(store ? 0 : 8, 4)
    shared.writeUInt16LE(0, 6)
    shared.writeUInt16LE(FIRST_DAY, 8)
    shared.writeUInt32LE(crc32(bytes), 10)
    shared.writeUInt32LE(packed.length, 14)
    shared.writeUInt32LE(bytes.length, 18)
    shared.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.from(shared)
    local.writeUInt16LE(padding, 24)
    parts.push(Buffer.from([0x50, 0x4b, 3, 4]), local, nameBytes, Buffer.alloc(padding), packed)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), shared, rest, nameBytes]))
    offset += 30 + nameBytes.length + padding + packed.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, list, end])
}
