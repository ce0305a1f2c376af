import { compareBytes, equalBytes } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Disk } from '@holt/core/disk.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { readTwice, writeTwice } from '@holt/core/kept-twice.ts'
import type { Principal } from '@holt/core/principal.ts'
import { arrayOf, bytesOf, literal, parse, record, text, version } from '@holt/core/shape.ts'
import { InTurn } from '../in-turn.ts'
import { MOST_NODES } from './line.ts'

/** How the owner calls this node, empty when nothing was said, and the others, as each said of itself. */
export interface KeptNames {
  self: string
  nodes: readonly { node: Principal; name: string }[]
}

const FILE = 'cluster/names'
export const MAX_NAME_BYTES = 128
export const nodeName = text({ maxBytes: MAX_NAME_BYTES })
const namesShape = record({
  v: version(1),
  kind: literal('names'),
  self: nodeName,
  nodes: arrayOf(record({ node: bytesOf(32), name: nodeName }), { max: MOST_NODES }),
})

export function encodeNames({ self, nodes }: KeptNames): Uint8Array {
  return encode({ v: 1, kind: 'names', self, nodes: nodes.map(({ node, name }) => ({ node, name })) })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION, TOO_LARGE */
export function decodeNames(content: Uint8Array): KeptNames {
  const { self, nodes } = parse(namesShape, content, { maxBytes: 64 << 10 })
  return { self, nodes: nodes.map(({ node, name }) => ({ node: node.slice(), name })) }
}

/** Names of the owner's nodes, also of those that are away. */
export class NodeNames {
  readonly #disk: Disk
  readonly #turns = new InTurn()
  #kept: KeptNames

  private constructor(disk: Disk, kept: KeptNames) {
    this.#disk = disk
    this.#kept = kept
  }

  /** Names that cannot be read are said again. */
  static async open(disk: Disk, warn: (text: string) => void): Promise<NodeNames> {
    await disk.makeFolder('cluster')
    try {
      const file = await readTwice(disk, FILE)
      if (file !== null) return new NodeNames(disk, decodeNames(file.content))
    } catch (error) {
      if (!isHoltError(error) || !['MALFORMED', 'UNSUPPORTED_VERSION', 'TOO_LARGE'].includes(error.code)) throw error
      warn(`the names of your nodes are damaged: ${error.message}`)
    }
    return new NodeNames(disk, { self: '', nodes: [] })
  }

  get self(): string {
    return this.#kept.self
  }

  of(node: Principal): string | null {
    return this.#kept.nodes.find((one) => equalBytes(one.node, node))?.name ?? null
  }

  setSelf(self: string): Promise<void> {
    return this.#turns.run(() => this.#write({ ...this.#kept, self }))
  }

  /** What another node says that it is called. */
  async hear(node: Principal, name: string): Promise<void> {
    if (this.of(node) === name || (name === '' && this.of(node) === null)) return
    await this.#turns.run(async () => {
      const others = this.#kept.nodes.filter((one) => !equalBytes(one.node, node)).slice(-(MOST_NODES - 1))
      const nodes = name === '' ? others : [...others, { node, name }].sort((a, b) => compareBytes(a.node, b.node))
      await this.#write({ ...this.#kept, nodes })
    })
  }

  async #write(kept: KeptNames): Promise<void> {
    await writeTwice(this.#disk, FILE, encodeNames(kept))
    this.#kept = kept
  }
}
