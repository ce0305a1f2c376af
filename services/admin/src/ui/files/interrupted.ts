import { signal } from '@preact/signals'
import type { Incoming } from './incoming.ts'
import { rememberedJobs, type UploadJob } from './remembered-uploads.ts'

/** Uploads that a reload or a closed tab has cut off, to be gone on with. */
export const interrupted = signal<readonly UploadJob[]>([])

/** Held by the tab that works on a job, so that others do not offer it. Where there are no locks, only this page's own are known. */
const locks = typeof navigator === 'undefined' ? undefined : navigator.locks
const mine = new Set<number>()

const lockOf = (id: number): string => `holt-upload-${id}`

/** Remembers what was handed in until `ended` resolves. */
export async function remember(job: UploadJob, ended: Promise<void>): Promise<void> {
  const id = await rememberedJobs.add(job)
  if (id === null) return
  mine.add(id)
  const work = async (): Promise<void> => {
    await ended
    mine.delete(id)
    await rememberedJobs.forget(id)
  }
  await (locks === undefined ? work() : locks.request(lockOf(id), work))
}

export async function lookForInterrupted(): Promise<void> {
  const held = new Set((await locks?.query())?.held?.map(({ name }) => name))
  interrupted.value = (await rememberedJobs.list()).filter(({ id }) => id !== undefined && !mine.has(id) && !held.has(lockOf(id)))
}

export async function forgetJob({ id }: UploadJob): Promise<void> {
  if (id !== undefined) await rememberedJobs.forget(id)
  await lookForInterrupted()
}

interface ReadableHandle extends FileSystemHandle {
  requestPermission?(options: { mode: 'read' }): Promise<PermissionState>
}

/** The same files again, without asking which. @returns null when the browser does not let them be read any more. */
export async function filesAgain({ handle }: UploadJob): Promise<Incoming | null> {
  if (handle === null) return null
  try {
    if ((await (handle as ReadableHandle).requestPermission?.({ mode: 'read' })) === 'denied') return null
    const incoming: Incoming = { files: [], folders: [] }
    await walk(handle, handle.name, incoming)
    return incoming
  } catch {
    return null
  }
}

async function walk(handle: FileSystemHandle, path: string, incoming: Incoming): Promise<void> {
  if (handle.kind === 'file') {
    incoming.files.push({ file: await (handle as FileSystemFileHandle).getFile(), path })
    return
  }
  incoming.folders.push(path)
  for await (const child of (handle as FileSystemDirectoryHandle).values()) await walk(child, `${path}/${child.name}`, incoming)
}

interface HandleItem extends DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>
}

/** Of what is dropped; must be called while the event is handled. */
export function droppedHandles(transfer: DataTransfer): Promise<(FileSystemHandle | null)[]> {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file') as HandleItem[]
  return Promise.all(items.map((item) => item.getAsFileSystemHandle?.().catch(() => null) ?? Promise.resolve(null)))
}
