import type { Cid } from '@holt/core/cid.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import type { BlockStore } from '@holt/store/types.ts'
import type { ImportedFile } from './import-large.ts'
import type { LocalJobs } from './jobs.ts'
import type { SealFilesInput } from './read-jobs.ts'
import type { LocalEntry } from './scan-folder.ts'
import { sectionLength, unpackBlocks } from './seal-into-slot.ts'
import { SLOT_BYTES, type Slots } from './slots.ts'

/** A batch of small files fills one slot at most. */
const BATCH_FILES = 256

export interface SmallFile {
  local: string
  directory: string
  entry: LocalEntry
}

/** Stores a batch by way of a free slot. */
export type StoreBatch = (slot: ArrayBuffer) => Promise<void>

interface SmallImport {
  store: BlockStore
  pool: WorkPool<LocalJobs>
  slots: Slots
  signal: AbortSignal
  /** @param file may also be why it was passed over. */
  onFile(small: SmallFile, file: ImportedFile | string): void
}

/** Files of one chunk, sealed and stored by the batch, since each alone would cost a round to a worker. */
export class SmallFileBatches {
  readonly #context: SmallImport
  #files: SmallFile[] = []
  #bytes = 0
  #redundancyClass = ''

  constructor(context: SmallImport) {
    this.#context = context
  }

  /** @returns the batch that is full with what came before, if it is. */
  add(file: SmallFile, redundancyClass: string): StoreBatch | null {
    const length = sectionLength(file.entry.sizeBytes)
    const isFull = this.#files.length >= BATCH_FILES || this.#bytes + length > SLOT_BYTES
    const full = isFull || redundancyClass !== this.#redundancyClass ? this.take() : null
    this.#redundancyClass = redundancyClass
    this.#files.push(file)
    this.#bytes += length
    return full
  }

  /** @returns what stores the files that wait. */
  take(): StoreBatch | null {
    const files = this.#files
    const redundancyClass = this.#redundancyClass
    this.#files = []
    this.#bytes = 0
    return files.length === 0 ? null : (slot) => this.#store(files, redundancyClass, slot)
  }

  async #store(files: readonly SmallFile[], redundancyClass: string, buffer: ArrayBuffer): Promise<void> {
    const { store, pool, slots, signal, onFile } = this.#context
    let slot: ArrayBuffer | null = buffer
    try {
      for (let rest = files; rest.length > 0; ) {
        const input: SealFilesInput = { slot, files: rest.map(({ local, entry }) => ({ local, sizeBytes: entry.sizeBytes })) }
        slot = null
        const output = await pool.run('sealFiles', input, { signal, transfer: [input.slot] })
        slot = output.slot.buffer
        const blocks = unpackBlocks(output.packedBlocks)
        if (blocks.length > 0) await store.append({ sections: output.slot.subarray(0, output.usedBytes), blocks }, { redundancyClass })
        for (const [i, { failure, sizeBytes, block }] of output.files.slice(0, output.handled).entries()) {
          const root = block < 0 ? null : (blocks[block] as { cid: Cid }).cid
          const key = output.keys.subarray(32 * i, 32 * i + 32)
          onFile(rest[i] as SmallFile, failure ?? { key, root, height: 0, sizeBytes })
        }
        rest = rest.slice(output.handled)
      }
    } finally {
      slots.give(slot)
    }
  }
}
