import { encode } from '@holt/core/codec.ts'
import type { Disk } from '@holt/core/disk.ts'
import { readTwice, writeTwice } from '@holt/core/kept-twice.ts'
import type { Principal } from '@holt/core/principal.ts'
import { arrayOf, bytesOf, literal, parse, record, uint, version } from '@holt/core/shape.ts'

/** A node whose newest state this one has taken over, and the number of that state. */
export interface ReplacedNode {
  node: Principal
  seq: number
}

const FILE = 'replaced-nodes'
const MOST_NODES = 64
const replacedShape = record({
  v: version(1),
  kind: literal('replaced-nodes'),
  nodes: arrayOf(record({ node: bytesOf(32), seq: uint({ min: 1 }) }), { max: MOST_NODES }),
})

export function encodeReplaced(nodes: readonly ReplacedNode[]): Uint8Array {
  return encode({ v: 1, kind: 'replaced-nodes', nodes: nodes.slice(-MOST_NODES).map(({ node, seq }) => ({ node, seq })) })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodeReplaced(bytes: Uint8Array): ReplacedNode[] {
  return parse(replacedShape, bytes.slice()).nodes.map(({ node, seq }) => ({ node, seq }))
}

/** @throws HoltError MALFORMED when both copies are damaged. */
export async function readReplaced(disk: Disk): Promise<ReplacedNode[]> {
  const file = await readTwice(disk, FILE)
  return file === null ? [] : decodeReplaced(file.content)
}

/** Durable when it resolves. */
export async function writeReplaced(disk: Disk, nodes: readonly ReplacedNode[]): Promise<void> {
  await writeTwice(disk, FILE, encodeReplaced(nodes))
}
