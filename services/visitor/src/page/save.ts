import type { TreeFile } from '@holt/tree/types.ts'

interface SaveOptions {
  signal: AbortSignal
  onProgress: (bytes: number) => void
}

/** Parts of a file become blobs, which the browser may keep on its drive, before the script's memory grows. */
const PART_BYTES = 16 << 20

/** The whole file as a blob. @throws what reading throws; CANCELLED. */
export async function blobOf(file: TreeFile, type: string, { signal, onProgress }: SaveOptions): Promise<Blob> {
  const parts: Blob[] = []
  let pieces: Uint8Array<ArrayBuffer>[] = []
  let [pieceBytes, doneBytes] = [0, 0]
  for await (const bytes of file.stream({ signal })) {
    pieces.push(bytes as Uint8Array<ArrayBuffer>)
    pieceBytes += bytes.length
    doneBytes += bytes.length
    onProgress(doneBytes)
    if (pieceBytes < PART_BYTES) continue
    parts.push(new Blob(pieces))
    pieces = []
    pieceBytes = 0
  }
  return new Blob([...parts, ...pieces], { type })
}

type SavePicker = (options: { suggestedName: string }) => Promise<{ createWritable(): Promise<WritableStream<Uint8Array>> }>

/**
 * Decrypts a file onto the visitor's drive: piece by piece where the browser lets a page write (https and localhost), else as a download
 * of a blob.
 *
 * @returns false when the person chose no place for it.
 */
export async function saveFile(file: TreeFile, name: string, options: SaveOptions): Promise<boolean> {
  const pick = (globalThis as { showSaveFilePicker?: SavePicker }).showSaveFilePicker
  if (pick !== undefined) return saveByPicker(pick, file, name, options)
  const url = URL.createObjectURL(await blobOf(file, 'application/octet-stream', options))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
  return true
}

async function saveByPicker(pick: SavePicker, file: TreeFile, name: string, { signal, onProgress }: SaveOptions): Promise<boolean> {
  const handle = await pick({ suggestedName: name }).catch((error: Error) => {
    if (error.name === 'AbortError') return null
    throw error
  })
  if (handle === null) return false
  const writer = (await handle.createWritable()).getWriter()
  let doneBytes = 0
  try {
    for await (const bytes of file.stream({ signal })) {
      await writer.write(bytes)
      doneBytes += bytes.length
      onProgress(doneBytes)
    }
    await writer.close()
    return true
  } catch (error) {
    await writer.abort(error).catch(() => {})
    throw error
  }
}
