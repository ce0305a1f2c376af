import type { FileUploads, NewUpload, Upload } from '@holt/control/streams.ts'
import { toHex, utf8 } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { createFileWriter } from '@holt/tree/file-writer.ts'
import type { Edit, FileEntry, Snapshot } from '@holt/tree/types.ts'
import { nameOf, parentOf, publicEntry, secondsOf, timeOfSeconds } from '../entries.ts'
import { obstacle } from '../obstacle.ts'
import { checkNotHidden } from './hidden-area.ts'
import { finishedFile, MAX_UPLOAD_PATH_BYTES, type UploadRecord, uploadRecordOf, withUploadRecord } from './upload-record.ts'
import { type UploadContext, UPLOADS, UploadWriter } from './upload-writer.ts'

const MOST_UPLOADS = 1000
const KEPT_SECONDS = 7 * 86_400
/** A sender that comes back soon goes on within the chunk that was begun. */
const IDLE_MS = 120_000
/** Of those with a chunk begun that nobody sends to. */
const MOST_IDLE = 32
const MAX_FILE_BYTES = Number.MAX_SAFE_INTEGER

interface Active {
  writer: UploadWriter
  /** null while nobody sends. */
  stop: AbortController | null
  idle: ReturnType<typeof setTimeout> | null
}

/**
 * Uploads that go on. Each is a file in the hidden area that grows by commits and carries what it will be; with its last byte it moves to its place, in one
 * commit. A chunk that is begun is in memory only.
 */
export class Uploads implements FileUploads {
  readonly #context: UploadContext
  readonly #active = new Map<string, Active>()
  /** One thing at a time for each upload. */
  readonly #turns = new Map<string, Promise<unknown>>()
  #closed = false

  constructor(context: UploadContext) {
    this.#context = context
  }

  async create({ path, sizeBytes, modified, mode = 0o644, replace = false }: NewUpload): Promise<Upload> {
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || sizeBytes > MAX_FILE_BYTES)
      throw new HoltError('INPUT_INVALID', 'no size of a file', { field: 'sizeBytes' })
    checkTarget(path)
    const { volume, crypto, store, now } = this.#context
    const id = toHex(crypto.randomBytes(16))
    const time = timeOfSeconds(now() / 1000)
    const record: UploadRecord = { path, sizeBytes, mode, replace, modified: modified === undefined ? time : timeOfSeconds(modified) }
    const empty = await createFileWriter({ store, crypto, mode: 0o600, time }).close()
    return volume.edit(async (edit) => {
      await checkPlace(edit, record)
      await edit.makeDirectory(UPLOADS, { parents: true, mode: 0o700 })
      if ((await edit.list(UPLOADS, { limit: MOST_UPLOADS })).entries.length >= MOST_UPLOADS)
        throw new HoltError('TOO_LARGE', `${MOST_UPLOADS} uploads are open already`, { limit: MOST_UPLOADS })
      await edit.putEntries(UPLOADS, [{ name: id, entry: withUploadRecord(empty, record) }])
      return uploadOf(id, { ...empty, z: 0 }, record)
    })
  }

  async find(id: string): Promise<Upload> {
    this.#active.get(id)?.stop?.abort(new HoltError('CANCELLED', 'the sender began anew'))
    return this.#alone(id, () => this.#describe(id))
  }

  async list(): Promise<Upload[]> {
    const snapshot = this.#context.volume.current()
    if ((await snapshot.stat(UPLOADS)) === null) return []
    const { entries } = await snapshot.list(UPLOADS, { limit: MOST_UPLOADS })
    return entries.map(({ name, entry }) => uploadOf(name, entry as FileEntry, uploadRecordOf(entry), this.#active.get(name)))
  }

  async append(id: string, offset: number, body: AsyncIterable<Uint8Array>, { signal }: { signal: AbortSignal }) {
    this.#active.get(id)?.stop?.abort(new HoltError('CANCELLED', 'the sender began anew'))
    return this.#alone(id, async () => {
      if (this.#closed) throw new HoltError('NODE_STOPPING', 'the node is stopping')
      const entry = await this.#entry(id)
      const { sizeBytes } = uploadRecordOf(entry)
      if (entry.z < sizeBytes || sizeBytes === 0) await this.#write(id, entry, { offset, sizeBytes, body, signal })
      else if (offset !== sizeBytes) throw elsewhere(sizeBytes)
      const upload = await this.#describe(id)
      if (upload.offsetBytes < sizeBytes) return { upload, entry: null }
      return { upload, entry: publicEntry(nameOf(upload.path), await this.#moveToPlace(id)) }
    })
  }

  async #write(
    id: string,
    entry: FileEntry,
    { offset, sizeBytes, body, signal }: { offset: number; sizeBytes: number; body: AsyncIterable<Uint8Array>; signal: AbortSignal },
  ): Promise<void> {
    const active = await this.#activate(id, entry)
    const { writer } = active
    if (offset !== writer.offsetBytes) {
      this.#rest(id, active)
      throw elsewhere(writer.offsetBytes)
    }
    const stop = new AbortController()
    active.stop = stop
    const stopped = AbortSignal.any([signal, stop.signal])
    try {
      for await (const bytes of untilAborted(body, stopped)) {
        if (writer.offsetBytes + bytes.length > sizeBytes) throw new HoltError('INPUT_INVALID', 'more bytes than were told', { sizeBytes })
        await writer.write(bytes)
      }
      if (writer.offsetBytes === sizeBytes) {
        await writer.finish()
        await this.#forget(id)
      } else await writer.save()
    } catch (error) {
      // What has come is kept as far as the store can; the sender learns why it ended.
      await writer.save().catch(() => this.#forget(id))
      throw error
    } finally {
      active.stop = null
      if (this.#active.get(id) === active) this.#rest(id, active)
    }
  }

  async #activate(id: string, entry: FileEntry): Promise<Active> {
    const known = this.#active.get(id)
    if (known !== undefined) {
      if (known.idle !== null) clearTimeout(known.idle)
      known.idle = null
      return known
    }
    const active: Active = { writer: await UploadWriter.open(id, this.#context, entry), stop: null, idle: null }
    this.#active.set(id, active)
    return active
  }

  #rest(id: string, active: Active): void {
    active.idle = setTimeout(() => void this.#alone(id, async () => this.#forgetIfIdle(id, active)).catch(() => {}), IDLE_MS)
    const idle = [...this.#active].filter(([, one]) => one.stop === null)
    for (const [other, one] of idle.slice(0, Math.max(0, idle.length - MOST_IDLE)))
      if (one !== active) void this.#alone(other, async () => this.#forgetIfIdle(other, one)).catch(() => {})
  }

  async #forgetIfIdle(id: string, active: Active): Promise<void> {
    if (this.#active.get(id) === active && active.stop === null) await this.#forget(id)
  }

  /** What was not saved is to be sent again. */
  async #forget(id: string): Promise<void> {
    const active = this.#active.get(id)
    this.#active.delete(id)
    clearTimeout(active?.idle ?? undefined)
    await active?.writer.end()
  }

  async #moveToPlace(id: string): Promise<FileEntry> {
    const moved = await this.#context.volume.edit(async (edit) => {
      const entry = await fileIn(edit, id)
      const record = uploadRecordOf(entry)
      await checkPlace(edit, record)
      const file = finishedFile(entry, record)
      await edit.remove(`${UPLOADS}/${id}`)
      await edit.putEntries(parentOf(record.path), [{ name: nameOf(record.path), entry: file }])
      return file
    })
    this.#turns.delete(id)
    return moved
  }

  retarget(id: string, { path, replace }: { path: string; replace: boolean }): Promise<Upload> {
    checkTarget(path)
    return this.#alone(id, async () => {
      await this.#context.volume.edit(async (edit) => {
        const entry = await fileIn(edit, id)
        const record = { ...uploadRecordOf(entry), path, replace }
        await checkPlace(edit, record)
        await edit.putEntries(UPLOADS, [{ name: id, entry: withUploadRecord(entry, record) }])
      })
      return this.#describe(id)
    })
  }

  async discard(id: string): Promise<void> {
    this.#active.get(id)?.stop?.abort(new HoltError('CANCELLED', 'the upload was discarded'))
    await this.#alone(id, async () => {
      await this.#forget(id)
      await this.#context.volume.edit(async (edit) => {
        await fileIn(edit, id)
        await edit.remove(`${UPLOADS}/${id}`)
      })
    })
  }

  /** Gives up what nothing has come for. @returns how many. */
  async expire(): Promise<number> {
    const nowSeconds = this.#context.now() / 1000
    const old = (await this.list()).filter(({ id, expires }) => expires < nowSeconds && (this.#active.get(id)?.stop ?? null) === null)
    for (const { id } of old) await this.discard(id)
    return old.length
  }

  /** Saves what is under way. */
  async close(): Promise<void> {
    this.#closed = true
    for (const { stop } of this.#active.values()) stop?.abort(new HoltError('NODE_STOPPING', 'the node is stopping'))
    await Promise.all([...this.#active.keys()].map((id) => this.#alone(id, () => this.#forget(id)).catch(() => {})))
  }

  async #describe(id: string): Promise<Upload> {
    const entry = await this.#entry(id)
    return uploadOf(id, entry, uploadRecordOf(entry), this.#active.get(id))
  }

  #entry(id: string): Promise<FileEntry> {
    return fileIn(this.#context.volume.current(), id)
  }

  #alone<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(id) ?? Promise.resolve()
    const mine = before.catch(() => {}).then(work)
    this.#turns.set(id, mine)
    const done = (): void => {
      if (this.#turns.get(id) === mine) this.#turns.delete(id)
    }
    mine.catch(() => {}).finally(done)
    return mine
  }
}

async function fileIn(tree: Pick<Edit | Snapshot, 'stat'>, id: string): Promise<FileEntry> {
  const entry = /^[0-9a-f]{32}$/.test(id) ? await tree.stat(`${UPLOADS}/${id}`) : null
  if (entry?.t !== 'f') throw new HoltError('NOT_FOUND', 'there is no such upload (any more)', { id: id.slice(0, 64) })
  return entry
}

function uploadOf(id: string, entry: FileEntry, { path, sizeBytes, replace }: UploadRecord, active?: Active): Upload {
  return { id, path, sizeBytes, replace, offsetBytes: active?.writer.offsetBytes ?? entry.z, expires: secondsOf(entry.mt) + KEPT_SECONDS }
}

function checkTarget(path: string): void {
  checkNotHidden(path)
  if (utf8(path).length > MAX_UPLOAD_PATH_BYTES) throw new HoltError('TOO_LARGE', 'an upload cannot remember so long a path')
}

/** @throws HoltError NOT_FOUND, NOT_A_DIRECTORY, ALREADY_EXISTS, IS_A_DIRECTORY */
async function checkPlace(edit: Edit, { path, replace }: UploadRecord): Promise<void> {
  const parent = await edit.stat(parentOf(path))
  if (parent === null) throw new HoltError('NOT_FOUND', `${parentOf(path)} is not there`, { path: parentOf(path) })
  if (parent.t !== 'd') throw new HoltError('NOT_A_DIRECTORY', `${parentOf(path)} is no directory`, { path: parentOf(path) })
  const inTheWay = obstacle(await edit.stat(path), path, replace)
  if (inTheWay !== null) throw inTheWay
}

function elsewhere(offset: number): HoltError {
  return new HoltError('CONFLICT', `the bytes that are here end at ${offset}`, { offset })
}

/** Ends with the signal's reason though the body gives nothing. */
async function* untilAborted(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]()
  let wake: () => void = () => {}
  const aborted = new Promise<'aborted'>((resolve) => {
    wake = () => resolve('aborted')
    if (signal.aborted) wake()
    signal.addEventListener('abort', wake)
  })
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted])
      if (next === 'aborted') throw signal.reason
      if (next.done === true) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', wake)
    iterator.return?.().catch(() => {})
  }
}
