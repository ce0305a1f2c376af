import type { VatHost } from '../vat-host.ts'
import { ERRNO, WasiError } from './errno.ts'
import { type FolderEntry, GrantedFolder } from './granted-folder.ts'
import { WasiFile } from './wasi-file.ts'

const MOST_OPEN = 256
/** Of all files together, gathered and not written yet, a MiB each at most. */
const MOST_GATHERING = 8

export interface StandardStream {
  kind: 'stream'
  stream: 'in' | 'out' | 'error'
}

export interface OpenDirectory {
  kind: 'directory'
  folder: GrantedFolder
  path: string
  /** A granted folder itself, by the name under which the program finds it. */
  preopen: string | null
  /** Names that were read ahead; the number of the first, whether there are more, and after which. */
  names: { from: number; entries: readonly FolderEntry[]; more: boolean; last: string | null } | null
}

export interface OpenFile {
  kind: 'file'
  file: WasiFile
  at: number
  mayRead: boolean
  mayWrite: boolean
  append: boolean
}

export type Descriptor = StandardStream | OpenDirectory | OpenFile

/** What a program has open, by number: the three streams, the folders it was given, and what it opened itself. */
export class Descriptors {
  readonly #open = new Map<number, Descriptor>()
  readonly #files = new Set<WasiFile>()

  constructor(host: VatHost) {
    for (const stream of ['in', 'out', 'error'] as const) this.add({ kind: 'stream', stream })
    for (const preopen of host.preopens) {
      const folder = new GrantedFolder(host, preopen.replace(/^\//, ''))
      this.add({ kind: 'directory', folder, path: '', preopen, names: null })
    }
  }

  find(fd: number): Descriptor {
    const found = this.#open.get(fd >>> 0)
    if (found === undefined) throw new WasiError(ERRNO.badFd)
    return found
  }

  directory(fd: number): OpenDirectory {
    const found = this.find(fd)
    if (found.kind !== 'directory') throw new WasiError(ERRNO.notDirectory)
    return found
  }

  file(fd: number, may: { read?: boolean; write?: boolean } = {}): OpenFile {
    const found = this.find(fd)
    if (found.kind === 'directory') throw new WasiError(ERRNO.isDirectory)
    if (found.kind === 'stream') throw new WasiError(ERRNO.cannotSeek)
    if ((may.read === true && !found.mayRead) || (may.write === true && !found.mayWrite)) throw new WasiError(ERRNO.badFd)
    return found
  }

  /** @throws WasiError tooManyFiles: to be asked before anything is done that adds one. */
  checkRoom(): void {
    if (this.#open.size >= MOST_OPEN) throw new WasiError(ERRNO.tooManyFiles)
  }

  /** @returns its number, the lowest that is free. */
  add(descriptor: Descriptor): number {
    let fd = 0
    while (this.#open.has(fd)) fd++
    this.#put(fd, descriptor)
    return fd
  }

  close(fd: number): void {
    const found = this.find(fd)
    this.#open.delete(fd >>> 0)
    if (found.kind !== 'file') return
    found.file.uses--
    try {
      if (found.mayWrite) found.file.flush()
    } finally {
      if (found.file.uses === 0) this.#files.delete(found.file)
    }
  }

  /** Gives what is open as `from` the number `to`; what that was is closed. */
  renumber(from: number, to: number): void {
    const moved = this.find(from)
    this.find(to)
    if (from >>> 0 === to >>> 0) return
    this.close(to)
    this.#open.delete(from >>> 0)
    this.#open.set(to >>> 0, moved)
  }

  /** The file at that place, if it is open already: what is written to it by one is read by the other. */
  openFile(folder: GrantedFolder, path: string, size: number): WasiFile {
    for (const file of this.#files) if (file.folder === folder && file.path === path && !file.gone) return file
    return new WasiFile(folder, path, size)
  }

  /** To be called before a file gathers more. */
  boundGathering(): void {
    const gathering = [...this.#files].filter(({ hasGathered }) => hasGathered)
    if (gathering.length >= MOST_GATHERING) this.flush()
  }

  flush(): void {
    for (const file of this.#files) file.flush()
  }

  /** Between two deliveries nothing waits to be written, and nothing is known of what others may change meanwhile. */
  settle(): void {
    this.flush()
    for (const file of this.#files) file.forget()
    for (const one of this.#open.values()) if (one.kind === 'directory') one.names = null
  }

  /** Before something is moved or removed. */
  flushBelow(folder: GrantedFolder, path: string): void {
    for (const file of this.#files) if (file.folder === folder && isAtOrBelow(file.path, path)) file.flush()
  }

  /** What lay at `path`, or below, is no more. */
  removed(folder: GrantedFolder, path: string): void {
    for (const file of this.#files) if (file.folder === folder && isAtOrBelow(file.path, path)) file.gone = true
  }

  moved(folder: GrantedFolder, from: string, to: string): void {
    this.removed(folder, to)
    const directories = [...this.#open.values()].filter((one): one is OpenDirectory => one.kind === 'directory')
    for (const one of [...this.#files].filter(({ gone }) => !gone).concat(directories as never))
      if (one.folder === folder && isAtOrBelow(one.path, from)) one.path = to + one.path.slice(from.length)
  }

  #put(fd: number, descriptor: Descriptor): void {
    this.#open.set(fd, descriptor)
    if (descriptor.kind !== 'file') return
    descriptor.file.uses++
    this.#files.add(descriptor.file)
  }
}

function isAtOrBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`)
}
