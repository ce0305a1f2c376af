import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { contentUrl, type Entry } from '../api/calls.ts'
import { storedThumbnail } from './thumbnails/kept-thumbnails.ts'

interface FilmContentProps {
  entry: Entry
  path: string
  onFail: () => void
}

/** A film with its controls. Until it plays, its small picture stands there where one is kept: none is made, for that would read the film twice. */
export function FilmContent({ entry, path, onFail }: FilmContentProps) {
  const poster = useSignal<string | null>(null)
  useEffect(() => {
    const left = new AbortController()
    storedThumbnail(path, entry, left.signal).then(
      (found) => {
        if (!left.signal.aborted) poster.value = found
      },
      () => {}, // without it the frame is dark until the film begins
    )
    return () => left.abort()
  }, [path, entry.content])
  return (
    <video
      class="preview-video"
      src={contentUrl(path, { view: true })}
      poster={poster.value ?? undefined}
      controls
      preload="metadata"
      onError={onFail}
    />
  )
}
