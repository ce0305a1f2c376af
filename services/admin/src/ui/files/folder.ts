import { computed, signal } from '@preact/signals'
import { api, type Entry } from '../api/calls.ts'
import { type Refusal, refusalOf } from '../api/request.ts'
import { isAtOrUnder, parentOf } from '../paths.ts'

/** The folder that shows, what is chosen in it, and the order it shows in. */

export type SortBy = 'name' | 'size' | 'changed'

/** So many are read unasked; more only by request, for a row costs time too. */
const READ_UNASKED = 3000

export const folderPath = signal('/')
export const folderState = signal<'reading' | 'read' | 'refused'>('reading')
export const folderRefusal = signal<Refusal | null>(null)
export const hasMore = signal(false)
export const selected = signal<ReadonlySet<string>>(new Set())
export const sorting = signal<{ by: SortBy; descending: boolean }>({ by: 'name', descending: false })
const entries = signal<readonly Entry[]>([])
let reading = new AbortController()

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
    }
    if (mine.signal.aborted) return
    entries.value = all
    hasMore.value = more
    folderRefusal.value = null
    folderState.value = 'read'
    keepSelection()
  } catch (error) {
    if (mine.signal.aborted) return
    entries.value = []
    folderRefusal.value = refusalOf(error)
    folderState.value = 'refused'
  }
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
