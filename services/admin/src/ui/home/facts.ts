import { signal } from '@preact/signals'
import {
  api,
  type Access,
  type ClassInfo,
  type DiskHealth,
  type DiskInfo,
  type DriveInfo,
  type Job,
  type Status,
  type Updates,
} from '../api/calls.ts'
import type { MachineFacts, NetworkStatus } from '../api/calls.ts'
import { keepStorage } from '../storage/state.ts'

/** What is known of the whole; null where it could not be read, or does not exist here. */
export interface Facts {
  status: Status
  drives: readonly DriveInfo[]
  classes: readonly ClassInfo[]
  jobs: readonly Job[]
  volumes: MachineFacts['volumes'] | null
  /** Of a box only. */
  network: NetworkStatus | null
  updates: Updates | null
  access: Access | null
  disks: readonly { disk: DiskInfo; health: DiskHealth | null }[]
  /** This page came encrypted; null: the node has no certificate of its own. */
  secure: boolean | null
}

export const facts = signal<Facts | null>(null)

const READ_AGAIN_MS = 5000
/** What changes rarely, or takes a drive to wake up. */
const READ_SLOW_AGAIN_MS = 60_000

type Slow = Pick<Facts, 'volumes' | 'network' | 'updates' | 'access' | 'disks' | 'secure'>
const unknown: Slow = { volumes: null, network: null, updates: null, access: null, disks: [], secure: null }
let slow: Slow = unknown
let slowReadMs = 0

/** @throws Refusal when what matters most cannot be read; all else is left out. */
export async function readFacts(): Promise<void> {
  const [status, { drives }, { classes }, { jobs }] = await Promise.all([api.status(), api.drives(), api.classes(), api.jobs()])
  keepStorage({ status, drives, classes })
  facts.value = { status, drives, classes, jobs, ...slow }
  if (Date.now() - slowReadMs < READ_SLOW_AGAIN_MS) return
  slowReadMs = Date.now()
  slow = await readSlow(status.box === true)
  facts.value = { status, drives, classes, jobs, ...slow }
}

async function readSlow(isBox: boolean): Promise<Slow> {
  const or = <T>(call: Promise<T>): Promise<T | null> => call.catch(() => null)
  const [machine, authority] = await Promise.all([or(api.machineFacts()), or(api.authority())])
  const rest = { volumes: machine?.volumes ?? null, secure: authority?.authority?.secure ?? null }
  if (!isBox) return { ...unknown, ...rest }
  const [network, updates, access, found] = await Promise.all([or(api.network()), or(api.updates()), or(api.access()), or(api.disks())])
  const disks = await Promise.all((found?.disks ?? []).map(async (disk) => ({ disk, health: await or(api.diskHealth(disk.device)) })))
  return { ...rest, network: network?.status ?? null, updates, access, disks }
}

/** Looks while the page shows. @returns what ends it. */
export function watchFacts(onFault: (error: unknown) => void): () => void {
  slowReadMs = 0
  readFacts().catch(onFault)
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') readFacts().catch(() => {})
  }, READ_AGAIN_MS)
  return () => clearInterval(timer)
}
