import { HoltError } from '@holt/core/errors.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import { ChunkedFile } from './file-reader.ts'
import type { TreeJobs } from './jobs.ts'
import { splitPath } from './names.ts'
import { classOfPath, listDirectory, type ListOptions, listPath, statPath } from './tree-read.ts'
import { notFound, type TreeSource } from './tree-walk.ts'
import type { DirectoryEntry, FileEntry, Snapshot, Time, TreeEntry, TreeFile } from './types.ts'

export interface SnapshotOptions {
  source: TreeSource
  sequence: number
  time: Time
  /** Opens large chunks off this thread. */
  pool?: WorkPool<TreeJobs>
}

/** The tree below one directory as it is; also what a holder of a directory's readcap reads. */
export class TreeSnapshot implements Snapshot {
  readonly sequence: number
  readonly time: Time
  readonly #top: DirectoryEntry
  readonly #options: SnapshotOptions

  constructor(top: DirectoryEntry, options: SnapshotOptions) {
    this.#top = top
    this.#options = options
    this.sequence = options.sequence
    this.time = options.time
  }

  stat(path: string): Promise<TreeEntry | null> {
    return statPath(this.#options.source, this.#top, path)
  }

  list(path: string, options?: ListOptions): Promise<{ entries: { name: string; entry: TreeEntry }[]; more: boolean }> {
    return listPath(this.#options.source, this.#top, path, options)
  }

  redundancyClass(path: string): Promise<string> {
    return classOfPath(this.#options.source, this.#top, path)
  }

  async openFile(path: string): Promise<TreeFile> {
    const entry = await this.stat(path)
    if (entry === null) throw notFound(splitPath(path))
    if (entry.t === 'f') return this.openEntry(entry)
    const code = entry.t === 'l' ? 'INPUT_INVALID' : 'IS_A_DIRECTORY'
    throw new HoltError(code, `${path} is ${entry.t === 'l' ? 'a symlink' : 'a directory'}`, { path })
  }
  listEntry(directory: DirectoryEntry, options?: ListOptions): Promise<{ entries: { name: string; entry: TreeEntry }[]; more: boolean }> {
    return listDirectory(this.#options.source, directory, options)
  }

  openEntry(file: FileEntry): TreeFile {
    return new ChunkedFile({ reader: this.#options.source.reader, pool: this.#options.pool }, file)
  }
}
