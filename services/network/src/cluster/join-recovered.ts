import { equalBytes, toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { isHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import { parseHead, verifyHead } from '@holt/tree/caps/head.ts'
import type { MergeConflict } from '@holt/tree/merge/merge-directories.ts'
import type { ClusterVolume } from './cluster.ts'
import { compareOrder, decodeLine, joinClocks, type Line, signLine, type SignedLine, verifyLine } from './line.ts'
import { LineBook } from './line-book.ts'
import { planFor } from './line-taker.ts'

export interface RecoveredVolume extends Pick<ClusterVolume, 'id' | 'head' | 'join'> {
  versions(): AsyncIterable<{ root: Uint8Array }>
}

export interface JoinRecoveredOptions {
  volume: RecoveredVolume
  /** As friends kept them; nobody has judged them. */
  lines: readonly Uint8Array[]
  crypto: Crypto
  clock: Clock
  /** The data folder of the new node, which has not shared the volume yet. */
  disk: Disk
  keys: { owner: KeyPair; node: Principal }
  warn: (text: string) => void
}

export interface RecoveredApart {
  /** False when something that a node had can not be read now. */
  isAll: boolean
  conflicts: readonly MergeConflict[]
}

/**
 * Several nodes of one owner may be lost at once that had been apart: the newest of their heads has not what the others had. What the lines say that
 * it lacks is merged into it, as it would have been had they met; and the new node knows from then on which commits it has.
 */
export async function joinRecovered(options: JoinRecoveredOptions): Promise<RecoveredApart> {
  const { volume, crypto, disk, keys, warn } = options
  const lines = believed(options)
  const conflicts: MergeConflict[] = []
  if (lines.length === 0 || volume.head === null) return { isAll: true, conflicts }
  let isAll = true
  const book = await LineBook.open(disk, warn)
  let own = await standingOf(volume.head, lines, options)
  for (const line of lines) {
    const plan = planFor(own, line, { common: () => [] })
    if (plan === null) continue
    try {
      const joined = await volume.join(async () => ({ ...plan, bases: 'histories' }))
      conflicts.push(...joined.conflicts)
      own = { head: joined.head, clock: joinClocks(own.clock, line.clock), ordered: later(own, line) }
      await book.stand(signLine(crypto, keys.owner, own), line)
    } catch (error) {
      if (!isHoltError(error)) throw error
      isAll = false
      warn(`what another of your nodes had alone cannot be read: ${error.message} (${error.code})`)
    }
  }
  await book.stand(signLine(crypto, keys.owner, own))
  return { isAll, conflicts }
}

/** Those of this owner and volume, the newest head first. */
function believed({ lines, crypto, volume, keys, warn }: JoinRecoveredOptions): SignedLine[] {
  const good = new Map<string, SignedLine>()
  for (const bytes of lines)
    try {
      const line = decodeLine(bytes)
      verifyLine(crypto, line, keys.owner.publicKey)
      const head = parseHead(line.head)
      verifyHead(crypto, head)
      if (equalBytes(head.volume, volume.id)) good.set(toHex(line.sig), line)
    } catch (error) {
      if (!isHoltError(error)) throw error
      warn(`what a node is said to have had is not believed: ${error.message} (${error.code})`)
    }
  return [...good.values()].sort((a, b) => parseHead(b.head).seq - parseHead(a.head).seq)
}

/** What is in a head. One of which no line was said has more than all the lines of versions in its history: a commit came after them. */
async function standingOf(head: Uint8Array, lines: readonly SignedLine[], { volume, keys, clock }: JoinRecoveredOptions): Promise<Line> {
  const said = lines.find((line) => equalBytes(line.head, head))
  if (said !== undefined) return said
  const roots = new Set<string>()
  for await (const { root } of volume.versions()) roots.add(toHex(root))
  const own: Line = { head, clock: [[keys.node, Math.floor(clock.nowMs())]], ordered: { term: 0, index: 0 } }
  for (const line of lines.filter((one) => roots.has(toHex(parseHead(one.head).root)))) {
    own.clock = joinClocks(own.clock, line.clock)
    own.ordered = later(own, line)
  }
  return own
}

function later(a: Line, b: Line): Line['ordered'] {
  return compareOrder(a.ordered, b.ordered) > 0 ? a.ordered : b.ordered
}
