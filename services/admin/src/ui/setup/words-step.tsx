import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api } from '../api/calls.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { Spinner } from '../parts/progress.tsx'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'

export function WordsStep({ onDone }: { onDone: () => void }) {
  const list = useSignal<string[] | null>(null)
  useEffect(() => {
    api.showWords().then((shown) => {
      list.value = shown.words.split(' ')
    }, toastRefusal)
  }, [])
  if (list.value === null) return <Spinner label={texts.shell.loading} />
  return (
    <>
      <h1 title={texts.setup.words.title24}>{texts.setup.words.title}</h1>
      <p class="lead">{texts.setup.words.text}</p>
      <h2 class="print-only">{texts.setup.words.printTitle}</h2>
      <ol class="words" translate={false}>
        {list.value.map((word, i) => (
          <li key={i}>
            <span class="word-number">{i + 1}</span>
            <span class="word">{word}</span>
          </li>
        ))}
      </ol>
      <p class="print-only">{texts.setup.words.printText}</p>
      <Notice kind="warn">{texts.setup.words.warning}</Notice>
      <div class="buttons">
        <button type="button" class="button" onClick={() => window.print()}>
          <Icon name="print" />
          {texts.setup.words.print}
        </button>
        <button type="button" class="button primary grow" onClick={onDone}>
          {texts.setup.words.button}
        </button>
      </div>
    </>
  )
}
