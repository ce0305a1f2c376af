import { utf8 } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { pack, type Parcel, unpack } from '../parcel.ts'

/** Powers for folders as a node has them, over a Map: what WASI makes of them is tried without one. null: a folder; a text: a link. */
export class MemoryFolders {
  readonly entries = new Map<string, Uint8Array | null | string>()
  /** What was used, and on what: "stat a.txt". */
  readonly uses: string[] = []
  readOnly = false
  full = false

  use(power: string, args: Uint8Array): Uint8Array {
    const parcel = unpack(args)
    const [kind, what = ''] = power.split('.')
    const path = String(parcel.head['path'] ?? parcel.head['from'])
    this.uses.push(`${what} ${path}`)
    if (kind !== 'folder' || parcel.head['power'] !== 'photos') throw new HoltError('NOT_AUTHORIZED', 'not granted')
    if (path.split('/').some((name) => name === '..' || name === '.')) throw new HoltError('PATH_INVALID', 'it leads elsewhere')
    const changes = !['stat', 'list', 'read'].includes(what)
    if (changes && this.readOnly) throw new HoltError('NOT_AUTHORIZED', 'for reading only')
    if (changes && this.full) throw new HoltError('DISK_FULL', 'no room')
    return this.#done(what, path, parcel)
  }

  text(path: string): string | null {
    const entry = this.entries.get(path)
    return entry instanceof Uint8Array ? new TextDecoder().decode(entry) : null
  }

  #done(what: string, path: string, { head, body }: Parcel): Uint8Array {
    switch (what) {
      case 'stat':
        return pack({ entry: this.#entry(path), write: !this.readOnly })
      case 'list': {
        const limit = head['limit'] as number
        const names = this.#names(path).filter((name) => name > ((head['after'] as string | undefined) ?? ''))
        const entries = names.slice(0, limit).map((name) => this.#entry(path === '' ? name : `${path}/${name}`))
        return pack({ entries, more: names.length > limit, last: names[Math.min(limit, names.length) - 1] })
      }
      case 'read': {
        const bytes = this.#file(path)
        const at = head['offset'] as number
        return pack({ size: bytes.length }, bytes.subarray(at, at + (head['size'] as number)))
      }
      case 'write':
        if (head['exclusive'] === true && this.entries.has(path)) throw new HoltError('ALREADY_EXISTS', 'it is there')
        this.entries.set(path, body.slice())
        return pack({})
      case 'writeAt':
        this.entries.set(path, overlaid(this.#file(path), head['offset'] as number, body))
        return pack({})
      case 'truncate':
        this.entries.set(path, overlaid(this.#file(path), 0, utf8('')).slice(0, head['size'] as number))
        return pack({})
      case 'makeFolder':
        if (this.entries.has(path)) throw new HoltError('ALREADY_EXISTS', 'it is there')
        this.entries.set(path, null)
        return pack({})
      case 'remove':
        this.#remove(path, head['kind'] as string)
        return pack({})
      case 'move':
        for (const [from, entry] of Array.from(this.entries)) {
          if (from !== path && !from.startsWith(`${path}/`)) continue
          this.entries.delete(from)
          this.entries.set(String(head['to']) + from.slice(path.length), entry)
        }
        return pack({})
      default:
        throw new HoltError('NOT_AUTHORIZED', 'no such power')
    }
  }

  #entry(path: string) {
    const entry = path === '' ? null : this.entries.get(path)
    if (entry === undefined) return null
    const kind = entry === null ? 'folder' : typeof entry === 'string' ? 'link' : 'file'
    return { name: path.split('/').pop(), kind, size: entry instanceof Uint8Array ? entry.length : 0, modified: 1_700_000_000_000 }
  }

  #names(path: string): string[] {
    if (this.#entry(path)?.kind !== 'folder') throw new HoltError('NOT_A_DIRECTORY', 'no folder')
    const prefix = path === '' ? '' : `${path}/`
    const names = [...this.entries.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
    return names.filter((name) => !name.includes('/')).sort()
  }

  #file(path: string): Uint8Array {
    const entry = this.entries.get(path)
    if (entry === undefined) throw new HoltError('NOT_FOUND', 'nothing is there')
    if (!(entry instanceof Uint8Array)) throw new HoltError('IS_A_DIRECTORY', 'no file')
    return entry
  }

  #remove(path: string, kind: string): void {
    const entry = this.#entry(path)
    if (entry === null) throw new HoltError('NOT_FOUND', 'nothing is there')
    if (kind === 'file' && entry.kind === 'folder') throw new HoltError('IS_A_DIRECTORY', 'a folder')
    if (kind === 'folder' && entry.kind !== 'folder') throw new HoltError('NOT_A_DIRECTORY', 'no folder')
    if (entry.kind === 'folder' && this.#names(path).length > 0) throw new HoltError('NOT_EMPTY', 'not empty')
    this.entries.delete(path)
  }
}

function overlaid(bytes: Uint8Array, at: number, over: Uint8Array): Uint8Array {
  const all = new Uint8Array(Math.max(bytes.length, at + over.length))
  all.set(bytes)
  all.set(over, at)
  return all
}
