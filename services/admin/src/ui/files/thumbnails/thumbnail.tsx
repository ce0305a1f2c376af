import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Entry } from '../../api/calls.ts'
import { Icon } from '../../parts/icons.tsx'
import { iconOfKind } from '../kind-icons.ts'
import { kindOf } from '../kinds.ts'
import { keptThumbnail } from './kept-thumbnails.ts'
import { mayHaveThumbnail, thumbnailOf } from './thumbnails.ts'

/** The small picture of a file, in a frame that has its size from the beginning; the sign of its kind where there is none. */
export function Thumbnail({ path, entry }: { path: string; entry: Entry }) {
  const address = useSignal(keptThumbnail(entry))
  const kind = kindOf(entry)
  useEffect(() => {
    address.value = keptThumbnail(entry)
    if (address.value !== null || !mayHaveThumbnail(entry)) return
    const left = new AbortController()
    thumbnailOf(path, entry, left.signal).then(
      (found) => {
        if (!left.signal.aborted) address.value = found
      },
      () => {}, // without the node the sign of the kind stays
    )
    return () => left.abort()
  }, [path, entry.content])
  return (
    <span class={`grid-picture ${kind}`}>
      {address.value === null ? <Icon name={iconOfKind[kind]} size={44} /> : <img src={address.value} alt="" draggable={false} />}
      {address.value !== null && kind === 'video' && (
        <span class="grid-film">
          <Icon name="film" size={18} />
        </span>
      )}
    </span>
  )
}
