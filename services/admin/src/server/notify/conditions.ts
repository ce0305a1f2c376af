import type { Control, DriveInfo, Status } from '@holt/control/schema.ts'
import type { NoticeKind } from './notice-kinds.ts'

/** Something the owner wants to know that is so now. */
export interface Condition {
  key: string
  kind: NoticeKind
  about: string
  /** It is told when it has been so for this long: what comes and goes by itself is not. */
  afterMs: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const LITTLE_FREE = 0.1
/** Long enough that nobody misses it whose node was off for the night. */
const MERGED_TOLD_SECONDS = 7 * 24 * 3600
const MOST_NAMED = 3
const SHARE_WARNING_SECONDS = 48 * 3600

/** What is looked at, by the beginning of its keys; one that fails says nothing about what it looks at. */
export const looks: Readonly<Record<string, (control: Control, nowMs: number) => Promise<Condition[]>>> = {
  'drive:': async (control) => {
    const { drives } = await control.call('drives.list', {})
    return drives.flatMap(({ id, folder, state }): Condition[] => {
      if (state === 'missing') return [{ key: `drive:missing:${id}`, kind: 'drive-missing', about: folder, afterMs: 2 * MINUTE_MS }]
      return state === 'failing' ? [{ key: `drive:failing:${id}`, kind: 'drive-failing', about: folder, afterMs: 0 }] : []
    })
  },
  'space:': async (control) => {
    const { drives } = await control.call('drives.list', {})
    return isNearlyFull(drives) ? [{ key: 'space:full', kind: 'storage-full', about: '', afterMs: 5 * MINUTE_MS }] : []
  },
  'repair:': async (control) => {
    const [{ drives }, status] = [await control.call('drives.list', {}), await control.call('node.status', {})]
    return needsRepair(drives, status) ? [{ key: 'repair:needed', kind: 'repair-needed', about: '', afterMs: 10 * MINUTE_MS }] : []
  },
  'key:': async (control) => {
    const { state, keyBackedUp } = await control.call('node.status', {})
    // During the set-up and a while after it, the page says so itself.
    return state === 'ready' && !keyBackedUp ? [{ key: 'key:not-kept', kind: 'key-not-kept', about: '', afterMs: 24 * HOUR_MS }] : []
  },
  'share:': async (control, nowMs) => {
    const { shares } = await control.call('shares.list', {})
    const ends = shares.filter(
      ({ expires, expired, made }) =>
        !expired && expires !== null && expires - nowMs / 1000 < SHARE_WARNING_SECONDS && expires - made > 2 * SHARE_WARNING_SECONDS,
    )
    return ends.map(({ id, label }) => ({ key: `share:${id}`, kind: 'share-ends', about: label, afterMs: 0 }))
  },
  'folder:': async (control) => {
    const { given, taken } = await control.call('folders.list', {})
    const requests = given.flatMap(({ requests: waiting }) => waiting)
    const offers = taken.filter(({ state }) => state === 'offered')
    return [
      ...requests.map(({ id, name }): Condition => ({ key: `folder:request:${id}`, kind: 'folder-request', about: name, afterMs: 0 })),
      ...offers.map(({ id, label }): Condition => ({ key: `folder:offer:${id}`, kind: 'folder-offered', about: label, afterMs: 0 })),
    ]
  },
  'merged:': async (control, nowMs) => {
    const { merged } = await control.call('cluster.show', {})
    const late = merged.filter(({ at }) => Math.abs(nowMs / 1000 - at) < MERGED_TOLD_SECONDS)
    const times = new Map<number, string[]>()
    for (const { at, path } of late) times.set(at, [...(times.get(at) ?? []), path])
    return [...times].map(([at, paths]) => ({ key: `merged:${at}`, kind: 'files-merged', about: fewOf(paths), afterMs: 0 }))
  },
  'update:': async (control) => {
    const { box } = await control.call('node.status', {})
    if (box !== true || !(await control.call('box.updates.status', {})).available) return []
    const [newest] = (await control.call('box.updates.plan', {})).offers
    return newest === undefined ? [] : [{ key: `update:${newest.version}`, kind: 'update-ready', about: newest.version, afterMs: 0 }]
  },
}

function fewOf(paths: readonly string[]): string {
  return paths.length <= MOST_NAMED ? paths.join(', ') : `${paths.slice(0, MOST_NAMED).join(', ')} …`
}

function isNearlyFull(drives: readonly DriveInfo[]): boolean {
  const there = drives.filter(({ state }) => state !== 'missing')
  const total = there.reduce((sum, { totalBytes }) => sum + totalBytes, 0)
  const free = there.reduce((sum, { freeBytes }) => sum + freeBytes, 0)
  return total > 0 && free < LITTLE_FREE * total
}

/** A drive that is lost is told as that. */
function needsRepair(drives: readonly DriveInfo[], { store }: Status): boolean {
  if (drives.some(({ state }) => state === 'missing' || state === 'failing' || state === 'removing')) return false
  return store.degradedPacks > 0 || store.lostPacks > 0
}
