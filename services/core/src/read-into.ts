import type { DiskFile } from './disk.ts'

/** `DiskFile.readInto` for every file. @returns how many bytes were read. */
export async function readInto(file: DiskFile, offset: number, target: Uint8Array): Promise<number> {
  if (file.readInto !== undefined) return await file.readInto(offset, target)
  const bytes = await file.read(offset, target.length)
  target.set(bytes)
  return bytes.length
}
