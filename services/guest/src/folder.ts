import { pack, unpack } from './parcel.ts'

export interface FolderEntry {
  name: string
  /** Links are not followed, and not listed. */
  kind: 'file' | 'folder' | 'link'
  size: number
  /** Milliseconds since 1970. */
  modified: number
}

/** A folder that the owner picked; paths are within it, with '/' between names, and lead nowhere else. */
export interface Folder {
  list(path?: string): Promise<FolderEntry[]>
  /** null when nothing is there. */
  stat(path: string): Promise<FolderEntry | null>
  /** All of a file, or a part of it. */
  read(path: string, part?: { offset?: number; size?: number }): Promise<Uint8Array>
  readText(path: string): Promise<string>
  /** Makes or replaces a file, whole or not at all. */
  write(path: string, content: Uint8Array | string): Promise<void>
  /** Changes bytes of a file that is there; it grows when it must. */
  writeAt(path: string, offset: number, bytes: Uint8Array): Promise<void>
  makeFolder(path: string): Promise<void>
  remove(path: string, options?: { recursive?: boolean }): Promise<void>
  move(from: string, to: string): Promise<void>
}

export function folderCalled(power: string): Folder {
  const ask = async (what: string, head: Record<string, unknown>, body?: Uint8Array) =>
    unpack(await holt.ask(`folder.${what}`, pack({ power, ...head }, body)))
  return {
    list: async (path = '') => (await ask('list', { path })).head['entries'] as FolderEntry[],
    stat: async (path) => (await ask('stat', { path })).head['entry'] as FolderEntry | null,
    read: async (path, { offset, size } = {}) => (await ask('read', { path, offset, size })).body,
    readText: async (path) => new TextDecoder().decode((await ask('read', { path })).body),
    write: async (path, content) =>
      void (await ask('write', { path }, typeof content === 'string' ? new TextEncoder().encode(content) : content)),
    writeAt: async (path, offset, bytes) => void (await ask('writeAt', { path, offset }, bytes)),
    makeFolder: async (path) => void (await ask('makeFolder', { path })),
    remove: async (path, { recursive = false } = {}) => void (await ask('remove', { path, recursive })),
    move: async (from, to) => void (await ask('move', { from, to })),
  }
}
