import { kindOf } from '@holt/admin/ui/files/kinds.ts'
import { Icon } from '@holt/admin/ui/parts/icons.tsx'
import { toHoltError } from '@holt/core/errors.ts'
import type { TreeFile } from '@holt/tree/types.ts'
import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { bytesText } from '@holt/admin/ui/format.ts'
import { blobOf, saveFile } from './save.ts'
import { texts } from './texts.ts'
import { refusalText } from './visitor-page.tsx'

/** So much is loaded to be looked at; more is downloaded. */
const SHOWN_BYTES = { picture: 64 << 20, video: 512 << 20, audio: 256 << 20 } as const
const TEXT_SHOWN_BYTES = 256 << 10

interface FileProps {
  file: TreeFile
  name: string
}

export function FilePage(props: FileProps) {
  return (
    <section class="visit-file">
      <p class="faint">{bytesText(props.file.sizeBytes)}</p>
      <div class="visit-stage">
        <Content {...props} />
      </div>
      <Download {...props} />
    </section>
  )
}

interface FileDialogProps extends FileProps {
  onClose: () => void
  onPrevious: (() => void) | null
  onNext: (() => void) | null
}

/** Over the list; arrow keys go to its neighbours. */
export function FileDialog({ file, name, onClose, onPrevious, onNext }: FileDialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    ref.current?.showModal()
    return () => ref.current?.close()
  }, [])
  const onKeyDown = (event: KeyboardEvent): void => {
    if (/^(VIDEO|AUDIO|PRE)$/.test((event.target as HTMLElement).tagName)) return
    if (event.key === 'ArrowLeft') onPrevious?.()
    if (event.key === 'ArrowRight') onNext?.()
  }
  return (
    <dialog
      ref={ref}
      class="visit-dialog"
      aria-label={name}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <header class="visit-dialog-head">
        <button type="button" class="button icon-only quiet" aria-label={texts.close} onClick={onClose}>
          <Icon name="close" />
        </button>
        <h2>{name}</h2>
        <Download file={file} name={name} />
      </header>
      <div class="visit-stage">
        <Content file={file} name={name} />
      </div>
      <footer class="visit-steps">
        <button type="button" class="button" disabled={onPrevious === null} onClick={() => onPrevious?.()}>
          {texts.previous}
        </button>
        <button type="button" class="button" disabled={onNext === null} onClick={() => onNext?.()}>
          {texts.next}
        </button>
      </footer>
    </dialog>
  )
}

/** How far it is, in percent; null while nothing runs. */
function Download({ file, name }: FileProps) {
  const percent = useSignal<number | null>(null)
  const said = useSignal<string | null>(null)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])
  const start = (): void => {
    const control = new AbortController()
    running.current = control
    percent.value = 0
    said.value = null
    const onProgress = progressTo(percent, file.sizeBytes)
    saveFile(file, name, { signal: control.signal, onProgress })
      .then(
        (saved) => {
          said.value = saved ? texts.saved : null
        },
        (error: unknown) => {
          if (!control.signal.aborted) said.value = refusalText(toHoltError(error))
        },
      )
      .finally(() => {
        percent.value = null
      })
  }
  return (
    <div class="visit-download">
      {percent.value === null ? (
        <button type="button" class="button primary" onClick={start} aria-label={texts.downloadOf(name)}>
          <Icon name="download" />
          {texts.download}
        </button>
      ) : (
        <button type="button" class="button" onClick={() => running.current?.abort()}>
          {texts.cancel}
        </button>
      )}
      <span role="status">{percent.value === null ? said.value : texts.downloading(percent.value)}</span>
    </div>
  )
}

function progressTo(percent: Signal<number | null>, sizeBytes: number): (bytes: number) => void {
  return (bytes) => {
    const done = sizeBytes === 0 ? 100 : Math.floor((100 * bytes) / sizeBytes)
    if (percent.value !== null && percent.value !== done) percent.value = done
  }
}

function Content({ file, name }: FileProps) {
  const kind = kindOf({ name, type: 'file' })
  if (kind === 'text') return <TextContent file={file} name={name} />
  if (kind !== 'picture' && kind !== 'video' && kind !== 'audio') return <p class="faint">{texts.noPreview}</p>
  if (file.sizeBytes > SHOWN_BYTES[kind]) return <p class="faint">{texts.tooLarge}</p>
  return <Media file={file} name={name} kind={kind} />
}

/** As a blob of a type that cannot hold a script, in an element that would run none. */
function Media({ file, name, kind }: FileProps & { kind: 'picture' | 'video' | 'audio' }) {
  const percent = useSignal<number | null>(0)
  const url = useSignal<string | null>(null)
  const failed = useSignal<string | null>(null)
  useEffect(() => {
    const left = new AbortController()
    const type = { picture: 'image/*', video: 'video/mp4', audio: 'audio/mpeg' }[kind]
    blobOf(file, type, { signal: left.signal, onProgress: progressTo(percent, file.sizeBytes) }).then(
      (blob) => {
        if (!left.signal.aborted) url.value = URL.createObjectURL(blob)
      },
      (error: unknown) => {
        if (!left.signal.aborted) failed.value = refusalText(toHoltError(error))
      },
    )
    return () => {
      left.abort()
      if (url.value !== null) URL.revokeObjectURL(url.value)
    }
  }, [])
  const onError = (): void => {
    failed.value = texts.noPreview
  }
  if (failed.value !== null) return <p class="visit-error">{failed.value}</p>
  if (url.value === null) return <p role="status">{texts.downloading(percent.value ?? 0)}</p>
  if (kind === 'picture') return <img class="visit-picture" src={url.value} alt={name} onError={onError} />
  if (kind === 'video') return <video class="visit-picture" src={url.value} controls onError={onError} />
  return <audio src={url.value} controls onError={onError} />
}

function TextContent({ file }: FileProps) {
  const text = useSignal<string | null>(null)
  const failed = useSignal<string | null>(null)
  useEffect(() => {
    const left = new AbortController()
    file.read(0, TEXT_SHOWN_BYTES, { signal: left.signal }).then(
      (bytes) => {
        text.value = new TextDecoder().decode(bytes)
      },
      (error: unknown) => {
        if (!left.signal.aborted) failed.value = refusalText(toHoltError(error))
      },
    )
    return () => left.abort()
  }, [])
  if (failed.value !== null) return <p class="visit-error">{failed.value}</p>
  if (text.value === null) return <p role="status">{texts.opening}</p>
  return (
    <pre class="visit-text" tabIndex={0}>
      {text.value}
    </pre>
  )
}
