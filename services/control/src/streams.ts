import type { Entry } from './schema.ts'

export interface ReadFileOptions {
  /** Sequence number of a version, or an ISO 8601 date. */
  at?: number | string
  offset?: number
  /** To the end when absent; what lies past the end is not an error, there are just fewer bytes. */
  lengthBytes?: number
  signal?: AbortSignal
}

export interface WriteFileOptions {
  /** Seconds since 1970, with a fraction; now when absent. */
  modified?: number
  mode?: number
  replace?: boolean
  signal: AbortSignal
}

/**
 * File contents inside this process, for what would be wasteful as base64 through `Control`. Bytes are pulled, so that
 * whoever is slower, the network or the drive, sets the pace and memory stays flat.
 */
export interface FileStreams {
  /**
   * Nothing is read before `body` is iterated; ending the iteration early frees what it holds.
   *
   * @returns the entry and the bytes of one and the same version.
   * @throws HoltError NOT_FOUND, IS_A_DIRECTORY, VERSION_NOT_FOUND; BLOCK_CORRUPT or PACK_UNRECOVERABLE while iterating.
   */
  read(path: string, options?: ReadFileOptions): Promise<{ entry: Entry; body: AsyncIterable<Uint8Array> }>
  /**
   * The file appears, whole and durable, when the promise resolves; when `body` throws or `signal` aborts, nothing does.
   *
   * @throws HoltError ALREADY_EXISTS without `replace`; NOT_FOUND when the directory is not there; IS_A_DIRECTORY; DISK_FULL; CANCELLED.
   */
  write(path: string, body: AsyncIterable<Uint8Array>, options: WriteFileOptions): Promise<Entry>
}
