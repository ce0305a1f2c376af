import { signal } from '@preact/signals'
import { api, type DiskHealth, type MachineFacts } from '../api/calls.ts'
import {
  type ClassChoices,
  type FolderClass,
  type RetentionRules,
  type SpaceHistory,
  storageApi,
  type StorageCheck,
} from '../api/storage-calls.ts'
import { toastRefusal } from '../state/toasts.ts'
import { drives, status } from './state.ts'

/** What a drive says of itself, as far as it is known. */
export interface DriveHealth {
  state: DiskHealth['state']
  temperature: number | null
  hours: number | null
  problems: readonly string[]
}

export const span = signal<'month' | 'years'>('years')
export const space = signal<SpaceHistory | null>(null)
/** What stands above the drives was asked for: they do not jump when it comes. */
export const spaceLooked = signal(false)
export const checks = signal<readonly StorageCheck[] | null>(null)
export const choices = signal<ClassChoices | null>(null)
export const folders = signal<{ folders: readonly FolderClass[]; complete: boolean } | null>(null)
export const retention = signal<RetentionRules | null>(null)
/** By the folder of the drive. */
export const driveHealth = signal<ReadonlyMap<string, DriveHealth>>(new Map())

const AGAIN_MS = 60_000
/** Of a tree so large that its folders are not all looked at while somebody waits. */
const MOST_PAGES = 40

/** Looks while the page shows. @returns what ends it. */
export function lookAtPlans(): () => void {
  readPlans().catch(toastRefusal)
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') readPlans().catch(() => {})
  }, AGAIN_MS)
  return () => clearInterval(timer)
}

async function readPlans(): Promise<void> {
  const results = await Promise.allSettled([readSpace(), readChecks(), readFolders(), readRetention(), readHealth()])
  const failed = results.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

export async function chooseSpan(wanted: 'month' | 'years'): Promise<void> {
  span.value = wanted
  await readSpace()
}

async function readSpace(): Promise<void> {
  const asked = span.value
  const read = await storageApi.space(asked).finally(() => (spaceLooked.value = true))
  if (span.value === asked) space.value = read
}

export async function readChecks(): Promise<void> {
  checks.value = (await storageApi.checks()).checks
}

export async function readFolders(): Promise<void> {
  const known = await storageApi.choices()
  const found: FolderClass[] = []
  let after: string | undefined
  let pages = 0
  do {
    const page = await storageApi.folders(after)
    found.push(...page.folders)
    after = page.after ?? undefined
  } while (after !== undefined && ++pages < MOST_PAGES)
  choices.value = known
  folders.value = { folders: found, complete: after === undefined }
}

export async function readRetention(): Promise<void> {
  retention.value = await storageApi.retention()
}

/** On a box its helper asks the drives; elsewhere the machine says what it may know. What cannot be read is left out. */
async function readHealth(): Promise<void> {
  const { box } = status.value ?? (await api.status())
  const mine = (drives.value ?? (await api.drives()).drives).map(({ folder }) => folder)
  const found = await (box === true ? boxHealth(mine) : machineHealth(mine)).catch(() => null)
  if (found !== null) driveHealth.value = found
}

async function boxHealth(mine: readonly string[]): Promise<Map<string, DriveHealth>> {
  const { disks } = await api.disks()
  const found = new Map<string, DriveHealth>()
  for (const { device, folder } of disks) {
    const drive = mine.find((one) => folder !== null && (one === folder || one.startsWith(`${folder}/`)))
    const health = drive === undefined ? null : await api.diskHealth(device).catch(() => null)
    if (drive !== undefined && health !== null) found.set(drive, health)
  }
  return found
}

async function machineHealth(mine: readonly string[]): Promise<Map<string, DriveHealth>> {
  const facts = await api.machineFacts()
  return new Map(mine.flatMap((folder) => (healthOn(folder, facts) === null ? [] : [[folder, healthOn(folder, facts) as DriveHealth]])))
}

function healthOn(folder: string, { volumes, disks }: MachineFacts): DriveHealth | null {
  const holds = volumes.filter(({ mount }) => mount === '/' || folder === mount || folder.startsWith(`${mount}/`))
  const volume = holds.sort((a, b) => b.mount.length - a.mount.length)[0]
  const disk = disks.find(({ device }) => volume?.device.startsWith(device) === true)
  if (disk === undefined || (disk.smart === '' && disk.celsius === null)) return null
  const state = disk.smart === '' ? 'unknown' : /^ok$/i.test(disk.smart) ? 'good' : 'failing'
  return { state, temperature: disk.celsius, hours: null, problems: [] }
}
