import { computed, signal } from '@preact/signals'
import { api, type Entry } from '../api/calls.ts'
import { type Refusal, refusalOf } from '../api/request.ts'
import { sortKey } from './sort-keys.ts'
import { isAtOrUnder, parentOf } from '../paths.ts'

/** The folder that shows, what is chosen in it, and the order it shows in. */

export type SortBy = 'name' | 'size' | 'changed'

/** So many are read unasked; more only by request, for they take memory. */
const READ_UNASKED = 200_000
/** What was read already shows while the rest comes, each time there is so much more. */
const SHOWN_ANEW = 1.6

export const folderPath = signal('/')
export const folderState = signal<'reading' | 'read' | 'refused'>('reading')
export const folderRefusal = signal<Refusal | null>(null)
export const hasMore = signal(false)
export const selected = signal<ReadonlySet<string>>(new Set())
export const sorting = signal<{ by: SortBy; descending: boolean }>({ by: 'name', descending: false })
const entries = signal<readonly Entry[]>([])
let reading = new AbortController()

const keyed = computed(() => entries.value.map((entry) => ({ entry, key: sortKey(entry.name), isFolder: isFolder(entry) })))
type Keyed = (typeof keyed.value)[number]

const byName = (a: Keyed, b: Keyed): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.entry.name < b.entry.name ? -1 : 1)
const orders: Record<SortBy, (a: Keyed, b: Keyed) => number> = {
  name: byName,
  size: (a, b) => a.entry.sizeBytes - b.entry.sizeBytes,
  changed: (a, b) => a.entry.modified - b.entry.modified,
}

export const sortedEntries = computed(() => {
  const { by, descending } = sorting.value
  const direction = descending ? -1 : 1
  const order = orders[by]
  return [...keyed.value]
    .sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || direction * order(a, b) || byName(a, b))
    .map(({ entry }) => entry)
})

export const selectedEntries = computed(() => sortedEntries.value.filter(({ name }) => selected.value.has(name)))

export function isFolder(entry: Entry): boolean {
  return entry.type === 'directory' || entry.type === 'volume'
}

export function sortBy(by: SortBy): void {
  const now = sorting.value
  sorting.value = { by, descending: now.by === by ? !now.descending : by !== 'name' }
}

export function openFolder(path: string): void {
  if (path !== folderPath.value) {
    entries.value = []
    folderState.value = 'reading'
  }
  folderPath.value = path
  selected.value = new Set()
  refresh()
}

/** Reads again what shows; what was shown stays until the new is there. */
export function refresh(): void {
  read(Math.max(READ_UNASKED, entries.value.length), []).catch(() => {})
}

/** After a change at `path`: reads again if that can be seen. */
export function changedAt(path: string): void {
  if (parentOf(path) === folderPath.value || isAtOrUnder(folderPath.value, path)) refresh()
}

export function showMore(): void {
  read(entries.value.length + READ_UNASKED, entries.value).catch(() => {})
}

async function read(upTo: number, known: readonly Entry[]): Promise<void> {
  reading.abort()
  const mine = new AbortController()
  reading = mine
  const path = folderPath.value
  try {
    const all = [...known]
    let more = true
    while (more && all.length < upTo) {
      const page = await api.list(path, all.at(-1)?.name, mine.signal)
      all.push(...page.entries)
      more = page.more
      // of another folder there is nothing to show yet; of this one what shows is as good until all is read
      if (more && known.length === 0 && !mine.signal.aborted && all.length >= SHOWN_ANEW * entries.value.length) showEntries([...all])
    }
    if (mine.signal.aborted) return
    showEntries(all)
    hasMore.value = more
    keepSelection()
  } catch (error) {
    if (mine.signal.aborted) return
    entries.value = []
    folderRefusal.value = refusalOf(error)
    folderState.value = 'refused'
  }
}

function showEntries(all: readonly Entry[]): void {
  entries.value = all
  folderRefusal.value = null
  folderState.value = 'read'
}

function keepSelection(): void {
  const there = new Set(entries.value.map(({ name }) => name))
  const kept = [...selected.value].filter((name) => there.has(name))
  if (kept.length !== selected.value.size) selected.value = new Set(kept)
}

export function toggleSelected(name: string): void {
  const next = new Set(selected.value)
  if (!next.delete(name)) next.add(name)
  selected.value = next
}

export function selectAll(on: boolean): void {
  selected.value = on ? new Set(entries.value.map(({ name }) => name)) : new Set()
}
