import { encode } from '@holt/core/codec.ts'
import { HoltError } from '@holt/core/errors.ts'
import { arrayOf, parse, record, text, uint, version } from '@holt/core/shape.ts'
import { bytes } from '@holt/core/shape.ts'
import { PREPARED_BY } from './meter/meter-pass.ts'
import { type MemoryRun, SNAPSHOT_PAGE_BYTES, type VatImage, type VatSnapshot } from './types.ts'

/** What a vat is beside its memory. docs/formats.md has the fields. */
export interface VatState {
  /** Of each global that changes: its type and its value, as 8 bytes, least first. */
  globals: readonly { type: string; value: Uint8Array }[]
  /** What the kind of program keeps of places in memory. */
  pointers: readonly number[]
}

const shape = record({
  v: version(1),
  by: uint(),
  globals: arrayOf(record({ type: text({ maxBytes: 3 }), value: bytes({ max: 8, multipleOf: 8 }) }), { max: 10_000 }),
  pointers: arrayOf(uint({ max: 0xffffffff }), { max: 16 }),
})

export function encodeVatState({ globals, pointers }: VatState): Uint8Array {
  return encode({ v: 1, by: PREPARED_BY, globals, pointers })
}

/** @throws HoltError MALFORMED; UNSUPPORTED_VERSION also for a state whose module was prepared by another version of the pass. */
export function decodeVatState(state: Uint8Array): VatState {
  const { by, globals, pointers } = parse(shape, state)
  if (by !== PREPARED_BY) throw new HoltError('UNSUPPORTED_VERSION', `a vat of meter ${by}, this build has ${PREPARED_BY}`)
  return { globals, pointers }
}

/** @returns the image after the snapshot; `image` is null for the first one, and is used up otherwise. */
export function applySnapshot(image: VatImage | null, snapshot: VatSnapshot): VatImage {
  const before = image?.memory ?? new Uint8Array()
  const memory = before.length === snapshot.memoryBytes ? before : new Uint8Array(snapshot.memoryBytes)
  if (memory !== before) memory.set(before.subarray(0, memory.length))
  for (const { at, bytes: content } of snapshot.runs) {
    if (at + content.length > memory.length) throw new HoltError('MALFORMED', 'a snapshot with pages outside of its memory')
    memory.set(content, at)
  }
  return { memory, state: snapshot.state }
}

/** Knows what a memory was at the last snapshot, and so what changed since. */
export class MemoryHistory {
  #last: Uint8Array

  /** @param last what it was; nothing but zeros when it is empty. */
  constructor(last: Uint8Array) {
    this.#last = last
  }

  /** @returns the pages that differ, next to each other joined. */
  changesTo(now: Uint8Array): MemoryRun[] {
    if (this.#last.length !== now.length) {
      const longer = new Uint8Array(now.length)
      longer.set(this.#last.subarray(0, now.length))
      this.#last = longer
    }
    const runs: MemoryRun[] = []
    let start = -1
    const before = new Uint32Array(this.#last.buffer, this.#last.byteOffset, now.length / 4)
    const after = new Uint32Array(now.buffer, now.byteOffset, now.length / 4)
    for (let at = 0; at <= now.length; at += SNAPSHOT_PAGE_BYTES) {
      const differs = at < now.length && pageDiffers(before, after, at / 4)
      if (differs && start < 0) start = at
      if (differs || start < 0) continue
      const bytes = now.slice(start, at)
      this.#last.set(bytes, start)
      runs.push({ at: start, bytes })
      start = -1
    }
    return runs
  }
}

function pageDiffers(before: Uint32Array, after: Uint32Array, from: number): boolean {
  for (let at = from, end = from + SNAPSHOT_PAGE_BYTES / 4; at < end; at++) if (before[at] !== after[at]) return true
  return false
}
