import { ERRNO, WasiError } from './errno.ts'
import type { GrantedFolder } from './granted-folder.ts'

/** What is fetched ahead: C libraries read a KiB at a time, and each question to the node is a way there and back and a line in the audit. */
const READ_AHEAD_BYTES = 256 << 10
/** What is gathered before it is written: each write to the node is a commit. */
const GATHERED_BYTES = 1 << 20

interface Ahead {
  at: number
  bytes: Uint8Array
  /** After these there was nothing. */
  toEnd: boolean
}

/**
 * One file that is open, however often. What is written is gathered, and goes to the node when there is much of it, when the file is closed or synced,
 * when it is read, and when the delivery ends.
 */
export class WasiFile {
  readonly folder: GrantedFolder
  path: string
  /** How many descriptors stand for it. */
  uses = 0
  /** Under its name is nothing any more, or something else. */
  gone = false
  #size: number
  #ahead: Ahead | null = null
  #gathered: { at: number; bytes: Uint8Array; length: number } | null = null

  constructor(folder: GrantedFolder, path: string, size: number) {
    this.folder = folder
    this.path = path
    this.#size = size
  }

  get hasGathered(): boolean {
    return this.#gathered !== null
  }

  /** As far as it is known here: others may write to it too. */
  get size(): number {
    return this.#size
  }

  /** Another look at how long it is now. */
  lookAgain(): number {
    this.flush()
    const { entry } = this.folder.stat(this.path)
    if (this.gone || entry === null) throw new WasiError(ERRNO.notFound)
    this.#size = entry.size
    return entry.size
  }

  /** Fewer bytes than were asked for are no sign of its end; none are. */
  read(at: number, length: number): Uint8Array {
    if (this.gone) throw new WasiError(ERRNO.notFound)
    this.flush()
    const { at: start, bytes } = this.#known(at) ?? this.#fetch(at, length)
    return bytes.subarray(at - start, at - start + length)
  }

  write(at: number, bytes: Uint8Array): void {
    if (this.gone) throw new WasiError(ERRNO.notFound)
    if (!this.#gather(at, bytes)) {
      this.flush()
      this.#gathered = { at, bytes: new Uint8Array(Math.min(GATHERED_BYTES, Math.max(4096, bytes.length))), length: 0 }
      if (!this.#gather(at, bytes)) throw new RangeError('more is written at once than is gathered')
    }
    this.#ahead = null
    this.#size = Math.max(this.#size, at + bytes.length)
  }

  truncate(size: number): void {
    this.flush()
    if (this.gone) throw new WasiError(ERRNO.notFound)
    this.folder.truncate(this.path, size)
    this.#ahead = null
    this.#size = size
  }

  /** What cannot be written is forgotten: whoever flushed was told. */
  flush(): void {
    const gathered = this.#gathered
    this.#gathered = null
    if (gathered !== null && !this.gone) this.folder.writeAt(this.path, gathered.at, gathered.bytes.subarray(0, gathered.length))
  }

  #known(at: number): Ahead | null {
    const known = this.#ahead
    if (known === null || at < known.at) return null
    const end = known.at + known.bytes.length
    return at < end || (at === end && known.toEnd) ? known : null
  }

  #fetch(at: number, length: number): Ahead {
    const { bytes, fileSize } = this.folder.read(this.path, at, Math.max(length, READ_AHEAD_BYTES))
    this.#size = fileSize
    this.#ahead = { at, bytes, toEnd: at + bytes.length >= fileSize }
    return this.#ahead
  }

  /** What was read ahead. */
  forget(): void {
    this.#ahead = null
  }

  #gather(at: number, bytes: Uint8Array): boolean {
    const gathered = this.#gathered
    if (gathered === null) return false
    const from = at - gathered.at
    const end = from + bytes.length
    if (from < 0 || from > gathered.length || end > GATHERED_BYTES) return false
    if (end > gathered.bytes.length) {
      const larger = new Uint8Array(Math.min(GATHERED_BYTES, Math.max(end, gathered.bytes.length * 2)))
      larger.set(gathered.bytes.subarray(0, gathered.length))
      gathered.bytes = larger
    }
    gathered.bytes.set(bytes, from)
    gathered.length = Math.max(gathered.length, end)
    return true
  }
}
