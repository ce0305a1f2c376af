import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** null when it is not there; any other trouble is thrown. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

export interface WriteOptions {
  mode?: number
  owner?: { uid: number; gid: number }
}

/** The file is there whole, on the drive, when this resolves; until then what was there before. */
export async function writeDurably(path: string, text: string, { mode = 0o600, owner }: WriteOptions = {}): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString('hex')}.new`
  await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  try {
    const handle = await open(draft, 'wx', mode)
    try {
      await handle.chmod(mode)
      if (owner) await handle.chown(owner.uid, owner.gid)
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
