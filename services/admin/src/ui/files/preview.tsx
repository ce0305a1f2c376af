import { useSignal } from '@preact/signals'
import { useEffect, useId, useRef } from 'preact/hooks'
import { contentUrl, type Entry } from '../api/calls.ts'
import { bytesText, dateText } from '../format.ts'
import { useFocusBefore } from '../parts/dialog.tsx'
import { Icon } from '../parts/icons.tsx'
import { joinPath } from '../paths.ts'
import { download } from '../save-file.ts'
import { texts } from '../texts/texts.ts'
import { FilmContent } from './film-content.tsx'
import { sortedEntries } from './folder.ts'
import { iconOfKind } from './kind-icons.ts'
import { kindOf } from './kinds.ts'
import { readsForward, useSwipe } from './swipe.ts'
import { TextContent } from './text-content.tsx'

interface PreviewProps {
  entry: Entry
  folder: string
  /** Another file of the folder, or null to end. */
  onShow: (entry: Entry | null) => void
}

/** One file over the whole page; arrow keys and a swipe go to its neighbours. */
export function Preview({ entry, folder, onShow }: PreviewProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  const before = useFocusBefore()
  useEffect(() => {
    ref.current?.showModal()
    return () => {
      ref.current?.close()
      before.focus()
    }
  }, [])
  const files = sortedEntries.value.filter(({ type }) => type === 'file')
  const index = files.findIndex(({ name }) => name === entry.name)
  const previous = index > 0 ? files[index - 1] : undefined
  const next = index >= 0 ? files[index + 1] : undefined
  const onKeyDown = (event: KeyboardEvent): void => {
    if (/^(VIDEO|AUDIO|INPUT)$/.test((event.target as HTMLElement).tagName) || event.altKey || event.ctrlKey || event.metaKey) return
    const [back, forward] = readsForward() ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft']
    const neighbour = event.key === back ? previous : event.key === forward ? next : undefined
    if (neighbour) onShow(neighbour)
  }
  const swipe = useSwipe((to) => {
    const neighbour = to === 'next' ? next : previous
    if (neighbour) onShow(neighbour)
  })
  const path = joinPath(folder, entry.name)
  return (
    <dialog
      ref={ref}
      class="preview"
      aria-labelledby={id}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault()
        onShow(null)
      }}
    >
      <header class="preview-head">
        <button type="button" class="button icon-only quiet" aria-label={texts.common.close} onClick={() => onShow(null)}>
          <Icon name="close" />
        </button>
        <div class="preview-title">
          <h2 id={id}>{entry.name}</h2>
          <span>
            {bytesText(entry.sizeBytes)} · {dateText(entry.modified)}
          </span>
        </div>
        <button type="button" class="button" onClick={() => download(contentUrl(path), entry.name)} title={texts.files.download}>
          <Icon name="download" />
          <span class="wide-only">{texts.files.download}</span>
        </button>
      </header>
      <div class="preview-stage" key={path} {...swipe}>
        <Content entry={entry} path={path} />
      </div>
      <Neighbour entry={previous} side="previous" onShow={onShow} />
      <Neighbour entry={next} side="next" onShow={onShow} />
    </dialog>
  )
}

function Neighbour({ entry, side, onShow }: { entry: Entry | undefined; side: 'previous' | 'next'; onShow: PreviewProps['onShow'] }) {
  if (!entry) return null
  return (
    <button type="button" class={`preview-step ${side}`} aria-label={`${texts.files[side]}: ${entry.name}`} onClick={() => onShow(entry)}>
      <Icon name={side === 'previous' ? 'back' : 'forward'} size={26} />
    </button>
  )
}

function Content({ entry, path }: { entry: Entry; path: string }) {
  const failed = useSignal(false)
  const fail = (): void => {
    failed.value = true
  }
  const url = contentUrl(path, { view: true })
  const kind = kindOf(entry)
  if (failed.value) return <NoPreview entry={entry} text={texts.files.mediaFailed} />
  switch (kind) {
    case 'picture':
      return <img class="preview-picture" src={url} alt={entry.name} onError={fail} />
    case 'video':
      return <FilmContent entry={entry} path={path} onFail={fail} />
    case 'audio':
      return (
        <div class="preview-audio">
          <span class="preview-mark">
            <Icon name="music" size={64} />
          </span>
          <audio src={url} controls preload="metadata" onError={fail} />
        </div>
      )
    case 'text':
      return <TextContent entry={entry} path={path} />
    case 'pdf':
      return navigator.pdfViewerEnabled ? <iframe class="preview-pdf" src={url} title={entry.name} /> : <PdfElsewhere url={url} />
    case 'folder':
    case 'link':
    case 'other':
      return <NoPreview entry={entry} text={texts.files.noPreview} />
  }
}

/** Phones have no viewer that fits into a page: theirs is a program of its own. */
function PdfElsewhere({ url }: { url: string }) {
  return (
    <div class="preview-none">
      <span class="preview-mark">
        <Icon name="text" size={64} />
      </span>
      <a class="button primary" href={url} target="_blank" rel="noopener noreferrer">
        <Icon name="external" />
        {texts.files.pdf}
      </a>
    </div>
  )
}

function NoPreview({ entry, text }: { entry: Entry; text: string }) {
  return (
    <div class="preview-none">
      <span class="preview-mark">
        <Icon name={iconOfKind[kindOf(entry)]} size={64} />
      </span>
      <p>{text}</p>
    </div>
  )
}
