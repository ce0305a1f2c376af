/** How far a copy between local files and the tree has come. */
export interface TransferProgress {
  phase: string
  doneBytes: number
  /** 0 while unknown. */
  totalBytes: number
  doneItems: number
  totalItems: number
  path?: string
}

/** What a copy between local files and the tree did. */
export interface TransferTotals {
  files: number
  directories: number
  symlinks: number
  bytes: number
  /** Files that were there already, alike in size, time and mode. */
  unchanged: number
  skipped: { path: string; reason: string }[]
}
