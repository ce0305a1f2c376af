import { encode } from '@holt/core/codec.ts'
import { HoltError } from '@holt/core/errors.ts'
import { toHex } from '@holt/core/bytes.ts'
import { arrayOf, bytesOf, literal, nullable, parse, record, uint, version } from '@holt/core/shape.ts'
import { unwrapChecked, wrapChecked } from '@holt/store/fragments/checked-file.ts'
import type { Score } from './score.ts'

export const MOST_SCORES = 1024
const MOST_MS = 2 ** 50

const scoresShape = record({
  v: version(1),
  kind: literal('scores'),
  scores: arrayOf(
    record({
      node: bytesOf(32),
      since: uint(),
      reached: uint({ max: MOST_MS }),
      measured: uint({ max: MOST_MS }),
      silent: uint({ max: MOST_MS }),
      proven: uint({ max: MOST_MS }),
      failed: uint({ max: MOST_MS }),
      latency: nullable(uint({ max: MOST_MS })),
    }),
    { max: MOST_SCORES },
  ),
})

/** docs/formats.md §6. */
export function encodeScores(scores: readonly Score[]): Uint8Array {
  const all = scores.map(({ node, since, reachedMs, measuredMs, silentMs, proven, failed, latencyMs }) => ({
    node,
    since,
    reached: reachedMs,
    measured: measuredMs,
    silent: silentMs,
    proven,
    failed,
    latency: latencyMs,
  }))
  return wrapChecked(encode({ v: 1, kind: 'scores', scores: all }))
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodeScores(file: Uint8Array): Score[] {
  const { scores } = parse(scoresShape, unwrapChecked(file).slice())
  const nodes = new Set(scores.map(({ node }) => toHex(node)))
  if (nodes.size !== scores.length) throw new HoltError('MALFORMED', 'a node has two scores')
  return scores.map(({ node, since, reached, measured, silent, proven, failed, latency }) => {
    if (reached > measured) throw new HoltError('MALFORMED', 'a node was reached for longer than was looked')
    return { node, since, reachedMs: reached, measuredMs: measured, silentMs: silent, proven, failed, latencyMs: latency }
  })
}
