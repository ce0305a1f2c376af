import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api } from '../api/calls.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { Spinner } from '../parts/progress.tsx'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts.ts'

const words = texts.setup.words

export function WordsStep({ onDone }: { onDone: () => void }) {
  const list = useSignal<string[] | null>(null)
  useEffect(() => {
    api.showWords().then((shown) => {
      list.value = shown.words.split(' ')
    }, toastRefusal)
  }, [])
  if (list.value === null) return <Spinner label={texts.loading} />
  return (
    <>
      <h1 title={words.title24}>{words.title}</h1>
      <p class="lead">{words.text}</p>
      <h2 class="print-only">{words.printTitle}</h2>
      <ol class="words" translate={false}>
        {list.value.map((word, i) => (
          <li key={i}>
            <span class="word-number">{i + 1}</span>
            <span class="word">{word}</span>
          </li>
        ))}
      </ol>
      <p class="print-only">{words.printText}</p>
      <Notice kind="warn">{words.warning}</Notice>
      <div class="buttons">
        <button type="button" class="button" onClick={() => window.print()}>
          <Icon name="print" />
          {words.print}
        </button>
        <button type="button" class="button primary grow" onClick={onDone}>
          {words.button}
        </button>
      </div>
    </>
  )
}
