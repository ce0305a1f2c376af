import { createCipheriv } from 'node:crypto'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'

const MiB = 1 << 20

export interface Corpus {
  name: string
  folder: string
  files: number
  bytes: number
}

/** The same endless bytes every time, which nothing can compress: AES in counter mode over zeros. */
function byteSource(name: string): (length: number) => Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.from(name.padEnd(16).slice(0, 16)), Buffer.alloc(16))
  const zeros = Buffer.alloc(4 * MiB)
  return (length) => cipher.update(zeros.subarray(0, length))
}

/** A few large files, as photos and videos are: `bytes` in files of 256 MiB. */
export async function makeLargeFiles(folder: string, bytes: number): Promise<Corpus> {
  const next = byteSource('large files')
  await mkdir(folder, { recursive: true })
  const sizeBytes = Math.min(bytes, 256 * MiB)
  const files = Math.ceil(bytes / sizeBytes)
  for (let i = 0; i < files; i++) await writeFileOf(join(folder, `video-${i}.bin`), sizeBytes, next)
  return { name: 'large files', folder, files, bytes: files * sizeBytes }
}

/** Many small files of 1 to 64 KiB, a hundred to a folder. */
export async function makeSmallFiles(folder: string, files: number): Promise<Corpus> {
  const next = byteSource('small files')
  let bytes = 0
  for (let i = 0; i < files; i++) {
    const group = join(folder, `group-${Math.floor(i / 100)}`)
    if (i % 100 === 0) await mkdir(group, { recursive: true })
    const sizeBytes = 1024 + (next(4).readUInt32LE() % (63 * 1024))
    await writeFileOf(join(group, `note-${i}.txt`), sizeBytes, next)
    bytes += sizeBytes
  }
  return { name: 'small files', folder, files, bytes }
}

/** One file of incompressible bytes. */
export async function makeFile(path: string, sizeBytes: number): Promise<void> {
  await writeFileOf(path, sizeBytes, byteSource('one file'))
}

async function writeFileOf(path: string, sizeBytes: number, next: (length: number) => Buffer): Promise<void> {
  const file = await open(path, 'w')
  for (let left = sizeBytes; left > 0; left -= 4 * MiB) await file.write(next(Math.min(left, 4 * MiB)))
  await file.close()
}
