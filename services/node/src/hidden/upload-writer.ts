import type { BlockStore } from '@holt/store/types.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import { continueFileWriter, createFileWriter, type FileWriter } from '@holt/tree/file-writer.ts'
import type { TreeJobs } from '@holt/tree/jobs.ts'
import type { FileEntry, Volume } from '@holt/tree/types.ts'
import { parentOf, timeOfSeconds } from '../entries.ts'
import { HIDDEN } from './hidden-area.ts'
import { uploadRecordOf, withUploadRecord } from './upload-record.ts'

export const UPLOADS = `${HIDDEN}/uploads`

export interface UploadContext {
  /** Hidden area and all. */
  volume: Volume
  store: BlockStore
  crypto: Crypto
  pool: WorkPool<TreeJobs>
  now(): number
}

const SEQUENTIAL_CHUNK_LOG2 = 20
/** What a crash of the node costs at most: so much is sent again. */
const CHECKPOINT_BYTES = 64 << 20

/** Writes on at one upload and, from time to time, what there is of it into the tree. */
export class UploadWriter {
  readonly id: string
  readonly #context: UploadContext
  readonly #writer: FileWriter
  readonly #session: { end(): void }
  #savedBytes: number
  #saving: Promise<void> = Promise.resolve()

  private constructor(id: string, context: UploadContext, begun: { writer: FileWriter; session: { end(): void } }) {
    this.id = id
    this.#context = context
    this.#writer = begun.writer
    this.#session = begun.session
    this.#savedBytes = begun.writer.sizeBytes
  }

  /** Goes on behind the last checkpoint. */
  static async open(id: string, context: UploadContext, entry: FileEntry): Promise<UploadWriter> {
    const { volume, store, crypto, pool } = context
    const { path, mode, modified } = uploadRecordOf(entry)
    const session = store.beginWriting()
    try {
      const options = { store, crypto, pool, mode, time: modified, chunkLog2: SEQUENTIAL_CHUNK_LOG2 } as const
      const redundancyClass = await volume.current().redundancyClass(parentOf(path))
      const writer =
        entry.z === 0 ? createFileWriter({ ...options, redundancyClass }) : await continued(context, entry, { ...options, redundancyClass })
      return new UploadWriter(id, context, { writer, session })
    } catch (error) {
      session.end()
      throw error
    }
  }

  get offsetBytes(): number {
    return this.#writer.sizeBytes
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#writer.write(bytes)
    if (this.#writer.sizeBytes - this.#savedBytes < CHECKPOINT_BYTES) return
    await this.#saving
    await this.#beginSaving()
  }

  /** What is there of whole chunks is durable when it resolves. */
  async save(): Promise<void> {
    await this.#saving
    await this.#beginSaving()
    await this.#saving
  }

  /** The blocks are stored when it resolves, the commit goes on: sending need not wait for it. */
  async #beginSaving(): Promise<void> {
    const entry = await this.#writer.checkpoint()
    if (entry.z === this.#savedBytes) return
    this.#savedBytes = entry.z
    this.#saving = saveEntry(this.#context, this.id, entry)
    this.#saving.catch(() => {}) // met where it is awaited
  }

  /** All bytes are there. @returns the whole file, in the tree still as an upload. */
  async finish(): Promise<void> {
    await this.#saving
    await saveEntry(this.#context, this.id, await this.#writer.close())
  }

  /** Nothing is written any more. */
  async end(): Promise<void> {
    await this.#writer.abort()
    await this.#saving.catch(() => {})
    this.#session.end()
  }
}

function continued(context: UploadContext, entry: FileEntry, options: Parameters<typeof continueFileWriter>[0]): Promise<FileWriter> {
  async function* cids() {
    for await (const { cid } of context.volume.current().openEntry(entry).chunks()) yield cid
  }
  return continueFileWriter(options, { entry, cids: cids() })
}

/** Unless it was discarded meanwhile. The record is that of now: the place may have changed. */
async function saveEntry({ volume, now }: UploadContext, id: string, entry: FileEntry): Promise<void> {
  await volume.edit(async (edit) => {
    const there = await edit.stat(`${UPLOADS}/${id}`)
    if (there?.t !== 'f') return
    const saved = withUploadRecord({ ...entry, m: 0o600, mt: timeOfSeconds(now() / 1000) }, uploadRecordOf(there))
    await edit.putEntries(UPLOADS, [{ name: id, entry: saved }])
  })
}
