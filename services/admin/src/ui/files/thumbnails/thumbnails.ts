import { api, type Entry } from '../../api/calls.ts'
import { person } from '../../state/session.ts'
import { kindOf } from '../kinds.ts'
import { makeThumbnail } from './make-thumbnail.ts'

/** So many are kept in the page, to scroll back to. */
const KEPT = 800
const ASKED_AT_ONCE = 6
const MADE_AT_ONCE = 2

/** Addresses of small pictures by the content they are of, the last used at the end; null: there is none and none can be made. */
const kept = new Map<string, string | null>()

export function mayHaveThumbnail(entry: Entry): boolean {
  return entry.content !== undefined && /^(picture|video)$/.test(kindOf(entry))
}

/** What is known already. */
export function keptThumbnail(entry: Entry): string | null {
  return kept.get(entry.content ?? '') ?? null
}

/** The small picture that the node keeps, or one made here and now, which the node then keeps. @returns its address, or null. */
export async function thumbnailOf(path: string, entry: Entry, signal: AbortSignal): Promise<string | null> {
  const { content } = entry
  if (content === undefined) return null
  const known = kept.get(content)
  if (known !== undefined) return remember(content, known)
  const stored = await asking.run(() => api.thumbnail(path, content, signal), signal)
  if (stored !== null) return remember(content, URL.createObjectURL(stored))
  const made = await making.run(() => makeThumbnail(path, entry, signal), signal)
  if (signal.aborted) return null
  if (made !== null) keep(path, content, made)
  return remember(content, made === null ? null : URL.createObjectURL(made))
}

function remember(content: string, address: string | null): string | null {
  kept.delete(content)
  kept.set(content, address)
  for (const [oldest, gone] of kept) {
    if (kept.size <= KEPT) break
    kept.delete(oldest)
    if (gone !== null) URL.revokeObjectURL(gone)
  }
  return address
}

/** Guests only look. What the node does not take is made again the next time. */
function keep(path: string, content: string, blob: Blob): void {
  if (person.value?.role === 'guest') return
  const reader = new FileReader()
  reader.addEventListener('load', () => {
    const base64 = (reader.result as string).split(',')[1] as string // of readAsDataURL it is a text
    api.keepThumbnail(path, content, base64).catch(() => {})
  })
  reader.readAsDataURL(blob)
}

/** Few at a time, the last that were wanted first: those can be seen. */
class Turns {
  readonly #most: number
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(most: number) {
    this.#most = most
  }

  async run<T>(work: () => Promise<T | null>, signal: AbortSignal): Promise<T | null> {
    if (this.#running >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    if (signal.aborted) {
      if (this.#running < this.#most) this.#waiting.pop()?.()
      return null
    }
    this.#running++
    try {
      return await work()
    } finally {
      this.#running--
      this.#waiting.pop()?.()
    }
  }
}

const asking = new Turns(ASKED_AT_ONCE)
const making = new Turns(MADE_AT_ONCE)
