import { blake3 } from '@holt/core/blake3.ts'
import { concatBytes, utf8 } from '@holt/core/bytes.ts'
import type { GuestMemory } from '../guest-memory.ts'
import type { Descriptor, Descriptors, OpenDirectory, OpenFile } from './descriptors.ts'
import { ERRNO, WasiError } from './errno.ts'
import type { FolderEntry, GrantedFolder } from './granted-folder.ts'
import { pathFrom, type WasiPath } from './wasi-path.ts'

/** Numbers of WASI preview 1. */
const FILETYPE = { stream: 2, folder: 3, file: 4, link: 7 }
const OPEN = { create: 1, directory: 2, exclusive: 4, truncate: 8 }
const FLAG_APPEND = 1
const RIGHT_READ = 1n << 1n
const RIGHT_WRITE = 1n << 6n
const RIGHTS_OF_STREAM = RIGHT_READ | RIGHT_WRITE | (1n << 21n)
/** Nothing is refused by rights alone: what the folder's owner gave decides. */
const ALL_RIGHTS = (1n << 29n) - 1n
const DIRENT_BYTES = 24
/** Of one call; what is left is for the next, as programs know of files. */
export const MOST_BYTES_AT_ONCE = 1 << 20

type Functions = Record<string, (...args: never[]) => void>

/** The functions of WASI for files, folders and descriptors. Each throws WasiError, or HoltError of a power. */
export function fileFunctions(open: Descriptors, memory: GuestMemory): Functions {
  const named = (fd: number, at: number, length: number): { folder: GrantedFolder } & WasiPath => {
    const { folder, path } = open.directory(fd)
    if (length >>> 0 > 4096) throw new WasiError(ERRNO.nameTooLong)
    return { folder, ...pathFrom(path, memory.copy(at, length)) }
  }
  /** What may be moved and removed: not a granted folder itself. */
  const below = (fd: number, at: number, length: number) => {
    const place = named(fd, at, length)
    if (place.path === '') throw new WasiError(ERRNO.busy)
    return place
  }
  const writeStat = (to: number, descriptor: { folder: GrantedFolder; path: string } | null, entry: FolderEntry | null) => {
    memory.view(to, 64).fill(0)
    memory.setU8((to >>> 0) + 16, entry === null ? FILETYPE.stream : FILETYPE[entry.kind])
    memory.setU64((to >>> 0) + 24, 1n)
    if (entry === null || descriptor === null) return
    memory.setU64(to, 1n)
    memory.setU64((to >>> 0) + 8, fileNumber(descriptor.folder, descriptor.path))
    memory.setU64((to >>> 0) + 32, BigInt(entry.size))
    for (const field of [40, 48, 56]) memory.setU64((to >>> 0) + field, BigInt(entry.modified) * 1_000_000n)
  }

  return {
    fd_prestat_get: (fd: number, to: number) => {
      const name = preopenName(open.find(fd))
      memory.setU32(to, 0)
      memory.setU32((to >>> 0) + 4, name.length)
    },
    fd_prestat_dir_name: (fd: number, to: number, length: number) => {
      const name = preopenName(open.find(fd))
      if (name.length > length >>> 0) throw new WasiError(ERRNO.nameTooLong)
      memory.view(to, name.length).set(name)
    },

    path_open: (
      fd: number,
      _lookup: number,
      at: number,
      length: number,
      how: number,
      rights: bigint,
      _inherited: bigint,
      flags: number,
      to: number,
    ) => {
      const { folder, path, namesDirectory } = named(fd, at, length)
      memory.view(to, 4)
      open.checkRoom()
      const wants = { read: (rights & RIGHT_READ) !== 0n, write: (rights & RIGHT_WRITE) !== 0n, how, namesDirectory }
      const opened = openAt(folder, path, wants)
      if (opened === null) return memory.setU32(to, open.add({ kind: 'directory', folder, path, preopen: null, names: null }))
      const file = open.openFile(folder, path, opened.size)
      if ((how & OPEN.truncate) !== 0 && !opened.created) file.truncate(0)
      const append = (flags & FLAG_APPEND) !== 0
      memory.setU32(to, open.add({ kind: 'file', file, at: 0, mayRead: wants.read, mayWrite: wants.write, append }))
    },
    fd_close: (fd: number) => open.close(fd),
    fd_renumber: (from: number, to: number) => open.renumber(from, to),

    fd_pread: (fd: number, at: number, count: number, offset: bigint, read: number) => {
      const { file } = open.file(fd, { read: true })
      memory.setU32(
        read,
        readInto(memory.vectors(at, count), memory, (from, length) => file.read(placeIn(offset) + from, length)),
      )
    },
    fd_pwrite: (fd: number, at: number, count: number, offset: bigint, written: number) => {
      const descriptor = open.file(fd, { write: true })
      const bytes = gathered(memory.vectors(at, count), memory)
      writeTo(descriptor, placeIn(offset), bytes)
      memory.setU32(written, bytes.length)
    },
    fd_seek: (fd: number, offset: bigint, whence: number, to: number) => {
      const descriptor = open.file(fd)
      const from = whence === 0 ? 0 : whence === 1 ? descriptor.at : whence === 2 ? descriptor.file.lookAgain() : null
      if (from === null) throw new WasiError(ERRNO.invalid)
      const at = placeIn(BigInt(from) + offset)
      memory.setU64(to, BigInt(at))
      descriptor.at = at
    },
    fd_tell: (fd: number, to: number) => memory.setU64(to, BigInt(open.file(fd).at)),
    fd_sync: (fd: number) => flush(open.find(fd)),
    fd_datasync: (fd: number) => flush(open.find(fd)),
    fd_advise: (fd: number) => void open.file(fd),
    fd_allocate: (fd: number) => {
      open.file(fd, { write: true })
      throw new WasiError(ERRNO.notSupported)
    },

    fd_fdstat_get: (fd: number, to: number) => {
      const found = open.find(fd)
      memory.view(to, 24).fill(0)
      memory.setU8(to, found.kind === 'stream' ? FILETYPE.stream : found.kind === 'file' ? FILETYPE.file : FILETYPE.folder)
      memory.setU8((to >>> 0) + 2, found.kind === 'file' && found.append ? FLAG_APPEND : 0)
      memory.setU64((to >>> 0) + 8, rightsOf(found))
      memory.setU64((to >>> 0) + 16, found.kind === 'directory' ? ALL_RIGHTS : 0n)
    },
    fd_fdstat_set_flags: (fd: number, flags: number) => {
      const found = open.find(fd)
      if (found.kind === 'file') found.append = (flags & FLAG_APPEND) !== 0
    },
    fd_filestat_get: (fd: number, to: number) => {
      const found = open.find(fd)
      if (found.kind === 'stream') return writeStat(to, null, null)
      const place = found.kind === 'file' ? found.file : found
      if (found.kind === 'file') found.file.flush()
      writeStat(to, place, entryAt(place))
    },
    fd_filestat_set_size: (fd: number, size: bigint) => open.file(fd, { write: true }).file.truncate(placeIn(size)),
    path_filestat_get: (fd: number, _lookup: number, at: number, length: number, to: number) => {
      const place = named(fd, at, length)
      open.flushBelow(place.folder, place.path)
      const entry = entryAt(place)
      if (place.namesDirectory && entry.kind !== 'folder') throw new WasiError(ERRNO.notDirectory)
      writeStat(to, place, entry)
    },

    fd_readdir: (fd: number, at: number, length: number, cookie: bigint, used: number) => {
      const directory = open.directory(fd)
      const out = memory.view(at, length)
      let filled = 0
      for (let number = Number(BigInt.asUintN(53, cookie)); filled < out.length; number++) {
        const entry = entryNumbered(directory, number)
        if (entry === null) break
        const record = direntOf(directory, entry, number + 1)
        out.set(record.subarray(0, out.length - filled), filled)
        filled += Math.min(record.length, out.length - filled)
      }
      memory.setU32(used, filled)
    },
    path_create_directory: (fd: number, at: number, length: number) => {
      const { folder, path } = named(fd, at, length)
      if (path === '') throw new WasiError(ERRNO.exists)
      folder.makeFolder(path)
    },
    path_unlink_file: (fd: number, at: number, length: number) => {
      const { folder, path, namesDirectory } = below(fd, at, length)
      if (namesDirectory) throw new WasiError(ERRNO.notDirectory)
      folder.remove(path, 'file')
      open.removed(folder, path)
    },
    path_remove_directory: (fd: number, at: number, length: number) => {
      const { folder, path } = below(fd, at, length)
      folder.remove(path, 'folder')
      open.removed(folder, path)
    },
    path_rename: (fd: number, at: number, length: number, toFd: number, toAt: number, toLength: number) => {
      const [from, to] = [below(fd, at, length), below(toFd, toAt, toLength)]
      if (from.folder !== to.folder) throw new WasiError(ERRNO.otherFolder)
      if (from.path === to.path) return void entryAt(from)
      open.flushBelow(from.folder, from.path)
      from.folder.move(from.path, to.path)
      open.moved(from.folder, from.path, to.path)
    },
  }

  function writeTo({ file }: OpenFile, at: number, bytes: Uint8Array): void {
    if (!file.hasGathered) open.boundGathering()
    if (bytes.length > 0) file.write(at, bytes)
  }
}

/** `fd_read` of a file. @returns how many bytes came. */
export function readFile(descriptor: OpenFile, memory: GuestMemory, at: number, count: number): number {
  const { file, at: from } = descriptor
  const length = readInto(memory.vectors(at, count), memory, (more, most) => file.read(from + more, most))
  descriptor.at = from + length
  return length
}

/** `fd_write` to a file. @returns how many bytes went. */
export function writeFile(
  open: Descriptors,
  descriptor: OpenFile,
  memory: GuestMemory,
  { at, count }: { at: number; count: number },
): number {
  const { file, append } = descriptor
  const bytes = gathered(memory.vectors(at, count), memory)
  const from = append ? (file.hasGathered ? file.size : file.lookAgain()) : descriptor.at
  if (from + bytes.length > Number.MAX_SAFE_INTEGER) throw new WasiError(ERRNO.tooLarge)
  if (!file.hasGathered) open.boundGathering()
  if (bytes.length > 0) file.write(from, bytes)
  descriptor.at = from + bytes.length
  return bytes.length
}

/** @returns null for a directory. */
function openAt(
  folder: GrantedFolder,
  path: string,
  { write, how, namesDirectory }: { write: boolean; how: number; namesDirectory: boolean },
): { size: number; created: boolean } | null {
  const changes = write || (how & OPEN.truncate) !== 0
  const { entry, write: mayChange } = folder.stat(path)
  if (entry === null) {
    if ((how & OPEN.create) === 0) throw new WasiError(ERRNO.notFound)
    if (namesDirectory || (how & OPEN.directory) !== 0) throw new WasiError(ERRNO.invalid)
    if (!mayChange) throw new WasiError(ERRNO.readOnly)
    folder.create(path)
    return { size: 0, created: true }
  }
  if ((how & OPEN.create) !== 0 && (how & OPEN.exclusive) !== 0) throw new WasiError(ERRNO.exists)
  if (entry.kind === 'link') throw new WasiError(ERRNO.link)
  if (entry.kind === 'folder') {
    if (changes) throw new WasiError(ERRNO.isDirectory)
    return null
  }
  if (namesDirectory || (how & OPEN.directory) !== 0) throw new WasiError(ERRNO.notDirectory)
  if (changes && !mayChange) throw new WasiError(ERRNO.readOnly)
  return { size: entry.size, created: false }
}

function preopenName(descriptor: Descriptor): Uint8Array {
  if (descriptor.kind !== 'directory' || descriptor.preopen === null) throw new WasiError(ERRNO.badFd)
  return utf8(descriptor.preopen)
}

function rightsOf(descriptor: Descriptor): bigint {
  if (descriptor.kind === 'stream') return RIGHTS_OF_STREAM
  if (descriptor.kind === 'directory') return ALL_RIGHTS & ~(RIGHT_READ | RIGHT_WRITE)
  const { mayRead, mayWrite } = descriptor
  return ALL_RIGHTS & ~(mayRead ? 0n : RIGHT_READ) & ~(mayWrite ? 0n : RIGHT_WRITE)
}

function flush(descriptor: Descriptor): void {
  if (descriptor.kind === 'file') descriptor.file.flush()
}

function entryAt({ folder, path }: { folder: GrantedFolder; path: string }): FolderEntry {
  const { entry } = folder.stat(path)
  if (entry === null) throw new WasiError(ERRNO.notFound)
  return entry
}

/** @throws WasiError invalid for a place that no file has. */
function placeIn(offset: bigint): number {
  if (offset < 0n || offset > BigInt(Number.MAX_SAFE_INTEGER)) throw new WasiError(ERRNO.invalid)
  return Number(offset)
}

interface Vector {
  at: number
  length: number
}

function readInto(vectors: readonly Vector[], memory: GuestMemory, read: (from: number, length: number) => Uint8Array): number {
  let done = 0
  for (const { at, length } of vectors) {
    const end = done + Math.min(length, MOST_BYTES_AT_ONCE - done)
    const into = memory.view(at, end - done)
    for (const from = done; done < end; ) {
      const bytes = read(done, end - done)
      if (bytes.length === 0) return done
      into.set(bytes, done - from)
      done += bytes.length
    }
  }
  return done
}

function gathered(vectors: readonly Vector[], memory: GuestMemory): Uint8Array {
  const parts: Uint8Array[] = []
  let room = MOST_BYTES_AT_ONCE
  for (const { at, length } of vectors) {
    const part = memory.view(at, Math.min(length, room))
    parts.push(part)
    room -= part.length
  }
  return concatBytes(parts)
}

const self: FolderEntry = { name: '.', kind: 'folder', size: 0, modified: 0 }

/** "." and ".." first, as programs expect. */
function entryNumbered(directory: OpenDirectory, number: number): FolderEntry | null {
  if (number < 2) return number === 0 ? self : { ...self, name: '..' }
  const index = number - 2
  let names = directory.names
  if (names !== null && (index < names.from || index === 0)) names = null // from the beginning: what is there may have changed
  for (;;) {
    if (names === null) names = { from: 0, ...directory.folder.list(directory.path, null) }
    else if (index < names.from + names.entries.length) break
    else if (!names.more) break
    else names = { from: names.from + names.entries.length, ...directory.folder.list(directory.path, names.last) }
  }
  directory.names = names
  return names.entries[index - names.from] ?? null
}

function direntOf({ folder, path }: OpenDirectory, { name, kind }: FolderEntry, next: number): Uint8Array {
  const bytes = utf8(name)
  const record = new Uint8Array(DIRENT_BYTES + bytes.length)
  const view = new DataView(record.buffer)
  view.setBigUint64(0, BigInt(next), true)
  const place = name === '.' || name === '..' ? path : path === '' ? name : `${path}/${name}`
  view.setBigUint64(8, fileNumber(folder, place), true)
  view.setUint32(16, bytes.length, true)
  record[20] = FILETYPE[kind]
  record.set(bytes, DIRENT_BYTES)
  return record
}

/** The tree has no numbers for files; programs tell two files apart by these. */
function fileNumber(folder: GrantedFolder, path: string): bigint {
  return new DataView(blake3(utf8(`${folder.name}/${path}`)).buffer).getBigUint64(0, true)
}
