import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { decode } from '@holt/core/codec.ts'

/** A wrong head with a high number must not hide the right one below it. */
const HEADS_PER_VOLUME = 4

/**
 * The newest heads of each volume. The store reads two fields of a head, which volume it is of and its sequence number, to know
 * which must never get lost; whether a head is valid is the tree's to judge, so the next older ones are kept too.
 */
export class HeadBook {
  readonly #volumes = new Map<string, { sequence: number; head: Uint8Array }[]>()

  add(head: Uint8Array): void {
    const { volume, sequence } = orderOf(head)
    const known = this.#volumes.get(volume) ?? []
    if (known.some((other) => equalBytes(other.head, head))) return
    known.push({ sequence, head: head.slice() })
    known.sort((a, b) => b.sequence - a.sequence)
    this.#volumes.set(volume, known.slice(0, HEADS_PER_VOLUME))
  }

  /** Newest first within a volume. */
  all(): Uint8Array[] {
    return [...this.#volumes.values()].flatMap((heads) => heads.map(({ head }) => head))
  }
}

function orderOf(head: Uint8Array): { volume: string; sequence: number } {
  try {
    const fields = decode(head, { maxDepth: 8 }) as Record<string, unknown> | null
    const { volume, seq } = fields ?? {}
    if (volume instanceof Uint8Array && typeof seq === 'number') return { volume: toHex(volume), sequence: seq }
  } catch {
    // of a form that is not known here: kept as the only one of its kind
  }
  return { volume: `?${toHex(head)}`, sequence: 0 }
}
