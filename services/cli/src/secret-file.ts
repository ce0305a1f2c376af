import { type FileHandle, open, readFile, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { HoltError } from '@holt/core/errors.ts'

/** A key file or a page of words; anything longer is some other file. */
const MAX_SECRET_BYTES = 64 << 10

/** A file for its owner only that did not exist before; empty until `fill`. */
export interface SecretFile {
  readonly path: string
  /** Durable when it resolves. */
  fill(content: string | Uint8Array): Promise<void>
  /** Takes it away again. */
  discard(): Promise<void>
}

/** @throws HoltError ALREADY_EXISTS rather than overwrite anything; NOT_FOUND when the folder is not there; IO_FAILED. */
export async function reserveSecretFile(typed: string, currentFolder: string): Promise<SecretFile> {
  const path = resolve(currentFolder, typed)
  const handle = await translated(path, () => open(path, 'wx', 0o600))
  return {
    path,
    fill: (content) => translated(path, () => fill(handle, path, content)),
    discard: async () => {
      await handle.close().catch(() => {})
      await rm(path, { force: true })
    },
  }
}

async function fill(handle: FileHandle, path: string, content: string | Uint8Array): Promise<void> {
  await handle.writeFile(content)
  await handle.sync()
  await handle.close()
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** @throws HoltError NOT_FOUND, TOO_LARGE, IO_FAILED. */
export async function readSecretFile(typed: string, currentFolder: string): Promise<Uint8Array> {
  const path = resolve(currentFolder, typed)
  const bytes = await translated(path, () => readFile(path))
  if (bytes.length > MAX_SECRET_BYTES) throw new HoltError('TOO_LARGE', `${path} is too large to be what it should be`, { path })
  return bytes
}

async function translated<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new HoltError('ALREADY_EXISTS', `${path} exists already; it is not overwritten`, { path }, { cause })
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new HoltError('NOT_FOUND', `${path}: there is no such file or folder`, { path }, { cause })
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new HoltError('DISK_FULL', `${path}: no space is left`, { path }, { cause })
    throw new HoltError('IO_FAILED', message, { path }, { cause })
  }
}
