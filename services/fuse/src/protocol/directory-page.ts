import { utf8 } from '@holt/core/bytes.ts'
import type { NodeAttributes } from '@holt/control/mounted-tree.ts'
import { putEntry, shownNumber } from './answers.ts'
import { ENTRY_BYTES, fileKinds } from './numbers.ts'

const DIRENT_BYTES = 24
/** What the kernel takes for a number that it was not told. */
const UNKNOWN_NUMBER = 0xffffffffn

interface PageName {
  name: string
  type: NodeAttributes['type']
  cookie: number
}

/** A page of a directory, filled name by name. */
export class DirectoryPage {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #used = 0

  constructor(sizeBytes: number) {
    this.#bytes = new Uint8Array(sizeBytes)
    this.#view = new DataView(this.#bytes.buffer)
  }

  hasRoom(name: string, isPlus: boolean): boolean {
    return this.#used + slotBytes(utf8(name).length, isPlus) <= this.#bytes.length
  }

  /** @param node for a page that tells attributes, too; null there: the kernel learns only the name. */
  add({ name, type, cookie }: PageName, node: NodeAttributes | null, isPlus: boolean): void {
    const text = utf8(name)
    if (isPlus && node !== null) putEntry(this.#view, this.#used, node)
    const at = this.#used + (isPlus ? ENTRY_BYTES : 0)
    this.#view.setBigUint64(at, node === null ? UNKNOWN_NUMBER : shownNumber(node), true)
    this.#view.setBigUint64(at + 8, BigInt(cookie), true)
    this.#view.setUint32(at + 16, text.length, true)
    this.#view.setUint32(at + 20, fileKinds[type] >> 12, true)
    this.#bytes.set(text, at + DIRENT_BYTES)
    this.#used += slotBytes(text.length, isPlus)
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#used)
  }
}

function slotBytes(nameBytes: number, isPlus: boolean): number {
  return (isPlus ? ENTRY_BYTES : 0) + Math.ceil((DIRENT_BYTES + nameBytes) / 8) * 8
}
