import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { checkFilePath } from '@holt/core/package/file-path.ts'
import { literal, optional, text, uint } from '@holt/core/shape.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { createFileWriter } from '@holt/tree/file-writer.ts'
import type { TreeEntry, Volume } from '@holt/tree/types.ts'
import { nameOf, parentOf, publicEntry, timeOfSeconds } from '../entries.ts'
import { obstacle } from '../obstacle.ts'
import type { Grant } from './installed-record.ts'
import { fieldOf, pack, type Parcel } from './parcel.ts'

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
const MOST_ENTRIES = 10_000
/** A larger file is read in parts. */
const MAX_READ_BYTES = 8 << 20
const writes = new Set(['write', 'writeAt', 'makeFolder', 'remove', 'move'])

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
      return pack({ entries: await list(volume, at('path')) })
    case 'stat': {
      const where = at('path')
      const entry = await volume.current().stat(where)
      return pack({ entry: entry === null ? null : told(nameOf(where), entry) })
    }
    case 'read':
      return read(volume, at('path'), { parcel, signal })
    case 'write':
      await write(context, below(grant, at('path')), parcel.body)
      return pack({})
    case 'writeAt': {
      const offset = fieldOf(parcel, 'offset', uint())
      await volume.edit((edit) => edit.write(below(grant, at('path')), offset, parcel.body))
      return pack({})
    }
    case 'makeFolder':
      await volume.edit((edit) => edit.makeDirectory(below(grant, at('path'))))
      return pack({})
    case 'remove': {
      const recursive = fieldOf(parcel, 'recursive', flag) === true
      await volume.edit((edit) => edit.remove(below(grant, at('path')), { recursive }))
      return pack({})
    }
    case 'move':
      await volume.edit((edit) => edit.move(below(grant, at('from')), below(grant, at('to'))))
      return pack({})
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

async function list(volume: Volume, where: string) {
  const { entries, more } = await volume.current().list(where, { limit: MOST_ENTRIES })
  if (more) throw new HoltError('TOO_LARGE', `a folder of more than ${MOST_ENTRIES} entries`, { limit: MOST_ENTRIES })
  return entries.filter(({ entry }) => entry.t === 'f' || entry.t === 'd').map(({ name, entry }) => told(name, entry))
}

function told(name: string, entry: TreeEntry) {
  const { type, sizeBytes, modified } = publicEntry(name, entry)
  return { name, kind: type === 'directory' ? 'folder' : 'file', size: sizeBytes, modified: Math.round(modified * 1000) }
}

async function read(volume: Volume, where: string, { parcel, signal }: { parcel: Parcel; signal: AbortSignal }): Promise<Uint8Array> {
  const file = await volume.current().openFile(where)
  const offset = fieldOf(parcel, 'offset', optional(uint())) ?? 0
  const size = fieldOf(parcel, 'size', optional(uint())) ?? Math.max(0, file.sizeBytes - offset)
  if (size > MAX_READ_BYTES) throw new HoltError('TOO_LARGE', `at most ${MAX_READ_BYTES} bytes are read at once`, { limit: MAX_READ_BYTES })
  return pack({ size: file.sizeBytes }, await file.read(offset, size, { signal }))
}

async function write({ volume, store, crypto, now }: FolderContext, where: string, content: Uint8Array): Promise<void> {
  const session = store.beginWriting()
  try {
    const time = timeOfSeconds(now() / 1000)
    const redundancyClass = await volume.current().redundancyClass(parentOf(where))
    const writer = createFileWriter({ store, crypto, mode: 0o644, time, redundancyClass })
    await writer.write(content)
    const entry = await writer.close()
    await volume.edit(async (edit) => {
      const inTheWay = obstacle(await edit.stat(where), where, true)
      if (inTheWay !== null) throw inTheWay
      await edit.putEntries(parentOf(where), [{ name: nameOf(where), entry }])
    })
  } finally {
    session.end()
  }
}
