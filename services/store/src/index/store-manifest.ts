import { blake3 } from '@holt/core/blake3.ts'
import { concatBytes, equalBytes, fromHex, toHex } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Disk } from '@holt/core/disk.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { arrayOf, bytes, bytesOf, literal, parse, record, text, uint, version } from '@holt/core/shape.ts'
import type { SealedPack } from '../pack-keeper.ts'
import { INDEX_FOLDER } from './block-index.ts'
import type { RunDescriptor } from './run-format.ts'

const MANIFEST_PATH = `${INDEX_FOLDER}/manifest`
const PACK_BYTES = 52
const MAX_BYTES = 1 << 28
const MAX_RUNS = 10_000
const MAX_CLASSES = 1 << 16

export interface ManifestPack {
  number: number
  id: string
  redundancyClass: string
  createdSeconds: number
  sizeBytes: number
  blockCount: number
  sealed: SealedPack | null
  /** All its blocks are in the runs. */
  isIndexed: boolean
}

/** What the store remembers from one start to the next, so that packs need not be read again; all of it could be read from them. */
export interface StoreManifest {
  runs: readonly RunDescriptor[]
  packs: readonly ManifestPack[]
  heads: readonly Uint8Array[]
  /** Packs got numbers below this one. */
  nextNumber: number
}

const runShape = record({
  name: text({ maxBytes: 32 }),
  entries: uint(),
  pages: uint(),
  tailDigest: bytesOf(32),
  firstPack: uint(),
  lastPack: uint(),
})
const manifestShape = record({
  v: version(1),
  kind: literal('index'),
  runs: arrayOf(runShape, { max: MAX_RUNS }),
  classes: arrayOf(text({ maxBytes: 255 }), { max: MAX_CLASSES }),
  packs: bytes({ max: MAX_BYTES, multipleOf: PACK_BYTES }),
  heads: arrayOf(bytes({ max: 1 << 20 }), { max: 1 << 20 }),
  next: uint(),
})

/** CBOR, then its BLAKE3. */
export function encodeManifest({ runs, packs, heads, nextNumber }: StoreManifest): Uint8Array {
  const classes = [...new Set(packs.map(({ redundancyClass }) => redundancyClass))]
  const packed = new Uint8Array(packs.length * PACK_BYTES)
  for (const [i, pack] of packs.entries()) writePack(packed.subarray(i * PACK_BYTES), pack, classes.indexOf(pack.redundancyClass))
  const cbor = encode({ v: 1, kind: 'index', runs, classes, packs: packed, heads, next: nextNumber })
  return concatBytes([cbor, blake3(cbor)])
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION. */
export function parseManifest(stored: Uint8Array): StoreManifest {
  const cbor = stored.subarray(0, Math.max(0, stored.length - 32))
  const isIntact = equalBytes(blake3(cbor), stored.subarray(cbor.length))
  const { runs, classes, packs, heads, next } = parse(manifestShape, isIntact ? cbor : new Uint8Array(), {
    maxBytes: MAX_BYTES,
    maxItems: 1 << 21,
  })
  const read = Array.from({ length: packs.length / PACK_BYTES }, (_, i) =>
    readPack(packs.subarray(i * PACK_BYTES, (i + 1) * PACK_BYTES), classes),
  )
  return { runs, packs: read, heads, nextNumber: next }
}

/** @returns null when there is none, or none that can be believed. */
export async function readManifest(disk: Disk): Promise<StoreManifest | null> {
  const stored = await disk.readFile(MANIFEST_PATH)
  try {
    return stored && parseManifest(stored)
  } catch (error) {
    if (isHoltError(error, 'MALFORMED') || isHoltError(error, 'UNSUPPORTED_VERSION')) return null
    throw error
  }
}

export async function writeManifest(disk: Disk, manifest: StoreManifest): Promise<void> {
  await disk.replaceFile(MANIFEST_PATH, encodeManifest(manifest))
}

const IS_SEALED = 1
const IS_INDEXED = 2

function writePack(into: Uint8Array, pack: ManifestPack, classNumber: number): void {
  const view = new DataView(into.buffer, into.byteOffset, PACK_BYTES)
  into.set(fromHex(pack.id) as Uint8Array)
  view.setUint32(16, pack.number)
  view.setUint16(20, classNumber)
  view.setUint8(22, (pack.sealed ? IS_SEALED : 0) | (pack.isIndexed ? IS_INDEXED : 0))
  view.setBigUint64(24, BigInt(pack.createdSeconds))
  view.setUint32(32, pack.sealed?.sizeBytes ?? pack.sizeBytes)
  view.setUint32(36, pack.sealed?.toc.offset ?? 0)
  view.setUint32(40, pack.sealed?.toc.length ?? 0)
  view.setUint32(44, pack.blockCount)
}

function readPack(bytes: Uint8Array, classes: readonly string[]): ManifestPack {
  const view = new DataView(bytes.buffer, bytes.byteOffset, PACK_BYTES)
  const flags = view.getUint8(22)
  const id = toHex(bytes.subarray(0, 16))
  const redundancyClass = classes[view.getUint16(20)] ?? ''
  const [createdSeconds, sizeBytes] = [Number(view.getBigUint64(24)), view.getUint32(32)]
  const toc = { offset: view.getUint32(36), length: view.getUint32(40) }
  const sealed = flags & IS_SEALED ? { id, redundancyClass, createdSeconds, sizeBytes, toc } : null
  const isIndexed = (flags & IS_INDEXED) !== 0
  return { number: view.getUint32(16), id, redundancyClass, createdSeconds, sizeBytes, blockCount: view.getUint32(44), sealed, isIndexed }
}
