import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, type Entry } from '../api/calls.ts'
import { refusalOf } from '../api/request.ts'
import { Notice } from '../parts/notice.tsx'
import { Spinner } from '../parts/progress.tsx'
import { refusalText } from '../texts/refusal-text.ts'
import { texts } from '../texts/texts.ts'
import { isMarkdown } from './kinds.ts'
import { MarkdownContent } from './markdown/markdown-content.tsx'

const TEXT_SHOWN_BYTES = 256 * 1024

/** The beginning of a text file, Markdown as it is meant. */
export function TextContent({ entry, path }: { entry: Entry; path: string }) {
  const text = useSignal<string | null>(null)
  const error = useSignal<string | null>(null)
  useEffect(() => {
    const left = new AbortController()
    const read = entry.sizeBytes === 0 ? Promise.resolve(new ArrayBuffer(0)) : api.beginning(path, TEXT_SHOWN_BYTES, left.signal)
    read.then(
      (bytes) => {
        text.value = new TextDecoder().decode(bytes)
      },
      (thrown: unknown) => {
        if (!left.signal.aborted) error.value = refusalText(refusalOf(thrown))
      },
    )
    return () => left.abort()
  }, [path])
  if (error.value) return <Notice kind="bad">{error.value}</Notice>
  if (text.value === null) return <Spinner label={texts.shell.loading} />
  return (
    <div class="preview-text">
      {entry.sizeBytes > TEXT_SHOWN_BYTES && <Notice>{texts.files.cutOff(TEXT_SHOWN_BYTES)}</Notice>}
      {isMarkdown(entry.name) ? <MarkdownContent text={text.value} path={path} /> : <pre tabIndex={0}>{text.value}</pre>}
    </div>
  )
}
