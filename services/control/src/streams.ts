import type { Entry } from './schema.ts'
import type { FencingToken } from './tree-types.ts'

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
  /** Of the lease under which it is written. */
  token?: FencingToken
  /** What a file that is replaced has besides its bytes stays: mode, class, extended attributes. */
  keep?: boolean
  /** Called with what is there when the file is put in its place; what it throws refuses that. */
  check?: (there: Entry | null) => void
  signal: AbortSignal
}

export interface NewUpload {
  path: string
  sizeBytes: number
  /** Seconds since 1970, with a fraction; when it was begun when absent. */
  modified?: number
  mode?: number
  replace?: boolean
}

/** An upload that goes on after a lost connection, a reload, a restart of the node. */
export interface Upload {
  id: string
  path: string
  sizeBytes: number
  /** So many bytes are here; what is durable of them may be a little less. */
  offsetBytes: number
  replace: boolean
  /** Seconds since 1970: when it is given up if nothing comes. */
  expires: number
}

/** Files that come in several parts. What has come is in the tree, out of sight, until the last byte is there. */
export interface FileUploads {
  /** @throws HoltError as `FileStreams.write`; TOO_LARGE when very many are open. */
  create(upload: NewUpload): Promise<Upload>
  /** Ends an `append` under way, whose sender seems to be gone. @throws HoltError NOT_FOUND. */
  find(id: string): Promise<Upload>
  list(): Promise<Upload[]>
  /**
   * Adds bytes; with the last one the file appears at its path, durable. When `body` breaks off, what came is kept.
   *
   * @returns the upload as it is now; `entry` when it is whole.
   * @throws HoltError CONFLICT with `data.offset` when the bytes there end elsewhere; ALREADY_EXISTS, NOT_FOUND when the place is not free
   * any more (`retarget`, then append nothing); INPUT_INVALID for more bytes than were told.
   */
  append(
    id: string,
    offset: number,
    body: AsyncIterable<Uint8Array>,
    options: { signal: AbortSignal },
  ): Promise<{ upload: Upload; entry: Entry | null }>
  /** Another place for it. @throws HoltError as `create`. */
  retarget(id: string, to: { path: string; replace: boolean }): Promise<Upload>
  discard(id: string): Promise<void>
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
  readonly uploads: FileUploads
}
