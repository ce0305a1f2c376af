import { compareBytes, utf8 } from '../bytes.ts'
import { type Cid, cidOf, DAG_CBOR_CODEC } from '../cid.ts'
import { encode } from '../codec.ts'
import { HoltError } from '../errors.ts'
import { checkPrincipal } from '../principal.ts'
import { arrayOf, bytesOf, cid, literal, optional, parse, record, type Shape, type ShapeOf, text, tuple, uint, version } from '../shape.ts'
import { checkFilePath, MAX_PATH_BYTES } from './file-path.ts'
import { MOST_POWERS, plainText, slug, wishedPower } from './powers.ts'
import { LARGEST_VERSION_PART } from './version.ts'

/** What a package is, docs/package-format.md. Its CID is the package's: it names everything in it. */

/** A block that nodes of IPFS hand on whole. */
export const PART_BYTES = 1 << 20
export const MAX_MANIFEST_BYTES = 1 << 20
export const MAX_PACKAGE_BYTES = 64 << 20
export const MOST_FILES = 4096

const filePath: Shape<string> = {
  check(value, where) {
    const path = text({ maxBytes: MAX_PATH_BYTES }).check(value, where)
    checkFilePath(path, where)
    return path
  },
}

const principal: Shape<Uint8Array> = {
  check(value, where) {
    try {
      return checkPrincipal(bytesOf(32).check(value, where))
    } catch (cause) {
      throw new HoltError('MALFORMED', `${where}: is no principal`, { field: where }, { cause })
    }
  },
}

const file = record({
  path: filePath,
  size: uint({ max: MAX_PACKAGE_BYTES }),
  parts: arrayOf(cid, { max: MAX_PACKAGE_BYTES / PART_BYTES }),
})

const versionPart = uint({ max: LARGEST_VERSION_PART })

/** What the author says a program needs at most; the owner may allow less. Left out: what a node gives by default. */
const limits = record({
  /** Of all memories and tables of an instance. */
  memory: optional(uint({ min: 1 << 16, max: 2 ** 32 })),
  /** Units of the meter for one delivery. */
  work: optional(uint({ min: 1 })),
  /** Of its store. */
  storage: optional(uint({ min: 1 })),
  /** Answers and WebSockets that are open at once. */
  streams: optional(uint({ min: 1 })),
})

export type ProgramLimits = ShapeOf<typeof limits>

const manifestShape = record({
  v: version(1),
  kind: literal('program'),
  name: slug(32),
  title: plainText({ maxBytes: 64 }),
  about: plainText({ maxBytes: 1024, lines: true }),
  version: tuple(versionPart, versionPart, versionPart),
  author: principal,
  /** In which form `main` is. */
  code: { check: checkCode } satisfies Shape<'javascript' | 'wasm'>,
  main: filePath,
  files: arrayOf(file, { min: 1, max: MOST_FILES }),
  /** A folder of `files` that a page of the program is served from. */
  pages: optional(filePath),
  icon: optional(filePath),
  powers: arrayOf(wishedPower, { max: MOST_POWERS }),
  limits,
})

export type Manifest = ShapeOf<typeof manifestShape>
export type PackagedFile = ShapeOf<typeof file>

function checkCode(value: unknown, where: string): 'javascript' | 'wasm' {
  if (value === 'javascript' || value === 'wasm') return value
  throw new HoltError('MALFORMED', `${where}: is neither javascript nor wasm`, { field: where })
}

/** @returns the block. @throws HoltError as `decodeManifest`: what would not be read is not written. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const block = encode(manifest)
  decodeManifest(block)
  return block
}

export function manifestCid(block: Uint8Array): Cid {
  return cidOf(block, DAG_CBOR_CODEC)
}

/** @throws HoltError MALFORMED; UNSUPPORTED_VERSION for a manifest, or a power, of a later build. */
export function decodeManifest(block: Uint8Array): Manifest {
  const manifest = parse(manifestShape, block, { maxBytes: MAX_MANIFEST_BYTES })
  checkFiles(manifest)
  checkPlaces(manifest)
  return manifest
}

function checkFiles({ files }: Manifest): void {
  let total = 0
  let before: Uint8Array | null = null
  const folders = new Set<string>()
  for (const { path, size, parts } of files) {
    const name = utf8(path)
    if (before !== null && compareBytes(before, name) >= 0) throw malformed('files', 'are not in order, or one is there twice')
    before = name
    if (parts.length !== Math.ceil(size / PART_BYTES)) throw malformed('files', `${path} does not have as many parts as its size says`)
    total += size
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) folders.add(path.slice(0, at))
  }
  const both = files.find(({ path }) => folders.has(path))
  if (both !== undefined) throw malformed('files', `${both.path} is a file and a folder`)
  if (total > MAX_PACKAGE_BYTES) throw new HoltError('TOO_LARGE', `a package holds at most ${MAX_PACKAGE_BYTES} bytes`, { bytes: total })
}

function checkPlaces({ files, main, icon, pages, powers }: Manifest): void {
  const paths = new Set(files.map(({ path }) => path))
  if (!paths.has(main)) throw malformed('main', 'is none of the files')
  if (icon !== undefined && !paths.has(icon)) throw malformed('icon', 'is none of the files')
  if (pages !== undefined && !files.some(({ path }) => path.startsWith(`${pages}/`))) throw malformed('pages', 'is no folder with files')
  if (new Set(powers.map(({ name }) => name)).size !== powers.length) throw malformed('powers', 'two have one name')
  for (const kind of ['page', 'clock', 'alarms', 'messages', 'signing'])
    if (powers.filter((power) => power.kind === kind).length > 1) throw malformed('powers', `${kind} is wished twice`)
}

function malformed(field: string, what: string): HoltError {
  return new HoltError('MALFORMED', `${field}: ${what}`, { field })
}
