import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api } from '../api/calls.ts'
import { refusalOf } from '../api/request.ts'
import { Field } from '../parts/field.tsx'
import { Notice } from '../parts/notice.tsx'
import { toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'

export function ConfirmStep({ onDone, onBack }: { onDone: () => void; onBack: () => void }) {
  const positions = useSignal<number[]>([])
  const answers = useSignal<string[]>([])
  const wrong = useSignal<number[]>([])
  useEffect(() => {
    api.askWords().then((asked) => {
      answers.value = asked.positions.map(() => '')
      positions.value = asked.positions
    }, toastRefusal)
  }, [])
  const action = useAction(async () => {
    wrong.value = []
    try {
      await api.confirmWords(answers.value)
      onDone()
    } catch (error) {
      const { code, data } = refusalOf(error)
      if (code !== 'WORDS_INVALID' || !Array.isArray(data['positions'])) throw error
      wrong.value = data['positions'].map(Number)
    }
  })
  return (
    <form onSubmit={action.run}>
      <h1>{texts.setup.confirm.title}</h1>
      <p class="lead">{texts.setup.confirm.text}</p>
      {action.error.value && <Notice kind="bad">{action.error.value}</Notice>}
      {positions.value.map((position, i) => (
        <Field
          key={position}
          label={texts.setup.confirm.label(position)}
          value={answers.value[i] ?? ''}
          onInput={(value) => (answers.value = answers.value.map((answer, j) => (i === j ? value : answer)))}
          error={wrong.value.includes(position) ? texts.setup.confirm.wrong : null}
          focus={i === 0}
          mono
        />
      ))}
      <div class="buttons">
        <button type="button" class="button" onClick={onBack}>
          {texts.setup.confirm.show}
        </button>
        <button
          type="submit"
          class="button primary grow"
          disabled={action.busy.value || answers.value.some((answer) => answer.trim() === '')}
        >
          {texts.setup.confirm.button}
        </button>
      </div>
    </form>
  )
}
