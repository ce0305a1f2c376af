import type { Entry } from '@holt/control/schema.ts'
import type { FileStreams, FileUploads, ReadFileOptions, WriteFileOptions } from '@holt/control/streams.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { createFileWriter } from '@holt/tree/file-writer.ts'
import type { TreeJobs } from '@holt/tree/jobs.ts'
import type { Volume } from '@holt/tree/types.ts'
import { nameOf, parentOf, publicEntry, timeOfSeconds } from './entries.ts'
import { obstacle } from './obstacle.ts'
import { underLease } from './under-lease.ts'
import { snapshotAt } from './versions.ts'

interface StreamContext {
  volume(): Volume
  store(): BlockStore
  uploads(): FileUploads
  crypto: Crypto
  pool: WorkPool<TreeJobs>
  now(): number
}

const SEQUENTIAL_CHUNK_LOG2 = 20

/** Streams of file contents, for callers in this process. */
export function createFileStreams(context: StreamContext): FileStreams {
  return {
    read: (path, options) => readFile(context, path, options),
    write: (path, body, options) => writeFile(context, path, body, options),
    uploads: {
      create: async (upload) => context.uploads().create(upload),
      find: async (id) => context.uploads().find(id),
      list: async () => context.uploads().list(),
      append: async (id, offset, body, options) => context.uploads().append(id, offset, body, options),
      retarget: async (id, to) => context.uploads().retarget(id, to),
      discard: async (id) => context.uploads().discard(id),
    },
  }
}

async function readFile(context: StreamContext, path: string, options: ReadFileOptions = {}) {
  const snapshot = await snapshotAt(context.volume(), options.at)
  const file = await snapshot.openFile(path)
  const { offset, lengthBytes, signal } = options
  return { entry: publicEntry(nameOf(path), file.entry), body: file.stream({ offset, lengthBytes, signal }) }
}

async function checkTarget(volume: Volume, path: string, replace: boolean): Promise<void> {
  const snapshot = volume.current()
  const parent = await snapshot.stat(parentOf(path))
  if (parent === null) throw new HoltError('NOT_FOUND', `${parentOf(path)} is not there`, { path: parentOf(path) })
  if (parent.t !== 'd') throw new HoltError('NOT_A_DIRECTORY', `${parentOf(path)} is no directory`, { path: parentOf(path) })
  const inTheWay = obstacle(await snapshot.stat(path), path, replace)
  if (inTheWay !== null) throw inTheWay
}

async function writeFile(context: StreamContext, path: string, body: AsyncIterable<Uint8Array>, options: WriteFileOptions): Promise<Entry> {
  const { volume, store, crypto, pool } = { ...context, volume: context.volume(), store: context.store() }
  const replace = options.replace ?? false
  await checkTarget(volume, path, replace)
  const session = store.beginWriting()
  try {
    const writer = createFileWriter({
      store,
      crypto,
      pool,
      mode: options.mode ?? 0o644,
      time: timeOfSeconds(options.modified ?? context.now() / 1000),
      chunkLog2: SEQUENTIAL_CHUNK_LOG2,
      redundancyClass: await volume.current().redundancyClass(parentOf(path)),
    })
    for await (const bytes of body) {
      options.signal.throwIfAborted()
      await writer.write(bytes)
    }
    options.signal.throwIfAborted()
    const written = await writer.close()
    const entry = await underLease(volume, options.token).edit(async (edit) => {
      const there = await edit.stat(path)
      options.check?.(there === null ? null : publicEntry(nameOf(path), there))
      const inTheWay = obstacle(there, path, replace)
      if (inTheWay !== null) throw inTheWay
      const kept =
        options.keep === true && there?.t === 'f' ? { ...written, m: options.mode ?? there.m, x: there.x, cl: there.cl } : written
      await edit.putEntries(parentOf(path), [{ name: nameOf(path), entry: kept }])
      return kept
    })
    return publicEntry(nameOf(path), entry)
  } finally {
    session.end()
  }
}
