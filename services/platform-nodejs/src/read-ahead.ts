import fs from 'node:fs'

/** A file of at most one chunk. */
export interface SmallFile {
  local: string
  /** As it was when its folder was listed. */
  sizeBytes: number
}

/** A drive answers several at once nearly as fast as one; most of the time for a small file is the wait for it. */
const FILES_AHEAD = 4

/**
 * Reads small files one after the other, the next ones while the caller works on this.
 *
 * @returns for each file its content, valid until the next but three is asked for, or why it was passed over.
 */
export async function* readInTurn(files: readonly SmallFile[]): AsyncGenerator<Uint8Array | string> {
  const buffers = Array.from({ length: Math.min(FILES_AHEAD, files.length) }, () => new ReadBuffer())
  const reading = files.slice(0, FILES_AHEAD).map((file, i) => readWhole(file, buffers[i] as ReadBuffer))
  try {
    for (let i = 0; i < files.length; i++) {
      yield await (reading[i % FILES_AHEAD] as Promise<Uint8Array | string>)
      const next = files[i + FILES_AHEAD]
      if (next !== undefined) reading[i % FILES_AHEAD] = readWhole(next, buffers[i % FILES_AHEAD] as ReadBuffer)
    }
  } finally {
    await Promise.all(reading) // they write into memory that goes
  }
}

class ReadBuffer {
  #bytes = new Uint8Array(0)

  take(lengthBytes: number): Uint8Array {
    if (this.#bytes.length < lengthBytes) this.#bytes = new Uint8Array(Math.max(lengthBytes, 64 * 1024))
    return this.#bytes.subarray(0, lengthBytes)
  }
}

/** What became a pipe since the folder was listed must not keep us waiting. */
const FLAGS = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK

/** Never rejects. */
function readWhole({ local, sizeBytes }: SmallFile, buffer: ReadBuffer): Promise<Uint8Array | string> {
  return new Promise((resolve) => {
    fs.open(local, FLAGS, (error, fd) => {
      if (error !== null) return resolve(reasonOf(error))
      const end = (outcome: Uint8Array | string): void => {
        fs.closeSync(fd)
        resolve(outcome)
      }
      // one byte more than its size, so that growth is noticed
      fillFrom(fd, buffer.take(sizeBytes + 1), 0, (failure, count) => {
        if (failure !== null) end(reasonOf(failure))
        else end(count === sizeBytes ? buffer.take(sizeBytes) : 'it changed while it was read')
      })
    })
  })
}

/** Reads until `into` is full or the file ends. */
function fillFrom(fd: number, into: Uint8Array, done: number, end: (error: NodeJS.ErrnoException | null, count: number) => void): void {
  fs.read(fd, into, done, into.length - done, done, (error, count) => {
    if (error !== null || count === 0 || done + count >= into.length - 1) end(error, done + (count ?? 0))
    else fillFrom(fd, into, done + count, end)
  })
}

/** Why a file was passed over, for people. */
export function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it'
  if (code === 'ENOENT') return 'it vanished while it was read'
  return code ?? message
}
