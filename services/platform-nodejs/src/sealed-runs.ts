import { closeSync, constants, openSync, readSync } from 'node:fs'
import type { BlockPlace } from '@holt/store/types.ts'
import { ALIGNMENT, alignedSlots } from './aligned-memory.ts'
import { openDirectSync, readDirectSync } from './direct-sync.ts'

/** Blocks that lie beside each other in one file on the drive, and are read at once. */
interface Run {
  path: string
  offset: number
  lengthBytes: number
  firstIndex: number
}

/** What lies between two blocks that were written together is the head of a section; much more would be read for nothing. */
const MOST_BETWEEN_BYTES = 4096
/** Room for four chunks of 1 MiB with their padding, and for the drive's blocks at the ends. */
const SLOT_BYTES = 4 * 1024 * 1024 + 256 * 1024
/** A run shorter than this comes faster from the page cache, with what the system read ahead. */
const LEAST_DIRECT_BYTES = 256 * 1024

/** One for each thread; what was read is valid until the next run is. */
let slot: Uint8Array<ArrayBuffer> | null = null

/** Reads sealed blocks, those that lie beside each other at once. To be asked for them in order. */
export class SealedRuns {
  readonly #places: readonly (BlockPlace | null)[]
  readonly #runs: Run[]
  #next = 0
  #current: { run: Run; bytes: Uint8Array | null } | null = null

  /** @param places null: not to be read here. */
  constructor(places: readonly (BlockPlace | null)[]) {
    this.#places = places
    this.#runs = runsOf(places)
  }

  /** @returns null when the block is not there; what is returned may be shorter than, or other than, the block. */
  read(index: number): Uint8Array | null {
    const place = this.#places[index] ?? null
    if (place === null) return null
    while (this.#next < this.#runs.length && (this.#runs[this.#next] as Run).firstIndex <= index) this.#readRun(this.#next++)
    if (this.#current === null || this.#current.bytes === null) return null
    const from = place.offset - this.#current.run.offset
    return this.#current.bytes.subarray(from, from + place.length)
  }

  #readRun(number: number): void {
    const run = this.#runs[number] as Run
    this.#current = { run, bytes: bytesOf(run) }
  }
}

function runsOf(places: readonly (BlockPlace | null)[]): Run[] {
  const runs: Run[] = []
  for (const [firstIndex, place] of places.entries()) {
    if (place === null) continue
    const last = runs.at(-1)
    if (last !== undefined && isBeside(last, place)) last.lengthBytes = place.offset + place.length - last.offset
    else runs.push({ path: place.path, offset: place.offset, lengthBytes: place.length, firstIndex })
  }
  return runs
}

function isBeside({ path, offset, lengthBytes }: Run, place: BlockPlace): boolean {
  const between = place.offset - offset - lengthBytes
  return (
    place.path === path &&
    between >= 0 &&
    between <= MOST_BETWEEN_BYTES &&
    place.offset + place.length - offset <= SLOT_BYTES - 2 * ALIGNMENT
  )
}

function bytesOf(run: Run): Uint8Array | null {
  slot ??= alignedSlots(SLOT_BYTES, 1)[0] as Uint8Array<ArrayBuffer>
  if (run.lengthBytes > slot.length - 2 * ALIGNMENT) return null
  try {
    return (run.lengthBytes < LEAST_DIRECT_BYTES ? null : readDirect(run, slot)) ?? readCached(run, slot)
  } catch {
    return null
  }
}

function readDirect({ path, offset, lengthBytes }: Run, into: Uint8Array<ArrayBuffer>): Uint8Array | null {
  const fd = openDirectSync(path, constants.O_RDONLY)
  if (fd === null) return null
  try {
    return readDirectSync(fd, into, offset, lengthBytes)
  } finally {
    closeSync(fd)
  }
}

function readCached({ path, offset, lengthBytes }: Run, into: Uint8Array): Uint8Array {
  const fd = openSync(path, constants.O_RDONLY)
  try {
    return into.subarray(0, readSync(fd, into, 0, lengthBytes, offset))
  } finally {
    closeSync(fd)
  }
}
