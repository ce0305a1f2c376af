import { api, type Entry } from '../../api/calls.ts'
import { Turns } from './turns.ts'

/** So many are kept in the page, to scroll back to. */
const KEPT = 800
const asking = new Turns(6)

/** Addresses of small pictures by the content they are of, the last used at the end; null: there is none and none can be made. */
const kept = new Map<string, string | null>()

/** What is known already. */
export function keptThumbnail(entry: Entry): string | null {
  return kept.get(entry.content ?? '') ?? null
}

/** It is known that there is none, and that none can be made. */
export function hasNoThumbnail({ content = '' }: Entry): boolean {
  return kept.get(content) === null
}

/** The small picture that is kept already, here or by the node. @returns its address, or null. */
export async function storedThumbnail(path: string, entry: Entry, signal: AbortSignal): Promise<string | null> {
  const { content } = entry
  if (content === undefined) return null
  const known = kept.get(content)
  if (known !== undefined) return remember(content, known)
  const stored = await asking.run(() => api.thumbnail(path, content, signal), signal)
  return stored === null ? null : remember(content, URL.createObjectURL(stored))
}

export function remember(content: string, address: string | null): string | null {
  kept.delete(content)
  kept.set(content, address)
  for (const [oldest, gone] of kept) {
    if (kept.size <= KEPT) break
    kept.delete(oldest)
    if (gone !== null) URL.revokeObjectURL(gone)
  }
  return address
}

/** Removes all, at the node and here; what is looked at from now on is made again. @throws Refusal */
export async function clearThumbnails(): Promise<void> {
  await api.clearThumbnails()
  for (const address of kept.values()) if (address !== null) URL.revokeObjectURL(address)
  kept.clear()
}
