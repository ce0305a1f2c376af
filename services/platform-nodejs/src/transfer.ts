export interface TransferProgress {
  phase: string
  doneBytes: number
  totalBytes: number
  doneItems: number
  totalItems: number
  path?: string
}

export interface TransferTotals {
  files: number
  directories: number
  symlinks: number
  bytes: number
  unchanged: number
  skipped: { path: string; reason: string }[]
}
