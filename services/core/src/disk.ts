/**
 * What the store needs of a file system. Paths are relative to the disk's root, '/'-separated, and trusted (the
 * store makes them). Implementations: NodejsDisk (a folder), MemoryDisk (tests, browser without OPFS), CrashDisk
 * (tests: loses and reorders what was not synced). All pass the cases of `disk-cases.ts`.
 *
 * Errors: a full disk is HoltError DISK_FULL, everything else IO_FAILED with the foreign error as cause; absence is null.
 */
export interface Disk {
  /** Names this disk across threads: the absolute folder of a NodejsDisk, any unique text otherwise. */
  readonly id: string
  /** Opens for reading and writing. */
  open(path: string, options?: OpenOptions): Promise<DiskFile | null>
  readFile(path: string): Promise<Uint8Array | null>
  /** Writes beside, syncs, renames over, syncs the folder: after a crash the old or the new content is there. */
  replaceFile(path: string, bytes: Uint8Array): Promise<void>
  /** Names in a folder, unsorted; null when there is no such folder. */
  list(folder: string): Promise<string[] | null>
  /** With its parents; what was made is durable when it resolves. */
  makeFolder(path: string): Promise<void>
  sizeOf(path: string): Promise<number | null>
  rename(from: string, to: string): Promise<void>
  /** Nothing happens when it is not there. */
  remove(path: string): Promise<void>
  /** Makes creations, renames and removals in this folder durable. */
  syncFolder(folder: string): Promise<void>
  space(): Promise<{ totalBytes: number; freeBytes: number }>
  /** An absolute local path a worker thread of this process may open by itself; null where there is none. */
  localPath(path: string): string | null
}

export interface OpenOptions {
  /** 'never' (default) | 'new' (ALREADY_EXISTS if there) | 'always'. */
  create?: 'never' | 'new' | 'always'
  readOnly?: boolean
  /** A wish: long reads and writes go past the system's cache, which is for what will be read again. */
  bulk?: boolean
}

export interface DiskFile {
  /** @returns fewer bytes than asked for only at the end of the file. */
  read(offset: number, lengthBytes: number): Promise<Uint8Array>
  /**
   * As `read`, into memory of the caller, which long work uses again and again; not everywhere: see `readInto` in `read-into.ts`.
   *
   * @returns how many bytes were read: fewer than `target` has only at the end of the file.
   */
  readInto?(offset: number, target: Uint8Array): Promise<number>
  write(offset: number, bytes: Uint8Array): Promise<void>
  /** fdatasync. After a failure the file must be treated as lost: dirty pages may be gone. */
  sync(): Promise<void>
  truncate(sizeBytes: number): Promise<void>
  size(): Promise<number>
  close(): Promise<void>
}
