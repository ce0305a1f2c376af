import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { checkFilePath } from '@holt/core/package/file-path.ts'
import { literal, optional, text, uint } from '@holt/core/shape.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { createFileWriter } from '@holt/tree/file-writer.ts'
import type { Edit, TreeEntry, Volume } from '@holt/tree/types.ts'
import { nameOf, parentOf, publicEntry, timeOfSeconds } from '../entries.ts'
import { obstacle } from '../obstacle.ts'
import type { Grant } from './installed-record.ts'
import { fieldOf, pack, type Parcel } from '@holt/sandbox/parcel.ts'

export interface FolderContext {
  /** As people see it: no path leads to the hidden area. */
  volume: Volume
  store: BlockStore
  crypto: Crypto
  now(): number
}

type FolderGrant = Extract<Grant, { kind: 'folder' }>

const path = text({ maxBytes: 4096 })
const flag = optional<boolean>({ check: (value, where) => value !== false && literal(true).check(value, where) })
const entryKind = optional<'file' | 'folder'>({
  check: (value, where) => (value === 'file' ? value : literal('folder').check(value, where)),
})
const MOST_ENTRIES = 10_000
/** A larger file is read in parts. */
const MAX_READ_BYTES = 8 << 20
const writes = new Set(['write', 'writeAt', 'truncate', 'makeFolder', 'remove', 'move'])

/** What a program may do with a folder that it was given; a path names something in it, and leads nowhere else. */
export async function useFolder(
  context: FolderContext,
  grant: FolderGrant,
  { what, parcel, signal }: { what: string; parcel: Parcel; signal: AbortSignal },
): Promise<Uint8Array> {
  if (writes.has(what) && grant.write !== true) throw new HoltError('NOT_AUTHORIZED', `'${grant.name}' is for reading only`)
  const at = (field: string): string => pathWithin(grant.path, fieldOf(parcel, field, path))
  const { volume } = context
  switch (what) {
    case 'list':
      return pack(await list(volume, at('path'), parcel))
    case 'stat': {
      const where = at('path')
      const entry = await volume.current().stat(where)
      return pack({ entry: entry === null ? null : told(nameOf(where), entry), write: grant.write === true })
    }
    case 'read':
      return read(volume, at('path'), { parcel, signal })
    case 'write':
      await write(context, below(grant, at('path')), { content: parcel.body, exclusive: fieldOf(parcel, 'exclusive', flag) === true })
      return pack({})
    case 'writeAt': {
      const offset = fieldOf(parcel, 'offset', uint())
      await volume.edit((edit) => edit.write(below(grant, at('path')), offset, parcel.body))
      return pack({})
    }
    case 'truncate': {
      const size = fieldOf(parcel, 'size', uint())
      await volume.edit((edit) => edit.truncate(below(grant, at('path')), size))
      return pack({})
    }
    case 'makeFolder':
      await volume.edit((edit) => edit.makeDirectory(below(grant, at('path'))))
      return pack({})
    case 'remove': {
      const recursive = fieldOf(parcel, 'recursive', flag) === true
      const kind = fieldOf(parcel, 'kind', entryKind)
      await volume.edit((edit) => remove(edit, below(grant, at('path')), { recursive, kind }))
      return pack({})
    }
    case 'move': {
      const replace = fieldOf(parcel, 'replace', flag) === true
      await volume.edit((edit) => edit.move(below(grant, at('from')), below(grant, at('to')), { replace }))
      return pack({})
    }
    default:
      throw new HoltError('NOT_AUTHORIZED', `folders have nothing called '${what.slice(0, 32)}'`)
  }
}

/** @throws HoltError PATH_INVALID for what would lead out of it, or nowhere. */
export function pathWithin(folder: string, asked: string): string {
  if (asked === '') return folder
  try {
    checkFilePath(asked)
  } catch (cause) {
    throw new HoltError('PATH_INVALID', `${JSON.stringify(asked.slice(0, 200))} is no path within the folder`, {}, { cause })
  }
  return folder === '/' ? `/${asked}` : `${folder}/${asked}`
}

/** The folder itself stays: it is its owner's. */
function below({ path: folder }: FolderGrant, where: string): string {
  if (where === folder) throw new HoltError('PATH_INVALID', 'the folder itself is not changed, only what is in it')
  return where
}

/** All there is, or with `limit` so many at a time, each time those after the last name of the time before. */
async function list(volume: Volume, where: string, parcel: Parcel) {
  const limit = fieldOf(parcel, 'limit', optional(uint({ min: 1 })))
  const after = fieldOf(parcel, 'after', optional(text({ maxBytes: 255 })))
  const most = Math.min(limit ?? MOST_ENTRIES, MOST_ENTRIES)
  const { entries, more } = await volume.current().list(where, { limit: most, ...(after === undefined ? {} : { after }) })
  if (more && limit === undefined)
    throw new HoltError('TOO_LARGE', `a folder of more than ${MOST_ENTRIES} entries`, { limit: MOST_ENTRIES })
  const kept = entries.filter(({ entry }) => entry.t === 'f' || entry.t === 'd')
  return { entries: kept.map(({ name, entry }) => told(name, entry)), ...(limit === undefined ? {} : { more, last: entries.at(-1)?.name }) }
}

function told(name: string, entry: TreeEntry) {
  const { type, sizeBytes, modified } = publicEntry(name, entry)
  const kind = type === 'directory' ? 'folder' : entry.t === 'l' ? 'link' : 'file'
  return { name, kind, size: sizeBytes, modified: Math.round(modified * 1000) }
}

/** @throws HoltError IS_A_DIRECTORY, NOT_A_DIRECTORY for what is not of the kind that was meant. */
async function remove(edit: Edit, where: string, { recursive, kind }: { recursive: boolean; kind: string | undefined }): Promise<void> {
  const entry = kind === undefined ? null : await edit.stat(where)
  const isFolder = entry?.t === 'd' || entry?.t === 'v'
  if (kind === 'file' && isFolder) throw new HoltError('IS_A_DIRECTORY', `${where} is a folder`, { path: where })
  if (kind === 'folder' && entry !== null && !isFolder) throw new HoltError('NOT_A_DIRECTORY', `${where} is no folder`, { path: where })
  await edit.remove(where, { recursive })
}

async function read(volume: Volume, where: string, { parcel, signal }: { parcel: Parcel; signal: AbortSignal }): Promise<Uint8Array> {
  const file = await volume.current().openFile(where)
  const offset = fieldOf(parcel, 'offset', optional(uint())) ?? 0
  const size = fieldOf(parcel, 'size', optional(uint())) ?? Math.max(0, file.sizeBytes - offset)
  if (size > MAX_READ_BYTES) throw new HoltError('TOO_LARGE', `at most ${MAX_READ_BYTES} bytes are read at once`, { limit: MAX_READ_BYTES })
  return pack({ size: file.sizeBytes }, await file.read(offset, size, { signal }))
}

async function write(
  { volume, store, crypto, now }: FolderContext,
  where: string,
  { content, exclusive }: { content: Uint8Array; exclusive: boolean },
): Promise<void> {
  const session = store.beginWriting()
  try {
    const time = timeOfSeconds(now() / 1000)
    const redundancyClass = await volume.current().redundancyClass(parentOf(where))
    const writer = createFileWriter({ store, crypto, mode: 0o644, time, redundancyClass })
    await writer.write(content)
    const entry = await writer.close()
    await volume.edit(async (edit) => {
      const inTheWay = obstacle(await edit.stat(where), where, !exclusive)
      if (inTheWay !== null) throw inTheWay
      await edit.putEntries(parentOf(where), [{ name: nameOf(where), entry }])
    })
  } finally {
    session.end()
  }
}
