import { signal } from '@preact/signals'
import { api, type DriveInfo, type Entry, type FollowedPath, type PackInfo } from '../api/calls.ts'
import { refusalOf } from '../api/request.ts'
import { toastRefusal } from '../state/toasts.ts'

/** What the Tree page shows. */
export const followed = signal<FollowedPath | null>(null)
export const children = signal<{ entries: readonly Entry[]; more: boolean } | null>(null)
export const packs = signal<readonly PackInfo[]>([])
export const packCount = signal<{ total: number; more: boolean }>({ total: 0, more: false })
export const drives = signal<readonly DriveInfo[]>([])
/** The pack that is looked at. */
export const pack = signal<PackInfo | null>(null)
/** The block that led to it: its place among the chunks, or `own` for the one of the entry itself. */
export const block = signal<number | 'own' | null>(null)
export const upward = signal<Upward | null>(null)

interface Upward {
  paths: readonly string[]
  after: string | null
  looked: number
  running: boolean
}

let asked: AbortController | null = null
let searching: AbortController | null = null

/** Follows a path; what was asked before is not waited for. */
export async function follow(path: string): Promise<void> {
  asked?.abort()
  asked = new AbortController()
  const { signal } = asked
  const found = await api.follow(path, undefined, signal)
  const isFolder = found.steps.at(-1)?.type === 'directory'
  const listed = isFolder ? await api.list(path, undefined, signal) : null
  if (signal.aborted) return
  followed.value = found
  children.value = listed
  block.value = null
}

export async function followOn(): Promise<void> {
  const now = followed.value
  const last = now?.chunks.at(-1)
  const path = now?.steps.at(-1)?.path
  if (!now || !last || path === undefined) return
  const next = await api.follow(path, last.fileOffset + last.lengthBytes)
  if (followed.value === now) followed.value = { ...now, chunks: [...now.chunks, ...next.chunks], more: next.more }
}

export async function readPacks(goOn = false): Promise<void> {
  const [page, listed] = await Promise.all([api.packs(goOn ? packs.value.at(-1)?.id : undefined), api.drives()])
  packs.value = goOn ? [...packs.value, ...page.packs] : page.packs
  packCount.value = { total: page.total, more: page.more }
  drives.value = listed.drives
}

export async function lookAtPack(id: string, from: typeof block.value = null): Promise<void> {
  stopSearch()
  upward.value = null
  block.value = from
  pack.value = await api.pack(id)
}

/** Looks part by part, until enough was found, all was looked at, or it is stopped. */
export async function searchUpward(id: string): Promise<void> {
  stopSearch()
  searching = new AbortController()
  const { signal } = searching
  const enough = (upward.value?.paths.length ?? 0) + 100
  let now: Upward = { paths: [], looked: 0, after: null, ...upward.value, running: true }
  upward.value = now
  try {
    do {
      const part = await api.packPaths(id, now.after ?? undefined, signal)
      now = { paths: [...now.paths, ...part.paths], after: part.after, looked: now.looked + part.looked, running: true }
      upward.value = now
    } while (now.after !== null && now.paths.length < enough)
    upward.value = { ...now, running: false }
  } catch (error) {
    if (upward.value) upward.value = { ...now, running: false }
    if (refusalOf(error).code !== 'CANCELLED') toastRefusal(error)
  }
}

export function stopSearch(): void {
  searching?.abort()
  searching = null
}

/** @returns what ends it. */
export function openTreePage(): () => void {
  readPacks().catch(toastRefusal)
  return () => {
    asked?.abort()
    stopSearch()
    pack.value = null
    upward.value = null
  }
}
