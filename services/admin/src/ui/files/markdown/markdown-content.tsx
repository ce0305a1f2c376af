import { useSignal } from '@preact/signals'
import type { Token } from 'marked'
import { useEffect } from 'preact/hooks'
import { Spinner } from '../../parts/progress.tsx'
import { nameOf, parentOf } from '../../paths.ts'
import { texts } from '../../texts/texts.ts'
import { readMarkdown } from './read-markdown.ts'
import { TokenList } from './tokens.tsx'

/** Markdown as it is meant, or as it was typed when asked, or when it cannot be read. */
export function MarkdownContent({ text, path }: { text: string; path: string }) {
  const tokens = useSignal<Token[] | 'reading' | null>('reading')
  const typed = useSignal(false)
  useEffect(() => {
    const left = new AbortController()
    readMarkdown(text, left.signal).then(
      (read) => {
        if (!left.signal.aborted) tokens.value = read
      },
      () => {
        tokens.value = null
      },
    )
    return () => left.abort()
  }, [text])
  if (tokens.value === 'reading') return <Spinner label={texts.shell.loading} />
  if (tokens.value === null) return <pre tabIndex={0}>{text}</pre>
  return (
    <>
      <label class="preview-choice">
        <input
          type="checkbox"
          checked={typed.value}
          onChange={(event) => {
            typed.value = event.currentTarget.checked
          }}
        />
        {texts.files.asTyped}
      </label>
      {typed.value ? (
        <pre tabIndex={0}>{text}</pre>
      ) : (
        <div class="markdown" role="document" aria-label={nameOf(path)} tabIndex={0}>
          <TokenList tokens={tokens.value} place={{ folder: parentOf(path), depth: 0 }} />
        </div>
      )}
    </>
  )
}
