import { encode } from '@holt/core/codec.ts'
import type { Disk } from '@holt/core/disk.ts'
import { readTwice, writeTwice } from '@holt/core/kept-twice.ts'
import { arrayOf, literal, nullable, parse, record, text, uint, version } from '@holt/core/shape.ts'

const FILE = 'programs-here'
const MOST = 256

const shape = record({
  v: version(1),
  kind: literal('programs-here'),
  programs: arrayOf(record({ id: text({ maxBytes: 32 }), port: nullable(uint({ min: 1, max: 65_535 })) }), { max: MOST }),
})

export function encodeHere(ports: ReadonlyMap<string, number | null>): Uint8Array {
  const programs = [...ports].map(([id, port]) => ({ id, port })).sort((a, b) => (a.id < b.id ? -1 : 1))
  return encode({ v: 1, kind: 'programs-here', programs })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION. */
export function decodeHere(encoded: Uint8Array): Map<string, number | null> {
  return new Map(parse(shape, encoded).programs.map(({ id, port }) => [id, port]))
}

/**
 * Which of the tree's programs run on this node, and on which port each has its page. The tree is that of all nodes of the owner; a program runs
 * on one of them, for two would write its store apart.
 */
export class HereBook {
  readonly #disk: Disk
  readonly #ports: Map<string, number | null>

  private constructor(disk: Disk, ports: Map<string, number | null>) {
    this.#disk = disk
    this.#ports = ports
  }

  /** @throws HoltError MALFORMED, UNSUPPORTED_VERSION, IO_FAILED. */
  static async open(disk: Disk): Promise<HereBook> {
    const kept = await readTwice(disk, FILE)
    return new HereBook(disk, kept === null ? new Map() : decodeHere(kept.content))
  }

  has(id: string): boolean {
    return this.#ports.has(id)
  }

  port(id: string): number | null {
    return this.#ports.get(id) ?? null
  }

  /** Durable when it resolves. */
  async set(id: string, port: number | null): Promise<void> {
    if (this.#ports.has(id) && this.#ports.get(id) === port) return
    this.#ports.set(id, port)
    await this.#write()
  }

  async remove(id: string): Promise<void> {
    if (this.#ports.delete(id)) await this.#write()
  }

  async #write(): Promise<void> {
    await writeTwice(this.#disk, FILE, encodeHere(this.#ports))
  }
}
