/** Numbers of the kernel's protocol, version 7.38; include/uapi/linux/fuse.h names them alike. */

export const opcodes = {
  LOOKUP: 1,
  FORGET: 2,
  GETATTR: 3,
  SETATTR: 4,
  READLINK: 5,
  SYMLINK: 6,
  MKNOD: 8,
  MKDIR: 9,
  UNLINK: 10,
  RMDIR: 11,
  RENAME: 12,
  LINK: 13,
  OPEN: 14,
  READ: 15,
  WRITE: 16,
  STATFS: 17,
  RELEASE: 18,
  FSYNC: 20,
  SETXATTR: 21,
  GETXATTR: 22,
  LISTXATTR: 23,
  REMOVEXATTR: 24,
  FLUSH: 25,
  INIT: 26,
  OPENDIR: 27,
  READDIR: 28,
  RELEASEDIR: 29,
  FSYNCDIR: 30,
  GETLK: 31,
  SETLK: 32,
  SETLKW: 33,
  CREATE: 35,
  INTERRUPT: 36,
  DESTROY: 38,
  BATCH_FORGET: 42,
  FALLOCATE: 43,
  READDIRPLUS: 44,
  RENAME2: 45,
} as const

/** Without ASYNC_DIO: who reads past the page cache would wait for other nodes without heeding any signal, not even SIGKILL. */
export const initFlags = {
  ASYNC_READ: 1 << 0,
  ATOMIC_O_TRUNC: 1 << 3,
  BIG_WRITES: 1 << 5,
  DO_READDIRPLUS: 1 << 13,
  READDIRPLUS_AUTO: 1 << 14,
  WRITEBACK_CACHE: 1 << 16,
  PARALLEL_DIROPS: 1 << 18,
  MAX_PAGES: 1 << 22,
  CACHE_SYMLINKS: 1 << 23,
  HANDLE_KILLPRIV_V2: 1 << 28,
} as const

/** Locks are asked for here, too. */
export const lockInitFlags = { POSIX_LOCKS: 1 << 1, FLOCK_LOCKS: 1 << 10 } as const

export const setAttribute = {
  MODE: 1,
  UID: 2,
  GID: 4,
  SIZE: 8,
  MTIME: 32,
  MTIME_NOW: 256,
  KILL_SUIDGID: 2048,
} as const

/** What a file is opened for. */
export const accessModes = { MASK: 3, READ_ONLY: 0 } as const
export const openAnswer = { KEEP_CACHE: 2, CACHE_DIR: 8 } as const
export const lockFlags = { FLOCK: 1 } as const
export const lockTypes = { READ: 0, WRITE: 1, NONE: 2 } as const
export const releaseFlags = { FLOCK_UNLOCK: 2 } as const
export const writeFlags = { KILL_SUIDGID: 4 } as const
export const renameFlags = { NOREPLACE: 1, EXCHANGE: 2 } as const
export const notifications = { INVAL_INODE: 2, INVAL_ENTRY: 3 } as const
export const allocateModes = { KEEP_SIZE: 1, PUNCH_HOLE: 2, ZERO_RANGE: 16 } as const

/** Kinds of files in `mode`, and in directories when shifted by 12. */
export const fileKinds = { file: 0o100000, directory: 0o040000, symlink: 0o120000 } as const

export const IN_HEADER_BYTES = 40
export const OUT_HEADER_BYTES = 16
export const ATTR_BYTES = 88
export const ENTRY_BYTES = 128
export const WRITE_IN_BYTES = 40
export const MAJOR = 7
export const MINOR = 38
/** What one write or read carries at most. */
export const MAX_TRANSFER_BYTES = 1 << 20
/** A request: its header, a write's fields, its bytes; names are shorter. */
export const MAX_REQUEST_BYTES = MAX_TRANSFER_BYTES + 4096
