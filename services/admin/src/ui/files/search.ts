import { signal } from '@preact/signals'
import { api, type SearchPage } from '../api/calls.ts'
import { type Refusal, refusalOf } from '../api/request.ts'
import { folderPath } from './folder.ts'

/** A search by name below the folder that shows. Answers come piece by piece; a new text or another folder ends the one before. */

export type Found = SearchPage['found'][number]

export const searchText = signal('')
/** null: nothing is searched for. */
export const results = signal<readonly Found[] | null>(null)
export const searching = signal<'running' | 'done' | 'full'>('done')
export const scanned = signal(0)
export const searchRefusal = signal<Refusal | null>(null)

/** Nobody reads through more; a longer word finds fewer. */
const MOST_RESULTS = 2000
const TYPING_MS = 200

let running = new AbortController()

/** Searches once typing pauses. */
export function searchFor(text: string): void {
  searchText.value = text
  running.abort()
  searchRefusal.value = null
  if (text.trim() === '') {
    results.value = null
    return
  }
  running = new AbortController()
  const { signal: stop } = running
  searching.value = 'running'
  setTimeout(() => {
    if (!stop.aborted) run(text, stop).catch(() => {})
  }, TYPING_MS)
}

async function run(text: string, stop: AbortSignal): Promise<void> {
  const path = folderPath.value
  const found: Found[] = []
  scanned.value = 0
  try {
    for (let after: string | null | undefined; after !== null; ) {
      const page = await api.search(path, text, after, stop)
      if (stop.aborted) return
      found.push(...page.found)
      results.value = found.slice()
      scanned.value += page.scanned
      after = found.length >= MOST_RESULTS ? null : page.after
      if (page.after !== null && after === null) searching.value = 'full'
    }
    if (searching.value === 'running') searching.value = 'done'
  } catch (error) {
    if (stop.aborted) return
    searchRefusal.value = refusalOf(error)
    searching.value = 'done'
  }
}
