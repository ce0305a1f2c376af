/**
 * A part of the tree as a file system sees it: by numbers instead of paths, in place instead of in versions. What changes is seen by all at
 * once and is durable some seconds later, or when `sync` resolves. Errors are HoltErrors.
 */

/** [seconds since 1970, nanoseconds]. */
export type FileTime = readonly [number, number]

export interface NodeAttributes {
  /** As long as somebody has looked it up and not forgotten it. */
  number: number
  /** By which programs know it again, when it was forgotten and at other mounts; of what has none it is `number`. */
  lasting?: number
  type: 'file' | 'directory' | 'symlink'
  sizeBytes: number
  /** 12 permission bits. */
  mode: number
  uid: number
  gid: number
  modified: FileTime
  /** When anything about it changed, as far as it is known since it was mounted. */
  changed: FileTime
  /** It has no name any more, and somebody has it open. */
  isRemoved?: boolean
  /** Nobody tells when it becomes another: to be asked for each time. */
  isUntold?: boolean
}

export interface NewNode {
  mode: number
  uid: number
  gid: number
}

export interface AttributeChanges {
  mode?: number
  uid?: number
  gid?: number
  sizeBytes?: number
  modified?: FileTime | 'now'
}

export interface DirectoryPlace {
  parent: number
  name: string
}

export interface ListedName {
  name: string
  type: NodeAttributes['type']
  /** To go on after it. */
  cookie: number
}

export interface LockPlace {
  /** The same for a file wherever it is mounted. */
  identity: string
  /** null: other nodes have nothing to do with it. */
  path: string | null
}

export interface OpenedDirectory {
  handle: number
  /** What is in it may be remembered, for who has it is told when it changes. */
  isTold: boolean
}

export interface TreeSpace {
  totalBytes: number
  freeBytes: number
}

/** What changed behind the back of who has it mounted. */
export interface MountEvents {
  /** Attributes and content. */
  changed(number: number): void
  /** The name is of something else now, or of nothing. */
  renamed(parent: number, name: string): void
}

export interface MountOptions {
  /** Of the tree; the directory that becomes the top. */
  path: string
  readOnly: boolean
  /** Sequence number of a version, or an ISO 8601 date; then nothing can be changed. */
  at?: number | string
  /** Where the tree says nothing of owners. */
  uid: number
  gid: number
  events: MountEvents
}

export interface OpenMount {
  /** The number of the top is 1. */
  attributes(number: number): Promise<NodeAttributes>
  lookup(place: DirectoryPlace): Promise<NodeAttributes | null>
  forget(number: number, count: number): void
  setAttributes(number: number, changes: AttributeChanges): Promise<NodeAttributes>
  create(place: DirectoryPlace, node: NewNode): Promise<NodeAttributes>
  makeDirectory(place: DirectoryPlace, node: NewNode): Promise<NodeAttributes>
  makeSymlink(place: DirectoryPlace, node: NewNode & { target: string }): Promise<NodeAttributes>
  readSymlink(number: number): Promise<string>
  remove(place: DirectoryPlace, type: 'directory' | 'other'): Promise<void>
  rename(from: DirectoryPlace, to: DirectoryPlace, how: 'replace' | 'keep' | 'exchange'): Promise<void>
  /** Of files; each is followed by one `close`. */
  open(number: number, options: { forWriting: boolean }): Promise<void>
  close(number: number): void
  read(number: number, offset: number, lengthBytes: number, options: { signal: AbortSignal }): Promise<Uint8Array>
  /** The bytes are copied before it resolves. */
  write(number: number, offset: number, parts: readonly Uint8Array[]): Promise<void>
  clear(number: number, offset: number, lengthBytes: number): Promise<void>
  /** What was done to it, and to the tree, is durable. */
  sync(number: number | null): Promise<void>
  openDirectory(number: number): Promise<OpenedDirectory>
  /** Names after `cookie`, 0 for the first; none at the end. */
  list(handle: number, cookie: number, limit: number): Promise<readonly ListedName[]>
  closeDirectory(handle: number): void
  extendedAttributes(number: number): Promise<Readonly<Record<string, Uint8Array>>>
  /** null removes. */
  setExtendedAttribute(number: number, name: string, value: Uint8Array | null): Promise<void>
  /** What is locked when this is: of files in the tree their path, too. */
  lockPlace(number: number): Promise<LockPlace>
  space(): Promise<TreeSpace>
  /** Makes all of it durable. @throws HoltError; it is closed then, too. */
  end(): Promise<void>
}

export interface MountableTree {
  /** Resolves when there is a tree. */
  readonly ready: Promise<void>
  /** Resolves when it is known which other nodes have it, after each start. */
  readonly othersKnown: Promise<void>
  /** @throws HoltError NOT_FOUND, NOT_A_DIRECTORY, VERSION_NOT_FOUND, NOT_INITIALIZED. */
  mount(options: MountOptions): Promise<OpenMount>
}
