import { api, type Entry } from '../../api/calls.ts'
import { person } from '../../state/session.ts'
import { kindOf } from '../kinds.ts'
import { hasNoThumbnail, remember, storedThumbnail } from './kept-thumbnails.ts'
import { makeThumbnail } from './make-thumbnail.ts'
import { Turns } from './turns.ts'

const making = new Turns(2)

export function mayHaveThumbnail(entry: Entry): boolean {
  return entry.content !== undefined && /^(picture|video)$/.test(kindOf(entry))
}

/** The small picture that the node keeps, or one made here and now, which the node then keeps. @returns its address, or null. */
export async function thumbnailOf(path: string, entry: Entry, signal: AbortSignal): Promise<string | null> {
  const { content } = entry
  if (content === undefined) return null
  const stored = await storedThumbnail(path, entry, signal)
  if (stored !== null || hasNoThumbnail(entry)) return stored
  const made = await making.run(() => makeThumbnail(path, entry, signal), signal)
  if (signal.aborted) return null
  if (made !== null) keep(path, content, made)
  return remember(content, made === null ? null : URL.createObjectURL(made))
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
