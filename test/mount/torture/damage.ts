import { open, readdir, stat, truncate, unlink } from 'node:fs/promises'
import { join } from 'node:path'

/** Spoils some files of one drive, each in a way of its own: bytes are other ones, the end is missing, it is not there. @returns how many. */
export async function damageDrive(drive: string, random: () => number): Promise<number> {
  let count = 0
  for (const path of await filesBelow(join(drive, 'fragments'))) {
    if (random() > 0.3) continue
    const { size } = await stat(path)
    const way = Math.floor(random() * 3)
    if (way === 0) await flipBytes(path, Math.floor(random() * size))
    else if (way === 1) await truncate(path, Math.floor(random() * size))
    else await unlink(path)
    count++
  }
  return count
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.path, entry.name))
}

async function flipBytes(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const bytes = Buffer.alloc(64)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, at)
    for (let i = 0; i < bytesRead; i++) bytes[i] = (bytes[i] as number) ^ 0xff
    await file.write(bytes, 0, bytesRead, at)
  } finally {
    await file.close()
  }
}
