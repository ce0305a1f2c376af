import { signal } from '@preact/signals'
import { api } from '../api/calls.ts'
import { sendFile } from '../api/send-file.ts'
import { toastRefusal } from '../state/toasts.ts'
import { changedAt } from './folder.ts'
import type { Incoming } from './incoming.ts'
import { filesAgain, forgetJob, remember } from './interrupted.ts'
import type { UploadJob } from './remembered-uploads.ts'
import { type Question, type UploadItem, UploadQueue } from './upload-queue.ts'

export interface UploadsView {
  all: number
  ended: number
  done: number
  failed: number
  cancelled: number
  sentBytes: number
  totalBytes: number
  bytesPerSecond: number
  idle: boolean
  preparing: boolean
  question: Question | null
  /** Those worth looking at: running, failed, then the latest others; not all of many thousands. */
  shown: readonly UploadItem[]
}

const SHOWN_ITEMS = 60
const RATE_WINDOW_MS = 5000
const REFRESH_MS = 700
const SHOWN_AFTER_MS = 8000

/** What the panel shows; at most one new value for each picture of the screen. */
export const uploadsView = signal<UploadsView | null>(null)

const queue = new UploadQueue({ send: sendFile, stat: api.stat, makeDirectory: api.makeDirectory, names: namesIn }, (uploaded) => {
  scheduleView()
  tellEnd()
  if (uploaded !== undefined) scheduleRefresh(uploaded)
})

/** Begins to upload into a folder what was chosen or dropped. */
export function upload(
  folder: string,
  incoming: Promise<Incoming>,
  handles: Promise<readonly (FileSystemHandle | null)[]> = Promise.resolve([]),
): void {
  if (queue.isIdle && queue.items.every(({ state }) => state !== 'failed')) queue.clear()
  queue.add(folder, incoming).catch(toastRefusal)
  void rememberAll(folder, incoming, handles)
}

/** One job for each thing that a person would name, until all of it has ended well or was cancelled. */
async function rememberAll(
  folder: string,
  incoming: Promise<Incoming>,
  handles: Promise<readonly (FileSystemHandle | null)[]>,
): Promise<void> {
  const [{ files }, given] = await Promise.all([incoming, handles])
  const counts = new Map<string, number>()
  for (const { path } of files) counts.set(topOf(path), (counts.get(topOf(path)) ?? 0) + 1)
  const few = [...counts].slice(0, MOST_JOBS)
  for (const [name, count] of few) {
    const isFolder = files.some(({ path }) => path.startsWith(`${name}/`))
    const handle = given.find((one) => one?.name === name) ?? null
    void remember({ folder, name, isFolder, count, begunMs: Date.now(), handle }, allEnded())
  }
}

const MOST_JOBS = 50

function topOf(path: string): string {
  const slash = path.indexOf('/')
  return slash < 0 ? path : path.slice(0, slash)
}

const waitingForEnd: (() => void)[] = []
function allEnded(): Promise<void> {
  return new Promise((resolve) => {
    waitingForEnd.push(resolve)
  })
}

/** Those that failed may yet be tried again, here or after a reload. */
function tellEnd(): void {
  if (!queue.isIdle || queue.items.some(({ state }) => state === 'failed')) return
  for (const tell of waitingForEnd.splice(0)) tell()
}

/** Goes on with what was cut off. @returns false when the files must be chosen again. */
export async function goOn(job: UploadJob): Promise<boolean> {
  const incoming = await filesAgain(job)
  if (incoming === null) return false
  await forgetJob(job)
  upload(job.folder, Promise.resolve(incoming), Promise.resolve([job.handle]))
  return true
}

/** The same, with the files that were chosen again. */
export async function goOnWith(job: UploadJob, incoming: Promise<Incoming>): Promise<void> {
  await forgetJob(job)
  upload(job.folder, incoming)
}

export const cancelUpload = (item: UploadItem): void => queue.cancel(item)
export const cancelUploads = (): void => queue.cancelAll()
export const retryUploads = (): void => queue.retryFailed()
export const closeUploads = (): void => queue.clear()
/** The list is open: it stays until it is closed. */
export const uploadsOpen = signal(false)

window.addEventListener('beforeunload', (event) => {
  if (!queue.isIdle) event.preventDefault()
})

async function namesIn(folder: string): Promise<Set<string>> {
  const names = new Set<string>()
  let after: string | undefined
  for (let more = true; more; ) {
    const page = await api.list(folder, after)
    for (const { name } of page.entries) names.add(name)
    after = page.entries.at(-1)?.name
    more = page.more
  }
  return names
}

let viewScheduled = false
function scheduleView(): void {
  if (viewScheduled) return
  viewScheduled = true
  // Not requestAnimationFrame: it rests while the tab is in the background, uploads do not.
  setTimeout(() => {
    viewScheduled = false
    uploadsView.value = queue.items.length === 0 && queue.preparing === 0 ? null : viewOf(queue)
    clearTimeout(goneTimer)
    if (uploadsView.value?.idle) goneTimer = setTimeout(leaveByItself, SHOWN_AFTER_MS)
  }, 50)
}

/** What went well need not be dismissed. */
let goneTimer: ReturnType<typeof setTimeout> | undefined
function leaveByItself(): void {
  if (!uploadsOpen.value && uploadsView.value?.failed === 0) queue.clear()
}

let refreshTimer: ReturnType<typeof setTimeout> | undefined
const uploadedPaths = new Set<string>()
function scheduleRefresh(path: string): void {
  uploadedPaths.add(path)
  refreshTimer ??= setTimeout(() => {
    refreshTimer = undefined
    changedAt(...uploadedPaths)
    uploadedPaths.clear()
  }, REFRESH_MS)
}

function viewOf({ items, isIdle, preparing, question }: UploadQueue): UploadsView {
  const view: UploadsView = {
    all: items.length,
    ended: 0,
    done: 0,
    failed: 0,
    cancelled: 0,
    sentBytes: 0,
    totalBytes: 0,
    bytesPerSecond: 0,
    idle: isIdle,
    preparing: preparing > 0,
    question,
    shown: [],
  }
  const groups: Record<'running' | 'failed' | 'waiting' | 'ended', UploadItem[]> = { running: [], failed: [], waiting: [], ended: [] }
  for (const item of items) {
    const counts = item.state !== 'skipped' && item.state !== 'cancelled'
    if (counts) {
      view.totalBytes += item.file.size
      view.sentBytes += item.sentBytes
    }
    groups[groupOf(item)].push(item)
  }
  view.failed = groups.failed.length
  view.done = groups.ended.filter(({ state }) => state === 'done').length
  view.cancelled = groups.ended.filter(({ state }) => state === 'cancelled').length
  view.ended = groups.ended.length + groups.failed.length
  view.bytesPerSecond = isIdle ? 0 : rate(view.sentBytes)
  view.shown = [...groups.running, ...groups.failed, ...groups.waiting.slice(0, SHOWN_ITEMS / 2), ...groups.ended.reverse()].slice(
    0,
    SHOWN_ITEMS,
  )
  return view
}

function groupOf({ state }: UploadItem): 'running' | 'failed' | 'waiting' | 'ended' {
  if (state === 'sending' || state === 'asking') return 'running'
  return state === 'failed' || state === 'waiting' ? state : 'ended'
}

let samples: { ms: number; bytes: number }[] = []
function rate(bytes: number): number {
  const ms = performance.now()
  if (bytes < (samples.at(-1)?.bytes ?? 0)) samples = []
  samples = [...samples.filter((sample) => ms - sample.ms < RATE_WINDOW_MS), { ms, bytes }]
  const first = samples[0] as { ms: number; bytes: number }
  return ms - first.ms < 300 ? 0 : (1000 * (bytes - first.bytes)) / (ms - first.ms)
}
