import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toHex } from '@holt/core/bytes.ts'
import { type Cid, cidOf } from '@holt/core/cid.ts'
import { HoltError } from '@holt/core/errors.ts'
import { type AskNode, BlockAsker } from './block-asker.ts'

const bodies = Array.from({ length: 100 }, (_, i) => Uint8Array.from({ length: 50 }, () => i))
const cids = bodies.map((body) => cidOf(body))
type Block = { sealed: Uint8Array; class: string } | null

/** Nodes that answer as they are told, and how much each was asked for at once. */
function askerOf(...nodes: ((asked: readonly Cid[]) => Block[])[]) {
  const calls: number[][] = nodes.map(() => [])
  const callerOf = (node: Uint8Array): AskNode => {
    const number = node[0] as number
    const call = async (_name: string, { cids: asked }: { cids: readonly Cid[] }) => {
      calls[number]?.push(asked.length)
      return { blocks: nodes[number]?.(asked) ?? [] }
    }
    return { call, close: () => {} } as unknown as AskNode
  }
  return { asker: new BlockAsker({ nodes: () => nodes.map((_, i) => Uint8Array.of(i)), callerOf }), calls }
}

const known = (cid: Cid): Block => ({ sealed: bodies.find((body) => toHex(cidOf(body)) === toHex(cid)) as Uint8Array, class: 'standard' })

test('many are asked for with few requests, and those that did not fit again', async () => {
  const { asker, calls } = askerOf((asked) => asked.slice(0, 30).map(known))
  const found = await Promise.all(cids.map((cid) => asker.get(cid)))
  for (const [i, block] of found.entries()) assert.deepEqual(block?.sealed, bodies[i])
  assert.ok((calls[0]?.length ?? 0) <= 6, calls.join())
})

test('who has not got it, sends something else or fails is passed over', async () => {
  const lacks = (asked: readonly Cid[]): Block[] => asked.map(() => null)
  const lies = (asked: readonly Cid[]): Block[] => asked.map(() => ({ sealed: Uint8Array.of(1), class: 'standard' }))
  const fails = (): Block[] => {
    throw new HoltError('PEER_UNREACHABLE', 'gone')
  }
  const tooMany = (asked: readonly Cid[]): Block[] => [...asked.map(known), null]
  const { asker } = askerOf(
    lacks,
    lies,
    fails,
    tooMany,
    () => [],
    (asked) => asked.map(known),
  )
  assert.deepEqual((await asker.get(cids[3] as Cid))?.sealed, bodies[3])
  assert.equal(await askerOf(lacks, lies, fails).asker.get(cids[3] as Cid), null)
  await assert.rejects(asker.get(cids[3] as Cid, { signal: AbortSignal.abort() }), { code: 'CANCELLED' })
})
