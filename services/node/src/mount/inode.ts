import { blake3 } from '@holt/core/blake3.ts'
import { concatBytes, toHex, utf8 } from '@holt/core/bytes.ts'
import type { FileEntry, Time, TreeEntry } from '@holt/tree/types.ts'
import type { WorkingFile } from '@holt/tree/working-file.ts'

/** How a kind of entry shows. */
export const typeOf = { f: 'file', d: 'directory', v: 'directory', l: 'symlink' } as const satisfies Record<TreeEntry['t'], string>

/** A file that is open or was changed: what the tree does not know yet. */
export interface FileState {
  working: WorkingFile
  redundancyClass: string
  /** With attributes as they shall be; size and content are the working file's. */
  entry: FileEntry
  /** Counts changes of attributes and contents. */
  changes: number
  saved: number
}

/** Something with a number. */
export class Inode {
  readonly number: number
  readonly type: TreeEntry['t']
  /** What tells it from another of the same name. */
  readonly identity: string
  parent: Inode | null
  name: string
  lookups = 0
  opens = 0
  /** Nothing has its name any more. */
  isGone = false
  file: FileState | null = null
  /** When it was last seen to change. */
  changed: Time | null = null
  /** As it was told last. */
  known: TreeEntry
  /** By which programs know it again; null: its number is all there is. */
  lasting: number | null = null
  readonly children = new Map<string, Inode>()

  constructor(number: number, place: { parent: Inode | null; name: string }, entry: TreeEntry) {
    this.number = number
    this.parent = place.parent
    this.name = place.name
    this.type = entry.t
    this.identity = identityOf(entry)
    this.known = entry
  }

  get isChanged(): boolean {
    return this.file !== null && this.file.changes !== this.file.saved
  }
}

/** The first key stays with a file or directory for its life. */
export function identityOf(entry: TreeEntry): string {
  return entry.t === 'l' ? `l${entry.to}` : `${entry.t}${toHex(entry.k[0] as Uint8Array)}`
}

const LASTING_CONTEXT = utf8('holt/inode-number/1')

/** The same at each mount, above all that are counted and no longer than programs in JavaScript can tell. null for what has no key. */
export function lastingNumberOf(entry: TreeEntry): number | null {
  if (entry.t === 'l') return null
  const digest = blake3(concatBytes([LASTING_CONTEXT, entry.k[0] as Uint8Array]))
  const view = new DataView(digest.buffer, digest.byteOffset)
  return 2 ** 52 + (view.getUint32(0) & 0xfffff) * 2 ** 32 + view.getUint32(4)
}
