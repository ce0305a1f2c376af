import { computed, signal } from '@preact/signals'
import { api, type Entry } from '../api/calls.ts'
import { type Refusal, refusalOf } from '../api/request.ts'
import { isAtOrUnder, parentOf } from '../paths.ts'

/** The folder that shows, what is chosen in it, and the order it shows in. */

export type SortBy = 'name' | 'size' | 'changed'

/** So many are read unasked; more only by request, for they take memory. */
const READ_UNASKED = 200_000
/** What was read already shows while the rest comes, each time there is so many times more: sorting 100,000 names takes half a second. */
const SHOWN_ANEW = 4

export const folderPath = signal('/')
export const folderState = signal<'reading' | 'read' | 'refused'>('reading')
export const folderRefusal = signal<Refusal | null>(null)
export const hasMore = signal(false)
export const selected = signal<ReadonlySet<string>>(new Set())
export const sorting = signal<{ by: SortBy; descending: boolean }>({ by: 'name', descending: false })
const entries = signal<readonly Entry[]>([])
let reading: { path: string; stop: AbortController } | null = null
/** Something changed after the reading that is under way had begun. */
let again = false

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

export const sortedEntries = computed(() => {
  const { by, descending } = sorting.value
  const direction = descending ? -1 : 1
  const difference = (a: Entry, b: Entry): number => {
    if (by === 'size') return a.sizeBytes - b.sizeBytes
    if (by === 'changed') return a.modified - b.modified
    return names.compare(a.name, b.name)
  }
  return [...entries.value].sort(
    (a, b) => Number(isFolder(b)) - Number(isFolder(a)) || direction * difference(a, b) || names.compare(a.name, b.name),
  )
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

/** Reads again what shows; what was shown stays until the new is there. A reading under way is not cut off: in a long folder none would ever end. */
export function refresh(): void {
  if (reading?.path === folderPath.value) again = true
  else read(Math.max(READ_UNASKED, entries.value.length), []).catch(() => {})
}

/** After changes at `paths`: reads again if one of them can be seen. */
export function changedAt(...paths: readonly string[]): void {
  if (paths.some((path) => parentOf(path) === folderPath.value || isAtOrUnder(folderPath.value, path))) refresh()
}

export function showMore(): void {
  read(entries.value.length + READ_UNASKED, entries.value).catch(() => {})
}

async function read(upTo: number, known: readonly Entry[]): Promise<void> {
  reading?.stop.abort()
  const path = folderPath.value
  const mine = { path, stop: new AbortController() }
  const { signal } = mine.stop
  reading = mine
  again = false
  try {
    const all = [...known]
    let more = true
    while (more && all.length < upTo) {
      const page = await api.list(path, all.at(-1)?.name, signal)
      all.push(...page.entries)
      more = page.more
      // of another folder there is nothing to show yet; of this one what shows is as good until all is read
      if (more && known.length === 0 && !signal.aborted && all.length >= SHOWN_ANEW * entries.value.length) showEntries([...all])
    }
    if (signal.aborted) return
    showEntries(all)
    hasMore.value = more
    keepSelection()
  } catch (error) {
    if (signal.aborted) return
    entries.value = []
    folderRefusal.value = refusalOf(error)
    folderState.value = 'refused'
  } finally {
    if (reading === mine) {
      reading = null
      if (again) refresh()
    }
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
