import { computed, signal } from '@preact/signals'
import { api, type ClassInfo, type DriveInfo, type DriveSuggestion, type Job, type Status } from '../api/calls.ts'
import { watchJob } from '../api/watch-job.ts'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'

/** Long work on files and fragments; a box has more. */
export type StorageJob = Job & { kind: 'verify' | 'repair' | 'remove-drive' | 'recover' }

/** What the storage page shows; read again every few seconds while it is looked at. */
export const drives = signal<readonly DriveInfo[] | null>(null)
export const suggestions = signal<readonly DriveSuggestion[]>([])
export const classes = signal<readonly ClassInfo[]>([])
export const status = signal<Status | null>(null)
/** The long work that runs, or ran last and was not dismissed. */
export const job = signal<StorageJob | null>(null)
export const jobRuns = computed(() => job.value?.state === 'running')
/** Asked to end, not ended yet. */
export const cancelling = signal(false)

const READ_AGAIN_MS = 4000

let watched: { id: string; stop: () => void } | null = null

export async function readStorage(): Promise<void> {
  const [listed, listedClasses, node] = await Promise.all([api.drives(), api.classes(), api.status()])
  suggestions.value = listed.suggestions
  keepStorage({ drives: listed.drives, classes: listedClasses.classes, status: node })
}

/** What another page read is shown here at once. */
export function keepStorage(read: { drives: readonly DriveInfo[]; classes: readonly ClassInfo[]; status: Status }): void {
  drives.value = read.drives
  classes.value = read.classes
  status.value = read.status
}

/** @returns a function that ends it. */
export function lookAtStorage(): () => void {
  readStorage().catch(toastRefusal)
  findRunningJob().catch(toastRefusal)
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') readStorage().catch(() => {})
  }, READ_AGAIN_MS)
  return () => clearInterval(timer)
}

async function findRunningJob(): Promise<void> {
  const { jobs } = await api.jobs()
  const running = jobs.filter(isStorageJob).find(({ state }) => state === 'running')
  if (running) follow(running)
}

export async function startJob(start: Parameters<typeof api.startJob>[0]): Promise<void> {
  const started = await api.startJob(start)
  if (isStorageJob(started)) follow(started)
}

function isStorageJob(one: Job): one is StorageJob {
  return one.kind in texts.storage.job
}

export function cancelJob(): void {
  if (!job.value) return
  cancelling.value = true
  api.cancelJob(job.value.id).catch(toastRefusal)
}

export function dismissJob(): void {
  if (!jobRuns.value) job.value = null
}

function follow(started: StorageJob): void {
  if (watched?.id === started.id) return
  watched?.stop()
  cancelling.value = false
  job.value = started
  const stop = watchJob(started.id, (changed) => {
    job.value = { ...changed, kind: started.kind }
    if (changed.state !== 'running') {
      cancelling.value = false
      readStorage().catch(() => {})
    }
  })
  watched = { id: started.id, stop }
}
