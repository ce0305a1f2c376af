import { pack, type Parcel, unpack } from '../../parcel.ts'
import type { VatHost } from '../vat-host.ts'

export interface FolderEntry {
  name: string
  kind: 'file' | 'folder' | 'link'
  size: number
  /** Milliseconds since 1970. */
  modified: number
}

/** How many names one question brings. */
const ENTRIES_AT_ONCE = 1000

/** A folder that the program was given, by the powers that a script uses too: the node looks at each use. */
export class GrantedFolder {
  readonly name: string
  readonly #host: VatHost

  constructor(host: VatHost, name: string) {
    this.#host = host
    this.name = name
  }

  /** @returns also whether what lies in the folder may be changed. */
  stat(path: string): { entry: FolderEntry | null; write: boolean } {
    const { head } = this.#use('stat', { path })
    return head as unknown as { entry: FolderEntry | null; write: boolean }
  }

  /** In the order of names, those after `after`. */
  list(path: string, after: string | null): { entries: FolderEntry[]; more: boolean; last: string | null } {
    const { head } = this.#use('list', { path, limit: ENTRIES_AT_ONCE, ...(after === null ? {} : { after }) })
    return { last: null, ...head } as unknown as ReturnType<GrantedFolder['list']>
  }

  read(path: string, offset: number, size: number): { bytes: Uint8Array; fileSize: number } {
    const { head, body } = this.#use('read', { path, offset, size })
    return { bytes: body, fileSize: head['size'] as number }
  }

  create(path: string): void {
    this.#use('write', { path, exclusive: true })
  }

  writeAt(path: string, offset: number, bytes: Uint8Array): void {
    this.#use('writeAt', { path, offset }, bytes)
  }

  truncate(path: string, size: number): void {
    this.#use('truncate', { path, size })
  }

  makeFolder(path: string): void {
    this.#use('makeFolder', { path })
  }

  remove(path: string, kind: 'file' | 'folder'): void {
    this.#use('remove', { path, kind })
  }

  move(from: string, to: string): void {
    this.#use('move', { from, to, replace: true })
  }

  #use(what: string, head: Record<string, unknown>, body?: Uint8Array): Parcel {
    return unpack(this.#host.call(new TextEncoder().encode(`folder.${what}`), pack({ power: this.name, ...head }, body)))
  }
}
