import { bytesText, percentText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { ProgressBar } from '../parts/progress.tsx'
import { nameOf } from '../paths.ts'
import { refusalText } from '../texts/refusal-text.ts'
import { texts } from '../texts/texts.ts'
import { ConflictDialog } from './conflict-dialog.tsx'
import type { UploadItem } from './upload-queue.ts'
import { cancelUpload, cancelUploads, closeUploads, retryUploads, uploadsOpen, uploadsView, type UploadsView } from './uploads.ts'

/** Stays while the owner walks on through the page. */
export function UploadPanel() {
  const view = uploadsView.value
  const open = uploadsOpen
  if (!view) return null
  return (
    <>
      <section class="uploads" aria-label={texts.uploads.title}>
        <header class="uploads-head">
          <button
            type="button"
            class="uploads-title"
            aria-expanded={open.value}
            title={open.value ? texts.uploads.fold : texts.uploads.unfold}
            onClick={() => (open.value = !open.value)}
          >
            <span>{headline(view)}</span>
            <Icon name={open.value ? 'down' : 'up'} size={16} />
          </button>
          {view.idle ? (
            <button type="button" class="button icon-only quiet" aria-label={texts.uploads.close} onClick={closeUploads}>
              <Icon name="close" />
            </button>
          ) : (
            <button type="button" class="button quiet" onClick={cancelUploads}>
              {texts.uploads.cancelAll}
            </button>
          )}
        </header>
        <ProgressBar
          label={texts.uploads.title}
          part={view.idle ? 1 : view.sentBytes}
          whole={view.idle ? 1 : view.totalBytes}
          state={view.failed > 0 ? 'bad' : view.idle ? 'done' : 'running'}
        />
        <p class="uploads-facts">{facts(view)}</p>
        <p class="visually-hidden" role="status">
          {view.idle ? headline(view) : texts.uploads.title}
        </p>
        {open.value && (
          <ul class="uploads-list">
            {view.shown.map((item) => (
              <Item key={item.id} item={item} />
            ))}
          </ul>
        )}
        {view.idle && view.failed > 0 && (
          <button type="button" class="button wide" onClick={retryUploads}>
            {texts.uploads.retry}
          </button>
        )}
      </section>
      {view.question && <ConflictDialog key={view.question.item.id} question={view.question} />}
    </>
  )
}

function headline(view: UploadsView): string {
  if (view.all === 0 && view.preparing) return texts.uploads.preparing
  if (!view.idle) return texts.uploads.running(Math.min(view.ended, view.all - 1), view.all)
  if (view.failed > 0) return texts.uploads.failed(view.failed)
  return view.done === 0 && view.cancelled > 0 ? texts.uploads.cancelled : texts.uploads.done(view.done)
}

function facts(view: UploadsView): string {
  if (view.idle) return bytesText(view.sentBytes)
  const parts = [`${bytesText(view.sentBytes)} / ${bytesText(view.totalBytes)}`]
  if (view.bytesPerSecond > 0)
    parts.push(texts.uploads.rate(view.bytesPerSecond), texts.uploads.left((view.totalBytes - view.sentBytes) / view.bytesPerSecond))
  return parts.join(' · ')
}

function Item({ item }: { item: UploadItem }) {
  const name = nameOf(item.path)
  const running = item.state === 'sending' || item.state === 'waiting' || item.state === 'asking'
  const detail =
    item.state === 'failed' && item.refusal
      ? refusalText(item.refusal)
      : item.state === 'sending'
        ? percentText(item.sentBytes, item.file.size) || texts.uploads.states.sending
        : texts.uploads.states[item.state]
  return (
    <li class={`upload ${item.state}`}>
      <span class="upload-name" title={item.path}>
        {name}
      </span>
      <span class="upload-state">{detail}</span>
      {running ? (
        <button type="button" class="button icon-only quiet" aria-label={texts.uploads.cancelOne(name)} onClick={() => cancelUpload(item)}>
          <Icon name="close" size={16} />
        </button>
      ) : (
        <span class="upload-mark">
          <Icon name={item.state === 'done' ? 'check' : item.state === 'failed' ? 'warning' : 'close'} size={16} />
        </span>
      )}
      {item.state === 'sending' && <ProgressBar label={name} part={item.sentBytes} whole={item.file.size || 1} />}
    </li>
  )
}
