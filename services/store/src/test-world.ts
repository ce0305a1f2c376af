import { encode } from '@holt/core/codec.ts'
import { type Cid, cidOf } from '@holt/core/cid.ts'
import type { Disk } from '@holt/core/disk.ts'
import { frameSection } from '@holt/core/car.ts'
import type { Clock } from './fragments/clock.ts'
import type { PackKeeper } from './pack-keeper.ts'
import { openPackStore, type PackStore, type PackStoreOptions } from './pack-store.ts'
import type { BlockBatch } from './types.ts'

/** What tests of the store build their worlds from: numbers that look random but are the same in each run. */

export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function bytesFrom(seed: number, lengthBytes: number): Uint8Array {
  const next = numbersFrom(seed)
  return Uint8Array.from({ length: lengthBytes }, () => 256 * next())
}

export function batchOf(bodies: readonly Uint8Array[]): BlockBatch & { cids: Cid[] } {
  const cids = bodies.map((body) => cidOf(body))
  const sections = bodies.map((body, i) => frameSection(cids[i] as Cid, body))
  const joined = new Uint8Array(sections.reduce((sum, section) => sum + section.length, 0))
  let offset = 0
  const blocks = sections.map((section, i) => {
    joined.set(section, offset)
    offset += section.length
    const { length } = bodies[i] as Uint8Array
    return { cid: cids[i] as Cid, offset: offset - length, length }
  })
  return { sections: joined, blocks, cids }
}

/** A head as the store sees it: the tree's fields beside these two do not matter to it. */
export function headOf(volume: number, sequence: number): Uint8Array {
  return encode({ v: 1, kind: 'head', volume: new Uint8Array(16).fill(volume), seq: sequence })
}

/** Runs nothing by itself; `run` does what was to be done by now. */
export class ManualClock implements Clock {
  ms = 1_700_000_000_000
  #due: { at: number; action: () => void }[] = []

  nowMs(): number {
    return this.ms
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { at: this.ms + delayMs, action }
    this.#due.push(timer)
    return () => {
      this.#due = this.#due.filter((other) => other !== timer)
    }
  }

  advance(ms: number): void {
    this.ms += ms
    const ready = this.#due.filter(({ at }) => at <= this.ms)
    this.#due = this.#due.filter(({ at }) => at > this.ms)
    for (const { action } of ready) action()
  }
}

let idSeed = 1

export async function openedStore(disk: Disk, keeper: PackKeeper, options: Partial<PackStoreOptions> = {}): Promise<PackStore> {
  const crypto = { randomBytes: (length: number) => bytesFrom(idSeed++, length) }
  return await openPackStore({ disk, keeper, crypto, clock: new ManualClock(), ...options })
}
