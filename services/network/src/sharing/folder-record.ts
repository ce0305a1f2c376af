import { encode } from '@holt/core/codec.ts'
import { HoltError } from '@holt/core/errors.ts'
import { checkPrincipal, type Principal } from '@holt/core/principal.ts'
import { arrayOf, bytes, bytesOf, literal, nullable, oneOf, parse, record, type Shape, text, uint, version } from '@holt/core/shape.ts'
import { type Writecap, writecapShape } from '@holt/tree/caps/writecap.ts'
import { MAX_SHARED_BYTES, type SharedVersion } from '@holt/tree/shared/shared-version.ts'

/** From the owner's writecap to the one that its last subject writes by. */
export type Chain = readonly Writecap[]

/** What an owner keeps of a folder that others may read or change: docs/formats.md §6. Secret: it lies sealed in the tree. */
export interface GivenFolder {
  kind: 'given-folder'
  salt: Uint8Array
  path: string
  /** The node of the owner that looks after it. */
  home: Principal
  /** Of the shared volume, oldest first: one more each time a reader is shut out. */
  keys: readonly Uint8Array[]
  /** Of the newest keys in the folder: a reader who is shut out makes it higher, and what is written then has new keys. */
  epoch: number
  readers: readonly Reader[]
  /** Who was shut out, the newest last. */
  gone: readonly Principal[]
  /** Who may write: the writecap that holds last, after those that it comes from. */
  grants: readonly Chain[]
  /** Serials of writecaps that were taken back. */
  revoked: readonly Uint8Array[]
  requests: readonly WriteRequest[]
  /** The newest; null before the first. */
  version: SharedVersion | null
}

export interface Reader {
  owner: Principal
  name: string
  since: number
}

/** Who would like to change what is at a path of the folder, and below. */
export interface WriteRequest {
  id: Uint8Array
  owner: Principal
  path: string
  note: string
  made: number
  /** When it was refused; null while it waits. */
  refused: number | null
}

/** What somebody keeps of a folder of another owner. */
export interface TakenFolder {
  kind: 'taken-folder'
  owner: Principal
  salt: Uint8Array
  label: string
  /** Where it is in the own tree. */
  path: string
  home: Principal
  keys: readonly Uint8Array[]
  state: TakenState
  /** Writecaps that hold, as far as is known, each with those it comes from. */
  chains: readonly Chain[]
  /** How the right to write was lost the last time; null when it was not. */
  lost: 'CAP_REVOKED' | 'CAP_EXPIRED' | null
  version: SharedVersion | null
}

/** `ended`: the owner gives it no more; what is here stays. */
export type TakenState = 'taken' | 'declined' | 'ended'
export type FolderRecord = GivenFolder | TakenFolder

export const MOST_READERS = 64
export const MOST_REQUESTS = 32
export const MOST_GRANTS = 32
export const MOST_CHAINS = 8
export const MAX_FOLDER_PATH_BYTES = 1024
export const MAX_NOTE_BYTES = 300
export const MAX_LABEL_BYTES = 255
const MOST_KEYS = 512
const MOST_REVOKED = 1024
const MAX_PART_BYTES = 64 << 10
/** A chain of writecaps whose paths may each be as long as a path of a shared folder. */
export const MAX_CHAIN_BYTES = 24 << 10

const principal: Shape<Principal> = { check: (value, where) => checkPrincipal(bytesOf(32).check(value, where)) }
const path = text({ maxBytes: MAX_FOLDER_PATH_BYTES })
const keys = arrayOf(bytesOf(32), { min: 1, max: MOST_KEYS })
const serial = bytesOf(16)
const state: Shape<TakenState> = {
  check: (value, where) =>
    (value === 'taken' ? literal('taken') : value === 'ended' ? literal('ended') : literal('declined')).check(value, where),
}
const lost: Shape<TakenFolder['lost']> = nullable({
  check: (value, where) => (value === 'CAP_REVOKED' ? literal('CAP_REVOKED') : literal('CAP_EXPIRED')).check(value, where),
})
const folderShape = oneOf('kind', {
  'given-folder': record({
    v: version(1),
    kind: literal('given-folder'),
    salt: bytesOf(16),
    path,
    home: principal,
    keys,
    epoch: uint(),
    readers: arrayOf(record({ owner: principal, name: text({ maxBytes: MAX_LABEL_BYTES }), since: uint() }), { max: MOST_READERS }),
    gone: arrayOf(principal, { max: MOST_READERS }),
    revoked: arrayOf(serial, { max: MOST_REVOKED }),
  }),
  'taken-folder': record({
    v: version(1),
    kind: literal('taken-folder'),
    owner: principal,
    salt: bytesOf(16),
    label: text({ maxBytes: MAX_LABEL_BYTES }),
    path,
    home: principal,
    keys,
    state,
    lost,
  }),
})
export const chainShape = arrayOf(writecapShape, { min: 1, max: 16 })
const chainsShape = record({ v: version(1), kind: literal('folder-chains'), chains: arrayOf(chainShape, { max: MOST_GRANTS }) })
const requestsShape = record({
  v: version(1),
  kind: literal('folder-requests'),
  requests: arrayOf(
    record({ id: bytesOf(8), owner: principal, path, note: text({ maxBytes: MAX_NOTE_BYTES }), made: uint(), refused: nullable(uint()) }),
    { max: MOST_REQUESTS },
  ),
})
export const versionShape = record({ head: bytes({ max: MAX_SHARED_BYTES }), root: bytes({ max: MAX_SHARED_BYTES }) })

/** As attributes of an entry, which are small: the parts of a record. @throws HoltError TOO_LARGE */
export function encodeFolder(folder: FolderRecord): Record<string, Uint8Array> {
  const { version: newest, ...rest } = folder
  const parts: Record<string, Uint8Array> = {}
  if (rest.kind === 'given-folder') {
    const { grants, requests, ...own } = rest
    parts['folder'] = encode({ v: 1, ...own })
    parts['chains'] = encode({ v: 1, kind: 'folder-chains', chains: grants })
    parts['requests'] = encode({ v: 1, kind: 'folder-requests', requests })
  } else {
    const { chains, ...own } = rest
    parts['folder'] = encode({ v: 1, ...own })
    parts['chains'] = encode({ v: 1, kind: 'folder-chains', chains })
  }
  if (newest !== null) Object.assign(parts, newest)
  for (const [name, part] of Object.entries(parts))
    if (part.length > MAX_PART_BYTES) throw new HoltError('TOO_LARGE', 'too much is known of one shared folder', { part: name })
  return parts
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodeFolder(parts: Readonly<Record<string, Uint8Array>>): FolderRecord {
  const limits = { maxBytes: MAX_PART_BYTES, maxDepth: 6 }
  const part = (name: string): Uint8Array => parts[name]?.slice() ?? new Uint8Array()
  const folder = withoutVersion(parse(folderShape, part('folder'), limits))
  const { chains } = parse(chainsShape, part('chains'), limits)
  const newest = parts['head'] === undefined ? null : versionShape.check({ head: part('head'), root: part('root') }, 'version')
  if (folder.kind === 'taken-folder') return { ...folder, chains, version: newest }
  const { requests } = parse(requestsShape, part('requests'), limits)
  return { ...folder, grants: chains, requests, version: newest }
}

type Unversioned<T> = T extends { v: 1 } ? Omit<T, 'v'> : never

function withoutVersion<T extends { v: 1 }>(parsed: T): Unversioned<T> {
  const rest: Partial<T> = { ...parsed }
  delete rest.v
  return rest as unknown as Unversioned<T>
}
