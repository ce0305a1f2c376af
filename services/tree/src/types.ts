import type { Cid } from '@holt/core/cid.ts'
import type { LiveBlocks } from '@holt/store/types.ts'
import type { BlockWriter } from './block-writer.ts'
import type { WorkingFile } from './working-file.ts'

/** [seconds since 1970, nanoseconds]. */
export type Time = readonly [number, number]

/** Oldest first; the last seals, all open. */
export type Keys = readonly Uint8Array[]

interface EntryBase {
  /** 12 permission bits. */
  m: number
  mt: Time
  x?: Record<string, Uint8Array>
}
export interface FileEntry extends EntryBase {
  t: 'f'
  k: Keys
  /** The volume's epoch (how often readers were revoked) when the newest key was made; 0 when absent. */
  e?: number
  r: Cid | null
  z: number
  c: 16 | 20
  h: number
  cl?: string
}
export interface DirectoryEntry extends EntryBase {
  t: 'd'
  k: Keys
  e?: number
  /**
   * null when empty. Also null, with the contents behind a symbol that copies and spreads keep, in an entry that was
   * changed by an edit and is not sealed yet.
   */
  r: Cid | null
  cl?: string
}
export interface SymlinkEntry extends EntryBase {
  t: 'l'
  to: string
}
export interface VolumeEntry extends EntryBase {
  t: 'v'
  k: Keys
  id: Uint8Array
  o: Uint8Array
  s: Uint8Array
}
/** As stored in a directory node; see docs/formats.md §5. */
export type TreeEntry = FileEntry | DirectoryEntry | SymlinkEntry | VolumeEntry

/** A tree at one version; never changes. Paths are absolute and '/'-separated; '/' is the top. */
export interface Snapshot {
  readonly sequence: number
  readonly time: Time
  /** @returns null when it is not there. @throws NOT_A_DIRECTORY when a middle name is no directory. Symlinks are not followed. */
  stat(path: string): Promise<TreeEntry | null>
  /** In the order of names' UTF-8 bytes, beginning after `after`. @throws NOT_FOUND, NOT_A_DIRECTORY. */
  list(
    path: string,
    options?: { after?: string; limit?: number },
  ): Promise<{ entries: { name: string; entry: TreeEntry }[]; more: boolean }>
  /** Class set on the entry or the nearest directory above; 'standard' when none is. */
  redundancyClass(path: string): Promise<string>
  openFile(path: string): Promise<TreeFile>
  /** As `list`, of a directory that this snapshot listed: a walk need not look for each again from the top, however deep they lie. */
  listEntry(
    directory: DirectoryEntry,
    options?: { after?: string; limit?: number },
  ): Promise<{ entries: { name: string; entry: TreeEntry }[]; more: boolean }>
  /** As `openFile`, of an entry that this snapshot listed. */
  openEntry(file: FileEntry): TreeFile
}

/** Reading one file of a snapshot. */
export interface TreeFile {
  readonly entry: FileEntry
  readonly sizeBytes: number
  /** Fewer bytes only at the end. */
  read(offset: number, lengthBytes: number, options?: { signal?: AbortSignal }): Promise<Uint8Array>
  stream(options?: { offset?: number; lengthBytes?: number; signal?: AbortSignal }): AsyncIterable<Uint8Array>
  /** The chunks in order, for workers that read, open and write them elsewhere; cid null is a hole. */
  chunks(options?: { offset?: number; lengthBytes?: number }): AsyncIterable<{ cid: Cid | null; fileOffset: number; lengthBytes: number }>
  text(): Promise<string>
  lines(): AsyncIterable<string>
}

/** What `setAttributes` changes; a class of null takes it away. */
export interface EntryAttributes {
  m?: number
  mt?: Time
  cl?: string | null
  x?: Record<string, Uint8Array>
}

export interface GraftedVolume {
  id: Uint8Array
  owner: Uint8Array
  salt: Uint8Array
  keys: Keys
  mode?: number
  time?: Time
}

/**
 * Changes to be committed together. Reads see the changes made so far. `makeDirectory`, `move`, `remove` and `graft`
 * set the time of the directory they change, `write` and `truncate` that of the file; `putEntries` sets no time.
 */
export interface Edit {
  stat(path: string): Promise<TreeEntry | null>
  list(
    path: string,
    options?: { after?: string; limit?: number },
  ): Promise<{ entries: { name: string; entry: TreeEntry }[]; more: boolean }>
  redundancyClass(path: string): Promise<string>
  /**
   * Puts entries into one directory, each replacing what has its name, a directory with all below it, too. A directory
   * entry with `r: null` that meets a directory keeps its contents and its class.
   *
   * @throws NOT_FOUND, NOT_A_DIRECTORY, NAME_INVALID; INPUT_INVALID for a bad entry or a name twice; NOT_AUTHORIZED inside a graft.
   */
  putEntries(directory: string, entries: readonly { name: string; entry: TreeEntry }[]): Promise<void>
  /** Puts one entry where nothing is, and sets the time of the directory. @throws ALREADY_EXISTS, and as `putEntries`. */
  create(path: string, entry: TreeEntry): Promise<void>
  makeDirectory(path: string, options?: { parents?: boolean; mode?: number; time?: Time }): Promise<void>
  /** @throws ALREADY_EXISTS unless `replace`; NOT_EMPTY for a directory that is not empty; INPUT_INVALID into itself. */
  move(from: string, to: string, options?: { replace?: boolean }): Promise<void>
  /** Each takes the other's name. @throws NOT_FOUND; INPUT_INVALID when one lies in the other. */
  exchange(one: string, other: string): Promise<void>
  /** @throws NOT_FOUND; NOT_EMPTY unless `recursive`. */
  remove(path: string, options?: { recursive?: boolean }): Promise<void>
  /** Changes mode, time, class or attributes of an entry. */
  setAttributes(path: string, attributes: EntryAttributes): Promise<void>
  /** Positional write into a file (random access: rewrites only the chunks touched); extends with zeros. Creates nothing. */
  write(path: string, offset: number, bytes: Uint8Array): Promise<void>
  truncate(path: string, sizeBytes: number): Promise<void>
  /** Grafts another volume: paths go on in it, for reading. @throws ALREADY_EXISTS */
  graft(path: string, volume: GraftedVolume): Promise<void>
}

export interface Change {
  path: string
  kind: 'created' | 'changed' | 'removed'
}

/** What `watch` hands out after each commit. Very many changes are told as changes of the directories they lie in. */
export interface CommitEvent {
  sequence: number
  changes: readonly Change[]
}

export interface Retention {
  keepAllSeconds: number
  hourlySeconds: number
  dailySeconds: number
}

export interface VersionName {
  sequence: number
  time: Time
  root: Cid
}

/** Of a lease: which is the newer one. What grants leases says more. */
export interface FencingToken {
  term: number
  number: number
}

/** An edit that nobody waits for. */
export interface LazyEdit {
  /** It could not be made durable, and is void. */
  failed(failure: unknown): void
}

/** The main API of the layer: a volume that this node may commit to. */
export interface Volume {
  readonly id: Uint8Array
  /** The newest version, changes included that are not durable yet. */
  current(): Snapshot
  /** By sequence number, the newest not after a time, or one of `versions()`. @throws VERSION_NOT_FOUND. */
  at(version: number | Date | VersionName): Promise<Snapshot>
  /** Retained versions, newest first. */
  versions(): AsyncIterable<VersionName>
  /**
   * Runs `change` alone (edits are serialised), then resolves when what it did is durable: all of it or, if it throws, none.
   * Edits that wait for the same fsync share a head.
   *
   * When a commit fails, all edits that are not durable fail with its error, those under way included, for they saw
   * what is gone; `current()` is the last durable version again, and edits that begin later start from there.
   *
   * @param options `token`: of the lease under which the change is made. `lazy`: it resolves as soon as others see the change, which
   * is durable with the next edit that somebody waits for, or some seconds later.
   * @throws what `change` throws; HoltError of the store; CONFLICT of leases; NODE_STOPPING after `close`.
   */
  edit<T>(change: (edit: Edit) => Promise<T>, options?: { token?: FencingToken | null; lazy?: LazyEdit | null }): Promise<T>
  /** A file to be changed in place; its entry gets into the tree by an edit. */
  workingFile(entry: FileEntry, redundancyClass: string): WorkingFile
  /** For blocks that an edit will refer to. */
  blockWriter(redundancyClass: string): BlockWriter
  /** @returns a function that ends it. */
  watch(listener: (event: CommitEvent) => void): () => void
  /**
   * Drops versions the rules do not keep, by a commit of the same tree. A snapshot or entry of a dropped version is
   * good only until the store collects what nothing needs.
   *
   * @returns how many went.
   */
  prune(retention: Retention): Promise<number>
  /** Every CID that the newest and all retained versions need, nodes and chunks; for garbage collection. May repeat. */
  live(options?: { signal?: AbortSignal }): AsyncIterable<LiveBlocks>
  /**
   * Rotates keys: from now on each node written at or below `path` gets a new key (lazily), so that readcaps of `path` or
   * below given before do not open it. Readcaps of a directory above go on opening it: revoke there.
   *
   * @throws NOT_FOUND; NOT_AUTHORIZED at '/' when the volume's next key is not at hand.
   */
  revokeReaders(path: string): Promise<void>
  close(): Promise<void>
}
