import type { PeerScore } from '../api/calls.ts'
import { percentText } from '../format.ts'
import { texts } from '../texts/texts.ts'

/** How it went with a node of late, in a line. */
export function scoreText({ trust, availability, faults, latencyMs, gone }: PeerScore): string {
  const words = texts.peers.score
  const parts = [words.there(percentText(availability, 1))]
  if (latencyMs !== null) parts.push(words.answers(latencyMs))
  parts.push(words.of(trust))
  if (faults > 0) parts.push(words.faults(faults))
  if (gone) parts.push(words.gone)
  return parts.join(' · ')
}
