import { computed, signal } from '@preact/signals'
import { type Access, api, type DiskHealth, type DiskInfo, type Job, type Updates } from '../api/calls.ts'
import { refusalOf } from '../api/request.ts'
import { watchJob } from '../api/watch-job.ts'
import { toastRefusal } from '../state/toasts.ts'
import { refusalText } from '../texts/refusal-text.ts'

/** What the Box page shows; null until it was read. Each part is read by itself: one that fails hides no other. */
export const updates = signal<Updates | null>(null)
export const disks = signal<readonly DiskInfo[] | null>(null)
/** Folders that are drives of the node. */
export const driveFolders = signal<readonly string[]>([])
export const health = signal<ReadonlyMap<string, DiskHealth | null>>(new Map())
export const access = signal<Access | null>(null)
/** Why a part cannot be read. */
export const faults = signal<Partial<Record<Part, string>>>({})

type Part = 'updates' | 'disks' | 'access'
export type BoxJob = 'install-update' | 'fetch-updates' | 'prepare-drive'

/** The long work of each kind that runs, or ran last and was not dismissed. */
export const jobs = signal<Partial<Record<BoxJob, Job>>>({})
export const isInstalling = computed(() => jobs.value['install-update']?.state === 'running')

const UPDATES_EVERY_MS = 15_000
const DISKS_EVERY_MS = 5_000
/** The chip is slow, and nothing of it changes by itself. */
const ACCESS_EVERY_MS = 60_000

export async function readUpdates(): Promise<void> {
  updates.value = await api.updates()
}

export async function readDisks(): Promise<void> {
  const [{ disks: found }, { drives }] = await Promise.all([api.disks(), api.drives()])
  disks.value = found
  driveFolders.value = drives.map(({ folder }) => folder)
  for (const { device, serial } of found) readHealth(device, serial).catch(() => {})
}

export async function readAccess(): Promise<void> {
  access.value = await api.access()
}

/** A drive is asked once: another one in its place has another serial number. */
async function readHealth(device: string, serial: string): Promise<void> {
  const key = `${device} ${serial}`
  if (health.value.has(key)) return
  health.value = new Map([...health.value, [key, null]])
  const said = await api.diskHealth(device)
  health.value = new Map([...health.value, [key, said]])
}

export function healthOf({ device, serial }: DiskInfo): DiskHealth | null {
  return health.value.get(`${device} ${serial}`) ?? null
}

/** Looks while the page shows. @returns what ends it. */
export function watchBox(): () => void {
  const timers = [
    lookEvery(UPDATES_EVERY_MS, 'updates', readUpdates),
    lookEvery(DISKS_EVERY_MS, 'disks', readDisks),
    lookEvery(ACCESS_EVERY_MS, 'access', readAccess),
  ]
  findRunningJobs().catch(() => {})
  return () => {
    for (const timer of timers) clearInterval(timer)
    for (const stop of followed.values()) stop()
    followed.clear()
    jobs.value = {}
    health.value = new Map()
  }
}

function lookEvery(ms: number, part: Part, read: () => Promise<void>): ReturnType<typeof setInterval> {
  const look = (): void => {
    read().then(
      () => noteFault(part, undefined),
      (error: unknown) => {
        const refusal = refusalOf(error)
        if (refusal.code !== 'OFFLINE' && refusal.code !== 'NOT_SIGNED_IN') noteFault(part, refusalText(refusal))
      },
    )
  }
  look()
  return setInterval(() => {
    if (document.visibilityState === 'visible') look()
  }, ms)
}

function noteFault(part: Part, text: string | undefined): void {
  if (faults.value[part] !== text) faults.value = { ...faults.value, [part]: text }
}

const followed = new Map<string, () => void>()

async function findRunningJobs(): Promise<void> {
  const { jobs: all } = await api.jobs()
  for (const job of all) if (isBoxJob(job) && job.state === 'running') follow(job)
}

export async function begin(started: Promise<Job>): Promise<void> {
  const job = await started
  if (isBoxJob(job)) follow(job)
}

export function cancel(kind: BoxJob): void {
  const job = jobs.value[kind]
  if (job !== undefined) api.cancelJob(job.id).catch(toastRefusal)
}

export function dismiss(kind: BoxJob): void {
  jobs.value = { ...jobs.value, [kind]: undefined }
}

function isBoxJob(job: Job): job is Job & { kind: BoxJob } {
  return job.kind === 'install-update' || job.kind === 'fetch-updates' || job.kind === 'prepare-drive'
}

function follow(started: Job & { kind: BoxJob }): void {
  if (followed.has(started.id)) return
  const { id, kind } = started
  jobs.value = { ...jobs.value, [kind]: started }
  const stop = watchJob(id, (job) => {
    jobs.value = { ...jobs.value, [kind]: job }
    if (job.state === 'running') return
    readUpdates().catch(() => {})
    readDisks().catch(() => {})
  })
  followed.set(id, stop)
}
